"""The scene page's card of emotions of one's own: their means, and their peaks that are doubted, to drop or to keep."""

from __future__ import annotations

import streamlit as st

from core import ui
from core.doubting import verdicts
from core.doubting.doubt_limits import LIMITS
from core.learning.taught_doubts import reader
from core.model import Suspect
from core.screen import ui_doubts, ui_player, ui_taught, ui_words
from core.screen.ui_doubts import Doubted
from core.settings import clock

MOST_PEAKS = 4
"""Peaks of an emotion that have a row of their own."""


def card(known: Doubted) -> None:
    """A row for each of their peaks, the most doubtful first; nothing where nothing was taught."""
    ui_taught.why(known.scene)
    names = ui_taught.names(known.scene)
    if not names:
        return
    with st.container(border=True, key="taught_card"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Emotions of your own", anchor=False, width="content")
            st.space("stretch")
            st.page_link("pages/teach.py", label="Teach", icon=":material/school:")
        for name in names:
            _emotion(known, name)
        st.caption("Beside the seven, never in their sum. Their doubts are weighed as those of a passing emotion.")


def _emotion(known: Doubted, name: str) -> None:
    found = ui_taught.suspects(known.scene, name)
    doubtful = sum(one.doubt >= LIMITS.suspect for one in found)
    many = f"{len(found)} peak{'' if len(found) == 1 else 's'}" if found else "no peak here"
    aside = f", {doubtful} doubtful" if doubtful else ""
    st.markdown(f"{ui.sign(name)} **{ui.plain(name)}**\u2003:gray[{many}{aside}]")
    for one in found[:MOST_PEAKS]:
        _peak(known, name, one)


def _peak(known: Doubted, name: str, one: Suspect) -> None:
    peak, own = one.peak, reader(name)
    decided = verdicts.of(known.verdicts, own, peak)
    key = f"{name}_{peak.track}_{peak.start_ms}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        when = f"{clock(peak.apex_ms)}\u2002{peak.height:.2f}"
        st.button(when, key=f"see_{key}", type="tertiary", on_click=ui_player.go, args=[peak.apex_ms, peak.track])
        if one.doubt >= LIMITS.suspect:
            st.markdown(f":violet[**{one.doubt:.2f}**]", width="content")
        said = "You dropped it." if decided and decided.dropped else "You kept it." if decided else ""
        said = said or (ui_words.told(one.reasons[0].text) if one.reasons else "Nothing speaks against it.")
        st.caption(ui.plain(said), width="stretch")
        if decided:
            st.button("Undo", key=f"back_{key}", on_click=ui_doubts.take_back, args=[known, decided])
        else:
            drop = [verdicts.verdict(own, peak, drop=True)]
            st.button("Drop", key=f"drop_{key}", on_click=ui_doubts.judge, args=[known, drop])
