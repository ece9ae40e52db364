"""The table of means: everything, without what is suspect, and without what the viewer dropped, each with its interval.

The intervals are of a moving-block bootstrap in time: neighbouring moments resemble each other, so what is drawn again
and again are blocks of moments, not moments. A block is as long as the mean shot, held between 2 s and 10 s: inside a
shot a face keeps its expression, across a cut it need not. The end joins the beginning, so that every moment is drawn
as often as any other (Politis and Romano 1992, "A circular block-resampling procedure for stationary data").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.analysis import tables
from core.analysis.tables import SCORES, faces, leave_out
from core.doubt import verdicts
from core.doubt.limits import LIMITS
from core.model import Peak, Span, Suspect, Timeline, Verdict, Who

DRAWS = 1000
SEED = 1

BLOCK_MS = (2000, 10_000)
"""Shortest and longest block."""

LEAST_BLOCKS = 5
"""Fewer blocks would hardly differ from one draw to the next, and the interval would be a lie: shorter ones then."""

SURE = (0.025, 0.975)
"""The bounds of a 95 % interval."""

COLUMNS = ("everything", "automatic", "yours")

Floats = NDArray[np.float64]


def dropped_spans(decided: Iterable[Verdict], reader: str) -> tuple[Span, ...]:
    """Returns what a viewer's verdicts leave out of a reader's numbers."""
    return tuple(one.span for one in verdicts.select_dropped(decided, reader))


def suspect_spans(suspects: Iterable[Suspect], bar: float = LIMITS.suspect) -> tuple[Span, ...]:
    """Returns what would be left out if every peak with at least this doubt were dropped."""
    return tuple(one.peak.span for one in suspects if one.doubt >= bar)


def means_table(
    timeline: Timeline,
    reader: str,
    suspects: Iterable[Suspect],
    decided: Iterable[Verdict],
    track: Who = None,
    bar: float = LIMITS.suspect,
) -> pd.DataFrame:
    """One row per emotion: emotion, then of everything, automatic and yours the mean with its _low and _high, change.

    Means are over the rows of faces, 0–1, so moments without a face count neither as zero nor as neutral; NaN where no
    face is left. ``change`` is yours − everything.
    """
    seen = tables.select_faces(faces(timeline, reader), track)
    return means_of_faces(timeline, seen, SCORES, suspect_spans(suspects, bar), dropped_spans(decided, reader))


def means_of_faces(
    timeline: Timeline, seen: pd.DataFrame, names: Sequence[str], suspected: Sequence[Span], dropped: Sequence[Span]
) -> pd.DataFrame:
    """Returns the rows of :func:`means_table` from faces with a column for each of ``names``, and what is left out."""
    left = (seen, leave_out(seen, suspected), leave_out(seen, dropped))
    moments = np.array([sample.t_ms for sample in timeline.samples], "int64")
    drawn = _draws(len(moments), _block(timeline))
    told: dict[str, object] = {"emotion": list(names)}
    for column, some in zip(COLUMNS, left, strict=True):
        told[column] = some[list(names)].mean().to_numpy("float64")
        told[f"{column}_low"], told[f"{column}_high"] = _interval(_sums(some, moments, names), *drawn)
    shown = pd.DataFrame(told)
    return shown.assign(change=shown["yours"] - shown["everything"])


def mean_without_peak(seen: pd.DataFrame, peak: Peak, already: Sequence[Span] = ()) -> tuple[float, float]:
    """Returns the mean of the peak's emotion as it is and when the peak is dropped as well; NaN when no face is left.

    ``seen`` are rows of faces with a column for the emotion, ``already`` the spans left out so far.
    """
    seen = leave_out(seen, already)
    after = leave_out(seen, [peak.span])
    return float(seen[peak.emotion].mean()), float(after[peak.emotion].mean())


def _block(timeline: Timeline) -> int:
    """Returns the length of a block in moments."""
    count = len(timeline.samples)
    if count < 2:
        return 1
    apart_ms = (timeline.samples[-1].t_ms - timeline.samples[0].t_ms) / (count - 1)
    shot_ms = apart_ms * count / (1 + len(tables.cuts(timeline)))
    held_ms = min(max(shot_ms, BLOCK_MS[0]), BLOCK_MS[1])
    return max(1, min(round(held_ms / apart_ms), count // LEAST_BLOCKS))


def _draws(count: int, block: int) -> tuple[NDArray[np.intp], int]:
    """Returns where the blocks of every draw begin, (DRAWS, blocks), and how long they are; always the same ones."""
    starts = np.random.default_rng(SEED).integers(0, max(count, 1), (DRAWS, -(-count // block)))
    return starts.astype(np.intp), block


def _sums(rows: pd.DataFrame, moments: NDArray[np.int64], names: Sequence[str] = SCORES) -> Floats:
    """Returns every moment's sum of each score and its number of faces, (moments, names + 1)."""
    at = np.searchsorted(moments, rows["t_ms"].to_numpy())
    columns = [rows[name].to_numpy() for name in names] + [np.ones(len(rows))]
    return np.stack([np.bincount(at, column, len(moments)) for column in columns], axis=1)


def _interval(sums: Floats, starts: NDArray[np.intp], block: int) -> tuple[Floats, Floats]:
    """Returns the bounds of each emotion's mean; NaN where there is no face."""
    if not len(sums) or not sums[:, -1].any():
        unknown = np.full(sums.shape[1] - 1, np.nan)
        return unknown, unknown
    round_and_on = np.concatenate([np.zeros((1, sums.shape[1])), sums, sums[: block - 1]]).cumsum(axis=0)
    blocks = round_and_on[block:] - round_and_on[:-block]
    totals = [blocks[:, place][starts].sum(axis=1) for place in range(sums.shape[1])]
    some = totals[-1] > 0.5  # counts; cumulated floats need not be exactly whole
    low, high = np.quantile([total[some] / totals[-1][some] for total in totals[:-1]], SURE, axis=1)
    return low, high
