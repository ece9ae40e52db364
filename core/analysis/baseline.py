"""A person's calm span: what their face shows at rest, subtracted from what it shows at other times.

Some faces read as a little sad or angry at rest. A viewer chooses a span in which a person is calm; the mean of every
emotion over it is that person's baseline. Score − baseline is how far a moment is from that person's own rest: 0 is as
at rest, and it is negative where the face shows less of the emotion than at rest. The seven changes of a moment sum to
0, since its scores sum to 1. Nothing that was read changes; other numbers of the scene are without it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from core.analysis import tables
from core.errors import SettingError
from core.model import EMOTIONS, Calm, Person, Timeline, Who
from core.settings import clock

FEWEST = 3
"""Moments with the person's face that a calm span holds at least: the mean of fewer is chance."""

COLUMNS = tuple(f"{emotion}_from_calm" for emotion in EMOTIONS)
"""Columns that an export gets on demand."""


def measure_levels(timeline: Timeline, reader: str, who: Who, start_ms: int, end_ms: int) -> dict[str, float]:
    """Returns the mean of every emotion over the person's faces from ``start_ms`` up to, not with, ``end_ms``.

    SettingError when the span makes no sense or shows too few of their faces.
    """
    if end_ms <= start_ms:
        raise SettingError(f"The calm span ends at {clock(end_ms)}, not after its start, {clock(start_ms)}. Swap them.")
    seen = tables.select_faces(tables.faces(timeline, reader), who)
    calm = seen[seen["t_ms"].ge(start_ms) & seen["t_ms"].lt(end_ms)]
    if len(calm) < FEWEST:
        count = f"{len(calm)} moment{'' if len(calm) == 1 else 's'}"
        raise SettingError(
            f"Between {clock(start_ms)} and {clock(end_ms)} their face was read in {count}; {FEWEST} are the least. "
            "Choose a longer span."
        )
    return {emotion: float(calm[emotion].mean()) for emotion in EMOTIONS}


def subtract(curve: pd.DataFrame, levels: Mapping[str, float]) -> pd.DataFrame:
    """Returns a ``tables.curve`` of one person with the levels taken off its scores: −1 to 1, NaN where nobody is.

    Emotions without a level, such as taught ones, are left out.
    """
    known = curve[curve["emotion"].isin(list(levels))]
    return known.assign(score=known["score"] - known["emotion"].map(levels).astype("float64"))


def add_change_columns(
    rows: pd.DataFrame, timeline: Timeline, calms: Collection[Calm], people: Sequence[Person]
) -> pd.DataFrame:
    """Returns the rows of an export with ``COLUMNS`` at their end: score − baseline, by row's reader and track.

    They are missing where the person of the row has no baseline, or too few faces of that reader in it.
    """
    change = pd.DataFrame(index=rows.index, columns=list(COLUMNS), dtype="float64")
    for calm in calms:
        who = next((person.who for person in people if person.id == calm.person), None)
        if who is None:
            continue
        mine = rows["track"].notna() & _rows_of_person(rows, who)
        for reader in rows["reader"].dropna().unique():
            try:
                own = measure_levels(timeline, reader, who, calm.start_ms, calm.end_ms)
            except SettingError:  # this reader saw too little of them there: it has no baseline
                continue
            there = mine & (rows["reader"] == reader)
            for emotion, column in zip(EMOTIONS, COLUMNS, strict=True):
                change.loc[there, column] = rows.loc[there, emotion] - own[emotion]
    return pd.concat([rows, change], axis=1)


def _rows_of_person(rows: pd.DataFrame, who: Who) -> pd.Series:
    """Returns which rows are of a person."""
    return rows.index.to_series().isin(tables.select_faces(rows, who).index)
