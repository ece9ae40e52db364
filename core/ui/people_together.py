"""Who shares the frame with whom, for how long, and what each shows meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis import people_tables, tables
from core.model import EMOTIONS, Person, Span, Timeline
from core.settings import clock
from core.shelf.scene_view import SceneView
from core.ui import choices, common, wording

MOST_PAIRS = 4
"""Pairs in words; the table has the rest."""

LEAST = 0.005
"""A mean below it rounds to nothing, and is nothing."""


def show_pairs(view: SceneView, found: Sequence[Person]) -> None:
    """The pairs that are longest on screen together, of the chosen person or all; nothing where nobody ever is."""
    table = view.compute(_pairs, view.reader, found, view.dropped())
    chosen = choices.chosen_person(found)
    if chosen:
        table = table[(table["person"] == chosen.id) | (table["other"] == chosen.id)]
    if table.empty:
        return
    names = {person.id: person.name for person in found}
    step_ms = view.timeline.step_ms
    st.markdown("**Who shares the frame with whom**")
    pairs = [pair for _, pair in table.groupby(table[["person", "other"]].apply(frozenset, axis=1), sort=False)]
    for pair in pairs[:MOST_PAIRS]:
        _pair(list(pair.itertuples()), names, step_ms)
    said = f"All {len(pairs)} pairs as a table" if len(pairs) > 1 else "As a table"
    with st.expander(said, key="together_table", on_change="rerun") as opened:
        if opened.open:  # the browser fetches what draws tables once somebody wants one
            alt = "Pairs with their means while together"
            st.dataframe(pairs_table(table, names, step_ms), hide_index=True, alt=alt)


def _pairs(timeline: Timeline, reader: str, found: Sequence[Person], without: Sequence[Span]) -> pd.DataFrame:
    return people_tables.shared_times(tables.faces(timeline, reader), found, without)


def _pair(two: Sequence[Any], names: dict[int, str], step_ms: int) -> None:
    """How long two people share the frame, and what each reads as most meanwhile."""
    with st.container(gap=None):
        one, other = (common.escape(names[row.person]) for row in two)
        st.caption(f"{one} and {other}: {clock(two[0].moments * step_ms)} together")
        for row in two:
            scores = sorted(((name, getattr(row, name)) for name in EMOTIONS), key=lambda each: -each[1])
            told = [each for each in scores[:2] if each[1] >= LEAST]
            said = wording.ranking(told) if told else ":gray[nothing left of it]"
            st.markdown(f"{common.escape(names[row.person])} reads as {said}")


def pairs_table(table: pd.DataFrame, names: dict[int, str], step_ms: int) -> pd.DataFrame:
    """The pairs under the names that people read: who, with whom, seconds together, the mean of every emotion."""
    told = pd.DataFrame({"person": table["person"].map(names), "with": table["other"].map(names)})
    told = told.assign(**{"seconds together": table["moments"] * step_ms / 1000})
    return told.join(table[list(EMOTIONS)].round(3).rename(columns=dict(wording.emotion_names())))
