"""Peaks that are doubted or were decided on, as rows that charts draw over the curves and lists show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from core.doubt.limits import LIMITS
from core.doubt.verdicts import PeakKey, peak_key, select_undecided
from core.model import Suspect, Verdict, Who
from core.reading.people import face_filter

OPEN, DROPPED, KEPT = "open", "dropped", "kept"
"""A suspect that nobody decided on, one that left the means, one that a viewer believes."""

TYPES: dict[str, str] = {
    "track": "int64",
    "emotion": "str",
    **dict.fromkeys(("t_ms", "start_ms", "end_ms"), "int64"),
    **dict.fromkeys(("t_s", "start_s", "end_s", "height", "doubt"), "float64"),
    "state": "str",
}
"""Columns and dtypes of :func:`marks`; ``t_ms`` is the apex."""


FACE_MARKS = ("doubt", "dropped")
"""Columns that :func:`on_faces` adds."""


def decisions(verdicts: Iterable[Verdict], reader: str) -> dict[PeakKey, Verdict]:
    """Return the verdict that counts for each peak of a reader: of two about the same peak the later one."""
    return {peak_key(verdict): verdict for verdict in verdicts if verdict.reader == reader}


def state(suspect: Suspect, decided: dict[PeakKey, Verdict], bar: float = LIMITS.suspect) -> str:
    """Return how a peak stands; empty for one that is believed."""
    verdict = decided.get(peak_key(suspect.peak))
    if verdict is not None:
        return DROPPED if verdict.dropped else KEPT
    return OPEN if suspect.doubt >= bar else ""


def mark_table(
    suspects: Sequence[Suspect],
    verdicts: Sequence[Verdict],
    reader: str,
    track: Who = None,
    bar: float = LIMITS.suspect,
) -> pd.DataFrame:
    """One row per peak, of one person or all, that is doubted with ``bar`` or more or was decided on, in time order."""
    decided, own = decisions(verdicts, reader), face_filter(track)
    lines = [
        (
            *(peak.track, peak.emotion, peak.apex_ms, peak.start_ms, peak.end_ms),
            *(peak.apex_ms / 1000, peak.start_ms / 1000, peak.end_ms / 1000, peak.height, suspect.doubt),
            stands,
        )
        for suspect in suspects
        for peak in [suspect.peak]
        for stands in [state(suspect, decided, bar)]
        if stands and own(peak.track, peak.apex_ms)
    ]
    return pd.DataFrame(lines, columns=list(TYPES)).astype(TYPES).sort_values("t_ms", ignore_index=True)


def open_suspects(
    suspects: Iterable[Suspect], verdicts: Iterable[Verdict], reader: str, bar: float = LIMITS.suspect
) -> tuple[Suspect, ...]:
    """Return the suspects that nobody has decided on, in their order."""
    left = select_undecided(suspects, verdicts, reader)
    return tuple(suspect for suspect in left if suspect.doubt >= bar)


def pins(marks: pd.DataFrame, least_s: float) -> pd.DataFrame:
    """The marks that have a pin, with ``count`` and ``room_s``; those less than ``least_s`` apart share one.

    The most doubtful open mark is given its pin first, and what was dropped is counted only where nothing near it is
    open. ``room_s`` is the time up to the next pin.
    """
    shown = marks[marks["state"].isin([OPEN, DROPPED])]
    first = shown.assign(decided=shown["state"] != OPEN).sort_values(["decided", "doubt"], ascending=[True, False])
    counts: dict[Any, int] = {}
    at, decided = shown["t_s"].to_dict(), first["decided"].to_dict()
    for place, t_s in first["t_s"].items():
        nearest = min(counts, key=lambda pin: abs(at[pin] - t_s), default=None)
        if nearest is None or abs(at[nearest] - t_s) >= least_s:
            nearest = place
        counts[nearest] = counts.get(nearest, 0) + (decided[place] == decided[nearest])
    pinned = shown.loc[sorted(counts)].assign(count=[counts[pin] for pin in sorted(counts)])
    times = [*pinned["t_s"], float("inf")]
    return pinned.assign(room_s=[after - before for before, after in pairwise(times)])


def mark_faces(faces: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``tables.faces`` with ``dropped``, and ``doubt``: of an open mark of what the face reads as, or 0."""
    doubt, gone = np.zeros(len(faces)), np.zeros(len(faces), bool)
    t_ms, track, top = faces["t_ms"].to_numpy(), faces["track"].to_numpy("int64", na_value=-1), faces["top"].to_numpy()
    for mark in marks.itertuples():
        first, end = np.searchsorted(t_ms, [mark.start_ms, mark.end_ms])
        own = track[first:end] == mark.track
        if mark.state == DROPPED:
            gone[first:end] |= own
        elif mark.state == OPEN:
            said = own & (top[first:end] == mark.emotion)
            doubt[first:end] = np.where(said, np.maximum(doubt[first:end], mark.doubt), doubt[first:end])
    return faces.assign(doubt=np.where(gone, 0.0, doubt), dropped=gone)
