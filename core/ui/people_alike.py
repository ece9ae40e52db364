"""Gather by appearance: who looks alike is proposed with their faces; one press gathers what a viewer leaves of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from core.analysis import alike
from core.analysis.alike import DISTANCE, AlikeGroup
from core.errors import SceneError
from core.faces import identify_deepface
from core.host import limits
from core.model import Gathering, Person, Scene, Span
from core.reading import people
from core.shelf import alike_task
from core.shelf.alike_task import Status
from core.shelf.scene_view import SceneView
from core.ui import common, people_edit

MODE = "alike"
"""What is being done with people while this is open."""

LOOKS = "Compares the faces of this scene and proposes who is one person. Nothing is merged until you say so."


def start_button(view: SceneView, found: Sequence[Person]) -> None:
    """The button that begins it; it says what is downloaded. Nothing where there are no two who could be one."""
    if people_edit.current_mode() == MODE or not _possible(view, found):
        return
    here = identify_deepface.is_downloaded()
    if here and alike_task.is_automatic():
        _compare_ahead(view)
    needs = f"Needs DeepFace's SFace, {identify_deepface.MEGABYTES} MB, downloaded once."
    st.button(
        "Gather by appearance", icon=":material/group:", key="alike", on_click=_begin, args=[view],
        help=LOOKS if here else f"{LOOKS} {needs}",
    )  # fmt: skip
    if not here:
        st.caption(f"{identify_deepface.MEGABYTES} MB once", width="content")


def _compare_ahead(view: SceneView) -> None:
    """Compare the faces of a scene that was read before anybody asks, where that is wished."""
    spans = _spans(view.scene)
    if view.scene.state == "done" and alike_task.read_status(view.scene, spans).state == "none":
        with suppress(SceneError):  # whoever asks is told
            alike_task.start(view.scene, spans, common.store().url)


def _possible(view: SceneView, found: Sequence[Person]) -> bool:
    """Whether any two are never on screen at once."""
    seen = view.compute(people.track_spans)
    return any(
        people.first_meeting_ms(seen, one, other) is None
        for place, one in enumerate(found[: alike.MOST_STRETCHES])
        for other in found[place + 1 : alike.MOST_STRETCHES]
    )


def _spans(scene: Scene) -> tuple[Span, ...]:
    seen = common.compute_once(people.track_spans, scene)
    return alike.select_stretches(seen, people.list_people(seen, common.store().people_decisions(scene.id)))


def _begin(view: SceneView) -> None:
    store, spans = common.store(), _spans(view.scene)
    try:
        alike_task.stop(alike_task.read_status(view.scene, spans))  # a new press is a new try
        alike_task.start(view.scene, spans, store.url)
    except SceneError as error:
        people_edit.follow_decision(common.escape(limits.public_message(error)))
        return
    people_edit.set_mode(MODE)


def show_proposal(view: SceneView, found: Sequence[Person], *, narrow: bool) -> None:
    """What stands in the card meanwhile: how far it is, then the proposal, or why there is none."""
    now = alike_task.read_status(view.scene, _spans(view.scene))
    if now.state == "working":
        _working(view, now.path.name)
    elif now.apart is not None:
        seen = view.compute(people.track_spans)
        _proposal(view, found, alike.find_groups(seen, found, now.apart), narrow=narrow)
    else:
        common.say(now.said or "The faces have not been compared.")
        _close("Close", now)


@st.fragment(run_every="1s")
def _working(view: SceneView, name: str) -> None:
    """How far it is; ends itself when that is known."""
    now = alike_task.read_status(view.scene, _spans(view.scene))
    if now.state != "working" or now.path.name != name:
        st.rerun()
    st.progress(now.share, text=now.said)
    _close("Stop", now)


def _close(label: str, now: Status | None = None) -> None:
    st.button(label, key="people_cancel", type="tertiary", on_click=_stop_and_close, args=[now])


def _stop_and_close(now: Status | None) -> None:
    if now:
        alike_task.stop(now)
    people_edit.set_mode("")


def _proposal(view: SceneView, found: Sequence[Person], groups: Sequence[AlikeGroup], *, narrow: bool) -> None:
    """The groups with everybody's faces, ticked; the press that gathers them, and the way out."""
    if not groups:
        common.say("Nobody here looks alike in two shots. Merge people by hand where you know better.")
        _close("Close")
        return
    st.caption(
        "Look at the faces and untick who does not belong. "
        f"SFace takes two faces for one person when they are less than {DISTANCE:.2f} apart."
    )
    picked = [_group(view, group, narrow=narrow) for group in groups]
    wanted = [ids for ids in picked if len(ids) > 1]
    label = f"Gather these {sum(map(len, wanted))} into {len(wanted)}" if wanted else "Gather"
    with st.container(horizontal=True):
        st.button(label, key="alike_these", disabled=not wanted, on_click=_gather, args=[view, found, wanted])
        _close("Cancel")
    if not limits.is_hosted():
        st.checkbox(
            "Compare the faces of every scene by itself once it is read", alike_task.is_automatic(), key="alike_always",
            on_change=lambda: alike_task.set_automatic(on=st.session_state["alike_always"]),
        )  # fmt: skip


def _group(view: SceneView, group: AlikeGroup, *, narrow: bool) -> list[int]:
    """One group; returns who of it is left ticked."""
    names = " and ".join(common.escape(person.name) for person in group.people)
    with st.container(gap="xsmall"):
        who = names if len(group.people) == 2 else f"{len(group.people)} strips"
        st.markdown(f"**One person?** {who} :gray[at most {group.distance:.2f} apart]")
        return [
            person.id
            for person in group.people
            if people_edit.tick_strip(
                view,
                common.escape(person.name),
                person.who,
                f"alike_{group.people[0].id}_{person.id}",
                narrow=narrow,
                on=True,
            )
        ]


def _gather(view: SceneView, found: Sequence[Person], wanted: Sequence[Sequence[int]]) -> None:
    """Write the whole down as one decision, which one undo takes back."""

    def decisions() -> list[Gathering]:
        called = people.ids_with_names(common.store().people_decisions(view.scene.id))
        return [people.merge_people(found, ids, called) for ids in wanted]

    people_edit.decide(view, decisions)
