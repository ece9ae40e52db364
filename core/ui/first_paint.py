"""What is in sight comes first: a tab that is new to a page gets its first part, and the rest once that stands."""

from __future__ import annotations

import streamlit as st

from core.ui import startup

HEAD_START_S = 0.8
"""What the first part has for itself, from the moment the browser has it, where nothing tells that it stands."""


def stop_after_first_part(page: str, head_start_s: float = HEAD_START_S) -> None:
    """End the drawing here where a tab shows the page for the first time, and have it drawn whole in a moment.

    A browser that gets a page whole builds all of it before it loads the first picture, which takes twice as long; once
    it has the page's scripts that is quick. Nothing stands below meanwhile that the first part could push down.
    """
    if is_waiting(page) and not st.session_state.get(_key(page)):
        st.session_state[_key(page)] = "drawn"
        st.fragment(_wait, run_every=head_start_s)(page)
        st.stop()
    st.session_state[_key(page)] = "whole"


def is_waiting(page: str) -> bool:
    """Whether the rest of the page is still to come."""
    return startup.serves() and st.session_state.get(_key(page)) != "whole"


def draw_rest(page: str) -> None:
    """Draw the page whole, now that its first part stands; does nothing where it is whole."""
    if st.session_state.get(_key(page)) == "stands":
        st.rerun()


def _wait(page: str) -> None:
    draw_rest(page)
    st.session_state[_key(page)] = "stands"


def _key(page: str) -> str:
    return f"in_sight_on_{page}"
