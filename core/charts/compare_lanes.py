"""The lanes of a comparison: a row per emotion, every side a line in it, on a common axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import altair as alt
import pandas as pd

from core.charts import spacing, thinning
from core.charts.doubt_layers import NARROWEST, hatching
from core.charts.layers import add_labels, hue, layer_chart, shape
from core.charts.palette import GROUND, dash
from core.language import ENGLISH
from core.model import own_emotions

LANE_PX, AXIS_PX = 60, 26
"""Height of a lane, and of the axis below the lanes."""

WORD_PX = 92
"""Room left of the lanes for mark and word."""

HIGH = 0.82
"""Share of its lane's height that a score of 1 takes."""

ROOF = 0.96
"""Share of its lane's height up to which a doubt is hatched."""

DASHES: tuple[list[float], ...] = ([1, 0], [5, 4], [1.5, 3], [10, 4, 2, 4], [9, 3], [3, 2])
"""How each side's line is broken: px drawn and px left out."""

LINES = ("filled", "dashed", "dotted", "dash and dot", "long dashes", "short dashes")
"""The same in words."""

BESIDE_PX = 56
"""A tick nearer than this to a mark gives its word up."""

CLOSE = 0.09
"""Two marks nearer than this share of the axis have their words to either side of them."""

BREAKS: Literal["break-paths-filter-domains"] = "break-paths-filter-domains"
"""A line breaks where there is no score."""

POINTS = 500
"""Points of a line: a lane is no place for more."""


class Lane(NamedTuple):
    """What one side shows in the lanes."""

    curve: pd.DataFrame
    """As from ``compare.placed``."""
    marks: pd.DataFrame
    """Its open doubts: emotion, at, end_at and apex_at on the axis, score where the line passes."""


class Mark(NamedTuple):
    """A place of the axis with a word."""

    at: float
    word: str


class _Plot(NamedTuple):
    """Where the lanes are drawn."""

    x: alt.X
    y: alt.Y
    end: float
    order: Sequence[str]
    theme: str

    @property
    def more(self) -> list[str]:
        """The emotions of one's own among them."""
        return own_emotions(self.order)

    def place_in_lanes(self, rows: pd.DataFrame, of: str) -> pd.DataFrame:
        """The rows with ``floor`` and ``roof`` of their lanes, and ``high``: how high the column ``of`` stands."""
        shown = rows[rows["emotion"].isin(list(self.order))]
        floors = {name: float(len(self.order) - 1 - place) for place, name in enumerate(self.order)}
        floor = shown["emotion"].map(floors).astype("float64")
        return shown.assign(floor=floor, high=floor + HIGH * shown[of], roof=floor + ROOF)


def line_colour(side: int, theme: str) -> str:
    """The colour of a side's line, where it is not the emotion's: text for the second, grey from the third on."""
    return GROUND[theme].text if side < 2 else GROUND[theme].muted


def line_sample(side: int, theme: str) -> str:
    """A piece of a side's line for its card, as SVG; the first side's stands for its emotions' colours."""
    dash = "" if side == 0 else f' stroke-dasharray="{" ".join(f"{px:g}" for px in DASHES[side])}"'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="36" height="12" viewBox="0 0 36 12">'
        f'<path d="M1 6H35" stroke="{line_colour(side, theme)}" stroke-width="2"{dash}/></svg>'
    )


def lanes(
    sides: Sequence[Lane],
    order: Sequence[str],
    *,
    end: float,
    share: bool,
    marks: Sequence[Mark] = (),
    theme: str,
    words: Mapping[str, str] = ENGLISH,
) -> alt.LayerChart:
    """A row per emotion in that order on one axis from 0 to ``end``, % with ``share``, else seconds.

    The first side is filled in the emotion's colour, the others are lines in text colour and grey, told apart by their
    dash. Open doubts are hatched with a hollow mark, ``marks`` stand as dotted lines with their words below.
    ``words`` are the emotions' names for people.
    """
    end = max(end, 0.1)
    y = alt.Y("floor:Q", scale=alt.Scale(domain=[0, len(order)], nice=False, zero=False), axis=None)
    on = _Plot(common_axis(end, marks, theme, share=share), y, end, order, theme)
    parts = [*_floors(on, words), *_mark_lines(marks, on)]
    for place, side in enumerate(sides):
        parts += [*_doubt_columns(side.marks, on), *_line(thinning.thin(side.curve, POINTS), place, on)]
    for place, side in enumerate(sides):
        parts += _doubt_marks(side.marks, on, filled=place == 0)
    return layer_chart(parts, len(order) * LANE_PX + AXIS_PX)


def common_axis(end: float, marks: Sequence[Mark], theme: str, *, share: bool, left_px: int = WORD_PX) -> alt.X:
    """One axis for all lanes; a tick under a mark's word has none of its own."""
    ticks = [0.0, 25.0, 50.0, 75.0, 100.0] if share else spacing.ticks(0, end, 8)
    plain = "datum.value + ' %'" if share else spacing.clock_expression(ticks)
    room = f"{BESIDE_PX * end:.4f}"
    near = [f"abs(datum.value - {mark.at:.4f}) * (width - {left_px}) < {room}" for mark in marks]
    written = f"{' || '.join(near)} ? '' : {plain}" if near else plain
    look: dict[str, Any] = {"title": None, "domain": False, "ticks": False, "grid": False, "labelFontSize": 12}
    axis = alt.Axis(
        values=ticks, labelExpr=written, labelColor=GROUND[theme].muted, labelBound=False, labelPadding=7, **look
    )
    scale = alt.Scale(domain=[0, end], range=[left_px, alt.ExprRef("width - 14")], nice=False)
    return alt.X("at:Q", scale=scale, axis=axis)


def _floors(on: _Plot, words: Mapping[str, str]) -> list[alt.Chart]:
    """A hairline under every lane, its emotion's mark and word to the left."""
    rows = pd.DataFrame({"emotion": list(on.order), "at": 0.0, "end_at": on.end, "half": 0.5})
    named, middle = alt.Chart(add_labels(on.place_in_lanes(rows, "half"), words)), with_field(on.y, "high:Q")
    return [
        named.mark_rule(color=GROUND[on.theme].border).encode(on.x, alt.X2("end_at:Q"), on.y),
        named.mark_point(filled=True, opacity=1, size=80).encode(
            middle, hue(on.theme, on.more), shape(on.more), x=alt.value(8)
        ),
        named.mark_text(align="left", fontSize=13, color=GROUND[on.theme].text).encode(
            middle, alt.Text("label:N"), x=alt.value(22)
        ),
    ]


def with_field(of: Any, field: str) -> Any:
    """The same axis for another column."""
    same = of.copy()
    same.shorthand = field
    return same


def _line(curve: pd.DataFrame, place: int, on: _Plot) -> list[alt.Chart]:
    """One side's lines, the first side's filled down to the floor; a moment alone in its run is a dot."""
    drawn, y = on.place_in_lanes(thinning.break_between_runs(curve, "at"), "score"), with_field(on.y, "high:Q")
    known, apart = alt.Chart(drawn), alt.Detail("emotion:N")
    alone = alt.Chart(on.place_in_lanes(curve[~curve.duplicated(["emotion", "run"], keep=False)], "score"))
    if place == 0:
        return [
            known.mark_area(opacity=0.24, invalid=BREAKS).encode(
                on.x, y, alt.Y2("floor:Q"), hue(on.theme, on.more), apart
            ),
            *_strokes(drawn, y, apart, on),
            alone.mark_point(filled=True, opacity=1, size=22).encode(on.x, y, hue(on.theme, on.more), shape(on.more)),
        ]
    colour = line_colour(place, on.theme)
    dashed = known.mark_line(
        strokeJoin="round", strokeWidth=1.5, strokeDash=DASHES[place], color=colour, invalid=BREAKS
    )
    dot = alone.mark_point(opacity=1, size=22, color=colour, shape="circle")
    return [dashed.encode(on.x, y, apart), dot.encode(on.x, y)]


def _strokes(drawn: pd.DataFrame, y: alt.Y, apart: alt.Detail, on: _Plot) -> list[alt.Chart]:
    """The first side's lines in the emotions' colours; those of one's own are dashed, here as everywhere."""
    dashes = {"": [1.0, 0.0]} | {name: dash(place) for place, name in enumerate(on.more)}
    whose = drawn["emotion"].where(drawn["emotion"].isin(on.more), "")
    return [
        alt.Chart(rows)
        .mark_line(strokeJoin="round", strokeWidth=2, strokeDash=dashes[str(name)], invalid=BREAKS)
        .encode(on.x, y, hue(on.theme, on.more), apart)
        for name, rows in drawn.groupby(whose, sort=False)
    ]


def _doubt_columns(marks: pd.DataFrame, on: _Plot) -> list[alt.Chart]:
    """A hatched column over every open doubt, as high as its lane."""
    if marks.empty:
        return []
    shown = on.place_in_lanes(marks, "score")
    lacking = (NARROWEST * 1.6 * on.end - (shown["end_at"] - shown["at"])).clip(lower=0) / 2
    wide = shown.assign(at=(shown["at"] - lacking).clip(0, on.end), end_at=(shown["end_at"] + lacking).clip(0, on.end))
    column = alt.Chart(wide).mark_image(url=hatching(on.theme), aspect=False)
    return [column.encode(on.x, alt.X2("end_at:Q"), on.y, alt.Y2("roof:Q"))]


def _doubt_marks(marks: pd.DataFrame, on: _Plot, *, filled: bool) -> list[alt.Chart]:
    """The emotion's mark, empty, in the colour of doubt; that of a line that is not filled is smaller."""
    if marks.empty:
        return []
    shown = alt.Chart(on.place_in_lanes(marks, "score").assign(at=marks["apex_at"]))
    mark = shown.mark_point(opacity=1, size=110 if filled else 70, strokeWidth=2, fill=GROUND[on.theme].background)
    return [mark.encode(on.x, with_field(on.y, "high:Q"), shape(on.more), stroke=alt.value(GROUND[on.theme].marker))]


def _mark_lines(marks: Sequence[Mark], on: _Plot) -> list[alt.Chart]:
    """A dotted upright line at each mark, its word on the axis."""
    if not marks:
        return []
    ranked = sorted(marks)
    close = len(ranked) > 1 and ranked[-1].at - ranked[0].at < CLOSE * on.end
    ink = GROUND[on.theme].text
    rule = alt.Chart(pd.DataFrame(ranked)).mark_rule(color=ink, strokeDash=[1, 3], opacity=0.8)
    parts = [rule.encode(on.x)]
    sides: tuple[Literal["right", "left"], ...] = ("right", "left")
    for place, mark in enumerate(ranked):
        align: Literal["right", "left", "center"] = sides[place] if close else "center"
        word = alt.Chart(pd.DataFrame([mark])).mark_text(align=align, dy=13, fontSize=12, color=ink)
        parts.append(word.encode(on.x, alt.Text("word:N"), y=alt.value("height")))
    return parts
