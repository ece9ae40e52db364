"""How often the 95 % intervals of means hold the truth: python -m bench.intervals [--scenes 1500] [--write]

Scenes are simulated whose true mean is known. Of *shots*: each has a level of its own, kept from cut to cut, and
wavers about it. Of one *take* without a cut: a score that wanders. Both are drawn on the scale of log-odds, for an
emotion that is rare (mean .10) and one that is common (.31), a moment every 200 ms.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench import results
from core.analysis.intervals import gap_intervals, mean_intervals
from core.model import Sample, Timeline

STEP_MS = 200
SEED = 20261129

LENGTHS_S = (20, 30, 60, 120, 300)
EMOTIONS = ((-3.0, 1.5), (-1.0, 1.2))
"""A rare emotion and a common one: the middle of its log-odds, and their deviation."""

WAVER_S = 1.0
"""How long a face keeps what it shows inside a shot."""

BETWEEN_SHOTS = 0.85
"""Share of the deviation that lies between shots; with what wavers inside them, 0.53, they add up to one."""

Floats = NDArray[np.float64]


class Kind(NamedTuple):
    """How scenes of a kind are drawn."""

    name: str
    shot_s: float = 0.0
    """Mean length of a shot; 0 for one take."""
    waver_s: float = WAVER_S
    seen: float = 1.0
    """Share of the shots that have a face."""


KINDS = (
    Kind("shots of 2 s", 2),
    Kind("shots of 4 s", 4),
    Kind("shots of 8 s", 8),
    Kind("shots of 4 s, a third without a face", 4, seen=2 / 3),
    Kind("one take, memory 1 s"),
    Kind("one take, memory 3 s", waver_s=3),
)


class Cell(NamedTuple):
    """What came out for one kind, length and emotion."""

    given: int
    """Scenes of which an interval is given."""
    held: int
    """Those of them whose interval holds the true mean."""
    width: float
    """The median width of the intervals; NaN where none is given."""
    gaps: int
    """Neighbouring scenes of which an interval of the gap is given."""
    gaps_held: int
    """Those of them that hold 0, the true gap."""


def true_mean(middle: float, deviation: float) -> float:
    """Returns the mean of a score whose log-odds are normal."""
    places, weights = np.polynomial.hermite_e.hermegauss(80)
    return float((weights / (1 + np.exp(-middle - deviation * places))).sum() / weights.sum())


def draw_scene(
    kind: Kind, length_s: float, middle: float, deviation: float, rng: np.random.Generator
) -> tuple[pd.DataFrame, Timeline]:
    """Returns the faces of a simulated scene, with their scores as ``happy``, and its timeline."""
    moments = int(length_s * 1000 / STEP_MS)
    shots = _draw_shots(kind.shot_s, moments, rng)
    levels, seen = rng.standard_normal(shots[-1] + 1), rng.random(shots[-1] + 1) < kind.seen
    apart = BETWEEN_SHOTS if kind.shot_s else 0.0
    stray = apart * levels[shots] + np.sqrt(1 - apart**2) * _draw_wavering(kind.waver_s, moments, rng)
    t_ms = STEP_MS * np.arange(moments)
    faces = pd.DataFrame({"t_ms": t_ms, "happy": 1 / (1 + np.exp(-middle - deviation * stray))})[seen[shots]]
    return faces, Timeline(STEP_MS, tuple(Sample(int(t), (), int(shot)) for t, shot in zip(t_ms, shots, strict=True)))


def _draw_shots(shot_s: float, moments: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Returns the number of each moment's shot; their lengths are log-normal, the first begins anywhere inside one."""
    if not shot_s:
        return np.zeros(moments, np.intp)
    lengths = shot_s * 1000 / STEP_MS * rng.lognormal(-0.18, 0.6, 2 + 2 * moments)
    lengths[0] *= rng.random()
    ends = np.cumsum(np.maximum(np.round(lengths), 1))
    return np.unique(np.searchsorted(ends, np.arange(moments), side="right"), return_inverse=True)[1]


def _draw_wavering(memory_s: float, moments: int, rng: np.random.Generator) -> Floats:
    """Returns a wandering number, normal at every moment, which forgets with this time constant."""
    kept = np.exp(-STEP_MS / 1000 / memory_s)
    steps = rng.standard_normal(moments)
    steps[1:] *= np.sqrt(1 - kept**2)
    for at in range(1, moments):
        steps[at] += kept * steps[at - 1]
    return steps


def measure_cell(kind: Kind, length_s: float, middle: float, deviation: float, scenes: int) -> Cell:
    """Returns how many of so many simulated scenes have an interval that holds the truth."""
    rng = np.random.default_rng((SEED, round(1000 * kind.shot_s + 100 * kind.waver_s), round(length_s), -round(middle)))
    lines = []
    for _ in range(scenes):
        faces, timeline = draw_scene(kind, length_s, middle, deviation, rng)
        low, high = mean_intervals(faces, ["happy"], timeline)
        lines.append((faces["happy"].mean(), low[0], high[0]))
    every = pd.DataFrame(lines, columns=["mean", "low", "high"])
    given, truth = every.dropna(), true_mean(middle, deviation)
    gaps = gap_intervals(every[::2].reset_index(drop=True), every[1::2].reset_index(drop=True)).dropna()
    return Cell(
        len(given),
        int(given["low"].le(truth).mul(given["high"].ge(truth)).sum()),
        float((given["high"] - given["low"]).median()),
        len(gaps),
        int(gaps["gap_low"].le(0).mul(gaps["gap_high"].ge(0)).sum()),
    )


def report(scenes: int) -> Iterator[str]:
    """Yields the lines of the table, a row per kind and length, the two emotions side by side."""
    yield (
        f"Of {scenes} simulated scenes each: the share whose 95 % interval holds the true mean, of a rare and of a "
        "common emotion, how wide it is (median), and how often the interval of the gap of two such scenes holds the "
        "truth. “–”: an interval is given of fewer than one scene in twenty, which are too short for one."
    )
    yield ""
    yield "| scenes | length | have an interval | rare: holds | width | common: holds | width | gaps hold |"
    yield "|---|---|---|---|---|---|---|---|"
    worst = []
    for kind, length_s in product(KINDS, LENGTHS_S):
        cells = [measure_cell(kind, length_s, *emotion, scenes) for emotion in EMOTIONS]
        told = [_describe_cell(cell, scenes) for cell in cells]
        gaps = sum(cell.gaps for cell in cells)
        gap = f"{sum(cell.gaps_held for cell in cells) / gaps:.1%}" if gaps > scenes / 20 else "–"
        given = sum(cell.given for cell in cells) / (2 * scenes)
        yield f"| {kind.name} | {length_s} s | {given:.0%} | {' | '.join(told)} | {gap} |"
        if length_s >= 30:
            worst += [cell.held / cell.given for cell in cells if cell.given > scenes / 20]
    yield ""
    yield f"From 30 s on: {min(worst):.1%} to {max(worst):.1%} in {len(worst)} cells."


def _describe_cell(cell: Cell, scenes: int) -> str:
    if cell.given <= scenes / 20:
        return "– | –"
    return f"{cell.held / cell.given:.1%} | {cell.width:.2f}"


def main() -> None:
    """Print the table, and with ``--write`` put it into RESULTS.md."""
    parser = argparse.ArgumentParser(description="How often the 95 % intervals of means hold the truth.")
    parser.add_argument("--scenes", type=int, default=1500, help="scenes simulated for each cell")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    asked = parser.parse_args()
    text = "\n".join(report(asked.scenes))
    print(text)
    if asked.write:
        results.write("intervals", text)


if __name__ == "__main__":
    main()
