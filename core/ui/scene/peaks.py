"""The scene page's list of doubtful peaks, each the way to its moment in the player."""

from __future__ import annotations

import streamlit as st

from core.model import Suspect
from core.player.data import peak_name
from core.settings import clock
from core.shelf.scene_view import SceneView
from core.ui import common, doubts, pictures, wording
from core.ui.scene import player

MOST_PEAKS = 5
"""Rows of the list; the review page has the rest."""


def doubtful_card(view: SceneView) -> None:
    """The most doubtful peaks, of one person or all, a row each; nothing where nothing was doubted."""
    left = view.open
    if not left:
        _done_card(view)
        return
    shown = left[:MOST_PEAKS]
    faces = doubts.crops(view, [one.peak for one in shown])
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Doubtful peaks", anchor=False, width="content")
            st.space("stretch")
            label = f"Review all {len(left)}" if len(left) > 1 else "Review it"
            there = {"scene": str(view.scene.id), "reader": view.reader}
            there |= {name: common.param(name) for name in ("who", "show")}
            st.page_link("pages/review.py", label=label, icon=":material/arrow_forward:", query_params=there)
        for one in shown:
            peak, name = one.peak, peak_name(one.peak)
            with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
                face, said = (
                    pictures.small_face(faces.get(name), "ringed"),
                    f"A doubtful {wording.quoted_name(peak.emotion)}",
                )
                st.image(face, width=44, alt=said)
                with st.container(gap=None):
                    when = f"**{clock(peak.apex_ms)}**\u2002{wording.marked_name(peak.emotion)} {peak.height:.2f}"
                    st.button(when, key=f"peak_{name}", type="tertiary", on_click=_show, args=[one])
                    if one.reasons:
                        st.caption(common.escape(wording.write_reason(one.reasons[0])))
                st.markdown(f":violet[**{one.doubt:.2f}**]", width="content")


def _done_card(view: SceneView) -> None:
    """What stands where the list stood once everything on it is decided: the page keeps its shape."""
    everyone = view.for_person(None)
    if everyone.open or not (everyone.doubtful and everyone.decided):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(":material/check: Nothing left to doubt", width="content")
        st.space("stretch")
        there = {"scene": str(view.scene.id), "reader": view.reader}
        st.page_link("pages/review.py", label="What you decided", icon=":material/arrow_forward:", query_params=there)


def _show(one: Suspect) -> None:
    """Go to the moment of a peak and to its face."""
    player.go_to(one.peak.apex_ms, one.peak.track)
