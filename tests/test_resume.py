"""Killing the worker at random moments, then resuming, gives exactly the rows of an uninterrupted run."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.kill_rounds import Rows, rows
from core import settings
from core.model import Recipe
from core.reading.pipeline import BATCH
from core.shelf import jobs
from core.store.scenes import Store
from core.video import clip
from tests.support import clips
from tests.support.project import ROOT

pytestmark = pytest.mark.slow

KILLS = 3


def uninterrupted(store: Store, recipe: Recipe) -> Rows:
    """The rows of a worker that nobody disturbed, in a scene of its own."""
    scene_id = store.add(recipe, "whole")
    jobs.run(scene_id, store=store, equip=clips.equip)
    made = rows(store, scene_id)
    store.delete(scene_id)
    return made


def start(store: Store, scene_id: int, picture_s: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.slow_worker", store.url, str(scene_id), str(picture_s)]
    return subprocess.Popen(command, cwd=ROOT)


def kill_at_a_random_moment(store: Store, scene_id: int, rng: random.Random) -> None:
    """Start a worker, wait until it has written something new, and a little longer, and kill it."""
    before = store.scene(scene_id).found
    with start(store, scene_id, 0.01) as child:
        while store.scene(scene_id).found == before and child.poll() is None:
            time.sleep(0.005)
        time.sleep(rng.uniform(0, 0.5))
        child.kill()
    assert store.scene(scene_id).found > before
    # Groups are read together, so a resumed worker has to begin where a group begins.
    assert store.scene(scene_id).found % BATCH == 0


@pytest.mark.parametrize(
    ("database", "said"),
    [
        ("sqlite", {"every": "80ms"}),
        ("postgresql", {"every": "80ms"}),
        ("sqlite", {"every_frames": "2"}),
        ("sqlite", {"every": "40ms", "start": "0:03.1", "end": "0:14", "budget": "200"}),
    ],
    ids=["by time", "by time on PostgreSQL", "by frames", "a part on a budget"],
    indirect=["database"],
)
def test_a_worker_killed_at_random_moments_and_resumed_leaves_the_rows_of_an_undisturbed_one(
    store: Store, said: dict[str, str], tmp_path: Path
) -> None:
    film = clips.film(tmp_path / "film.mp4", 16.0, shots=7)
    recipe = settings.recipe(film, **said)
    expected = uninterrupted(store, recipe)
    scene_id, rng = store.add(recipe, "killed"), random.Random(str(said))  # noqa: S311
    for _ in range(KILLS):
        kill_at_a_random_moment(store, scene_id, rng)
    killed_at = store.scene(scene_id).found
    with start(store, scene_id, 0) as child:
        assert child.wait(60) == 0

    assert 0 < killed_at < len(expected["samples"])
    assert store.scene(scene_id).state == "done" and store.scene(scene_id).found == len(expected["samples"])
    assert rows(store, scene_id) == expected


@pytest.mark.clips
@pytest.mark.parametrize(
    "name", ["vfr.mp4", "corrupt_bytes.mp4", "interlaced.mpg", "start_at_3s.mkv", "hevc10.mkv", "trunc_half.webm"]
)
def test_reading_on_after_any_moment_gives_the_pictures_that_would_have_followed(name: str, media: Path) -> None:
    """Resuming seeks; also files that are hard to seek in must not show it."""
    file = media / "traps" / name
    recipe = settings.recipe(file, every="200ms", end="0:08")
    whole = list(clip.frames(recipe.source, recipe.step, end_ms=recipe.end_ms))
    for index in random.Random(name).sample(range(len(whole) - 1), min(4, len(whole) - 1)):  # noqa: S311
        rest = list(clip.frames(recipe.source, recipe.step, end_ms=recipe.end_ms, after_ms=whole[index].t_ms))
        assert [(each.t_ms, each.dropped) for each in rest] == [
            (each.t_ms, each.dropped) for each in whole[index + 1 :]
        ]
        assert all((one.image == other.image).all() for one, other in zip(rest, whole[index + 1 :], strict=True))
