"""Refused uploads, and an address that opens shelf after shelf to fill queue, shelves and disk."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bench.hostile.ground import Ground
from core.errors import SceneError
from core.host import limits
from core.model import Recipe
from core.shelf import uploads
from core.store.visitors import VisitorStore, new_key
from tests.support import clips, tab

SHELVES = 40


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    within, film = limits.HOSTED, clips.film(ground.home / "film.mp4", 1.0).read_bytes()
    os.environ["OUTTAKE_HOSTED"] = "1"  # what runs here does what the server's pages do
    with ThreadPoolExecutor(8) as together:
        added = list(together.map(partial(_bring, ground, film, "a" * 32), range(SHELVES)))
    address = ground.store.count_kept("a" * 32)
    if sum(added) > (within.address_scenes or 0) or address.scenes > (within.address_scenes or 0):
        yield f"{address.scenes} scenes came from one address"
    if address.waiting > (within.address_waiting or 0):
        yield f"one address has {address.waiting} places in the queue"
    there = {name for name in ground.files() if name.startswith("clips/")}
    if needless := there - {f"clips/{Path(scene.recipe.source).name}" for scene in ground.store.scenes()}:
        yield f"{len(needless)} clips lie there that no scene is made of"
    if not _bring(ground, film, "b" * 32, SHELVES):
        yield "another address has no room because of the first"
    yield from _headers(ground)
    del os.environ["OUTTAKE_HOSTED"]


def _bring(ground: Ground, film: bytes, address: str, number: int) -> bool:
    """Drops a film of its own on a new shelf and puts it into the queue; returns whether it was taken."""
    store = ground.store
    shelf = VisitorStore(store, new_key(), address)

    def start(recipe: Recipe) -> int:
        scene_id = shelf.add(recipe, f"Film {number}")
        try:
            shelf.enqueue(scene_id, limits.HOSTED.waiting, limits.HOSTED.address_waiting)
        except SceneError:
            shelf.delete(scene_id)
            raise
        return scene_id

    try:
        uploads.add_upload(shelf, io.BytesIO(film + bytes([number])), "a.mp4", Recipe("a.mp4"), start)
    except SceneError:
        return False
    return True


def _headers(ground: Ground) -> Iterator[str]:
    """Behind a proxy: who writes other addresses before the proxy's own is still one address."""
    ground.restart(OUTTAKE_ADDRESS_HEADER="X-Forwarded-For")
    before = {scene.id for scene in ground.store.scenes()}
    for number in range(3):
        with tab.opened(ground.address, X_Forwarded_For=f"6.6.6.{number}, 203.0.113.9") as page:
            page.ask()
            page.ask(press=page.ask().widget("button", "Open the sample scene"))
    with ground.store._db.begin_read() as db:
        rows = db.exec_driver_sql("SELECT id, address FROM scenes").all()
    found = {address for number, address in rows if number not in before}
    if len(found) != 1:
        yield f"one visitor counts as {len(found)} addresses"
