"""The scene page's card of emotions of one's own: their peaks that are believed or decided on, to drop or to undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.doubt import verdicts
from core.doubt.limits import LIMITS
from core.model import Suspect, Verdict
from core.settings import clock
from core.shelf.scene_view import SceneView
from core.ui import common, doubts, views, wording
from core.ui.scene import player

MOST_PEAKS = 4
"""Peaks of an emotion that have a row here; the review page has those that are doubted or decided on."""


def card(view: SceneView) -> None:
    """A row for each of their peaks, of one person or all, that is not open to doubt: those have their own card."""
    views.explain_missing(view.scene)
    if not view.own:
        return
    with st.container(border=True, key="taught_card"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Emotions of your own", anchor=False, width="content")
            st.space("stretch")
            st.page_link("pages/teach.py", label="Teach", icon=":material/school:")
        every = replace(view, listed=None).suspects
        for name in view.names:
            _emotion(view, name, [one for one in every if one.peak.emotion == name])
        st.caption("Shown beside the seven, not added to them. Doubts are weighed as of an emotion that passes soon.")


def _emotion(view: SceneView, name: str, found: Sequence[Suspect]) -> None:
    open_ = {verdicts.peak_key(one.peak) for one in view.open}
    settled = [one for one in found if verdicts.peak_key(one.peak) not in open_]
    doubtful = len(found) - len(settled)
    many = f"{len(found)} peak{'' if len(found) == 1 else 's'}" if found else "no peak here"
    aside = f", {doubtful} doubtful" if doubtful else ""
    st.markdown(f"{common.sign(name)} **{common.escape(name)}**\u2003:small[:gray[{many}{aside}]]")
    for one in settled[:MOST_PEAKS]:
        _peak(view, name, one)


def _peak(view: SceneView, name: str, one: Suspect) -> None:
    peak = one.peak
    decided = view.verdict(peak)
    key = f"{name}_{peak.track}_{peak.start_ms}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        with st.container(gap=None):
            when = f"**{clock(peak.apex_ms)}**\u2002{peak.height:.2f}"
            st.button(when, key=f"see_{key}", type="tertiary", on_click=player.go_to, args=[peak.apex_ms, peak.track])
            st.caption(_describe(one, decided))
        if one.doubt >= LIMITS.suspect:
            st.markdown(f":violet[**{one.doubt:.2f}**]", width="content")
        if decided:
            st.button("Undo", key=f"back_{key}", on_click=doubts.take_back, args=[view, decided])
        else:
            drop = [view.decide(peak, drop=True)]
            st.button("Drop", key=f"drop_{key}", on_click=doubts.judge, args=[view, drop])


def _describe(one: Suspect, decided: Verdict | None) -> str:
    """What was decided about it, else what speaks against it."""
    if decided:
        return f"You {'dropped' if decided.dropped else 'kept'} it."
    return common.escape(wording.write_reason(one.reasons[0])) if one.reasons else "Nothing speaks against it."
