"""The scene page's words on doubt: what is doubted at the moment that is shown, and the list of doubtful peaks."""

from __future__ import annotations

import streamlit as st

from core import ui, ui_doubts, ui_pictures, verdicts
from core.model import Suspect, Who
from core.settings import clock
from core.ui_doubts import Doubted, written

MOST_REASONS, MOST_PEAKS = 2, 5
"""Reasons beside the frame, and rows of the list; the review page has the rest."""


def doubt(known: Doubted, suspect: Suspect) -> None:
    """Beside the frame: do not believe this, why, and the buttons that settle it."""
    peak, verdict = suspect.peak, known.verdict(suspect.peak)
    with st.container(gap="xsmall", key="doubt"):
        if verdict is not None:
            st.markdown(f":gray[You {'dropped' if verdict.dropped else 'kept'} this {peak.emotion}.]")
            undo(known)
            return
        st.markdown(f":violet[**Do not believe this {peak.emotion}**]\u2003:gray[doubt {suspect.doubt:.2f}]")
        for reason in suspect.reasons[:MOST_REASONS]:
            st.caption(ui.plain(reason.text))
        with st.container(horizontal=True, vertical_alignment="center"):
            for label, icon, key, drop in (
                (":violet[**Drop this peak**]", ":material/flag:", "D", True),
                ("Keep it", ":material/check:", "K", False),
            ):
                act = [known, [verdicts.verdict(known.reader, peak, drop=drop)]]
                name = "drop" if drop else "keep"
                if st.button(label, icon=icon, shortcut=key, key=name, on_click=ui_doubts.judge, args=act):
                    st.rerun()  # the means below and the badge above change as well
            undo(known)


def undo(known: Doubted) -> None:
    """Take the newest decision back; nothing where nothing was decided."""
    if known.verdicts and st.button(
        "Undo", icon=":material/undo:", shortcut="U", key="undo", on_click=ui_doubts.undo, args=[known]
    ):
        st.rerun()


def doubtful(known: Doubted, who: Who = None) -> None:
    """The most doubtful peaks, of one person or all, a row each; nothing where nothing is doubted."""
    left = ui_doubts.of(known.open, who)
    if not left:
        return
    shown = left[:MOST_PEAKS]
    faces = ui_doubts.crops(known, [one.peak for one in shown])
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader("Doubtful peaks", anchor=False, width="content")
            st.space("stretch")
            label = f"Review all {len(left)}" if len(left) > 1 else "Review it"
            there = {"scene": str(known.scene.id), "reader": known.reader, "who": ui.asked("who")}
            st.page_link("pages/review.py", label=label, icon=":material/arrow_forward:", query_params=there)
        for one in shown:
            peak, name = one.peak, written(one.peak)
            with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
                st.image(ui_pictures.small(faces.get(name), "ringed"), width=44, alt=f"A doubtful {peak.emotion}")
                with st.container(gap=None):
                    when = f"**{clock(peak.apex_ms)}**\u2002{ui.sign(peak.emotion)} {peak.emotion} {peak.height:.2f}"
                    st.button(when, key=f"peak_{name}", type="tertiary", on_click=_show, args=[one])
                    if one.reasons:
                        st.caption(ui.plain(one.reasons[0].text))
                st.markdown(f":violet[**{one.doubt:.2f}**]", width="content")


def _show(one: Suspect) -> None:
    """Go to the moment of a peak and to its face."""
    ui.keep("t", str(one.peak.apex_ms))
    ui.keep("face", str(one.peak.track))
