"""The shelf's link field: what a link leads to, shown before anything is fetched, and films to try."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.errors import SceneError, SettingError
from core.host import limits
from core.links import local_copy, suggestions
from core.settings import clock
from core.ui import common

PICTURE_PX = 168
KEPT_S = 600
"""So long the answer of a site is shown without asking it again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of looking at a link: a preview, or the sentence that says why there is none."""

    preview: local_copy.Preview | None
    sentence: str = ""


def field(turn: int) -> local_copy.Preview | None:
    """Show the field and what its link leads to; None where that is nothing to read."""
    link = st.text_input(
        "A link",
        key=f"link_{turn}",
        placeholder="Paste a link to a film or TV scene",
        label_visibility="collapsed",
        icon=":material/link:",
    )
    if not link or not link.strip():
        return None
    asked = st.session_state.setdefault("looks", {})
    answer = _look_up(link.strip(), asked.get(link, 0), limits.is_hosted())
    if answer.preview is None:
        common.say(answer.sentence)
        if st.button("Look again", icon=":material/refresh:", key="look_again", type="tertiary"):
            asked[link] = asked.get(link, 0) + 1
            st.rerun()
        return None
    _show(answer.preview)
    return answer.preview


@st.cache_data(ttl=KEPT_S, max_entries=64, show_spinner="Looking at the link")
def _look_up(link: str, time: int, hosted: bool) -> Answer:
    try:
        return Answer(local_copy.preview_link(link))
    except SceneError as error:
        return Answer(None, limits.public_message(error))


def _show(preview: local_copy.Preview) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if preview.picture:
            st.image(preview.picture, width=PICTURE_PX, alt=f"The picture that goes with {preview.title}")
        with st.container(gap="xxsmall", width="stretch"):
            st.markdown(f"**{common.escape(preview.title)}**")
            st.caption(common.escape(describe(preview)))


def describe(preview: local_copy.Preview) -> str:
    """“12:40 · archive.org · about 45 MB”: what is known of it before it is fetched."""
    length = clock(preview.duration_ms, tenths=False) if preview.duration_ms else ""
    size = f"about {max(round(preview.size_bytes / 1e6), 1)} MB" if preview.size_bytes else ""
    return " · ".join(part for part in (length, preview.site, size) if part)


def offer_start(preview: local_copy.Preview) -> None:
    """Fill in where the link says that it begins, once, and nowhere over what somebody wrote."""
    if preview.start_ms and st.session_state.get("start_offered") != preview.link and not st.session_state.get("start"):
        st.session_state["start"] = clock(preview.start_ms, tenths=False)
        st.session_state["start_offered"] = preview.link


def check_start(preview: local_copy.Preview, start_ms: int) -> None:
    """Raise SettingError when the part asked for begins after the video's end."""
    if preview.duration_ms and start_ms >= preview.duration_ms:
        end = clock(preview.duration_ms)
        raise SettingError(f"The video ends at {end}. Choose an earlier start than {clock(start_ms)}.")


def offer_films() -> suggestions.Film | None:
    """Offer the films on an empty shelf and return the one that was chosen; hosted, they are too long to fetch."""
    if limits.is_hosted():
        return None
    chosen = None
    st.caption("Or a scene from a film in the public domain; the whole film is fetched once, and the scene is read.")
    with st.grid(min_column_width=280):
        for number, film in enumerate(suggestions.films()):
            with st.container(gap="xxsmall"):
                if st.button(film.title, icon=":material/movie:", key=f"try_{number}", type="tertiary"):
                    chosen = film
                st.caption(common.escape(f"{film.kind}. {film.start} to {film.end} of {limits.site_name(film.link)}."))
    return chosen
