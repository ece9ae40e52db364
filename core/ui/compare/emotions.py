"""Emotions of one's own in a comparison: which of them stand beside the seven, and what is doubted about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import pandas as pd
import streamlit as st

from core.charts import marks
from core.emotions.doubts import own_reader
from core.ui import common, emotions, wording
from core.ui.compare import sides
from core.ui.compare.sides import Shown

NONE = "-"
"""What the address says where none of them is chosen; no emotion is called that."""


def switch(shown: Sequence[Shown]) -> None:
    """Choose which of them are drawn; nothing where nothing was taught."""
    names = list(dict.fromkeys(chain.from_iterable(emotions.names(one.scene) for one in shown)))
    if not names:
        return
    st.pills(
        "Emotions of your own",
        names,
        selection_mode="multi",
        format_func=wording.marked_name,
        label_visibility="collapsed",
        **common.bind("own", [name for name in names if sides.is_chosen(name)], lambda some: _own_param(some, names)),
    )


def _own_param(some: Sequence[str], names: Sequence[str]) -> str:
    """The choice as it stands in the address; all of them are no choice."""
    return "" if len(some) == len(names) else ",".join(some) or NONE


def doubts(one: Shown) -> Iterator[pd.DataFrame]:
    """The marks of each chosen one."""
    for name in one.own:
        found = emotions.suspects(one.scene, name)
        yield marks.mark_table(found, one.known.verdicts, own_reader(name), one.who)


def explain_missing(shown: Sequence[Shown]) -> None:
    """A quiet line for each scene in which they cannot be shown, with what to do."""
    for scene in {one.scene.id: one.scene for one in shown}.values():
        emotions.explain_missing(scene)
