"""The same bytes from many visitors: refused, deleted, brought back, all at once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from bench.hostile.ground import Ground
from core.errors import SceneError
from core.model import Recipe
from core.shelf import jobs, uploads
from core.store.visitors import VisitorStore, new_key
from tests.support import clips

ROUNDS, TOGETHER = 5, 6


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    film = clips.film(ground.home / "film.mp4", 1.0).read_bytes()
    owner = VisitorStore(ground.store, new_key())
    kept = uploads.add_upload(owner, io.BytesIO(film), "a.mp4", Recipe("a.mp4"), lambda recipe: owner.add(recipe, "A"))
    clip = Path(owner.scene(kept).recipe.source)
    faults: list[str] = []
    for number in range(ROUNDS):
        if number == ROUNDS // 2:
            jobs.delete(kept, owner)
        together = [Thread(target=_bring, args=[ground, film, faults]) for _ in range(TOGETHER // 2)]
        together += [Thread(target=_bring, args=[ground, b"no film", faults]) for _ in range(TOGETHER // 2)]
        for one in together:
            one.start()
        for one in together:
            one.join()
        if not clip.exists():
            yield f"round {number}: the clip of another visitor's scene is gone"
            return
    yield from faults
    jobs.restore(kept, owner)
    owner.delete(kept)
    if left := [name for name in ground.files() if name.startswith("clips/")]:
        yield f"{len(left)} clips of nobody stay"


def _bring(ground: Ground, data: bytes, faults: list[str]) -> None:
    """Drops a file on a new shelf and deletes what came of it for good; only a sentence may refuse it."""
    shelf = VisitorStore(ground.store, new_key())
    try:
        scene_id = uploads.add_upload(
            shelf, io.BytesIO(data), "a.mp4", Recipe("a.mp4"), lambda recipe: shelf.add(recipe, "B")
        )
        shelf.delete(scene_id)
    except SceneError:
        return
    except OSError as error:
        faults.append(f"a dropped file ended in {type(error).__name__}: {error}")
