"""One's own words for a story: the fields, and what stands in them when the story is made."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import streamlit as st

from core.export import kinds, story
from core.export.kinds import Choices
from core.model import Scene
from core.store.scenes import Store

LATE_S = 0.3
"""Words come as their field is left. The press that takes the story leaves it too, and may be answered before them."""

Words = dict[str, str]
"""Place in the story → one's own words."""


def fields(scene: Scene) -> Words:
    """Ask for the words; return them as they are, in a dict that those to come are written into as well."""
    said: Words = st.session_state.setdefault(f"story_of_{scene.id}", {})
    for place, label in story.PLACES.items():
        key = f"story_{scene.id}_{place}"
        hear: dict[str, Any] = {
            "key": key,
            "persist_state": "session",
            "on_change": _keep_words,
            "args": [said, place, key],
        }
        if place == "title":
            st.text_input(label, max_chars=200, **hear)
        else:
            st.text_area(label, height=80, max_chars=story.MOST_SIGNS, **hear)
        _keep_words(said, place, key)
    return said


def _keep_words(said: Words, place: str, key: str) -> None:
    said[place] = st.session_state[key] or ""


def make_story(said: Words, store: Store, scene: Scene, kind: str, wanted: Choices) -> bytes:
    """The story with the words that were typed last; called when it is taken, beside the page's script."""
    time.sleep(LATE_S)
    return kinds.export_scene(store, scene, kind, replace(wanted, said=dict(said)))
