"""People as tables: who a row is of, how long each is on screen, and what two show while they share the frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.analysis import tables
from core.model import EMOTIONS, Person, Span, Who
from core.reading.people import mask

OF_ROWS: dict[str, str] = {"person": "Int64", "name": "str"}
"""Columns and dtypes that people add to an export: their number and their name, missing where nobody is."""

ON_SCREEN: dict[str, str] = {
    "person": "int64",
    "name": "str",
    **dict.fromkeys(("start_ms", "end_ms", "moments", "shots"), "int64"),
}
"""Columns and dtypes of :func:`on_screen`."""

TOGETHER: dict[str, str] = {
    **dict.fromkeys(("person", "other", "moments"), "int64"),
    **dict.fromkeys(EMOTIONS, "float64"),
}
"""Columns and dtypes of :func:`together`."""


def numbers(table: pd.DataFrame, people: Sequence[Person]) -> pd.Series[int]:
    """Return the number of the person that each row with ``track`` and ``t_ms`` is of; missing where it is nobody's."""
    track, t_ms = table["track"].to_numpy("int64", na_value=-1), table["t_ms"].to_numpy()
    found, known = np.zeros(len(table), np.int64), np.zeros(len(table), bool)
    for person in people:
        theirs = mask(person.who, track, t_ms)
        found[theirs], known = person.id, known | theirs
    return pd.Series(found, table.index, dtype="Int64").where(known)


def named(table: pd.DataFrame, people: Sequence[Person]) -> pd.DataFrame:
    """Return an export's rows with the columns of ``OF_ROWS`` at their end."""
    person = numbers(table, people)
    names = person.map({one.id: one.name for one in people}, na_action="ignore")
    return table.assign(person=person, name=names).astype(OF_ROWS)


def on_screen(faces: pd.DataFrame, people: Sequence[Person]) -> pd.DataFrame:
    """Return one row per person, longest on screen first: first and last moment, how many moments and shots.

    ``faces`` are the scene's, as ``tables.faces`` gives them.
    """
    seen = _seen(faces, people)
    grouped = seen.groupby("person")
    found = grouped.agg(start_ms=("t_ms", "min"), end_ms=("t_ms", "max"), moments=("t_ms", "size"))
    found = found.assign(shots=grouped["shot"].nunique()).reset_index()
    found = found.assign(name=found["person"].map({one.id: one.name for one in people}))
    found = found[list(ON_SCREEN)].astype(ON_SCREEN)
    return found.sort_values(["moments", "start_ms", "person"], ascending=[False, True, True], ignore_index=True)


def _seen(faces: pd.DataFrame, people: Sequence[Person]) -> pd.DataFrame:
    """Return t_ms, shot and person of who is there, each once a moment."""
    seen = faces[["t_ms", "shot"]].assign(person=numbers(faces, people))
    return seen.dropna().drop_duplicates(["t_ms", "person"])


def together(faces: pd.DataFrame, people: Sequence[Person], without: Sequence[Span] = ()) -> pd.DataFrame:
    """Return who shares the frame with whom and what they show meanwhile, two rows for two people, longest first.

    Person, other, moments with both, and the person's mean of every emotion over those. ``faces`` are the scene's, as
    ``tables.faces`` gives them; what lies in ``without`` is on screen but not in the means, NaN where nothing is left.
    """
    there = _seen(faces, people)[["t_ms", "person"]]
    pairs = there.merge(there.rename(columns={"person": "other"}), on="t_ms")
    pairs = pairs[pairs["person"] != pairs["other"]]
    read = tables.without(faces, without)
    read = read[["t_ms", *EMOTIONS]].assign(person=numbers(read, people))
    means = pairs.merge(read, on=["t_ms", "person"]).groupby(["person", "other"])[list(EMOTIONS)].mean()
    found = pairs.groupby(["person", "other"]).size().rename("moments").to_frame().join(means).reset_index()
    return _paired(found[list(TOGETHER)].astype(TOGETHER), [person.id for person in people])


def telling(faces: pd.DataFrame, who: Who, count: int) -> list[tuple[int, int]]:
    """Return t_ms and index of at most ``count`` faces by which somebody is known, in time order.

    Every track has its sharpest sure face, a long one several, as far as there is room for all of them.
    """
    theirs = tables.of(faces, who)
    tracks = theirs.groupby("track")["t_ms"]
    length, place = tracks.transform("size"), tracks.cumcount()
    places = (count * length // max(len(theirs), 1)).clip(lower=1)
    sure = theirs["confidence"] * theirs["sharpness"]
    best = theirs.loc[sure.groupby([theirs["track"], place * places // length]).idxmax()].sort_values(["t_ms", "index"])
    kept = best.iloc[np.unique(np.linspace(0, len(best) - 1, min(count, len(best))).round().astype(int))]
    return [(int(t_ms), int(index)) for t_ms, index in zip(kept["t_ms"], kept["index"], strict=True)]


def _paired(found: pd.DataFrame, ids: Sequence[int]) -> pd.DataFrame:
    """Return the rows of two people below each other, the first on screen first."""
    place = {person: number for number, person in enumerate(ids)}
    one, other = found["person"].map(place), found["other"].map(place)
    order = pd.DataFrame(
        {"less": -found["moments"], "low": np.minimum(one, other), "high": np.maximum(one, other), "one": one}
    )
    return found.loc[order.sort_values(list(order.columns)).index].reset_index(drop=True)
