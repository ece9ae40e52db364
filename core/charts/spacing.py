"""How things keep apart along the strip: ticks on the minute, labels, and the moments that a click picks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.model import EMOTIONS
from core.settings import clock

MOMENTS = 2000
"""Moments that a click can pick; above it every second, third … of the moments is offered."""

TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
"""Distances between ticks that read well on a clock, s."""


def pickable_moments(curve: pd.DataFrame, most: int = MOMENTS) -> pd.DataFrame:
    """One row per moment that can be picked: t_ms, t_s, time ("0:02.6") and each emotion's score as a word."""
    names = list(dict.fromkeys((*EMOTIONS, *curve["emotion"])))
    wide = curve.pivot(index=["t_ms", "t_s"], columns="emotion", values="score").reindex(columns=names)
    wide = wide.iloc[:: -(-len(wide) // most) or 1]
    words = wide.apply(lambda column: column.map("{:.2f}".format).where(column.notna(), "no face"))
    return words.reset_index().assign(time=lambda rows: rows["t_ms"].map(clock))


def ticks(start_s: float, end_s: float, most: int = 10) -> list[float]:
    """Times for the axis, s: at most ``most`` of them below 10 hours, on round seconds and minutes."""
    step = next((step for step in TICKS_S if (end_s - start_s) / step <= most), TICKS_S[-1])
    first, last = np.ceil(round(start_s / step, 6)), np.floor(round(end_s / step, 6))  # 0.6 / 0.1 is 6, not 5.9999
    return [round(float(place * step), 1) for place in np.arange(first, last + 1)]


def space_out(wanted: Sequence[float], least: float) -> list[float]:
    """The places in 0–1 nearest to those wanted, in the same order, at least ``least`` away from each other."""
    values = np.asarray(wanted, dtype=float)
    order = np.argsort(values, kind="stable")
    steps = np.arange(len(values)) * least
    blocks: list[list[float]] = []  # neighbours that would overlap move as one
    for value in values[order] - steps:
        blocks.append([value])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    level = np.concatenate([[np.mean(block)] * len(block) for block in blocks]) if blocks else values
    placed = np.empty(len(values))
    placed[order] = level.clip(0, max(1 - steps[-1:].sum(), 0)) + steps
    return [float(place) for place in placed]


def drop_crowded(places: Sequence[float], least: float) -> list[float]:
    """Those of the rising ``places`` that are at least ``least`` after the one kept before."""
    kept: list[float] = []
    for place in places:
        if not kept or place - kept[-1] >= least:
            kept.append(place)
    return kept


def clock_expression(ticks: Sequence[float]) -> str:
    """The Vega expression that writes an axis value, s, as ``settings.clock`` would: m:ss, h:mm:ss from an hour on."""
    tenths = any(tick % 1 for tick in ticks)
    seconds = f"format(datum.value % 60, '{'04.1f' if tenths else '02.0f'}')"
    if max(ticks, default=0) < 3600:
        return f"floor(datum.value / 60) + ':' + {seconds}"
    return f"floor(datum.value / 3600) + ':' + format(floor(datum.value / 60) % 60, '02.0f') + ':' + {seconds}"
