"""The layers that the charts are made of: lines, marks and words of emotions, cuts, spans and the picked moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts import spacing
from core.charts.palette import DASH, GROUND, PALETTE, SHAPE, STAR, TAUGHT, TAUGHT_WIDTH, WIDTH, dash, shorten
from core.language import ENGLISH
from core.model import EMOTIONS

SCORES = alt.Scale(domain=[0, 1], nice=False)

LABEL_GAP = 0.072
"""Least distance of two labels at the right end, in scores: one line of 12 px type on a strip 260 px high."""

ROOM = 0.05
"""Share of the strip's length that the words of a span need for themselves; where two would meet, one is left out."""


def emotion_scale(values: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> alt.Scale:
    """A scale that gives every emotion its own value, whichever of them are drawn; ``more``: taught ones’."""
    told = {**{emotion: values[emotion] for emotion in EMOTIONS}, **(more or {})}
    return alt.Scale(type="ordinal", domain=list(told), range=list(told.values()))


def hue(theme: str, more: Sequence[str] = ()) -> alt.Color:
    """The emotion's colour; every layer of a chart is told the same taught emotions."""
    return alt.Color("emotion:N", scale=emotion_scale(PALETTE[theme], dict.fromkeys(more, TAUGHT[theme])), legend=None)


def shape(more: Sequence[str] = ()) -> alt.Shape:
    """The emotion's mark."""
    return alt.Shape("emotion:N", scale=emotion_scale(SHAPE, dict.fromkeys(more, STAR)), legend=None)


def add_labels(rows: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    """The rows with ``label``, what people read for their emotion; a taught one keeps its own name, if it is short."""
    return rows.assign(label=rows["emotion"].map(lambda name: words.get(name) or shorten(name)))


def time_axis(curve: pd.DataFrame, theme: str) -> alt.X:
    """Seconds, written as m:ss, over exactly the moments there are."""
    start_s, end_s = (float(curve["t_s"].min()), float(curve["t_s"].max())) if len(curve) else (0.0, 1.0)
    end_s = max(end_s, start_s + 0.1)
    values = spacing.ticks(start_s, end_s)
    axis = _axis(
        theme, values=values, labelExpr=spacing.clock_expression(values), labelPadding=10, labelSeparation=6, grid=False
    )
    return alt.X("t_s:Q", scale=alt.Scale(domain=[start_s, end_s], nice=False), axis=axis)


def score_axis(theme: str) -> alt.Y:
    """Scores from 0 to 1 with three grid lines."""
    axis = _axis(theme, values=[0, 0.5, 1], format="~g", labelPadding=8, grid=True, gridColor=GROUND[theme].border)
    return alt.Y("score:Q", scale=SCORES, axis=axis)


def _axis(theme: str, **own: Any) -> alt.Axis:
    """Every axis is labels only."""
    look: dict[str, Any] = {"title": None, "domain": False, "ticks": False, "labelFlush": False, "labelBound": False}
    return alt.Axis(labelColor=GROUND[theme].muted, labelFontSize=12, **look, **own)


def lines(
    curve: pd.DataFrame, x: alt.X, y: alt.Y, theme: str, *, faint: bool = False, more: Sequence[str] = ()
) -> alt.Chart:
    """One line per emotion and run; ``faint`` draws them thin and at 40 %."""
    drawn = alt.Chart(curve).mark_line(strokeJoin="round", opacity=0.4 if faint else 1)
    width = (
        alt.value(1)
        if faint
        else alt.StrokeWidth("emotion:O", scale=emotion_scale(WIDTH, dict.fromkeys(more, TAUGHT_WIDTH)), legend=None)
    )
    dashes = emotion_scale(DASH, {name: dash(place) for place, name in enumerate(more)})
    return drawn.encode(
        x,
        y,
        hue(theme, more),
        alt.StrokeDash("emotion:N", scale=dashes, legend=None),
        alt.Detail("run:N"),
        strokeWidth=width,
    )


def lone_moments(curve: pd.DataFrame, x: alt.X, y: alt.Y, theme: str, *, more: Sequence[str] = ()) -> alt.Chart:
    """Moments with nothing beside them in their run: a line through one point shows nothing, so a mark stands there."""
    alone = curve[~curve.duplicated(["emotion", "run"], keep=False)]
    return alt.Chart(alone).mark_point(filled=True, opacity=1, size=26).encode(x, y, hue(theme, more), shape(more))


def summits(curve: pd.DataFrame, x: alt.X, y: alt.Y, theme: str, *, more: Sequence[str] = ()) -> alt.Chart:
    """Each emotion's mark on its highest moment, so that a line is known without its colour."""
    highest = curve.loc[curve.groupby("emotion")["score"].idxmax()]
    mark = alt.Chart(highest).mark_point(filled=True, opacity=1, size=80)
    return mark.encode(x, y, hue(theme, more), shape(more))


def end_labels(
    curve: pd.DataFrame,
    x: alt.X,
    y: alt.Y,
    theme: str,
    *,
    more: Sequence[str] = (),
    words: Mapping[str, str] = ENGLISH,
    low: float = 0.0,
    gap: float = LABEL_GAP,
) -> list[alt.Chart]:
    """Mark and word at the right end of each line, in place of a legend.

    Scores reach from ``low`` to 1; no two labels are nearer to each other than ``gap`` of that.
    """
    last = curve.loc[curve.groupby("emotion")["t_ms"].idxmax()]
    shares = spacing.space_out(((last["score"] - low) / (1 - low)).tolist(), gap)
    apart = last.assign(score=[low + share * (1 - low) for share in shares])
    placed = alt.Chart(add_labels(apart, words))
    word = placed.mark_text(align="left", dx=24, fontSize=12, color=GROUND[theme].text).encode(
        x, y, alt.Text("label:N")
    )
    return [
        placed.mark_point(filled=True, opacity=1, size=60, xOffset=14).encode(x, y, hue(theme, more), shape(more)),
        word,
    ]


def gap_spans(gaps: pd.DataFrame | None, curve: pd.DataFrame, x: alt.X, theme: str) -> list[alt.Chart]:
    """Where nobody is: a span of surface, named above the strip where there is room for the words."""
    if gaps is None or gaps.empty or curve.empty:
        return []
    first, last = curve["t_s"].min(), curve["t_s"].max()
    shown = gaps.clip(first, last).rename(columns={"start_s": "t_s"})
    middles = spacing.drop_crowded(((shown["t_s"] + shown["end_s"]) / 2).tolist(), ROOM * (last - first))
    span = alt.Chart(shown).mark_rect(color=GROUND[theme].surface, opacity=1).encode(x, alt.X2("end_s:Q"))
    words = alt.Chart(pd.DataFrame({"t_s": middles})).mark_text(text="no face", dy=-10, fontSize=12)
    return [span, words.encode(x, y=alt.value(0), color=alt.value(GROUND[theme].muted))]


def cut_lines(cuts: Sequence[int], x: alt.X, theme: str) -> list[alt.Chart]:
    """A thin upright line at each cut, ms."""
    if not cuts:
        return []
    at = alt.Chart(pd.DataFrame({"t_s": [ms / 1000 for ms in cuts]}))
    return [at.mark_rule(color=GROUND[theme].muted, opacity=0.5, strokeWidth=1).encode(x)]


def click_targets(curve: pd.DataFrame, x: alt.X, words: Mapping[str, str] = ENGLISH) -> alt.Chart:
    """Unseen points, one per moment: a click anywhere picks the nearest, and resting on one tells its scores."""
    pick = alt.selection_point(name="pick", fields=["t_s"], nearest=True, on="click", empty=False)
    told = [alt.Tooltip("time:N"), *(alt.Tooltip(f"{emotion}:N", title=words[emotion]) for emotion in EMOTIONS)]
    unseen = alt.Chart(spacing.pickable_moments(curve)).mark_point(opacity=0, size=1)
    return unseen.encode(x, y=alt.value(0), tooltip=told).add_params(pick)


def layer_chart(parts: Sequence[alt.Chart], height: int) -> alt.LayerChart:
    """The layers as one chart without a frame, on the page's own ground; made in one go, since each copy costs.

    Points and rules without a row are left out: to a screen reader their group is a picture without a word. Lines
    without one stay, for their axes.
    """
    shown = [part for part in parts if len(part.data) or part.mark.type == "line" or part.params is not alt.Undefined]
    config = alt.Config(view=alt.ViewConfig(strokeWidth=0))
    return alt.LayerChart(layer=shown, height=height, background="transparent", config=config)
