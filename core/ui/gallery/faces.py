"""The gallery's parts: filters, the order, who is there, and a page of crops with what they read as."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.analysis import tables
from core.charts import marks
from core.emotions.training import SHOWN_FROM
from core.model import EMOTIONS, Scene, Timeline, Who, own_emotions
from core.reading.people import face_mask
from core.settings import clock
from core.shelf.scene_view import SceneView
from core.ui import browser, choices, common, doubts, pictures, wording

REMEMBERED = ("reader", "who", "emotion", "sort", "span", "page")
"""Choices of this page that come back when one returns to it."""

PER_PAGE = 28

TILE_PX = (132, 146)
"""Width and height of a face with its bar."""

MOST_STOPS = 200
"""Places of the time slider: all of them travel to the browser."""

FACE_COLUMNS = (*tables.FACE_TYPES, *marks.FACE_MARKS)
"""Columns of a face besides those of emotions of one's own."""

DOUBTFUL, SUREST, IN_TIME = "most doubtful first", "surest first", "in time order"
ORDERS = (DOUBTFUL, SUREST, IN_TIME, *(f"most {emotion}" for emotion in EMOTIONS))


def filter_faces(faces: pd.DataFrame, emotion: str, who: Who, start_ms: int, end_ms: int, order: str) -> pd.DataFrame:
    """The faces that read as ``emotion`` (any where empty), of one person or all, in a span of time, in that order."""
    keep = faces["t_ms"].between(start_ms, end_ms)
    if emotion:
        keep &= faces["top"] == emotion if emotion in EMOTIONS else faces[emotion] >= SHOWN_FROM
    if who is not None:
        keep &= face_mask(who, faces["track"].to_numpy("int64", na_value=-1), faces["t_ms"].to_numpy())
    if order == IN_TIME:
        return faces[keep].sort_values(["t_ms", "index"])
    if order == DOUBTFUL:
        return faces[keep].sort_values(["doubt", "score", "t_ms"], ascending=[False, False, True])
    by = "score" if order == SUREST else order.removeprefix("most ")
    return faces[keep].sort_values([by, "t_ms"], ascending=[False, True])


def faces_of(view: SceneView) -> pd.DataFrame:
    """Every face with what it reads as, how much that is doubted, and whether it was dropped."""
    faces = marks.mark_faces(view.faces(), view.marks())
    if not view.own:
        return faces
    own = faces.merge(view.own_scores, on=["t_ms", "index"], how="left")
    return own.fillna(dict.fromkeys(view.names, 0.0))


def own_columns(faces: pd.DataFrame) -> list[str]:
    """The emotions of one's own that these rows have a column for."""
    return own_emotions(name for name in faces.columns if name not in FACE_COLUMNS)


def shown_score(faces: pd.DataFrame, order: str) -> pd.DataFrame:
    """The emotion and score that stand below a face: those it is sorted by, else its winner's."""
    by = order.removeprefix("most ")
    if by == order or by not in faces:
        return faces.assign(emotion=faces["top"], shown=faces["score"])
    return faces.assign(emotion=by, shown=faces[by])


def head(view: SceneView) -> str:
    """Title, doubt, reader and order; return the order."""
    scene, reader, asked = view.scene, view.reader, common.param("sort")
    orders = (*ORDERS, *(f"most {name}" for name in view.names))
    order = asked if asked in orders else DOUBTFUL
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(f"Faces of “{common.escape(scene.title)}”", width="content", anchor=False)
        doubts.badge(view)
        st.space("stretch")
        if st.button("Teach an emotion", icon=":material/school:", key="teach_from_here", type="tertiary"):
            st.switch_page("pages/teach.py", query_params={"scene": str(scene.id)})
        choices.reader_switch(scene, reader)
        with st.container(horizontal=True, vertical_alignment="center", width="content", wrap=False):
            st.caption("Sort by", width="content")
            said = common.bind("sort", order)
            st.selectbox("Sort by", orders, format_func=order_name, label_visibility="collapsed", width=190, **said)
    return order


def order_name(order: str) -> str:
    """An order as people read it; the address has it in English."""
    by = order.removeprefix("most ")
    return order if by == order else f"most {wording.quoted_name(by)}"


def emotion_filter(faces: pd.DataFrame) -> str:
    """All faces, or those that read as one emotion; each with its count. Return the emotion, empty for all."""
    asked = common.param("emotion")
    own = own_columns(faces)
    emotion = asked if asked in (*EMOTIONS, *own) else ""
    counts = faces["top"].value_counts().to_dict() | {name: int((faces[name] >= SHOWN_FROM).sum()) for name in own}
    st.pills(
        "Emotion",
        ["", *EMOTIONS, *own],
        format_func=lambda name: (
            f"{wording.marked_name(name)} :gray[{counts.get(name, 0)}]" if name else f"all :gray[{len(faces)}]"
        ),
        required=True,
        label_visibility="collapsed",
        wrap=True,
        **common.bind("emotion", emotion),
    )
    return emotion


def time_filter(timeline: Timeline) -> tuple[int, int]:
    """The span of time to look in, ms, both ends in."""
    stops = _stops([sample.t_ms for sample in timeline.samples])
    if len(stops) < 2:
        return stops[0], stops[0]
    span, whole = span_of(common.param("span"), stops), (stops[0], stops[-1])
    key = f"span_of_{common.param('scene')}_{len(stops)}"

    def choose() -> None:
        first, last = st.session_state[key]
        common.choose("span", "" if (first, last) == whole else f"{first}-{last}")

    # With its value from the session instead, Streamlit takes it for a slider with one end as soon as it is moved.
    st.select_slider(
        "Time",
        stops,
        span,
        clock,
        key=key,
        label_visibility="collapsed",
        on_change=choose,
    )
    return span


def _stops(times: list[int]) -> list[int]:
    """Where the slider can stand: every moment of a short scene, evenly chosen ones of a long one, both ends always."""
    step = -(-len(times) // MOST_STOPS)
    return [*times[:-1:step], times[-1]]


def span_of(asked: str, stops: list[int]) -> tuple[int, int]:
    """The address's ``"2000-4000"`` as two of the stops; the whole scene where it makes no sense."""
    ends = [end for each in asked.split("-") if (end := common.parse_count(each)) is not None]
    if len(ends) != 2:
        return stops[0], stops[-1]
    start, end = (min(stops, key=lambda stop: abs(stop - each)) for each in ends)
    return (start, end) if start <= end else (stops[0], stops[-1])


def gallery(view: SceneView, faces: pd.DataFrame, order: str) -> None:
    """A page of crops, each with what it reads as, its score, and its time, which leads to that moment."""
    scene = view.scene
    if faces.empty:
        if view.faces().empty:
            show_nobody(scene)
        else:
            st.caption("No face of this choice reads as that. Choose all, everyone, or a longer span.")
        return
    page = page_of(common.param("page"), len(faces))
    asked = common.param("emotion")
    by = f"most {asked}" if asked in own_columns(faces) else order
    shown = shown_score(faces.iloc[(page - 1) * PER_PAGE : page * PER_PAGE], by)
    crops = common.store().crops(scene.id, zip(shown["t_ms"].tolist(), shown["index"].tolist(), strict=True))
    with st.grid(7, min_column_width=132):
        for face in shown.itertuples():
            with st.container(gap=None):
                _face(scene, face, crops.get((face.t_ms, face.index)), view.reader)
    browser.mount()
    pages = -(-len(faces) // PER_PAGE)
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="center"):
            # Its key names the choices, so that another choice is another row of pages, beginning where it is to begin.
            key = f"pages {sorted(st.query_params.items() - {('page', common.param('page'))})}"
            st.pagination(pages, default=page, key=key, on_change=_turn, args=[key])


def _face(scene: Scene, face: Any, crop: bytes | None, reader: str) -> None:
    look, when = common.theme(), clock(face.t_ms)
    # What is doubted is what the face reads as: another emotion's score below it is as good as any.
    doubt = face.doubt if face.emotion == face.top else 0.0
    picture = pictures.face_with_bar(crop, face.emotion, face.shown, look, doubt, dropped=face.dropped)
    aside = ", dropped" if face.dropped else f", doubt {doubt:.2f}" if doubt else ""
    there = {"scene": str(scene.id), "t": str(face.t_ms), "reader": reader}
    if not pd.isna(face.track):
        there["face"] = str(face.track)
    link = common.address(view="scene", **there)
    with st.container(height=TILE_PX[1], border=False):  # of one height: else all jump once their pictures have come
        st.image(pictures.png(picture), width=TILE_PX[0], link=link, alt=f"A face at {when}{aside}")
    label = f"{wording.marked_name(face.emotion)} **{face.shown:.2f}** :gray[{when}]"
    name = f"{scene.id}:{face.t_ms}:{face.index}"  # as `python -m core teach` wants it
    st.page_link("pages/scene.py", label=label, query_params=there, help=name)


def show_nobody(scene: Scene) -> None:
    """What stands where the faces of a scene would, of which none was found."""
    common.say(
        f"No face was found in {scene.found} moments. Choose another scene, or look for smaller faces on the shelf."
    )


def _turn(key: str) -> None:
    number = st.session_state[key]
    common.set_param("page", "" if number == 1 else str(number))


def page_of(asked: str, count: int, each: int = PER_PAGE) -> int:
    """The page that the address asks for, where there is one, else the first."""
    number = common.parse_count(asked) or 1
    return number if number <= -(-count // each) else 1
