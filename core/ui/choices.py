"""What is looked at: scene, reader, person and emotions, read from the address and chosen by its widgets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from zlib import crc32

import streamlit as st

from core.model import EMOTIONS, Person, Scene, Span, Who
from core.ui import common

NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
"""What scenes and persons are called by in the address."""

OF_ONE_SCENE = ("t", "who", "face", "span", "page")
"""What the address may say that means nothing in another scene."""


def pick_scene(*remembered: str) -> Scene | None:
    """The scene that the address names, else the last one looked at, else the newest that was read.

    None on an empty shelf, and where the address names a scene that is not on it: another one is not what was asked
    for. Choices named in ``remembered`` come back with it, unless they belong to another scene.
    """
    before, asked = st.session_state.get("kept_scene", ""), common.param("scene")
    wanted = asked or before
    named = common.store().scenes(int(wanted)) if NUMBER.fullmatch(wanted) else []
    scenes = named if asked else named or common.store().scenes()
    if not scenes:
        return None
    scene = max(scenes, key=lambda one: (one.state == "done", one.id))
    if before != str(scene.id):
        for name in OF_ONE_SCENE:
            st.session_state.pop(f"kept_{name}", None)
    common.set_param("scene", str(scene.id))
    common.recall_params(*remembered)
    return scene


def pick_reader(scene: Scene) -> str:
    """The reader whose numbers are shown: the address's, or the scene's first."""
    wanted = common.param("reader")
    return wanted if wanted in scene.readers else scene.readers[0]


def reader_switch(scene: Scene, reader: str) -> None:
    """Choose between the readers that read this scene; nothing is read again."""
    if len(scene.readers) > 1:
        st.segmented_control(
            "Reader",
            scene.readers,
            format_func=common.reader_name,
            required=True,
            label_visibility="collapsed",
            **common.bind("reader", reader),
        )


def chosen_person(people: Sequence[Person]) -> Person | None:
    """Who the address asks for, or None for everyone; somebody who was merged is whoever took them in."""
    wanted = common.param("who")
    if not NUMBER.fullmatch(wanted):
        return None
    themselves = (person for person in people if person.id == int(wanted))
    taken_in = (person for person in people if int(wanted) in person.tracks)
    return next(chain(themselves, taken_in), None)


def pick_person(people: Sequence[Person]) -> tuple[int | Span, ...] | None:
    """What is theirs whom the address asks for, or None for everyone's."""
    person = chosen_person(people)
    return person.who if person else None


def person_switch(people: Sequence[Person], who: Who) -> None:
    """Choose one person or everyone; where there is only one, there is nothing to choose."""
    names = {person.id: person.name for person in people}
    person = next((person.id for person in people if person.who == who), None)
    if len(people) < 2:
        return
    # Its key names the people: under the same key the browser would go on showing a name that was changed.
    key = f"who_choice_{crc32(repr(names).encode())}"
    if st.session_state.get(key) != person:
        st.session_state[key] = person
    st.selectbox(
        "Person",
        [None, *names],
        format_func=lambda one: "Everyone" if one is None else names[one],
        placeholder="Everyone",  # None is no choice in the browser's eyes
        label_visibility="collapsed",
        width=150,
        required=True,
        key=key,
        on_change=lambda: common.choose("who", "" if st.session_state[key] is None else str(st.session_state[key])),
    )


def pick_emotions(own: Sequence[str] = ()) -> tuple[str, ...]:
    """The emotions to show, those of one's own after the seven; all of them unless the address says fewer."""
    wanted, known = set(common.param("show").split(",")), (*EMOTIONS, *own)
    return tuple(name for name in known if name in wanted) or known


def is_smoothed() -> bool:
    """Whether the address asks for smoothed curves."""
    return common.param("curve") == "smoothed"
