"""The scene page's list of doubtful peaks, each the way to its moment in the player."""

from __future__ import annotations

import streamlit as st

from core.doubt.groups import Group
from core.model import Image, Suspect
from core.player.data import peak_name
from core.settings import clock
from core.shelf.scene_view import SceneView
from core.ui import common, doubts, pictures, wording
from core.ui.scene import player

MOST_ROWS = 5
"""Of the list; the review page has the rest."""


def doubtful_card(view: SceneView) -> None:
    """The most doubtful peaks, of one person or all, those of one cause in one row; nothing where none was doubted."""
    left = view.open
    if not left:
        _done_card(view)
        return
    shown = view.groups[:MOST_ROWS]
    faces = doubts.crops(view, [group.worst.peak for group in shown])
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Doubtful peaks", anchor=False, width="content")
            st.space("stretch")
            label = f"Review all {len(left)}" if len(left) > 1 else "Review it"
            there = {"scene": str(view.scene.id), "reader": view.reader}
            there |= {name: common.param(name) for name in ("who", "show")}
            st.page_link("pages/review.py", label=label, icon=":material/arrow_forward:", query_params=there)
        for group in shown:
            _row(view, group, faces.get(peak_name(group.worst.peak)))


def _row(view: SceneView, group: Group, face: Image | None) -> None:
    """A face, when it is and what it reads as, the strongest reason; several peaks have one button to drop them."""
    one, count = group.worst, len(group.suspects)
    peak, name = one.peak, peak_name(one.peak)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.image(pictures.small_face(face, "ringed"), width=44, alt=f"A doubtful {wording.quoted_name(peak.emotion)}")
        with st.container(gap=None):
            said = f"{count} peaks" if count > 1 else f"{wording.marked_name(peak.emotion)} {peak.height:.2f}"
            when = f"**{clock(peak.apex_ms)}**\u2002{said}"
            st.button(when, key=f"peak_{name}", type="tertiary", on_click=_show, args=[one])
            if one.reasons:
                why = wording.write_group(group.cause) if count > 1 else wording.write_reason(one.reasons[0])
                st.caption(common.escape(why))
        st.markdown(f":violet[**{one.doubt:.2f}**]", width="content")
        if count > 1:
            drop = [view.decide(each.peak, drop=True) for each in group.suspects]
            st.button(f"Drop {count}", key=f"drop_{name}", on_click=doubts.judge, args=[view, drop])


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
