"""The table of means: everything, without what is suspect, and without what the viewer dropped, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from core.analysis import tables
from core.analysis.intervals import mean_intervals
from core.analysis.tables import SCORES, faces, leave_out
from core.doubt import verdicts
from core.doubt.limits import LIMITS
from core.model import Peak, Span, Suspect, Timeline, Verdict, Who

COLUMNS = ("everything", "automatic", "yours")


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
    told: dict[str, object] = {"emotion": list(names)}
    for column, some in zip(COLUMNS, left, strict=True):
        told[column] = some[list(names)].mean().to_numpy("float64")
        told[f"{column}_low"], told[f"{column}_high"] = mean_intervals(some, names, timeline)
    shown = pd.DataFrame(told)
    return shown.assign(change=shown["yours"] - shown["everything"])


def mean_without_peak(
    seen: pd.DataFrame, peak: Peak, already: Sequence[Span] = (), others: Sequence[Span] = ()
) -> tuple[float, float]:
    """Returns the mean of the peak's emotion as it is and when the peak is dropped as well; NaN when no face is left.

    ``seen`` are rows of faces with a column for the emotion, ``already`` the spans left out so far, ``others`` those
    dropped together with the peak.
    """
    seen = leave_out(seen, already)
    after = leave_out(seen, [peak.span, *others])
    return float(seen[peak.emotion].mean()), float(after[peak.emotion].mean())
