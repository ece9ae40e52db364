"""The faces to choose from while teaching: what the lesson would like to know, or the whole gallery."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis import tables
from core.emotions import proposals
from core.emotions.emotion import Example
from core.faces import embedding
from core.model import EMOTIONS, Scene
from core.settings import clock
from core.shelf import emotions
from core.ui import choices, common, wording
from core.ui.gallery import faces as ui_faces
from core.ui.teach.lesson import NO, YES, Lesson, mark
from core.video import stills

ASKED, ALL = "Proposals", "All faces"
PER_PAGE = 18
MOST_ASKED = 12
"""Faces that are asked about at one time."""

VARIED, IN_TIME, LIKELIEST = "different ones first", "in time order", "most like it"


def faces(scene: Scene, lesson: Lesson) -> None:
    """Proposals to confirm once there is a face to go by, or every face in the order that one likes."""
    table = _table(scene, lesson)
    if table.empty:
        ui_faces.show_nobody(scene)
        return
    begun = any(face.scene == scene.id for face in (*lesson.yes, *lesson.no)) or lesson.learned is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        see = _see(begun=begun)
        st.space("stretch")
        order = _order(lesson) if see == ALL else ""
    if see == ASKED:
        shown = _proposed(scene, table, lesson)
        st.caption("Look-alikes and near misses, those that teach most first. Say which of them show it.")
        _grid(scene, shown, lesson)
        return
    found = _sort(scene, table, order)
    page = ui_faces.page_of(common.param("page"), len(found), PER_PAGE)
    _grid(scene, found.iloc[(page - 1) * PER_PAGE : page * PER_PAGE], lesson)
    pages = -(-len(found) // PER_PAGE)
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.pagination(
                pages, default=page, key=f"teach pages {scene.id} {order}", on_change=_turn, args=[scene, order]
            )


@st.cache_data(max_entries=16, show_spinner=False)
def _varied_order(_scene: Scene, scene_id: int, created: str, revision: int) -> list[tuple[int, int]]:
    """Some of the scene's faces, as different from each other as possible."""
    known = emotions.embeddings_of(common.store(), scene_id)
    at = list(known)
    return [at[place] for place in proposals.pick_varied(embedding.unpack(list(known.values())))]


def _see(*, begun: bool) -> str:
    asked = common.param("see")
    see = asked if asked in (ASKED, ALL) else (ALL if not begun else ASKED)
    if not begun:
        return ALL
    st.segmented_control("Faces", [ASKED, ALL], required=True, label_visibility="collapsed", **common.bind("see", see))
    return see


def _order(lesson: Lesson) -> str:
    orders = [VARIED, IN_TIME, *([LIKELIEST] if lesson.learned else []), *(f"most {emotion}" for emotion in EMOTIONS)]
    asked = common.param("sort")
    order = asked if asked in orders else VARIED
    with st.container(horizontal=True, vertical_alignment="center", width="content", wrap=False):
        st.caption("Sort by", width="content")
        st.selectbox("Sort by", orders, label_visibility="collapsed", width=190, **common.bind("sort", order))
    return order


def _turn(scene: Scene, order: str) -> None:
    number = st.session_state[f"teach pages {scene.id} {order}"]
    common.set_param("page", "" if number == 1 else str(number))


def _table(scene: Scene, lesson: Lesson) -> pd.DataFrame:
    """The gallery's rows with ``it``, the lesson's score or likeness, 0–1, where there is something to go by."""
    known = emotions.embeddings_of(common.store(), scene.id)
    read = common.compute_once(tables.faces, scene, choices.pick_reader(scene))
    said = pd.DataFrame(list(known), columns=["t_ms", "index"]).assign(it=_likeness(scene, known, lesson))
    return read.merge(said, on=["t_ms", "index"])


def _likeness(scene: Scene, known: dict[tuple[int, int], bytes], lesson: Lesson) -> Any:
    if lesson.learned is not None:
        return lesson.learned.scores(list(known.values()))
    at = {place: number for number, place in enumerate(known)}
    yes, no = (
        [at[face.t_ms, face.face] for face in side if face.scene == scene.id and (face.t_ms, face.face) in at]
        for side in (lesson.yes, lesson.no)
    )
    if not yes:
        return np.nan
    return proposals.likeness(embedding.unpack(list(known.values())), yes, no)


def _proposed(scene: Scene, table: pd.DataFrame, lesson: Lesson) -> pd.DataFrame:
    """The rows that would teach most, in that order."""
    if not len(table) or table["it"].isna().all():
        return table.iloc[:0]
    marked = {(face.t_ms, face.face) for face in (*lesson.yes, *lesson.no) if face.scene == scene.id}
    at = list(zip(table["t_ms"], table["index"], strict=True))
    taken = [number for number, place in enumerate(at) if place in marked]
    tracks = table["track"].astype("object").where(table["track"].notna(), -1).tolist()
    scores, times, known = table["it"].to_numpy("float64"), table["t_ms"].tolist(), lesson.learned is not None
    found = proposals.proposals(scores, tracks, times, taken, MOST_ASKED, learned=known)
    return table.iloc[[one.place for one in found]]


def _sort(scene: Scene, table: pd.DataFrame, order: str) -> pd.DataFrame:
    in_time = table.sort_values(["t_ms", "index"], ignore_index=True)
    if order == IN_TIME:
        return in_time
    if order == VARIED:
        first = _varied_order(scene, scene.id, scene.created, scene.revision)
        ranks = {place: rank for rank, place in enumerate(first)}
        rank = [ranks.get(place, len(ranks)) for place in zip(in_time["t_ms"], in_time["index"], strict=True)]
        return in_time.assign(rank=rank).sort_values("rank", kind="stable")
    by = "it" if order == LIKELIEST else order.removeprefix("most ")
    return table.sort_values([by, "t_ms"], ascending=[False, True])


def _grid(scene: Scene, shown: pd.DataFrame, lesson: Lesson) -> None:
    if shown.empty:
        st.caption("Nothing more to ask about in this scene. Choose all faces, or another scene.")
        return
    crops = common.store().crops(scene.id, zip(shown["t_ms"].tolist(), shown["index"].tolist(), strict=True))
    with st.grid(6, min_column_width=130):
        for face in shown.itertuples():
            with st.container(gap="xsmall"):
                _face(Example(scene.id, int(face.t_ms), int(face.index)), face, crops, lesson)


def _face(one: Example, face: Any, crops: dict[tuple[int, int], bytes], lesson: Lesson) -> None:
    """A crop, its name, what the lesson says of it, and whether it shows the emotion."""
    crop = crops.get((one.t_ms, one.face))
    if crop:
        st.image(stills.decode(crop), width="stretch", alt=f"Face {one}, {wording.emotion_name(face.top)}")
    score = "" if pd.isna(face.it) or lesson.learned is None else f" **{face.it:.2f}**"
    st.caption(f"{clock(one.t_ms)}{score} :gray[{one}]")
    with st.container(horizontal=True, gap="xsmall"):
        for side, word, chosen in ((YES, "Yes", one in lesson.yes), (NO, "No", one in lesson.no)):
            st.button(
                f":primary[**{word}**]" if chosen else word,
                icon=":material/check:" if chosen else None,
                key=f"{side}_{one}_mark",
                on_click=mark,
                args=[str(one), side],
            )
