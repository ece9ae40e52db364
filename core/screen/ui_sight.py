"""What is in sight comes first: a tab just opened gets the first part of the page, the rest once that stands."""

from __future__ import annotations

import streamlit as st

from core.screen import ui_serving

HEAD_START_S = 0.8
"""What the first part has for itself, from the moment the browser has it, where nothing tells that it stands."""


def first(below_px: int = 0, head_start_s: float = HEAD_START_S) -> None:
    """End the drawing here where a tab was just opened, and have the page drawn whole in a moment.

    A browser that gets a page whole builds all of it before it loads the first picture, which takes twice as long; in a
    tab that has the app already it is quick. ``below_px`` are kept free for what follows below, so that nothing jumps.
    """
    if ui_serving.serves() and not st.session_state.get("in_sight"):
        st.session_state["in_sight"] = "drawn"
        st.fragment(_wait, run_every=head_start_s)(below_px)
        st.stop()
    st.session_state["in_sight"] = "whole"


def waits() -> bool:
    """Whether the rest of the page is still to come."""
    return ui_serving.serves() and st.session_state.get("in_sight") != "whole"


def go_on() -> None:
    """Draw the page whole, now that its first part stands; does nothing where it is whole."""
    if st.session_state.get("in_sight") == "stands":
        st.rerun()


def _wait(below_px: int) -> None:
    go_on()
    st.session_state["in_sight"] = "stands"
    if below_px:
        st.space(below_px)
