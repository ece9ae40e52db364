"""The sampling check: what the means would have been, had the scene been read at longer steps, from its stored rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from core.analysis.tables import SCORES, faces
from core.model import Timeline

STEPS = (2, 3, 5, 10)
"""Longer steps, as multiples of the scene's own."""

LEAST_MOMENTS = 3
"""A step that leaves fewer moments than this is no reading of the scene at all."""

LEAST_RANGE = 0.005
"""Means that lie closer together are the same to the two places that are shown."""


def means_by_phase(timeline: Timeline, reader: str, steps: Sequence[int] = STEPS) -> pd.DataFrame:
    """One row per step, phase and emotion: step_ms, phase_ms, emotion, mean over the rows of faces; NaN without any.

    The scene's own step comes first, with phase 0. A phase is when the first moment is taken: ``phase_ms`` after the
    scene's first one. Steps that leave fewer than ``LEAST_MOMENTS`` moments are left out.
    """
    place = {sample.t_ms: number for number, sample in enumerate(timeline.samples)}
    seen = faces(timeline, reader)
    number = seen["t_ms"].map(place)
    taken = [(1, 0)] + [
        (step, phase) for step in steps if step > 1 and len(place) >= LEAST_MOMENTS * step for phase in range(step)
    ]
    lines = [
        (step * timeline.step_ms, phase * timeline.step_ms, emotion, mean)
        for step, phase in taken
        for emotion, mean in seen.loc[number % step == phase, SCORES].mean().items()
    ]
    types = {"step_ms": "int64", "phase_ms": "int64", "emotion": "str", "mean": "float64"}
    return pd.DataFrame(lines, columns=list(types)).astype(types)


def describe_longest_step(found: pd.DataFrame, name: Callable[[str], str] = str) -> str:
    """Returns what the longest step could show of the emotion that it moves most; "" where there is nothing to say.

    ``name`` calls an emotion inside an English sentence.
    """
    felt = found[found["emotion"] != "neutral"].dropna(subset="mean")
    if felt["step_ms"].nunique() < 2:
        return ""
    own_ms, longest_ms = felt["step_ms"].min(), felt["step_ms"].max()
    spread = felt[felt["step_ms"] == longest_ms].groupby("emotion", sort=False)["mean"].agg(["min", "max"])
    ranges = spread["max"] - spread["min"]
    steps = f"Sampled every {format_step(longest_ms)} instead of every {format_step(own_ms)}, the mean"
    if ranges.max() < LEAST_RANGE:
        return f"{steps}s would be the same."
    widest = spread.loc[ranges.idxmax()]
    low, high = widest["min"], widest["max"]
    return f"{steps} of {name(str(ranges.idxmax()))} could come out anywhere from {low:.2f} to {high:.2f}."


def format_step(ms: int) -> str:
    """Returns a step as ``"200 ms"`` or ``"1.5 s"``."""
    return f"{ms} ms" if ms < 1000 else f"{ms / 1000:g} s"
