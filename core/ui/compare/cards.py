"""What a comparison shows beside its curves: what differs, a card a side, means, most alike and unlike moments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core import settings
from core.analysis import compare, fairness, tables
from core.analysis.compare import Side
from core.charts import compare_lanes, compare_means
from core.export import compare_charts as chart_sides
from core.faces import backends
from core.model import Scene
from core.settings import clock
from core.ui import chart, common, pictures, wording
from core.ui.compare import curves, emotions
from core.ui.compare import pictures as ui_side_pictures
from core.ui.compare import sides as ui_sides
from core.ui.compare.sides import PageSide
from core.video import extent
from core.video.remarks import describe_scene_remarks

A_ROW = 3
"""Cards side by side; more go into a second row."""

FOOT_PX = 48
"""Height of a card's last row."""


def fair(shown: Sequence[PageSide]) -> None:
    """What differs besides the faces: a line each, a warning where the comparison would be wrong."""
    for remark in fairness.find_caveats([_facts(one) for one in shown]):
        if remark.wrong:
            st.warning(common.escape(remark.text), icon=":material/warning:")
        else:
            st.caption(f":material/info: {common.escape(remark.text)}")
    emotions.explain_missing(shown)


def _facts(one: PageSide) -> fairness.Facts:
    scene, timeline = one.scene, one.view.timeline
    share = one.view.compute(tables.coverage, one.view.who)
    how = fairness.describe_search(scene.recipe, backends.finder_label(scene.finder))
    faces, reader = round(share * len(timeline.samples)), common.reader_name(one.view.reader)
    people, remarks = len(one.people), tuple(describe_scene_remarks(scene, timeline.samples))
    everyone = one.view.who is None
    return fairness.Facts(one.title, reader, timeline.step_ms, people, everyone, share, faces, how, remarks)


def cards(shown: Sequence[PageSide]) -> None:
    """Every side's picture, its line, its numbers and its barcode."""
    for first in range(0, len(shown), A_ROW):
        row = shown[first : first + A_ROW]
        wide = min(len(shown), A_ROW)
        for column, (place, one) in zip(st.columns(wide), enumerate(row, first), strict=False):
            with column, st.container(border=True, gap="small", key=f"side_card_{place}"):
                _card(shown, place, one)


def _card(shown: Sequence[PageSide], place: int, one: PageSide) -> None:
    many = len(shown) > 2
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.image(ui_side_pictures.picture(one), width=63 if one.person or many else 112, alt="")
        with st.container(gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.image(compare_lanes.line_sample(place, common.theme()), width=36, alt=f"Line {place + 1}")
                st.markdown(f"**{common.escape(one.scene.title)}**", width="content")
                st.space("stretch")
                _badge(one)
                if not many:
                    ui_sides.person_switch(shown, place, one)
            st.caption(_came_about(one))
    st.image(ui_side_pictures.barcode(one), width="stretch", alt=f"Barcode of {one.title}")
    if many:
        _foot(shown, place, one)


def _foot(shown: Sequence[PageSide], place: int, one: PageSide) -> None:
    """A card's last row, of one height, so that cards beside each other end together."""
    with st.container(horizontal=True, vertical_alignment="center", height=FOOT_PX, border=False):
        out = partial(ui_sides.put_side, shown, place, None)
        st.button("Remove", icon=":material/close:", key=f"out_{place}", type="tertiary", on_click=out)
        st.space("stretch")
        ui_sides.person_switch(shown, place, one)


def _badge(one: PageSide) -> None:
    """How many of its peaks are open to doubt; nothing where none is."""
    if one.view.open:
        st.badge(f"{len(one.view.open)} doubtful", icon=":material/flag:", color="violet")


def _came_about(one: PageSide) -> str:
    scene, timeline = one.scene, one.view.timeline
    share = common.percent(one.view.compute(tables.coverage, one.view.who))
    parts = [
        extent.describe_length(scene, timeline.samples[-1].t_ms),
        settings.pace(scene.recipe),
        f"a face in {share}" if one.person is None else f"on screen in {share}",
        f"read by {common.reader_words(one.view.reader)}",
    ]
    return " · ".join(part for part in parts if part)


def means(shown: Sequence[PageSide]) -> None:
    """The means side by side, the widest gap first."""
    table = compare.mean_gaps([one.view.means() for one in shown], ui_sides.chosen_numbers())
    with st.container(border=True, key="gaps_card"):
        with st.container(gap="small"):
            with st.container(horizontal=True):
                st.header("Means" if len(shown) < 2 else "Means, widest gap first", anchor=False, width="content")
            st.caption(" · ".join(chart_sides.point_captions([common.escape(one.title) for one in shown])))
        alt = compare_means.describe(table, [one.title for one in shown], wording.emotion_names())
        chart.show(compare_means.dumbbells(table, common.theme(), wording.emotion_names()), key="gaps", alt=alt)


def moments(shown: Sequence[PageSide]) -> None:
    """The most alike and the most unlike moment, two faces each, which lead to their moments."""
    found = curves.meetings(shown)
    if not found:
        return
    with st.container(border=True, key="meetings_card"):
        for column, (one, word) in zip(st.columns(2), found, strict=True):
            with column, st.container(gap="xsmall"):
                st.markdown(f"**Most {word}**")
                _pair(shown, one, alike=word == "alike")


def _pair(shown: Sequence[PageSide], meeting: compare.Meeting, *, alike: bool) -> None:
    with st.container(horizontal=True, gap="xsmall", wrap=False):
        for place, t_ms in zip(meeting.sides, meeting.t_ms, strict=True):
            one = shown[place]
            with st.container(gap=None):
                crop = ui_side_pictures.face_at(one, t_ms)
                st.image(pictures.small_face(crop), width="stretch", alt=f"{one.title} at {clock(t_ms)}")
                there = {"scene": str(one.scene.id), "t": str(t_ms), "reader": one.view.reader}
                st.page_link("pages/scene.py", label=clock(t_ms), query_params=there)
    where = f"at {meeting.at:.0f} %" if shown[0].share else f"at {clock(round(meeting.at * 1000))}"
    st.caption(f"{where}: {compare.describe_meeting(meeting, alike=alike, words=wording.emotion_names())}")


def alone(shown: Sequence[PageSide], scenes: Sequence[Scene]) -> None:
    """What is to be done where there is only one side."""
    common.say("Add a second scene to compare.", icon="add")
    if len([scene for scene in scenes if scene.found]) < 2:
        st.page_link("pages/shelf.py", label="To the shelf", icon=":material/arrow_back:")
    two = shown[0].people[:2]
    if len(two) == 2:
        sides = [Side(shown[0].scene.id, person.id) for person in two]
        act = ["scenes", compare.format_sides(sides)]
        st.button(
            "Compare two people of this scene", icon=":material/group:", key="two", on_click=common.set_param, args=act
        )
