"""The review page's frame: title and verdicts in and out, the queue of suspects, and dropping many at once."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Literal

import streamlit as st

from core.doubt.groups import Group
from core.doubt.limits import LIMITS
from core.export import foreign_files
from core.host import limits
from core.model import EMOTIONS, Image, Peak, Suspect, Who
from core.player.data import peak_name
from core.settings import clock
from core.shelf import review
from core.shelf.scene_view import SceneView
from core.ui import choices, common, doubts, pictures, upload_guard, wording
from core.ui.scene import means

REMEMBERED = ("reader", "who", "peak", "show")
"""Choices of this page that come back when one returns to it."""

MOST_ROWS, QUEUE_PX = 8, 590
"""From so many rows on, the queue scrolls in a column of this height."""

MOST_SHOWN = 40
"""Rows of the queue at most; what comes after is counted."""

BEFORE = "Keep a peak if you see it in the face. Drop it if you do not. Every verdict can be undone."


def head(view: SceneView, who: Who) -> None:
    """Title, badge, person, reader, and the verdicts as a file; below it what to do here."""
    scene = view.scene
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title(f"Review of “{common.escape(scene.title)}”", width="content", anchor=False)
            doubts.badge(view)
            st.space("stretch")
            choices.person_switch(view.people, who)
            choices.reader_switch(scene, view.reader)
            with st.popover("Verdicts", icon=":material/download:"):
                _files(view)
        st.caption(BEFORE)


def _files(view: SceneView) -> None:
    """Save the verdicts for another person, load another person's."""
    count = sum(one.emotion in EMOTIONS for one in view.verdicts)
    st.caption("A small file: whoever has the same clip can load it, and sees the same numbers.")
    st.download_button(
        f"Save {count} verdict{'' if count == 1 else 's'}",
        partial(review.verdicts_json, common.store(), view.scene),
        file_name=f"{view.scene.title}.verdicts.json",
        mime="application/json",
        icon=":material/download:",
        key="save_verdicts",
        on_click="ignore",
        width="stretch",
        disabled=not count,
    )
    if count < len(view.verdicts):
        st.caption("Those about emotions of your own go with the scene’s bundle, which holds the emotions as well.")
    key = f"verdicts_{st.session_state.setdefault('verdict_files', 0)}"
    how = {"key": key, "on_change": _load, "args": [view, key]}
    upload_guard.file_field("Load verdicts", ["json"], limits.MB, **how)


def _load(view: SceneView, key: str) -> None:
    """Take another person's verdicts, say how many fit, and begin with what is left."""
    given = st.session_state[key]
    if given is None:
        return
    with common.showing_errors():
        fit, strange = foreign_files.load_verdicts(common.store(), view.scene, given)
        upload_guard.forget_file(given)
        st.toast(describe_load(fit, strange), icon=":material/upload:")
        st.session_state["verdict_files"] += 1
        doubts.show_peak("")


def describe_load(fit: int, strange: int) -> str:
    """What came of a file of verdicts."""
    counted = f"{fit} verdict{'' if fit == 1 else 's'} loaded."
    return counted + (f" {strange} fit no peak of this reading." if strange else "")


def pick_group(view: SceneView) -> Group | None:
    """The peaks that the address names, else the most doubtful ones that are open; None where none is."""
    return doubts.chosen_group(view) or next(iter(view.groups), None)


def neighbour(view: SceneView, shown: Group, by: int) -> Group | None:
    """The group ``by`` places further in the queue; None at either end. One that was decided on stands before all."""
    queue = view.groups
    place = next((place for place, one in enumerate(queue) if shown.worst in one.suspects), None)
    if place is None:
        return queue[0] if by > 0 and queue else None
    return queue[place + by] if 0 <= place + by < len(queue) else None


def queue(view: SceneView, shown: Group | None) -> None:
    """The suspects by doubt, those of one cause in one row, then what was decided on; a press on one shows it."""
    left, decided = view.groups, view.decided
    listed = [*(one.worst for one in islice(left, MOST_SHOWN)), *(one for one, _ in islice(decided, MOST_SHOWN))]
    faces = doubts.crops(view, [one.peak for one in listed])
    rows = min(len(left), MOST_SHOWN) + min(len(decided), MOST_SHOWN)
    height: int | Literal["content"] = QUEUE_PX if rows > MOST_ROWS else "content"
    with st.container(border=True, gap="small", height=height, key="queue"):
        st.caption(f"{len(view.open)} left, most doubtful first" if left else "None left")
        for group in left[:MOST_SHOWN]:
            chosen = shown is not None and shown.worst in group.suspects
            _row(group, faces.get(peak_name(group.worst.peak)), chosen)
        if more := sum(len(group.suspects) for group in left[MOST_SHOWN:]):
            st.caption(f"and {more} more")
        if decided:
            st.caption("Decided by you")
        for one, verdict in decided[:MOST_SHOWN]:
            chosen = shown is not None and one in shown.suspects
            _decided_row(view, one, faces.get(peak_name(one.peak)), verdict.dropped, chosen)


def _row(group: Group, face: Image | None, chosen: bool) -> None:
    peak, name = group.worst.peak, peak_name(group.worst.peak)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
        st.image(pictures.small_face(face, "ringed" if chosen else ""), width=44, alt="")
        with st.container(gap=None):
            said, below = _row_words(peak)
            if len(group.suspects) > 1:
                said, below = f"{len(group.suspects)} peaks", common.escape(wording.write_group(group.cause))
            else:
                said = f"{common.sign(peak.emotion)} {said}"
            label = f"**{said}**" if chosen else said
            st.button(label, key=f"row_{name}", type="tertiary", on_click=doubts.show_peak, args=[name])
            st.caption(below)
        st.markdown(f":violet[**{group.worst.doubt:.2f}**]", width="content")


def _row_words(peak: Peak) -> tuple[str, str]:
    """What stands on a row and below it; an own emotion's name, which may be long, has the upper line to itself."""
    name, height, when = wording.short_name(peak.emotion), f"{peak.height:.2f}", clock(peak.apex_ms)
    return (f"{name} {height}", when) if peak.emotion in EMOTIONS else (name, f"{when}\u2002{height}")


def _decided_row(view: SceneView, one: Suspect, face: Image | None, dropped: bool, chosen: bool) -> None:
    peak, name = one.peak, peak_name(one.peak)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
        st.image(pictures.small_face(face, "struck" if dropped else ""), width=36, alt="")
        with st.container(gap=None):
            said, below = _row_words(peak)
            words = f":gray[~~{said}~~]" if dropped else said
            label = f"**{words}**" if chosen else words
            st.button(label, key=f"row_{name}", type="tertiary", on_click=doubts.show_peak, args=[name])
            st.caption(f"{below} {'dropped' if dropped else 'kept'}")
        verdict = view.verdict(peak)
        st.button(":small[undo]", key=f"back_{name}", type="tertiary", on_click=doubts.take_back, args=[view, verdict])


def drop_many(view: SceneView) -> None:
    """Drop all above a doubt: the button names the number before it is pressed."""
    left = view.open
    if len(left) < 2:
        return
    with st.container(border=True, gap="small"):
        st.markdown("**Drop all above a doubt**")
        bar = st.slider("Doubt", LIMITS.suspect, 1.0, LIMITS.disbelieve, 0.01, key="bar", label_visibility="collapsed")
        these = [one for one in left if one.doubt >= bar]
        count = len(these)
        st.button(
            f":violet[**Drop {'these' if count > 1 else 'this'} {count}**]" if count else "None is above",
            icon=":material/flag:",
            key="drop_many",
            disabled=not count,
            on_click=doubts.judge,
            args=[view, [view.decide(one.peak, drop=True) for one in these]],
        )


def show_done(view: SceneView) -> None:
    """What stands where the evidence would: what your verdicts changed, and the way back."""
    dropped = sum(verdict.dropped for _, verdict in view.decided)
    kept = len(view.decided) - dropped
    st.header("Nothing left to doubt", anchor=False)
    if view.decided:
        st.markdown(f"You dropped {dropped} and kept {kept}.")
        means.mean_chart(view)
    else:
        where = "in this scene" if view.who is None else "of this person"
        st.markdown(f"No peak of {common.reader_words(view.reader)} is doubted {where}.")
    st.page_link(
        "pages/scene.py",
        label="To the scene",
        icon=":material/arrow_back:",
        query_params={"scene": str(view.scene.id), "reader": view.reader},
    )
