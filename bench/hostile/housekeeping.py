"""Clips that go or cannot go while the house is kept, and a scene that is overdue before anybody visits."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from bench.hostile.ground import Ground, until
from core.store.visitors import VisitorStore, new_key
from tests.support import seed
from tests.support.builders import strip

LONG_S = 100_000.0
"""Longer than anything is kept."""


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    ground.stop()
    clips = ground.home / "clips"
    clips.mkdir(exist_ok=True)
    _age(clips / "a-link-to-nothing").symlink_to("/nowhere")  # `stat` of it faults
    orphan = _age(clips / "orphan.mp4")
    scene_id = seed.scene(VisitorStore(ground.store, new_key()), strip("nn"))
    with ground.store._db.begin_write() as db:
        db.execute(sa.text("UPDATE scenes SET created = '2001-01-01T00:00:00+00:00'"))
    ground.start(OUTTAKE_TIMING='{"housekeeping_s": 0.5}')
    if not until(lambda: not ground.store.scenes(), 30):
        yield f"scene {scene_id}, overdue for years, waits for somebody's visit"
    if not until(lambda: not orphan.exists(), 10):
        yield "a clip of nobody stays after its time"
    again = _age(clips / "later.mp4")
    if not until(lambda: not again.exists(), 10):
        yield "no second round came after one with an error"


def _age(path: Path) -> Path:
    if "." in path.name:
        path.write_bytes(b"x")
        os.utime(path, (time.time() - LONG_S,) * 2)
    return path
