"""Who is on screen: everybody's face strip, screen time and what they show; a press on a name shows only them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.analysis import people_tables, tables
from core.model import Person, Timeline
from core.reading import people
from core.settings import clock
from core.shelf.scene_view import SceneView
from core.ui import choices, common, people_alike, people_edit, people_strips, people_together, wording

MOST_PEOPLE = 8
"""People with a row of their own before the others are asked for, longest on screen first."""

ALL = "people_all"
"""Where the session remembers that everybody is listed."""

WIDE, NARROW = (5, 44), (2, 36)
"""Faces of a strip, and their side in px: where there is room, and in a column at the side."""


@st.fragment
def people_card(view: SceneView, *, narrow: bool = False) -> None:
    """The card of the people; ``narrow`` for a column at the side."""
    people_edit.leave_other_scene(view.scene)
    if people_edit.pop_changed():
        st.rerun()  # names, curves and means elsewhere on the page show it as well
    people_edit.show_toast()
    found = view.people
    with st.container(border=True, gap="small", key="people_card"):
        _head(view, found)
        if not found:
            st.caption("Nobody was followed in this scene.")
        rows, pairs = (st.container(), None) if narrow or len(found) < 2 else st.columns([11, 9], gap="large")
        with rows:
            if people_edit.current_mode() == people_alike.MODE:
                people_alike.show_proposal(view, found, narrow=narrow)
            else:
                _rows(view, found, narrow=narrow)
        if pairs and not people_edit.is_editing():
            with pairs:
                people_together.show_pairs(view, found)


def _head(view: SceneView, found: Sequence[Person]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("People", anchor=False, width="content")
        st.caption(str(len(found)), width="content")
        st.space("stretch")
        people_alike.start_button(view, found)
        people_edit.undo(view)
    if len(found) > 1 and choices.chosen_person(found) is None and not people_edit.is_editing():
        st.caption("Every shot starts with new people. Choose somebody to name them or to merge their shots.")


def _rows(view: SceneView, found: Sequence[Person], *, narrow: bool) -> None:
    """The longest on screen, or all, whoever is chosen opened for naming, merging and splitting."""
    chosen = choices.chosen_person(found)
    table = view.compute(_screen_times, view.reader, found)
    by_id = {person.id: person for person in found}
    listed = [(by_id[row.person], row.moments, row.shots) for row in table.itertuples()]
    shown = listed if st.session_state.get(ALL) else listed[:MOST_PEOPLE]
    if narrow and len(found) > 1:
        label = ":primary[**Everyone**]" if chosen is None else "Everyone"
        st.button(label, key="who_everyone", type="tertiary", on_click=people_edit.choose, args=[None])
    busy = chosen is not None and people_edit.is_editing()
    for person, moments, shots in [*shown, *(one for one in listed[len(shown) :] if one[0] == chosen)]:
        if person == chosen or not busy:
            _row(view, person, moments, shots, chosen=person == chosen, narrow=narrow)
        if person == chosen:
            people_edit.editor(view, found, person, narrow=narrow)
    if len(listed) > len(shown) and not busy:
        st.button(f"Show all {len(listed)}", key="people_more", type="tertiary", on_click=_show_all)


def _screen_times(timeline: Timeline, reader: str, found: Sequence[Person]) -> pd.DataFrame:
    return people_tables.screen_times(tables.faces(timeline, reader), found)


def _show_all() -> None:
    st.session_state[ALL] = True


def _row(view: SceneView, person: Person, moments: int, shots: int, *, chosen: bool, narrow: bool) -> None:
    picture, width = people_strips.face_strip(view.scene, view.reader, person.who, *(NARROW if narrow else WIDE))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.image(picture, width=width, alt=f"Faces of {person.name}")
        with st.container(gap=None):
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                name = common.escape(person.name)
                st.button(
                    f":primary[**{name}**]" if chosen else f"**{name}**",
                    key=f"who_{person.id}",
                    type="tertiary",
                    on_click=people_edit.choose,
                    args=[None if chosen else person],
                )
                if count := len(view.for_person(person.who).open):
                    st.badge(str(count), icon=":material/flag:", color="violet", help=f"{count} doubtful peaks")
                if not narrow:
                    st.markdown(_tops(view, person), width="content")
            st.caption(describe_screen_time(view, person, moments, shots, short=narrow))


def _tops(view: SceneView, person: Person) -> str:
    """What somebody shows most; what rounds to nothing is nothing."""
    means = view.compute(tables.means, view.reader, person.who)
    return wording.ranking(
        means[means["mean"] >= people_together.LEAST].nlargest(2, "mean").itertuples(index=False, name=None)
    )


def describe_screen_time(view: SceneView, person: Person, moments: int, shots: int, *, short: bool = False) -> str:
    """How long somebody is on screen, in one grey line."""
    timeline = view.timeline
    length = clock(moments * timeline.step_ms)
    if short:
        return f"{length} on screen"
    seen = people.stretches(view.compute(people.track_spans), person)
    share = common.percent(moments / len(timeline.samples))
    where = f"in {shots} shots, from" if shots > 1 else "from"
    return f"{length} on screen ({share}), {where} {clock(seen[0].start_ms)}"
