"""The player: a component of our own in plain JavaScript, what it is told, and what it tells of pauses and verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

FILES = Path(__file__).parent / "files"

SCRIPTS = (
    "numbers",
    "basics",
    "film",
    "moments",
    "taught",
    "boxes",
    "strip",
    "panel",
    "site",
    "player",
    "habits",
    "controls",
)
"""One module in this order: there is no build step, and nothing is fetched from elsewhere."""


Events = Mapping[str, Any]

_component = st.components.v2.component(
    "outtake_player",
    html=(FILES / "player.html").read_text("utf-8"),
    css=(FILES / "player.css").read_text("utf-8"),
    js="\n".join((FILES / f"{name}.js").read_text("utf-8") for name in SCRIPTS),
)


def mount_player(data: dict[str, Any], *, key: str) -> Events:
    """Mount the player and return what it said; each saying is a dictionary whose ``n`` no other has.

    ``at``: where it stopped, {"t": ms, "face": track or None}; ``show``: {"names": …}; ``smoothed``: {"on": bool}.
    These stay. ``verdict`` is there for one run: {"how": "drop" | "keep" | "undo", "peak": its written name, "t": ms}.
    So is ``stands``, once the first picture is there, where the data says that somebody ``waits`` for it.
    """
    return _component(
        key=key,
        data=data,
        on_at_change=_ignore,
        on_show_change=_ignore,
        on_smoothed_change=_ignore,
        on_verdict_change=_ignore,
        on_stands_change=_ignore,
    )


def _ignore() -> None:
    """Streamlit keeps only what somebody listens to."""
