"""Fewer points for a long curve: what the eye would see of it stays, every peak that is named among it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

POINTS = 600
"""Points drawn per emotion: two to each of half as many spans, under 5,000 for all seven."""


def thin(curve: pd.DataFrame, points: int = POINTS, peaks: Iterable[tuple[str, int]] = ()) -> pd.DataFrame:
    """Return the rows of ``tables.curve`` worth drawing, in their order; rows of nobody go.

    Of each of ``points // 2`` equal spans of time the highest and the lowest score of every emotion stay, so no summit
    is cut off; ``peaks``, (emotion, apex in ms), stay even beside a higher one. No line that is drawn run by run
    reaches across a cut or a gap then either, and a run that is a line stays one: at least two of its points. At most
    twice as many points stay as are asked for, and those of ``peaks``.
    """
    there = curve.dropna(subset="score").reset_index(drop=True)
    if len(there) <= points * max(there["emotion"].nunique(), 1):
        return there
    t_ms = there["t_ms"].to_numpy()
    passed = t_ms - t_ms.min()
    spans = passed * max(points // 2, 1) // (passed.max() + 1)
    emotions = pd.factorize(there["emotion"])[0]
    kept = np.zeros(len(there), bool)
    kept[_extremes(emotions * (spans.max() + 1) + spans, there["score"].to_numpy())] = True
    kept |= _is_named_peak(there, peaks)
    kept[_far_ends(kept, emotions, there["run"].to_numpy())] = True
    return there[kept]


def break_between_runs(curve: pd.DataFrame, x: str) -> pd.DataFrame:
    """Return the rows with one without a score between each run of an emotion and the next, halfway in ``x``.

    A line that breaks where there is no score is then one line an emotion. Told apart by their runs, each run is a line
    of its own, and an hour of film has thousands, for each of which Vega builds a small program.
    """
    ordered = curve.sort_values(["emotion", "run", x])
    ends = ~ordered.duplicated(["emotion", "run"], keep="last")
    halfway = (ordered[x] + ordered.groupby("emotion")[x].shift(-1)) / 2
    between = ordered.assign(score=np.nan, **{x: halfway})[ends].dropna(subset=x)
    return pd.concat([ordered, between], ignore_index=True).sort_values(["emotion", x], ignore_index=True)


def _extremes(groups: NDArray[np.int64], scores: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return where the first lowest and the first highest score of every group is."""
    found = []
    for signed in (scores, -scores):
        order = np.lexsort((np.arange(len(groups)), signed, groups))
        found.append(order[np.flatnonzero(np.diff(groups[order], prepend=-1))])
    return np.concatenate(found)


def _is_named_peak(there: pd.DataFrame, peaks: Iterable[tuple[str, int]]) -> NDArray[np.bool_]:
    """Return which rows are the apex of a named peak."""
    wanted = pd.MultiIndex.from_tuples([*peaks], names=["emotion", "t_ms"]) if (peaks := [*peaks]) else None
    if wanted is None:
        return np.zeros(len(there), bool)
    return pd.MultiIndex.from_frame(there[["emotion", "t_ms"]]).isin(wanted)


def _far_ends(kept: NDArray[np.bool_], emotions: NDArray[np.int64], runs: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return a second row for every run of which one row stays though it has more: the one at its far end."""
    lines = pd.DataFrame({"line": emotions * (runs.max() + 1) + runs, "at": np.arange(len(kept))})
    ends = lines.groupby("line")["at"].agg(["min", "max"])
    stays = lines[kept].groupby("line")["at"].agg(["first", "size"])
    lone = stays[stays["size"] == 1].join(ends)
    far = np.where(lone["max"] - lone["first"] >= lone["first"] - lone["min"], lone["max"], lone["min"])
    return far[far != lone["first"].to_numpy()].astype(np.intp)
