"""The means of a comparison: a row per emotion, every side a mark on it, the gap between them told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.bars import signed_number
from core.charts.compare_lanes import WORD_PX, with_field
from core.charts.layers import add_labels, hue, layer_chart, shape
from core.charts.palette import GROUND
from core.language import ENGLISH
from core.model import EMOTIONS, own_emotions

ROW_PX, BELOW_PX = 30, 11
"""Height of a row, and how far below its points the numbers of the third and later sides stand."""

NEAR = 0.04
"""Numbers nearer than this share of the longest mean would lie on each other."""


def dumbbells(table: pd.DataFrame, theme: str = "dark", words: Mapping[str, str] = ENGLISH) -> alt.LayerChart:
    """A row per emotion of ``compare.mean_gaps``, in its order: each side’s mean with its interval, and the gap.

    The first side is filled in the emotion's colour, the second hollow in text colour, from the third on a number.
    ``words`` are the emotions' names for people.
    """
    shown = add_labels(table, words).assign(
        word=table["gap"].map(signed_number), number=(table["side"] + 1).astype("str")
    )
    if table["side"].nunique() != 2:
        told = table["gap"] if table["side"].nunique() > 2 else table["mean"]
        shown["word"] = told.map(lambda number: "–" if pd.isna(number) else f"{number:.3f}")
    order, more = list(dict.fromkeys(shown["emotion"])), own_emotions(shown["emotion"])
    y = alt.Y("emotion:N", sort=order, axis=None, scale=alt.Scale(domain=order, padding=0))
    longest = max(0.1, *shown["high"].fillna(0), *shown["mean"].fillna(0))
    reach = alt.ExprRef("width - 62")
    x = alt.X("mean:Q", scale=alt.Scale(domain=[0, longest], range=[WORD_PX, reach], nice=False), axis=None)
    ground = GROUND[theme]
    once = alt.Chart(shown.drop_duplicates("emotion"))
    ends = shown.groupby("emotion", sort=False)["mean"].agg(["min", "max"]).reset_index().dropna()
    between = alt.Chart(ends).mark_bar(height=4).encode(with_field(x, "min:Q"), alt.X2("max:Q"), y, hue(theme, more))
    parts = [
        once.mark_rule(color=ground.border).encode(y, x=alt.value(WORD_PX), x2=alt.value(reach)),
        alt.Chart(shown.dropna(subset="low"))
        .mark_rule(strokeWidth=2, opacity=0.55, color=ground.muted)
        .encode(with_field(x, "low:Q"), alt.X2("high:Q"), y),
        *([between] if shown["side"].nunique() > 1 else []),
        *_points(shown, x, y, theme),
        once.mark_point(filled=True, opacity=1, size=80).encode(y, hue(theme, more), shape(more), x=alt.value(8)),
        _text(once, theme, align="left").encode(y, alt.Text("label:N"), x=alt.value(22)),
        _text(once, theme, align="right").encode(y, alt.Text("word:N"), x=alt.value("width")),
    ]
    return layer_chart(parts, len(order) * ROW_PX)


def _points(shown: pd.DataFrame, x: alt.X, y: alt.Y, theme: str) -> list[alt.Chart]:
    """Every side's mean, the first one's on top."""
    ground, more = GROUND[theme], own_emotions(shown["emotion"])
    numbered, second, first = (
        alt.Chart(shown[rows]) for rows in (shown["side"] > 1, shown["side"] == 1, shown["side"] == 0)
    )
    hollow = second.mark_point(opacity=1, size=90, strokeWidth=2, fill=ground.background, stroke=ground.text)
    return [
        numbered.mark_point(filled=True, opacity=1, size=26, shape="circle", color=ground.muted).encode(x, y),
        _text(alt.Chart(_merge_near_numbers(shown)), theme, fontSize=11, dy=BELOW_PX).encode(
            x, y, alt.Text("number:N")
        ),
        first.mark_point(filled=True, opacity=1, size=90).encode(x, y, hue(theme, more), shape(more)),
        hollow.encode(x, y, shape(more)),
    ]


def _merge_near_numbers(shown: pd.DataFrame) -> pd.DataFrame:
    """The numbers of the third and later sides; those that lie near each other stand together at their middle."""
    numbered = shown[(shown["side"] > 1) & shown["mean"].notna()].sort_values(["emotion", "mean", "side"])
    far = numbered.groupby("emotion")["mean"].diff().gt(NEAR * shown["mean"].max()).cumsum()
    each = numbered.groupby([numbered["emotion"], far.rename("place")])
    said = each["number"].agg(lambda some: " ".join(sorted(some)))
    return pd.DataFrame({"mean": each["mean"].mean(), "number": said}).reset_index()


def _text(chart: alt.Chart, theme: str, **look: Any) -> alt.Chart:
    plain: dict[str, Any] = {"fontSize": 13, "color": GROUND[theme].text}
    return chart.mark_text(**(plain | look))


def describe(table: pd.DataFrame, titles: Sequence[str], words: Mapping[str, str] = ENGLISH) -> str:
    """The means in words, for those who do not see them."""
    said = []
    for name in (*EMOTIONS, *own_emotions(table["emotion"])):
        rows = table[table["emotion"] == name].sort_values("side")
        numbers = ", ".join(f"{'–' if pd.isna(mean) else f'{mean:.3f}'}" for mean in rows["mean"])
        said.append(f"{words.get(name, name)} {numbers}")
    return f"Means of {' and '.join(titles)}: {'; '.join(said)}."
