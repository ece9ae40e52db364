"""The first page of a new server: what the workers found is not worked out again while somebody waits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bench import scale_home
from bench.hostile.ground import Ground
from core.store.visitors import VisitorStore, new_key

SCENES, MOMENTS = 6, 2_000
MOST_CPU_S = 1.0
"""Of the server, for a first shelf: what a page of Streamlit takes the first time, and two scenes loaded meanwhile."""


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    ground.stop()
    shelf = VisitorStore(ground.store, new_key())
    for number in range(SCENES):
        scale_home.put(shelf, f"Scene {number}", scale_home.acted(MOMENTS, 2, number), small=True)
    ground.start()
    before = _cpu_s(ground)
    with ground.visit() as page:
        said = page.ask(f"shelf={shelf.owner}&view=shelf").text()
        spent = _cpu_s(ground) - before
    if "Scene 0" not in said:
        yield "the shelf does not show its scenes"
    if spent > MOST_CPU_S:
        yield f"the first shelf of {SCENES} scenes takes {spent:.1f} s of the processor"


def _cpu_s(ground: Ground) -> float:
    assert ground.server  # noqa: S101  # it was started above
    told = (Path("/proc") / str(ground.server.pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
