"""What is in sight comes first: a tab just opened gets the first part of the page, the rest once that stands."""

from __future__ import annotations

import streamlit as st

from core.screen import ui_serving

HEAD_START_S = 0.5
"""What the first part has for itself, from the moment the browser has it; the rest follows by itself."""


def first(below_px: int = 0) -> None:
    """End the drawing here where a tab was just opened, and have the page drawn whole in a moment.

    A browser that gets a page whole builds all of it before it loads the first picture, which takes twice as long; in a
    tab that has the app already it is quick. ``below_px`` are kept free for what follows below, so that nothing jumps.
    """
    if ui_serving.serves() and not st.session_state.get("in_sight"):
        st.session_state["in_sight"] = True
        _rest(below_px)
        st.stop()


@st.fragment(run_every=HEAD_START_S)
def _rest(below_px: int) -> None:
    if st.session_state.get("in_sight") == "rest":
        st.rerun()
    st.session_state["in_sight"] = "rest"
    if below_px:
        st.space(below_px)
