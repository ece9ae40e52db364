"""What the pages share about emotions of one’s own: which there are, and their scores, curves and means in a scene."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core import lessons, means, tables, taught_tables, ui
from core.model import Scene, Timeline, Who
from core.taught import Taught
from core.ui_doubts import Doubted

MOST_DRAWN = 4
"""Taught emotions beside the seven: there are no more dashes to tell them apart by."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The taught emotions of a shelf in one scene."""

    names: tuple[str, ...]
    said: pd.DataFrame
    """As from ``taught_tables.scores``; without rows where the scene has no embeddings."""
    why: str
    """Why they cannot be shown, with the remedy; empty where they can, or where there are none."""


def beside(scene: Scene) -> Beside:
    """The emotions on the shelf that fit this version of the reader, read into a scene once for its rows."""
    texts = ui.store().emotions()
    if not texts or not scene.found:
        return Beside((), taught_tables.scores({}, ()), "")
    return _beside(scene, texts, scene.id, scene.created, scene.revision)


@st.cache_resource(max_entries=16, show_spinner=False)
def _beside(_scene: Scene, texts: tuple[str, ...], scene_id: int, created: str, revision: int) -> Beside:
    shelf = ui.store()
    emotions = lessons.usable(shelf)[-MOST_DRAWN:]
    why = lessons.missing(shelf, _scene) if emotions else ""
    known = lessons.codes(shelf, scene_id) if emotions and not why else {}
    shown = emotions if known else ()
    return Beside(tuple(one.name for one in shown), taught_tables.scores(known, shown), why)


def scores(scene: Scene, one: Taught) -> pd.DataFrame:
    """One emotion's scores of a scene's faces, whether it is on the shelf or being taught."""
    return taught_tables.scores(lessons.codes(ui.store(), scene.id), [one])


def names(scene: Scene) -> tuple[str, ...]:
    """The taught emotions that are drawn in a scene."""
    return beside(scene).names


def curves(scene: Scene, who: Who, *, smoothed: bool = False) -> pd.DataFrame:
    """Their rows to put beside those of ``tables.curve``; none where there are no taught emotions."""
    curve = taught_tables.curves(ui.timeline(scene), beside(scene).said, who)
    return tables.smooth(curve) if smoothed and len(curve) else curve


def rows(known: Doubted, who: Who) -> pd.DataFrame:
    """Their rows to put below those of ``means.table``."""
    found = beside(known.scene)
    return _rows(known.scene, found.said, found.names, known.scene.id, known.scene.revision, who)


@st.cache_data(max_entries=32, show_spinner=False)
def _rows(
    _scene: Scene, said: pd.DataFrame, shown: tuple[str, ...], scene_id: int, revision: int, who: Who
) -> pd.DataFrame:
    timeline: Timeline = ui.timeline(_scene)
    return means.rows(timeline, tables.of(taught_tables.faces(timeline, said), who), shown, (), ())


def on_faces(faces: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """The rows of the gallery with a column for each taught emotion; missing where a face has no score."""
    said = beside(scene).said
    return faces if not taught_tables.names(said) else faces.merge(said, on=["t_ms", "index"], how="left")


def why(scene: Scene) -> None:
    """One quiet line where taught emotions cannot be shown in a scene, with what to do."""
    if sentence := beside(scene).why:
        ui.say(f"Your own emotions are not shown here. {sentence}", icon="school")
