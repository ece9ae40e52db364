"""Who shows what, as a chart: a row for everybody, or for everybody in company, a column per emotion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from core.charts.layers import add_labels, hue, layer_chart, shape
from core.charts.palette import GROUND
from core.language import ENGLISH
from core.model import EMOTIONS

ROW_PX, HEAD_PX = 40, 24
"""Height of a row, and of the heads above the rows."""

NAME_PX = 220
"""Room left of the numbers for a name and what is told below it."""

FULL = 0.86
"""Share of its column that the bar of a mean of 1 takes."""


def means_by_person(table: pd.DataFrame, theme: str = "dark", words: Mapping[str, str] = ENGLISH) -> alt.LayerChart:
    """A row for each of ``table``: ``who``, ``told`` below it, and a bar with its number for every emotion's mean.

    Means are 0–1; “–” where one is not known. ``words`` are the emotions' names for people.
    """
    cells, ground = _cells(table, words), GROUND[theme]
    y = alt.Y("row:O", sort=None, axis=None, scale=alt.Scale(padding=0))
    reach: list[Any] = [NAME_PX, alt.ExprRef("width")]
    x = alt.X("start:Q", scale=alt.Scale(domain=[0, len(EMOTIONS)], range=reach, nice=False), axis=None)
    every, whose = alt.Chart(cells), alt.Chart(cells.drop_duplicates("row"))
    heads = alt.Chart(cells.drop_duplicates("emotion"))
    above, left = alt.value(-HEAD_PX / 2), alt.value(0)
    known = alt.Chart(cells.dropna(subset=["mean"]))
    parts = [
        heads.mark_point(filled=True, opacity=1, size=70, xOffset=4).encode(x, hue(theme), shape(), y=above),
        _text(heads, theme, dx=14).encode(x, alt.Text("label:N"), y=above),
        whose.mark_rule(color=ground.border, yOffset=-ROW_PX / 2).encode(y, x=left, x2=alt.value("width")),
        _text(whose, theme, fontSize=13, dy=-7, limit=NAME_PX - 16).encode(y, alt.Text("who:N"), x=left),
        _text(whose, theme, dy=9, limit=NAME_PX - 16, color=ground.muted).encode(y, alt.Text("told:N"), x=left),
        _text(every, theme, dy=-7).encode(x, y, alt.Text("word:N")),
        known.mark_bar(height=7, yOffset=8).encode(x, alt.X2("end:Q"), y, hue(theme)),
    ]
    return layer_chart(parts, len(table) * ROW_PX)


def _cells(table: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    """A row per cell: whose, which emotion, where its bar begins and ends."""
    named = table[["who", "told", *EMOTIONS]].reset_index(drop=True).rename_axis("row").reset_index()
    cells = named.melt(["row", "who", "told"], list(EMOTIONS), "emotion", "mean").sort_values("row", kind="stable")
    start = cells["emotion"].map({name: float(place) for place, name in enumerate(EMOTIONS)})
    said = cells["mean"].map(lambda mean: "–" if pd.isna(mean) else f"{mean:.3f}")
    return add_labels(cells.assign(start=start, end=start + FULL * cells["mean"], word=said), words)


def _text(chart: alt.Chart, theme: str, **look: Any) -> alt.Chart:
    plain: dict[str, Any] = {"align": "left", "fontSize": 12, "color": GROUND[theme].text}
    return chart.mark_text(**(plain | look))
