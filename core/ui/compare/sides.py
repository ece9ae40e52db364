"""Who is compared: the sides of a comparison, read from the address and chosen by its widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.analysis import compare, tables
from core.analysis.compare import Axis, Side
from core.emotions import tables as taught_tables
from core.model import Person, Scene, Span, Suspect, Who
from core.reading import people as persons
from core.ui import choices, common, doubts, emotions
from core.ui.doubts import Doubted

REMEMBERED = ("scenes", "axis", "of", "own", "look")
"""Choices of this page that come back when one returns to it."""

SHARE, SECONDS = "share", "seconds"
AXES = {SHARE: "0–100 %", SECONDS: "Seconds"}
YOURS, EVERYTHING = "yours", "everything"
NUMBERS = {EVERYTHING: "Everything", YOURS: "Yours"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown:
    """One side of the comparison with all that its charts are made of."""

    side: Side
    known: Doubted
    person: Person | None
    """Who of the scene; None is everyone."""
    people: tuple[Person, ...]
    """Everybody in it."""
    without: tuple[Span, ...]
    """What its curve leaves out."""

    @property
    def scene(self) -> Scene:
        """The scene."""
        return self.known.scene

    @property
    def who(self) -> Who:
        """Whose faces: one person's, or everybody's."""
        return self.person.who if self.person else None

    @property
    def title(self) -> str:
        """The scene's title, and who of it."""
        return f"{self.scene.title}, {self.person.name}" if self.person else self.scene.title

    @property
    def open(self) -> tuple[Suspect, ...]:
        """Its doubtful peaks that nobody has decided on."""
        own = persons.face_filter(self.who)
        return tuple(one for one in self.known.open if own(one.peak.track, one.peak.apex_ms))

    @property
    def curve(self) -> pd.DataFrame:
        """Its curves, those of taught emotions below the seven, without what is left out."""
        seven = common.compute_once(tables.curve, self.scene, self.known.reader, self.who, self.without)
        return taught_tables.append_rows(seven, self._chosen(emotions.curves(self._counting, self.who)))

    @property
    def means(self) -> pd.DataFrame:
        """Its means, those of taught emotions below the seven."""
        seven = doubts.table(self.known, self.who)
        return taught_tables.append_rows(seven, self._chosen(emotions.rows(self.known, self.who)))

    @property
    def own(self) -> tuple[str, ...]:
        """The taught emotions that were chosen, as far as its faces have what they are read from."""
        return tuple(name for name in emotions.names(self.scene) if is_chosen(name))

    @property
    def drawn(self) -> tuple[object, ...]:
        """What its curve depends on besides the scene's rows."""
        dropped = tuple(emotions.spans(self._counting, name) for name in self.own)
        return self.known.reader, self.who, self.without, self.own, dropped, emotions.taught()

    @property
    def _counting(self) -> Doubted:
        """What was decided, where that counts."""
        return self.known if chosen_numbers() == YOURS else replace(self.known, verdicts=())

    def _chosen(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table["emotion"].isin(self.own)] if len(table) else table

    def axis(self, how: str) -> Axis:
        """How it lies on the common axis."""
        samples = common.timeline(self.scene).samples
        return Axis(samples[0].t_ms, samples[-1].t_ms, how == SHARE)


def pick(scenes: Sequence[Scene]) -> list[Shown]:
    """The sides that the address names; where it names none, the scene looked at last and the newest other."""
    common.recall_params(*REMEMBERED)
    readable = {scene.id: scene for scene in scenes if scene.found}
    sides = compare.parse_sides(common.param("scenes"), readable) or _first(list(readable.values()))
    reader = _common([readable[side.scene] for side in sides])
    return [_shown(side, readable[side.scene], reader) for side in sides]


def _first(scenes: Sequence[Scene]) -> tuple[Side, ...]:
    last = st.session_state.get("kept_scene", "")
    ranked = sorted(scenes, key=lambda scene: (str(scene.id) != last, scene.state != "done", -scene.id))
    return tuple(Side(scene.id) for scene in ranked[:2])


def _common(scenes: Sequence[Scene]) -> str:
    """The reader that the address names or the first scene prefers, of those that read all of them; else none."""
    everywhere, asked = _everywhere(scenes), common.param("reader")
    return asked if asked in everywhere else next(iter(everywhere), "")


def _everywhere(scenes: Sequence[Scene]) -> list[str]:
    """The readers that read every one of the scenes."""
    return [name for name in (scenes[0].readers if scenes else ()) if all(name in one.readers for one in scenes)]


def _shown(side: Side, scene: Scene, reader: str) -> Shown:
    known = doubts.doubted(scene, reader or scene.readers[0])
    people = choices.people(scene)
    themselves = (one for one in people if one.id == side.person)
    taken_in = (one for one in people if side.person in one.tracks)  # whoever was merged is whoever took them in
    person = next(chain(themselves, taken_in), None)
    without = known.spans if chosen_numbers() == YOURS else ()
    return Shown(side if person else Side(side.scene), known, person, people, without)


def chosen_axis() -> str:
    """The axis that the address names."""
    return SECONDS if common.param("axis") == SECONDS else SHARE


def chosen_numbers() -> str:
    """Whether what was dropped is in."""
    return EVERYTHING if common.param("of") == EVERYTHING else YOURS


def is_chosen(name: str) -> bool:
    """Whether the address has a taught emotion beside the seven; all are where it says nothing."""
    return not common.param("own") or name in common.param("own").split(",")


def head(shown: Sequence[Shown], scenes: Sequence[Scene]) -> DeltaGenerator:
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


def _reader_switch(shown: Sequence[Shown]) -> None:
    readers = _everywhere([one.scene for one in shown])
    if len(readers) > 1:
        _switch("Reader", {name: common.reader_name(name) for name in readers}, "reader", shown[0].known.reader, "")


def _scene_switch(shown: Sequence[Shown], place: int, titles: dict[int, str], one: Shown) -> None:
    key = f"side_{place}"
    st.session_state[key] = one.scene.id
    _box(shown, place, f"Scene {place + 1}", titles, key, Side, width=172)


def _add(shown: Sequence[Shown], titles: dict[int, str]) -> None:
    """One more side: any scene, also one that is there already, to hold another of its people against the first."""
    there = {one.scene.id for one in shown}
    said = "Add a scene"
    options = {number: titles[number] for number in sorted(titles, key=lambda each: (each in there, -each))}
    _box(shown, len(shown), said, options, f"add_{len(shown)}", Side, width=142, index=None, placeholder=said)


def _box(
    shown: Sequence[Shown],
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


def put_side(shown: Sequence[Shown], place: int, side: Side | None) -> None:
    """Put another side in that place, or none."""
    sides = [one.side for one in shown]
    common.set_param("scenes", compare.format_sides([*sides[:place], *([side] if side else []), *sides[place + 1 :]]))


def person_switch(shown: Sequence[Shown], place: int, one: Shown) -> None:
    """Everyone or one person of this side."""
    if len(one.people) < 2:
        return
    words = {"": "Everyone"} | {str(person.id): person.name for person in one.people}
    key = f"person_{place}"
    st.session_state[key] = "" if one.side.person is None else str(one.side.person)
    scene, said = one.scene.id, f"Who of scene {place + 1}"
    _box(shown, place, said, words, key, lambda who: Side(scene, int(who) if who else None), width=130, required=True)
