"""People as tables: who a row is of, how long each is on screen, and what two show while they share the frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.analysis import tables
from core.model import EMOTIONS, Person, Span, Who
from core.reading.people import face_mask

PERSON_COLUMNS: dict[str, str] = {"person": "Int64", "name": "str"}
"""Columns and dtypes that people add to an export: their number and their name, missing where nobody is."""

SCREEN_TIME_TYPES: dict[str, str] = {
    "person": "int64",
    "name": "str",
    **dict.fromkeys(("start_ms", "end_ms", "moments", "shots"), "int64"),
}
"""Columns and dtypes of :func:`screen_times`."""

SHARED_TIME_TYPES: dict[str, str] = {
    **dict.fromkeys(("person", "other", "moments"), "int64"),
    **dict.fromkeys(EMOTIONS, "float64"),
}
"""Columns and dtypes of :func:`shared_times`."""


def person_numbers(table: pd.DataFrame, people: Sequence[Person]) -> pd.Series[int]:
    """Returns the person's number that each row with ``track`` and ``t_ms`` is of; missing where it is no one's."""
    track, t_ms = table["track"].to_numpy("int64", na_value=-1), table["t_ms"].to_numpy()
    found, known = np.zeros(len(table), np.int64), np.zeros(len(table), bool)
    for person in people:
        theirs = face_mask(person.who, track, t_ms)
        found[theirs], known = person.id, known | theirs
    return pd.Series(found, table.index, dtype="Int64").where(known)


def add_person_columns(table: pd.DataFrame, people: Sequence[Person]) -> pd.DataFrame:
    """Returns an export's rows with the columns of ``OF_ROWS`` at their end."""
    person = person_numbers(table, people)
    names = person.map({one.id: one.name for one in people}, na_action="ignore")
    return table.assign(person=person, name=names).astype(PERSON_COLUMNS)


def screen_times(faces: pd.DataFrame, people: Sequence[Person]) -> pd.DataFrame:
    """Returns one row per person, longest on screen first: first and last moment, how many moments and shots.

    ``faces`` are the scene's, as ``tables.faces`` gives them.
    """
    seen = _presence(faces, people)
    grouped = seen.groupby("person")
    found = grouped.agg(start_ms=("t_ms", "min"), end_ms=("t_ms", "max"), moments=("t_ms", "size"))
    found = found.assign(shots=grouped["shot"].nunique()).reset_index()
    found = found.assign(name=found["person"].map({one.id: one.name for one in people}))
    found = found[list(SCREEN_TIME_TYPES)].astype(SCREEN_TIME_TYPES)
    return found.sort_values(["moments", "start_ms", "person"], ascending=[False, True, True], ignore_index=True)


def _presence(faces: pd.DataFrame, people: Sequence[Person]) -> pd.DataFrame:
    """Returns t_ms, shot and person of who is there, each once a moment."""
    seen = faces[["t_ms", "shot"]].assign(person=person_numbers(faces, people))
    return seen.dropna().drop_duplicates(["t_ms", "person"])


def shared_times(faces: pd.DataFrame, people: Sequence[Person], without: Sequence[Span] = ()) -> pd.DataFrame:
    """Returns who shares the frame with whom and what they show meanwhile, two rows for two people, longest first.

    Person, other, moments with both, and the person's mean of every emotion over those. ``faces`` are the scene's, as
    ``tables.faces`` gives them; what lies in ``without`` is on screen but not in the means, NaN where nothing is left.
    """
    there = _presence(faces, people)[["t_ms", "person"]]
    pairs = there.merge(there.rename(columns={"person": "other"}), on="t_ms")
    pairs = pairs[pairs["person"] != pairs["other"]]
    read = tables.leave_out(faces, without)
    read = read[["t_ms", *EMOTIONS]].assign(person=person_numbers(read, people))
    means = pairs.merge(read, on=["t_ms", "person"]).groupby(["person", "other"])[list(EMOTIONS)].mean()
    found = pairs.groupby(["person", "other"]).size().rename("moments").to_frame().join(means).reset_index()
    return _sort_pairs(found[list(SHARED_TIME_TYPES)].astype(SHARED_TIME_TYPES), [person.id for person in people])


def pick_telling_faces(faces: pd.DataFrame, who: Who, count: int) -> list[tuple[int, int]]:
    """Returns t_ms and index of at most ``count`` faces by which somebody is known, in time order.

    Every track has its sharpest sure face, a long one several, as far as there is room for all of them.
    """
    theirs = tables.select_faces(faces, who)
    tracks = theirs.groupby("track")["t_ms"]
    length, place = tracks.transform("size"), tracks.cumcount()
    places = (count * length // max(len(theirs), 1)).clip(lower=1)
    sure = theirs["confidence"] * theirs["sharpness"]
    best = theirs.loc[sure.groupby([theirs["track"], place * places // length]).idxmax()].sort_values(["t_ms", "index"])
    kept = best.iloc[np.unique(np.linspace(0, len(best) - 1, min(count, len(best))).round().astype(int))]
    return [(int(t_ms), int(index)) for t_ms, index in zip(kept["t_ms"], kept["index"], strict=True)]


def _sort_pairs(found: pd.DataFrame, ids: Sequence[int]) -> pd.DataFrame:
    """Returns the rows of two people below each other, the first on screen first."""
    place = {person: number for number, person in enumerate(ids)}
    one, other = found["person"].map(place), found["other"].map(place)
    order = pd.DataFrame(
        {"less": -found["moments"], "low": np.minimum(one, other), "high": np.maximum(one, other), "one": one}
    )
    return found.loc[order.sort_values(list(order.columns)).index].reset_index(drop=True)
