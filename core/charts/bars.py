"""The bar charts: the means of a scene, and what one or two readers say of one face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from core.charts.layers import add_labels, hue, layer_chart, shape
from core.charts.palette import GROUND
from core.language import ENGLISH
from core.model import own_emotions

ROW_PX = 26
"""Height of one emotion's row."""

WORD_PX = 92
"""Room left of the means for mark and word."""

HEAD_PX = 28
"""Room for the heads of the columns."""

MEANS = ("everything", "automatic", "yours")
COLUMNS = (
    ("everything word", "all", 0.6),
    ("automatic word", "without doubtful", 0.75),
    ("yours word", "after review", 0.89),
    ("moved", "change", 1.0),
)
"""What stands in a column, its head, and where it ends, as a share of the width."""

GUTTER = 0.4
"""Half the room in the middle of the readers' bars for mark and word, in scores."""

SIDE = 0.24
"""Room beyond a full bar for its number, in scores."""


def means(table: pd.DataFrame, theme: str = "dark", words: Mapping[str, str] = ENGLISH) -> alt.LayerChart:
    """A row per emotion of ``means.means_table``: where its mean lies, with and without what was dropped, and numbers.

    A ring is everything, a filled mark yours, the thick bar its 95 % interval where there is one;
    "–" where no face is left. ``words`` are the emotions' names for people.
    """
    shown = add_labels(table, words).assign(
        **{f"{name} word": table[name].map("{:.3f}".format).where(table[name].notna(), "–") for name in MEANS},
        moved=table["change"].map(signed_number),
    )
    rows, y, ground, more = alt.Chart(shown), _rows(shown), GROUND[theme], own_emotions(table["emotion"])
    longest = max(0.1, *table[["everything", "yours", "everything_high", "yours_high"]].max().fillna(0))
    x = alt.X(
        "yours:Q", scale=alt.Scale(domain=[0, longest], range=[WORD_PX, _share_of_width(0.46)], nice=False), axis=None
    )
    ring, low = x.copy(), x.copy()
    ring.shorthand, low.shorthand = "everything:Q", "yours_low:Q"
    parts = [
        rows.mark_rule(color=ground.border).encode(y, x=alt.value(WORD_PX), x2=alt.value(_share_of_width(0.46))),
        alt.Chart(shown.dropna(subset="yours_low"))
        .mark_bar(height=7, opacity=0.45)
        .encode(low, alt.X2("yours_high:Q"), y, hue(theme, more)),
        rows.mark_point(filled=True, opacity=1, size=80).encode(x, y, hue(theme, more), shape(more)),
        rows.mark_point(opacity=1, size=110, strokeWidth=1.5, shape="circle", color=ground.text).encode(ring, y),
        rows.mark_point(filled=True, opacity=1, size=80).encode(y, hue(theme, more), shape(more), x=alt.value(8)),
        _text(rows, theme, align="left").encode(y, alt.Text("label:N"), x=alt.value(22)),
    ]
    return layer_chart([*parts, *_numbers(rows, y, theme)], len(table) * ROW_PX + HEAD_PX)


def _numbers(rows: alt.Chart, y: alt.Y, theme: str) -> list[alt.Chart]:
    """The columns of numbers, yours in bold, each below its head."""
    parts = []
    for field, head, place in COLUMNS:
        look = {"fontWeight": 600} if field.startswith("yours") else {}
        at = alt.value(_share_of_width(place))
        parts.append(_text(rows, theme, align="right", **look).encode(y, alt.Text(f"{field}:N"), x=at))
        above = alt.Chart(pd.DataFrame({"head": [head]}))
        up = -10 - 15 * head.count(" ")
        told = _text(above, theme, align="right", fontSize=12, color=GROUND[theme].muted, dy=up, lineBreak=" ")
        parts.append(told.encode(alt.Text("head:N"), x=at, y=alt.value(0)))
    return parts


def _share_of_width(of: float) -> alt.ExprRef:
    """A place across the chart, however wide it is."""
    return alt.ExprRef(f"width * {of}")


def signed_number(change: float) -> str:
    """``+0.009``, ``−0.003``, ``0.000``; “–” where it is not known."""
    if pd.isna(change):
        return "–"
    told = f"{abs(change):.3f}"
    return told if float(told) == 0 else ("+" if change > 0 else "−") + told


def readers(
    readings: pd.DataFrame,
    theme: str = "dark",
    names: Mapping[str, str] | None = None,
    doubted: tuple[str, str] | None = None,
    words: Mapping[str, str] = ENGLISH,
) -> alt.LayerChart:
    """What the first two readers say of one face, as bars from a common middle; one reader has plain bars.

    ``readings`` as from ``tables.readings``; rows follow the first reader's scores, whiskers are one spread either way.
    ``names`` gives the words above the bars, where a reader's own name will not do; the bar of ``doubted``, a reader
    and an emotion, is hollow. ``words`` are the emotions' names for people.
    """
    placed = _place_bars(readings)
    y = _rows(placed)
    reach = 1 + GUTTER + SIDE
    scale = alt.Scale(domain=[-reach if (placed["side"] < 0).any() else -GUTTER, reach], nice=False)
    x = alt.X("start:Q", scale=scale, axis=None)
    middle = alt.Chart(add_labels(placed, words).drop_duplicates("emotion").assign(start=-GUTTER))
    whose, what = doubted or ("", "")
    hollow = (placed["reader"] == whose) & (placed["emotion"] == what)
    parts = [
        alt.Chart(placed[~hollow]).mark_bar(height=14, cornerRadius=2).encode(x, alt.X2("end:Q"), y, hue(theme)),
        alt.Chart(placed[hollow])
        .mark_bar(height=13, cornerRadius=2, filled=False, strokeWidth=2)
        .encode(x, alt.X2("end:Q"), y, hue(theme)),
        *_whiskers(placed, scale, y, theme),
        middle.mark_point(filled=True, opacity=1, size=80, xOffset=14).encode(x, y, hue(theme), shape()),
        _text(middle, theme, align="left", dx=26).encode(x, y, alt.Text("label:N")),
        *_numbers_and_names(placed, scale, y, theme, names or {}),
    ]
    return layer_chart(parts, placed["emotion"].nunique() * ROW_PX)


def _place_bars(readings: pd.DataFrame) -> pd.DataFrame:
    """The first two readers' rows with where each bar, whisker and number goes; -1 is left of the middle."""
    two = readings["reader"].unique()[:2]
    shown = readings[readings["reader"].isin(two)]
    side = (shown["reader"] == two[-1]) * 2 - 1 if len(two) else 1
    first = shown[shown["reader"] == two[0]].sort_values("score", ascending=False)["emotion"] if len(two) else []
    spread = shown["spread"].fillna(0)
    placed = shown.assign(
        side=side,
        start=side * GUTTER,
        end=side * (GUTTER + shown["score"]),
        low=side * (GUTTER + (shown["score"] - spread).clip(0, 1)),
        high=side * (GUTTER + (shown["score"] + spread).clip(0, 1)),
        top=shown["score"] == shown.groupby("reader")["score"].transform("max"),
    )
    return placed.sort_values("emotion", key=lambda names: names.map({e: place for place, e in enumerate(first)}))


def _whiskers(placed: pd.DataFrame, scale: alt.Scale, y: alt.Y, theme: str) -> list[alt.Chart]:
    """One spread either way, on a halo of the ground so that it is seen on a bar of any colour."""
    known = alt.Chart(placed.dropna(subset="spread"))
    x = alt.X("low:Q", scale=scale, axis=None)
    strokes = ((GROUND[theme].background, 4), (GROUND[theme].text, 1.5))
    return [known.mark_rule(color=c, strokeWidth=width).encode(x, alt.X2("high:Q"), y) for c, width in strokes]


def _numbers_and_names(
    placed: pd.DataFrame, scale: alt.Scale, y: alt.Y, theme: str, names: Mapping[str, str]
) -> list[alt.Chart]:
    """The numbers beyond the bars, the winner's in bold, and each reader's name above its own."""
    outward: dict[str, Any] = {"align": {"expr": "datum.side < 0 ? 'right' : 'left'"}}
    numbers = _text(
        alt.Chart(placed), theme, dx={"expr": "datum.side * 7"}, fontWeight={"expr": "datum.top ? 600 : 400"}, **outward
    )
    named = placed.drop_duplicates("reader")
    heads = alt.Chart(named.assign(reader=named["reader"].map(lambda name: names.get(name, name))))
    above = _text(heads, theme, color=GROUND[theme].muted, fontWeight=600, dy=-12, **outward)
    return [
        numbers.encode(alt.X("high:Q", scale=scale, axis=None), y, alt.Text("score:Q", format=".2f")),
        above.encode(alt.X("start:Q", scale=scale, axis=None), alt.Text("reader:N"), y=alt.value(0)),
    ]


def _rows(shown: pd.DataFrame) -> alt.Y:
    """One row per emotion, in the order of the rows, without an axis: mark and word are layers of their own."""
    order = list(shown["emotion"].unique())
    return alt.Y("emotion:N", sort=order, axis=None, scale=alt.Scale(domain=order, padding=0))


def _text(chart: alt.Chart, theme: str, **look: Any) -> alt.Chart:
    """Text in the theme's text colour."""
    plain: dict[str, Any] = {"fontSize": 13, "color": GROUND[theme].text}
    return chart.mark_text(**(plain | look))
