"""Emotions of one's own in a comparison: which of them stand beside the seven, and what is doubted about them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import streamlit as st

from core.ui import common, views, wording
from core.ui.compare import sides
from core.ui.compare.sides import PageSide

NONE = "-"
"""What the address says where none of them is chosen; no emotion is called that."""


def switch(shown: Sequence[PageSide]) -> None:
    """Choose which of them are drawn; nothing where nothing was taught."""
    own = (views.own_here(one.scene).emotions for one in shown)
    names = list(dict.fromkeys(one.name for one in chain.from_iterable(own)))
    if not names:
        return
    st.pills(
        "Emotions of your own",
        names,
        selection_mode="multi",
        format_func=wording.marked_name,
        label_visibility="collapsed",
        **common.bind(
            "own",
            [name for name in names if sides.is_chosen(name)],
            lambda some: "" if len(some) == len(names) else ",".join(some) or NONE,
        ),
    )


def explain_missing(shown: Sequence[PageSide]) -> None:
    """A quiet line for each scene in which they cannot be shown, with what to do."""
    for scene in {one.scene.id: one.scene for one in shown}.values():
        views.explain_missing(scene)
