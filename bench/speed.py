"""How fast a film is read, beside fer and DeepFace and beside decoding alone: python -m bench.speed [--write]

A measurement that was made is kept and not made again, so that a long run may be cut short and gone on with:
``--only 720p-2min`` makes those whose names hold that word, ``--again`` makes them anew. ``--profile`` measures anew
where the time goes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path

from bench import results, speed_profile
from bench.environments import cache
from bench.speed_clips import SCENE_MS, clip, counted
from bench.speed_peers import ROOT, WHO, faces
from bench.speed_report import Table, chart, report
from bench.speed_run import weighed

LENGTHS = {"23s": 1, "2min": 5, "10min": 25}
"""Length of a clip → how many times it shows scene.mp4."""

PLAN = (
    "ours-720p-2min", "decoding-720p-2min", "fer-720p-2min", "deepface-720p-2min",
    "ours-720p-10min", "decoding-720p-10min", "sparse-720p-10min", "skim-720p-10min",
    "ours-1080p-2min", "decoding-1080p-2min", "ours-1080p-10min", "decoding-1080p-10min",
    "ours-1080p-23s", "fer-1080p-23s", "deepface-1080p-23s",
)  # fmt: skip
"""What is measured, in this order: who, the picture's height, the clip's length. The others take minutes for 1080p, so
they are measured on the shortest clip there; all of it takes ten minutes where nothing else runs."""

SHORT = ("ours-720p-23s", "decoding-720p-23s", "sparse-720p-23s", "skim-720p-23s", "fer-720p-23s", "deepface-720p-23s")
"""The same on the shortest clip, to see whether everything runs."""

TURNS = {"ours": 3, "decoding": 3, "sparse": 3, "skim": 3}
"""Runs of which the median counts; what takes minutes is run once."""

BESIDE = {"fer": "ours", "deepface": "ours", "decoding": "ours", "sparse": "decoding", "skim": "decoding"}
"""Who is run right before and after whom, on the same clip: how fast a machine is changes from minute to minute."""

STEPS_MS = {"sparse": 5000, "skim": 5000, "decoding": 40}
"""How far moments lie apart; 200 ms where nothing else is said."""


@dataclass(frozen=True)
class Measured:
    """One measurement, as it is kept."""

    wall_s: float
    cpu_s: float
    mb: float
    process_mb: float
    moments: int
    true: int
    false: int
    load: float
    """Of the machine when it began: programs that others run make every figure worse."""
    at: str
    wall_share: float | None = None
    """Its wall time as a share of its neighbour's right before and after (``BESIDE``), the median of its runs."""
    cpu_share: float | None = None
    """The same of CPU time."""


def main() -> int:
    """Measure what is asked for and not known yet, print the table; exit code 1 when an aim is missed."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--only", nargs="+", default=[""], metavar="WORD", help="measurements whose names hold a word")
    made.add_argument("--again", action="store_true", help="measure also what was measured before")
    made.add_argument("--minutes", type=float, default=60, help="begin nothing more after so many minutes")
    made.add_argument("--short", action="store_true", help="try everything on a clip of 23 s; nothing is written")
    made.add_argument("--write", action="store_true", help="put the table into RESULTS.md and the chart into docs/")
    made.add_argument("--profile", action="store_true", help="measure afresh where the CPU time goes")
    asked = made.parse_args()
    until = time.monotonic() + 60 * asked.minutes
    for name in SHORT if asked.short else PLAN:
        known = name in kept()
        if any(word in name for word in asked.only) and (asked.again or not known) and time.monotonic() < until:
            keep(name, measured(name))
            print(f"{name}: {kept()[name].wall_s:.1f} s", file=sys.stderr)
    if asked.profile or (asked.again and asked.only == [""] and not asked.short) or not speed_profile.kept():
        speed_profile.measured()
    table: Table = {name: kept()[name] for name in (SHORT if asked.short else PLAN) if name in kept()}
    text, missed = report(table, 23 if asked.short else 114, {} if asked.short else speed_profile.kept())
    print(text)
    if asked.write and not asked.short:
        results.write("speed", text)
        (ROOT / "docs" / "speed.svg").write_text(chart(table), "utf-8")
    return int(missed)


def measured(name: str) -> Measured:
    """Run a measurement, several times where that is quick, and return the run with the median wall time."""
    who, height, length = name.split("-")
    neighbour = BESIDE.get(who) if length != "10min" or who in ("sparse", "skim") else None
    runs, around = [], [once(neighbour, height, length)] if neighbour else []
    for _ in range(1 if length == "10min" and who != "skim" else TURNS.get(who, 1)):
        runs.append(once(who, height, length))
        if neighbour:
            around.append(once(neighbour, height, length))
    middle = statistics.median_low(run.wall_s for run in runs)
    return replace(next(run for run in runs if run.wall_s == middle), **_shares(runs, around))


def once(who: str, height: str, length: str) -> Measured:
    """Run somebody on a clip, and weigh it."""
    film, load = clip(int(height[:-1]), LENGTHS[length]), os.getloadavg()[0]
    moments = -(-SCENE_MS * LENGTHS[length] // STEPS_MS.get(who, 200))
    with tempfile.TemporaryDirectory() as folder:
        command, own = WHO[who](film, Path(folder))
        used = weighed(command, Path(folder), {"PYTHONPATH": str(ROOT)} | dict(own))
        found = counted(faces(Path(folder)), int(height[:-1]))
    return Measured(*used, moments, *found, load, time.strftime("%Y-%m-%d %H:%M", time.gmtime()))


def _shares(runs: list[Measured], around: list[Measured]) -> dict[str, float]:
    """Return each run's share of the mean of its neighbours before and after, the median of them all."""
    beside = list(zip(runs, pairwise(around), strict=bool(around)))
    if not beside:
        return {}
    wall = statistics.median(2 * run.wall_s / (before.wall_s + after.wall_s) for run, (before, after) in beside)
    cpu = statistics.median(2 * run.cpu_s / (before.cpu_s + after.cpu_s) for run, (before, after) in beside)
    return {"wall_share": wall, "cpu_share": cpu}


def kept() -> dict[str, Measured]:
    """Return what was measured so far."""
    file = cache() / "speed.json"
    return {name: Measured(**said) for name, said in _items(file)}


def _items(file: Path) -> Iterator[tuple[str, dict]]:
    yield from json.loads(file.read_text()).items() if file.exists() else ()


def keep(name: str, one: Measured) -> None:
    """Write a measurement down."""
    known = {other: asdict(said) for other, said in kept().items()}
    (cache() / "speed.json").write_text(json.dumps(known | {name: asdict(one)}, indent=1))


if __name__ == "__main__":
    sys.exit(main())
