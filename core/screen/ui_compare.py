"""What a comparison shows: what differs, a card a side, lanes, means, the most alike and most unlike moments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core import extent, tables, ui
from core.comparing import compare, compare_bars, compare_charts, compare_fair
from core.comparing.compare import Axis, Side
from core.comparing.compare_charts import Lane, Mark
from core.drawing import marks
from core.model import Scene
from core.screen import ui_pictures, ui_side_pictures, ui_side_taught, ui_sides, ui_words
from core.screen.ui_sides import Shown
from core.settings import clock

A_ROW = 3
"""Cards side by side; more go into a second row."""


def fair(shown: Sequence[Shown]) -> None:
    """What differs besides the faces: a line each, a warning where the comparison would be wrong."""
    for remark in compare_fair.remarks([_facts(one) for one in shown]):
        if remark.wrong:
            st.warning(ui.plain(remark.text), icon=":material/warning:")
        else:
            st.caption(f":material/info: {ui.plain(remark.text)}")
    ui_side_taught.why(shown)


def _facts(one: Shown) -> compare_fair.Facts:
    scene, timeline = one.scene, ui.timeline(one.scene)
    share = ui.worked_out(tables.coverage, scene, one.who)
    how = f"{ui.finder_name(scene.finder)}, faces from {scene.recipe.smallest_face_px} px"
    how += ", in a part of the picture" if scene.recipe.region else ""
    faces, reader = round(share * len(timeline.samples)), ui.reader_name(one.known.reader)
    return compare_fair.Facts(one.title, reader, timeline.step_ms, len(one.people), one.who is None, share, faces, how)


def cards(shown: Sequence[Shown]) -> None:
    """Every side's picture, its line, its numbers and its barcode."""
    for first in range(0, len(shown), A_ROW):
        row = shown[first : first + A_ROW]
        wide = min(len(shown), A_ROW)
        for column, (place, one) in zip(st.columns(wide), enumerate(row, first), strict=False):
            with column, st.container(border=True, gap="small", key=f"side_card_{place}"):
                _card(shown, place, one)


def _card(shown: Sequence[Shown], place: int, one: Shown) -> None:
    many = len(shown) > 2
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.image(ui_side_pictures.picture(one), width=63 if one.person or many else 112, alt="")
        with st.container(gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
                st.image(compare_charts.sample(place, ui.theme()), width=36, alt=f"Line {place + 1}")
                st.markdown(f"**{ui.plain(one.scene.title)}**")
            st.caption(_came_about(one))
        with st.container(width="content", horizontal_alignment="right", gap="xsmall"):
            _badge(one)
            if not many:
                ui_sides.person_switch(shown, place, one)
    st.image(ui_side_pictures.barcode(one), width="stretch", alt=f"Barcode of {one.title}")
    if many:
        with st.container(horizontal=True, vertical_alignment="center"):
            out = partial(ui_sides.put, shown, place, None)
            st.button("Take it out", icon=":material/close:", key=f"out_{place}", type="tertiary", on_click=out)
            st.space("stretch")
            ui_sides.person_switch(shown, place, one)


def _badge(one: Shown) -> None:
    """How many of its peaks are open to doubt; nothing where none is."""
    if one.open:
        st.badge(f"{len(one.open)} doubtful", icon=":material/flag:", color="violet")


def _came_about(one: Shown) -> str:
    scene, timeline = one.scene, ui.timeline(one.scene)
    share = ui.percent(ui.worked_out(tables.coverage, scene, one.who))
    parts = [
        extent.told(scene, timeline.samples[-1].t_ms),
        f"every {scene.recipe.step}",
        f"a face in {share}" if one.person is None else f"on screen in {share}",
        f"read by {ui.reader_words(one.known.reader)}",
    ]
    return " · ".join(part for part in parts if part)


def lanes(shown: Sequence[Shown]) -> None:
    """The curves, a lane per emotion, on the common axis."""
    how = ui_sides.picked_axis()
    axes, curves = [one.axis(how) for one in shown], [one.curve for one in shown]
    each = zip(shown, curves, axes, strict=True)
    sides = [Lane(compare.placed(curve, axis), _doubts(one, axis)) for one, curve, axis in each]
    order, _ = _together(shown, how)
    with st.container(border=True, key="lanes_card"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Over the scene", anchor=False, width="content")
            st.caption(_legend(shown), width="content")
            ui_side_taught.switch(shown)
        chart = compare_charts.lanes(
            sides,
            order,
            end=max(axis.end for axis in axes),
            share=how == ui_sides.SHARE,
            marks=[Mark(one.at, word) for one, word in _meetings(shown)],
            theme=ui.theme(),
            words=ui_words.names(),
        )
        alt = f"The curves of {' and '.join(one.title for one in shown)}, most apart in {ui_words.quoted(order[0])}"
        st.altair_chart(chart, key="lanes", alt=alt)


def _legend(shown: Sequence[Shown]) -> str:
    said = [f"{word}: {ui.plain(one.title)}" for word, one in zip(compare_charts.LINES, shown, strict=False)]
    return " · ".join([*said, "gap: nobody in frame"])


def _doubts(one: Shown, axis: Axis) -> pd.DataFrame:
    """Its open doubts, on the axis."""
    known = one.known
    found = marks.marks(known.suspects, known.verdicts, known.reader, one.who)
    found = pd.concat([found, *ui_side_taught.doubts(one)], ignore_index=True)
    waiting = found[found["state"] == marks.OPEN].merge(one.curve[["t_ms", "emotion", "score"]], "left")
    return waiting.assign(
        at=axis.at(waiting["start_ms"]),
        end_at=axis.at(waiting["end_ms"]),
        apex_at=axis.at(waiting["t_ms"]),
        score=waiting["score"].fillna(waiting["height"]),
    )


def _meetings(shown: Sequence[Shown]) -> list[tuple[compare.Meeting, str]]:
    """Where two are most alike and most unlike; nothing for one alone."""
    _, found = _together(shown, ui_sides.picked_axis())
    return list(zip(found, ("alike", "unlike"), strict=True)) if found else []


def _together(shown: Sequence[Shown], how: str) -> tuple[list[str], tuple[compare.Meeting, compare.Meeting] | None]:
    """The order of the lanes and the two meetings, worked out once for what is shown."""
    scenes = tuple((one.scene.id, one.scene.created, one.scene.revision) for one in shown)
    return _held(shown, scenes, tuple(one.drawn for one in shown), how)


@st.cache_data(max_entries=32, show_spinner=False)
def _held(
    _shown: Sequence[Shown], scenes: tuple[object, ...], of: tuple[object, ...], how: str
) -> tuple[list[str], tuple[compare.Meeting, compare.Meeting] | None]:
    curves, axes = [one.curve for one in _shown], [one.axis(how) for one in _shown]
    return compare.parting(curves, axes), compare.meetings(curves, axes)


def means(shown: Sequence[Shown]) -> None:
    """The means side by side, the widest gap first."""
    table = compare.means([one.means for one in shown], ui_sides.picked_numbers())
    with st.container(border=True, key="gaps_card"):
        with st.container(gap=None):
            st.header("Means" if len(shown) < 2 else "Means, widest gap first", anchor=False)
            words = ("filled", "hollow", *(str(place) for place in range(3, len(shown) + 1)))
            said = [f"{word}: {ui.plain(one.title)}" for word, one in zip(words, shown, strict=False)]
            st.caption(" · ".join([*said, "thin: 95 % interval"]))
        alt = compare_bars.describe(table, [one.title for one in shown], ui_words.names())
        st.altair_chart(compare_bars.dumbbells(table, ui.theme(), ui_words.names()), key="gaps", alt=alt)


def moments(shown: Sequence[Shown]) -> None:
    """The most alike and the most unlike moment, two faces each, which lead to their moments."""
    found = _meetings(shown)
    if not found:
        return
    with st.container(border=True, key="meetings_card"):
        for column, (one, word) in zip(st.columns(2), found, strict=True):
            with column, st.container(gap="xsmall"):
                st.markdown(f"**Most {word}**")
                _pair(shown, one, alike=word == "alike")


def _pair(shown: Sequence[Shown], meeting: compare.Meeting, *, alike: bool) -> None:
    with st.container(horizontal=True, gap="xsmall", wrap=False):
        for place, t_ms in zip(meeting.sides, meeting.t_ms, strict=True):
            one = shown[place]
            with st.container(gap=None):
                crop = ui_side_pictures.face_at(one, t_ms)
                st.image(ui_pictures.small(crop), width="stretch", alt=f"{one.title} at {clock(t_ms)}")
                there = {"scene": str(one.scene.id), "t": str(t_ms), "reader": one.known.reader}
                st.page_link("pages/scene.py", label=clock(t_ms), query_params=there)
    where = (
        f"at {meeting.at:.0f} %"
        if ui_sides.picked_axis() == ui_sides.SHARE
        else f"at {clock(round(meeting.at * 1000))}"
    )
    st.caption(f"{where}: {compare.told(meeting, alike=alike, words=ui_words.names())}")


def alone(shown: Sequence[Shown], scenes: Sequence[Scene]) -> None:
    """What is to be done where there is only one side."""
    ui.say("Add a second scene to compare.", icon="add")
    if len([scene for scene in scenes if scene.found]) < 2:
        st.page_link("pages/shelf.py", label="To the shelf", icon=":material/arrow_back:")
    two = shown[0].people[:2]
    if len(two) == 2:
        sides = [Side(shown[0].scene.id, person.id) for person in two]
        act = ["scenes", compare.written(sides)]
        st.button("Compare two people of this scene", icon=":material/group:", key="two", on_click=ui.keep, args=act)
