"""What can be decided about the chosen person: name, merge, split, and take the newest decision back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.errors import SceneError
from core.host import limits
from core.model import Gathering, Person, Scene, Span
from core.reading import people
from core.settings import clock
from core.shelf.scene_view import SceneView
from core.ui import common, people_strips

MERGE, SPLIT = "merge", "split"

MODE, CHANGED, TOLD, WHERE = "people_mode", "people_changed", "people_told", "people_scene"
"""Where the session keeps what is being done with whom, that the rest of the page is to follow, what to say then, and
in which scene. A callback of a fragment may show nothing itself."""

MOST_LISTED = 60
"""Others, or stretches, to choose from at most: no card has room for more."""


def pop_changed() -> bool:
    """Whether something was decided or chosen that the rest of the page is to show; told once."""
    return bool(st.session_state.pop(CHANGED, False))


def show_toast() -> None:
    """Say what was decided last, or why it could not be; once."""
    said = st.session_state.pop(TOLD, "")
    if said:
        st.toast(said)


def leave_other_scene(scene: Scene) -> None:
    """Leave what was being done with people of another scene."""
    if st.session_state.get(WHERE) != scene.id:
        st.session_state[WHERE], st.session_state[MODE] = scene.id, ""


def current_mode() -> str:
    """What is being done just now; empty for nothing."""
    return st.session_state.get(MODE) or ""


def is_editing() -> bool:
    """Whether others, or stretches, are being chosen from just now."""
    return bool(current_mode())


def choose(person: Person | None) -> None:
    """Show one person alone, or everyone."""
    common.choose("who", "" if person is None else str(person.id))
    st.session_state[MODE] = ""
    st.session_state[CHANGED] = True


def editor(view: SceneView, found: Sequence[Person], person: Person, *, narrow: bool) -> None:
    """Below the chosen person: their name, merge and split; one of these at a time."""
    decided = common.store().people_decisions(view.scene.id)
    key = f"name_{person.id}_{len(decided)}"
    given = person.name if person.id in people.ids_with_names(decided) else ""
    with st.container(horizontal=not narrow, vertical_alignment="center", gap="small"):
        st.text_input(
            "Name", given, people.LONGEST_NAME, key=key, placeholder=f"Name {person.name}",
            label_visibility="collapsed",
            on_change=lambda: decide(view, lambda: [people.name_person(found, person.id, st.session_state[key])]),
        )  # fmt: skip
        with st.container(horizontal=True, gap="small", width="content"):
            mode = current_mode()
            for label, how, there in (("Merge", MERGE, len(found) > 1), ("Split", SPLIT, True)):
                if there:
                    st.button(label, key=how, on_click=set_mode, args=["" if mode == how else how])
    if mode == MERGE:
        _merge(view, found, person, narrow=narrow)
    elif mode == SPLIT:
        _split(view, found, person, narrow=narrow)


def set_mode(mode: str) -> None:
    """Do something else with people from now on, or nothing."""
    st.session_state[MODE] = mode


def _merge(view: SceneView, found: Sequence[Person], person: Person, *, narrow: bool) -> None:
    """Choose others by their strips."""
    seen = view.compute(people.track_spans)
    met_ms = {one.id: people.first_meeting_ms(seen, person, one) for one in found if one is not person}
    # Two who share the frame are no likely choice.
    others = sorted((one for one in found if one is not person), key=lambda one: met_ms[one.id] is not None)
    others = others[:MOST_LISTED]
    st.caption(f"Who else is {common.escape(person.name)}?")
    picked = [
        one
        for one in others
        if tick_strip(view, common.escape(one.name), one.who, f"merge_{person.id}_{one.id}", narrow=narrow)
    ]
    for one in picked:
        met = met_ms[one.id]
        if met is not None:
            both = f"{common.escape(one.name)} is beside {common.escape(person.name)} at {clock(met)}"
            st.caption(f":material/warning: {both}: not one person.")
    ids = [person.id, *(one.id for one in picked)]
    label = f"Merge these {len(ids)}" if picked else "Merge"
    with st.container(horizontal=True):
        st.button(label, key="merge_these", disabled=not picked, on_click=_merge_these, args=[view, found, ids])
        st.button("Cancel", key="people_cancel", type="tertiary", on_click=set_mode, args=[""])


def _merge_these(view: SceneView, found: Sequence[Person], ids: Sequence[int]) -> None:
    def merge() -> list[Gathering]:
        called = people.ids_with_names(common.store().people_decisions(view.scene.id))
        return [people.merge_people(found, ids, called)]

    decide(view, merge)


def _split(view: SceneView, found: Sequence[Person], person: Person, *, narrow: bool) -> None:
    """Choose stretches by their strips, or the part of one between two moments."""
    seen = view.compute(people.track_spans)
    own = people.stretches(seen, person)
    st.caption(f"What of this is not {common.escape(person.name)}?")
    picked: list[int | Span] = [
        span
        for span in own[:MOST_LISTED]
        if len(own) == 1
        or tick_strip(
            view, f"{clock(span.start_ms)} to {clock(span.end_ms)}", [span], "split_{}_{}".format(*span), narrow=narrow
        )
    ]
    if len(picked) == 1 and isinstance(picked[0], Span):
        picked = [_pick_part(view, picked[0])]
    with st.container(horizontal=True):
        left = set(people.intersect_spans(seen, person, picked))
        st.button(
            "Split off", key="split_these", disabled=not left or left == set(own),
            on_click=_split_these, args=[view, found, person.id, picked],
        )  # fmt: skip
        st.button("Cancel", key="people_cancel", type="tertiary", on_click=set_mode, args=[""])


def _pick_part(view: SceneView, span: Span) -> Span:
    """The part of a stretch between two of its moments, both in."""
    theirs = people.face_filter((span,))
    samples = view.timeline.samples
    times = [one.t_ms for one in samples if any(theirs(face.track, one.t_ms) for face in one.faces)]
    if len(times) < 2:
        return span
    first, last = st.select_slider(
        "From and to",
        times,
        (times[0], times[-1]),
        clock,
        key="between_{}_{}_{}".format(*span),
        label_visibility="collapsed",
    )
    return Span(span.track, first, last + 1)


def _split_these(view: SceneView, found: Sequence[Person], person: int, parts: Sequence[int | Span]) -> None:
    decide(view, lambda: [people.split_person(view.compute(people.track_spans), found, person, parts)])


def tick_strip(
    view: SceneView, label: str, who: Sequence[int | Span], key: str, *, narrow: bool, on: bool = False
) -> bool:
    """A face strip to tick."""
    count, size_px = (3, 32) if narrow else (8, 40)
    picture, width = people_strips.face_strip(view.scene, view.reader, who, count, size_px)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=narrow):
        ticked = st.checkbox(label, on, key=key, width="content" if narrow else 150)
        st.image(picture, width=width, alt="")
    return ticked


def decide(view: SceneView, how: Callable[[], Sequence[Gathering]]) -> None:
    """Write down what is decided at once and have the page follow; after a merge it shows whoever took others in."""
    try:
        decided = how()
        common.store().add_people_decisions(view.scene.id, decided)
    except SceneError as error:
        follow_decision(common.escape(limits.public_message(error)))
        return
    if len(decided) == 1 and decided[0].kind == "merge":
        common.choose("who", str(decided[0].person))
    follow_decision(f"{describe_decision(decided)} Undo takes it back.")


def follow_decision(told: str) -> None:
    """Have the page follow what was decided, and say it."""
    st.session_state[MODE], st.session_state[CHANGED], st.session_state[TOLD] = "", True, told


def undo(view: SceneView) -> None:
    """Take the newest decision about people back; nothing where nothing was decided."""
    if common.store().people_decisions(view.scene.id):
        st.button(
            "Undo", icon=":material/undo:", key="people_undo", help="Takes the newest decision about people back",
            on_click=_take_back, args=[view],
        )  # fmt: skip


def _take_back(view: SceneView) -> None:
    store, scene_id = common.store(), view.scene.id
    try:
        before = store.people_decisions(scene_id)
        store.undo_people_decision(scene_id, together=True)
        back = before[len(store.people_decisions(scene_id)) :]
    except SceneError as error:
        follow_decision(common.escape(limits.public_message(error)))
        return
    follow_decision(f"Taken back: {describe_decision(back)}" if back else "")


def describe_decision(decided: Sequence[Gathering]) -> str:
    """What was decided at once in one sentence."""
    one = decided[-1]
    if len(decided) > 1:
        return f"{len(decided)} people gathered from their shots."
    if one.kind == "name":
        return f"Named {common.escape(one.name)}." if one.name else "A name taken away."
    if one.kind == "merge":
        return "People merged into one."
    return "One person split in two."
