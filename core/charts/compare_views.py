"""Other views of a comparison: a strip per scene, and what the first scene shows more or less of than the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import altair as alt
import pandas as pd

from core.analysis import compare, tables
from core.analysis.compare import Axis
from core.charts import thinning
from core.charts.compare_lanes import AXIS_PX, DASHES, LANE_PX, POINTS, Lane, common_axis, line_colour
from core.charts.layers import add_labels, emotion_scale, hue, layer_chart, shape
from core.charts.palette import DASH, GROUND, TAUGHT_WIDTH, WIDTH, dash
from core.language import ENGLISH
from core.model import EMOTIONS, own_emotions

STRIP_PX, HEAD_PX = 118, 26
"""Height of a scene's strip, and of the emotions' names above them."""

HIGH = 0.78
"""Share of its strip's height that a score of 1 takes; above it stands the scene's title."""

SUMMIT = 0.15
"""A score that is drawn with its emotion's mark: below it all of them lie on each other."""

HALF = 0.48
"""Share of its lane's height that a difference of 1 takes."""


def strips(
    sides: Sequence[Lane],
    titles: Sequence[str],
    *,
    end: float,
    share: bool,
    theme: str,
    words: Mapping[str, str] = ENGLISH,
) -> alt.LayerChart:
    """A strip for each side under its title, every emotion a line in its colour and dash, on one axis."""
    end, count = max(end, 0.1), len(sides)
    x, y = common_axis(end, (), theme, share=share, left_px=0), _y_axis("floor:Q", count)
    drawn = pd.concat(
        [_place_on_strip(side.curve, count - 1 - place) for place, side in enumerate(sides)], ignore_index=True
    )
    more, ground = own_emotions(drawn["emotion"]), GROUND[theme]
    heads = pd.DataFrame({"at": 0.0, "end_at": end, "floor": [float(count - 1 - one) for one in range(count)]})
    named_ = alt.Chart(heads.assign(title=list(titles), roof=heads["floor"] + 1))
    lines = alt.Chart(drawn).mark_line(strokeJoin="round")
    dashes = emotion_scale(DASH, {name: dash(place) for place, name in enumerate(more)})
    widths = emotion_scale(WIDTH, dict.fromkeys(more, TAUGHT_WIDTH))
    parts = [
        named_.mark_rule(color=ground.border).encode(x, alt.X2("end_at:Q"), y),
        named_.mark_text(align="left", dy=13, fontSize=13, color=ground.text).encode(
            _y_axis("roof:Q", count), alt.Text("title:N"), x=alt.value(2)
        ),
        lines.encode(
            x, _y_axis("high:Q", count), hue(theme, more), alt.Detail(["run:N", "floor:N"]),
            alt.StrokeDash("emotion:N", scale=dashes, legend=None),
            alt.StrokeWidth("emotion:O", scale=widths, legend=None),
        ),
        *_summits(drawn, x, count, theme),
        *_heads([*EMOTIONS, *more], x, end, theme, words),
    ]  # fmt: skip
    return layer_chart(parts, count * STRIP_PX + AXIS_PX)


def _y_axis(field: str, count: int) -> alt.Y:
    return alt.Y(field, scale=alt.Scale(domain=[0, count], nice=False, zero=False), axis=None)


def _place_on_strip(curve: pd.DataFrame, floor: int) -> pd.DataFrame:
    thin = thinning.thin(curve, POINTS)
    return thin.assign(floor=float(floor), high=floor + HIGH * thin["score"])


def _summits(drawn: pd.DataFrame, x: alt.X, count: int, theme: str) -> Iterator[alt.Chart]:
    """Each emotion's mark on its highest moment in a strip, where that stands out: its line is known without colour."""
    more = own_emotions(drawn["emotion"])
    highest = drawn.loc[drawn.groupby(["floor", "emotion"])["score"].idxmax().dropna()]
    mark = alt.Chart(highest[highest["score"] >= SUMMIT]).mark_point(filled=True, opacity=1, size=70)
    yield mark.encode(x, _y_axis("high:Q", count), hue(theme, more), shape(more))


def _heads(names: Sequence[str], x: alt.X, end: float, theme: str, words: Mapping[str, str]) -> Iterator[alt.Chart]:
    """The emotions' marks and names in a row above the strips."""
    more, above = own_emotions(names), alt.value(-HEAD_PX / 2)
    placed = pd.DataFrame({"emotion": list(names), "at": [end * place / len(names) for place in range(len(names))]})
    heads = alt.Chart(add_labels(placed, words))
    yield heads.mark_point(filled=True, opacity=1, size=70, xOffset=6).encode(x, hue(theme, more), shape(more), y=above)
    room = alt.ExprRef(f"width / {len(names)} - 20")  # on a phone a long word ends in an ellipsis
    word = heads.mark_text(align="left", dx=16, fontSize=12, color=GROUND[theme].text, limit=room)
    yield word.encode(x, alt.Text("label:N"), y=above)


def differences(curves: Sequence[pd.DataFrame], axes: Sequence[Axis]) -> pd.DataFrame:
    """Return at, emotion, side, score, run: the first side's score − each other's, where both have a face.

    Both are smoothed over a second: no moment of one scene belongs to just one moment of another.
    """
    at, names = compare.axis_grid(axes), [*EMOTIONS, *compare.collect_own_emotions(curves)]
    taken = [
        compare.sample_curve(tables.smooth(one), axis, at, names)[1] for one, axis in zip(curves, axes, strict=True)
    ]
    parts = [
        pd.DataFrame(taken[0] - other, columns=names).assign(at=at, side=side)
        for side, other in enumerate(taken[1:], start=1)
    ]
    if not parts:
        return pd.DataFrame(columns=["at", "emotion", "side", "score", "run"])
    tidy = pd.concat(parts, ignore_index=True).melt(["at", "side"], names, "emotion", "score")
    gone = tidy["score"].isna()
    return tidy.assign(run=gone.groupby([tidy["emotion"], tidy["side"]]).cumsum())[~gone].reset_index(drop=True)


def difference(
    table: pd.DataFrame,
    order: Sequence[str],
    *,
    end: float,
    share: bool,
    theme: str,
    words: Mapping[str, str] = ENGLISH,
) -> alt.LayerChart:
    """A lane per emotion of ``differences`` around a firm zero: above it the first side shows more, below it less.

    The second side's is filled in the emotion's colour; from the third on they are dashed lines.
    """
    end, count, more = max(end, 0.1), len(order), own_emotions(order)
    x, y, ground = common_axis(end, (), theme, share=share), _y_axis("middle:Q", count), GROUND[theme]
    middles = {name: count - place - 0.5 for place, name in enumerate(order)}
    rows = pd.DataFrame({"emotion": list(order), "at": 0.0, "end_at": end, "middle": list(middles.values())})
    lanes = alt.Chart(add_labels(rows, words))
    shown = table[table["emotion"].isin(list(order))]
    middle = shown["emotion"].map(middles).astype("float64")
    drawn = shown.assign(middle=middle, high=middle + HALF * shown["score"].astype("float64"))
    high, apart = _y_axis("high:Q", count), alt.Detail(["emotion:N", "run:N"])
    first = alt.Chart(drawn[drawn["side"] == 1])
    dashes = emotion_scale({name: [1, 0] for name in EMOTIONS}, {name: dash(place) for place, name in enumerate(more)})
    dashed = alt.StrokeDash("emotion:N", scale=dashes, legend=None)
    parts = [
        lanes.mark_rule(color=ground.muted, opacity=0.6).encode(x, alt.X2("end_at:Q"), y),
        lanes.mark_point(filled=True, opacity=1, size=80).encode(y, hue(theme, more), shape(more), x=alt.value(8)),
        lanes.mark_text(align="left", fontSize=13, color=ground.text).encode(y, alt.Text("label:N"), x=alt.value(22)),
        first.mark_area(opacity=0.3).encode(x, high, alt.Y2("middle:Q"), hue(theme, more), apart),
        first.mark_line(strokeJoin="round", strokeWidth=1.6).encode(x, high, hue(theme, more), dashed, apart),
        *_other_lines(drawn, x, high, apart, theme),
    ]
    return layer_chart(parts, count * LANE_PX + AXIS_PX)


def _other_lines(drawn: pd.DataFrame, x: alt.X, y: alt.Y, apart: alt.Detail, theme: str) -> Iterator[alt.Chart]:
    for side, rows in drawn[drawn["side"] > 1].groupby("side"):
        place = int(str(side))
        line = alt.Chart(rows).mark_line(strokeWidth=1.4, strokeDash=DASHES[place], color=line_colour(place, theme))
        yield line.encode(x, y, apart)
