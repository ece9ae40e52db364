"""Where a face turns from one emotion to another: what a scene in which nothing is doubted is opened at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from core.model import EMOTIONS

SIDE_MS = 1000
"""How far before and after a turn the face is looked at: what lasts less is a grimace, not a turn."""


class Turn(NamedTuple):
    """One face that reads as one emotion for a while, and as another from a moment on."""

    t_ms: int
    """The first moment of the other."""
    track: int
    before: str
    after: str
    size: float
    """The share of the scores that goes elsewhere, 0–1."""


def biggest_turn(faces: pd.DataFrame) -> Turn | None:
    """Returns the biggest turn of any face, the earlier one of two; None where every face stays what it is.

    ``faces`` are rows of ``tables.faces``. A turn lies inside one track, so a cut to another face is none.
    """
    found = [turn for track, rows in faces.dropna(subset="track").groupby("track") for turn in _turns(int(track), rows)]
    return max(found, key=lambda turn: (round(turn.size, 6), -turn.t_ms), default=None)


def _turns(track: int, rows: pd.DataFrame) -> list[Turn]:
    """Returns the biggest turn of one track, if it has one."""
    rows = rows.sort_values("t_ms")
    t_ms, scores = rows["t_ms"].to_numpy("int64"), rows[list(EMOTIONS)].to_numpy("float64")
    sums = np.concatenate([np.zeros((1, scores.shape[1])), scores.cumsum(axis=0)])
    at = np.arange(1, len(t_ms))
    first = np.searchsorted(t_ms, t_ms[at] - SIDE_MS)
    end = np.searchsorted(t_ms, t_ms[at] + SIDE_MS)
    before = (sums[at] - sums[first]) / np.maximum(at - first, 1)[:, None]
    after = (sums[end] - sums[at]) / np.maximum(end - at, 1)[:, None]
    turned = (first < at) & (before.argmax(axis=1) != after.argmax(axis=1))
    if not turned.any():
        return []
    size = np.where(turned, np.abs(after - before).sum(axis=1) / 2, -1)
    best = int(size.round(6).argmax())
    names = EMOTIONS[before[best].argmax()], EMOTIONS[after[best].argmax()]
    return [Turn(int(t_ms[at[best]]), track, *names, float(size[best]))]
