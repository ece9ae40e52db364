"""Who is compared: the sides of a comparison, read from the address and chosen by its widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.analysis import compare
from core.analysis.compare import Side
from core.export.compare_charts import ComparedSide
from core.model import Person, Scene
from core.shelf.scene_view import SceneView
from core.ui import common, views

REMEMBERED = ("scenes", "axis", "of", "own", "look")
"""Choices of this page that come back when one returns to it."""

SHARE, SECONDS = "share", "seconds"
AXES = {SHARE: "0–100 %", SECONDS: "Seconds"}
YOURS, EVERYTHING = "yours", "everything"
NUMBERS = {EVERYTHING: "All", YOURS: "After review"}

T = TypeVar("T")


@dataclass(frozen=True)
class PageSide(ComparedSide):
    """One side of the comparison with what the page says and asks of it."""

    side: Side = Side(0)
    """As it stands in the address."""
    people: tuple[Person, ...] = ()
    """Everybody in the scene."""

    @property
    def scene(self) -> Scene:
        """The scene."""
        return self.view.scene

    @property
    def drawn(self) -> tuple[object, ...]:
        """What its curve depends on besides the scene's rows."""
        view = self.view
        dropped = () if self.whole else tuple(view.dropped(one) for one in view.channels)
        return tuple(one.key for one in view.channels), view.who, self.share, dropped


def pick(scenes: Sequence[Scene]) -> list[PageSide]:
    """The sides that the address names; where it names none, the scene looked at last and the newest other."""
    common.recall_params(*REMEMBERED)
    readable = {scene.id: scene for scene in scenes if scene.found}
    asked_for = common.param("scenes")
    sides = compare.parse_sides(asked_for, readable)
    if not asked_for:
        sides = _first(list(readable.values()))
    everywhere, asked = _everywhere([readable[side.scene] for side in sides]), common.param("reader")
    reader = asked if asked in everywhere else next(iter(everywhere), "")
    views_ = views.scene_views([readable[side.scene] for side in sides], lambda scene: reader or scene.readers[0])
    return [_page_side(side, view) for side, view in zip(sides, views_, strict=True)]


def say_missing(shown: Sequence[PageSide], scenes: Sequence[Scene]) -> None:
    """Say which scenes of the address are not here, and lead back."""
    asked = common.param("scenes")
    missing = compare.find_unknown_scenes(asked, {scene.id for scene in scenes if scene.found})
    if not shown:
        st.title("These scenes are not here" if len(missing) > 1 else "This scene is not here", anchor=False)
    for one in missing[: compare.MOST]:
        common.say(common.describe_missing(one))
    if missing:
        common.shelf_link()


def _first(scenes: Sequence[Scene]) -> tuple[Side, ...]:
    last = st.session_state.get("kept_scene", "")
    ranked = sorted(scenes, key=lambda scene: (str(scene.id) != last, scene.state != "done", -scene.id))
    return tuple(Side(scene.id) for scene in ranked[:2])


def _everywhere(scenes: Sequence[Scene]) -> list[str]:
    """The readers that read every one of the scenes."""
    return [name for name in (scenes[0].readers if scenes else ()) if all(name in one.readers for one in scenes)]


def _page_side(side: Side, view: SceneView) -> PageSide:
    people = view.people
    themselves = (one for one in people if one.id == side.person)
    taken_in = (one for one in people if side.person in one.tracks)  # whoever was merged is whoever took them in
    person = next(chain(themselves, taken_in), None)
    view = replace(view, who=person.who if person else None, own=tuple(one for one in view.own if is_chosen(one.name)))
    whole, share = chosen_numbers() == EVERYTHING, chosen_axis() == SHARE
    return PageSide(view, share, person, whole, side if person else Side(side.scene), people)


def chosen_axis() -> str:
    """The axis that the address names."""
    return SECONDS if common.param("axis") == SECONDS else SHARE


def chosen_numbers() -> str:
    """Whether what was dropped is in."""
    return EVERYTHING if common.param("of") == EVERYTHING else YOURS


def is_chosen(name: str) -> bool:
    """Whether the address has an emotion of one's own beside the seven; all are where it says nothing."""
    return not common.param("own") or name in common.param("own").split(",")


def head(shown: Sequence[PageSide], scenes: Sequence[Scene]) -> DeltaGenerator:
    """Title, the scenes and the numbers, and the link to all this; return where more may stand."""
    titles = {scene.id: scene.title for scene in scenes if scene.found}
    row = st.container(horizontal=True, vertical_alignment="center")
    with row:
        st.title("Compare", width="content", anchor=False)
        for place, one in enumerate(shown):
            _scene_switch(shown, place, titles, one)
        if len(shown) < compare.MOST:
            _add(shown, titles)
        st.space("stretch")
        _switch("Numbers", NUMBERS, "of", chosen_numbers(), YOURS)
        _reader_switch(shown)
        with st.popover("Share", icon=":material/link:", on_change="rerun"):  # so that it links to what is shown now
            st.caption("This link opens this comparison, wherever this shelf can be reached.")
            st.code(common.share_link("compare"), language=None, wrap_lines=True)
    return row


def axis_switch() -> None:
    """Choose the common axis."""
    _switch("Axis", AXES, "axis", chosen_axis(), SHARE)


def _switch(label: str, words: dict[str, str], name: str, value: str, usual: str) -> None:
    st.segmented_control(
        label,
        list(words),
        format_func=lambda one: words[one],
        required=True,
        label_visibility="collapsed",
        **common.bind(name, value, lambda one: "" if one == usual else one),
    )


def _reader_switch(shown: Sequence[PageSide]) -> None:
    readers = _everywhere([one.scene for one in shown])
    if len(readers) > 1:
        _switch("Reader", {name: common.reader_name(name) for name in readers}, "reader", shown[0].view.reader, "")


def _scene_switch(shown: Sequence[PageSide], place: int, titles: dict[int, str], one: PageSide) -> None:
    key = f"side_{place}"
    st.session_state[key] = one.scene.id
    _box(shown, place, f"Scene {place + 1}", titles, key, Side, width=172)


def _add(shown: Sequence[PageSide], titles: dict[int, str]) -> None:
    """One more side: any scene, also one that is there already, to hold another of its people against the first."""
    there = {one.scene.id for one in shown}
    said = "Add a scene"
    options = {number: titles[number] for number in sorted(titles, key=lambda each: (each in there, -each))}
    _box(shown, len(shown), said, options, f"add_{len(shown)}", Side, width=142, index=None, placeholder=said)


def _box(
    shown: Sequence[PageSide],
    place: int,
    label: str,
    words: Mapping[T, str],
    key: str,
    side: Callable[[T], Side],
    **look: Any,
) -> None:
    """Choose what stands in a place; under its key the session holds what is chosen."""
    st.selectbox(
        label,
        list(words),
        format_func=words.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: put_side(shown, place, side(st.session_state[key])),
        **look,
    )


def put_side(shown: Sequence[PageSide], place: int, side: Side | None) -> None:
    """Put another side in that place, or none."""
    sides = [one.side for one in shown]
    common.set_param("scenes", compare.format_sides([*sides[:place], *([side] if side else []), *sides[place + 1 :]]))


def person_switch(shown: Sequence[PageSide], place: int, one: PageSide) -> None:
    """Everyone or one person of this side."""
    if len(one.people) < 2:
        return
    words = {"": "Everyone"} | {str(person.id): person.name for person in one.people}
    key = f"person_{place}"
    st.session_state[key] = "" if one.side.person is None else str(one.side.person)
    scene, said = one.scene.id, f"Who of scene {place + 1}"
    _box(shown, place, said, words, key, lambda who: Side(scene, int(who) if who else None), width=130, required=True)
