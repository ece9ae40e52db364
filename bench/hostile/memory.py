"""Visitors who come, open heavy pages of their own scenes, and leave: the server's memory must not go on growing."""

from __future__ import annotations

from collections.abc import Iterator

from bench.hostile.ground import Ground
from core.store.visitors import VisitorStore, new_key
from tests.support import doubtful

ROUNDS, VISITORS = 4, 6
GROWTH = 1.15
"""Of the second round's memory: the first one warms libraries and caches."""


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    store, sizes = ground.store, []
    for _ in range(ROUNDS):
        for _ in range(VISITORS):
            key = new_key()
            scene_id = doubtful.scene(VisitorStore(store, key))
            with ground.visit() as page:
                for view in ("shelf", "scene", "review", "faces"):
                    page.ask(f"shelf={key}&view={view}&scene={scene_id}")
        sizes.append(ground.server_mb())
    if sizes[-1] > GROWTH * sizes[1]:
        yield f"memory went from {sizes[1]:.0f} to {sizes[-1]:.0f} MB in {ROUNDS - 2} rounds of {VISITORS} visitors"
