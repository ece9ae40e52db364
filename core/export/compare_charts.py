"""The charts of a comparison, for those who take them along: lanes, a strip per scene, differences, means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from core.analysis import compare
from core.analysis.compare import Axis
from core.charts import compare_lanes, compare_means, compare_views, marks
from core.charts.compare_lanes import Lane, Mark
from core.charts.palette import GROUND
from core.export.scene_charts import Charts
from core.export.vega import spec
from core.language import ENGLISH
from core.model import Person

WIDE, NARROW = 1100, 700
"""Width of what lies on the axis, and of the means, px."""


class Sided(NamedTuple):
    """One side of a comparison with what its charts are made of."""

    title: str
    curve: pd.DataFrame
    """As from ``tables.curve``."""
    axis: Axis
    marks: pd.DataFrame
    """Its open doubts on the axis, as ``compare_charts.Lane`` wants them."""
    means: pd.DataFrame
    """As from ``means.means_table``."""


def side(charts: Charts, *, share: bool, person: Person | None = None, dropped: bool = False) -> Sided:
    """Return a scene, or one person of it, as one side of a comparison, on an axis in % of the scene or in s.

    With ``dropped`` its curve shows what was dropped as well.
    """
    who, samples = person.who if person else None, charts.timeline.samples
    axis = Axis(samples[0].t_ms, samples[-1].t_ms, share)
    curve = charts.curve(() if dropped else charts.verdicts, who)
    title = f"{charts.scene.title}, {person.name}" if person else charts.scene.title
    return Sided(title, curve, axis, open_marks(charts.marks(who), curve, axis), charts.mean_table(who=who))


def open_marks(found: pd.DataFrame, curve: pd.DataFrame, axis: Axis) -> pd.DataFrame:
    """Return the open ones of ``marks.mark_table`` on the axis, ``score`` where the curve passes."""
    left = found[found["state"] == marks.OPEN].merge(curve[["t_ms", "emotion", "score"]], "left")
    places = {"at": "start_ms", "end_at": "end_ms", "apex_at": "t_ms"}
    return left.assign(
        **{name: axis.place(left[column]) for name, column in places.items()},
        score=left["score"].fillna(left["height"]),
    )


def specs(
    sides: Sequence[Sided], column: str, theme: str, words: Mapping[str, str] = ENGLISH
) -> dict[str, dict[str, Any]]:
    """Return every chart's name and its Vega-Lite specification, each with its scenes' names above it.

    ``column`` are the means that are drawn: "everything" or "yours".
    """
    curves, axes, titles = [one.curve for one in sides], [one.axis for one in sides], [one.title for one in sides]
    on: dict[str, Any] = {"end": max(axis.end for axis in axes), "share": axes[0].share, "theme": theme, "words": words}
    lanes = [Lane(compare.add_axis_places(one.curve, one.axis), one.marks) for one in sides]
    order, found = compare.rank_by_difference(curves, axes), compare.find_meetings(curves, axes)
    met = [Mark(one.at, word) for one, word in zip(found or (), ("alike", "unlike"), strict=False)]
    bars = compare_means.dumbbells(compare.mean_gaps([one.means for one in sides], column), theme, words)
    made = {
        "lanes": _with_caption(compare_lanes.lanes(lanes, order, marks=met, **on), theme, WIDE, line_captions(titles)),
        "scene-by-scene": spec(compare_views.strips(lanes, titles, **on), theme, WIDE),
        "means": _with_caption(bars, theme, NARROW, point_captions(titles)),
    }
    if len(sides) > 1:
        apart = compare_views.difference(compare_views.differences(curves, axes), order, **on)
        made["difference"] = _with_caption(apart, theme, WIDE, difference_captions(titles))
    return made


def line_captions(titles: Sequence[str]) -> list[str]:
    """Which line is whose."""
    return [f"{word}: {title}" for word, title in zip(compare_lanes.LINES, titles, strict=False)]


def point_captions(titles: Sequence[str]) -> list[str]:
    """Which point is whose."""
    words = ("filled", "hollow", *(str(place) for place in range(3, len(titles) + 1)))
    return [*(f"{word}: {title}" for word, title in zip(words, titles, strict=False)), "thin: 95 % interval"]


def difference_captions(titles: Sequence[str]) -> list[str]:
    """What a difference is, and which line is against whom."""
    first, *others = titles
    words = ("filled", *compare_lanes.LINES[2:])
    against = [f"{word}: against {title}" for word, title in zip(words, others, strict=False)]
    return [f"above the line more in {first}, below it less; half a lane is 1", *against]


def _with_caption(chart: alt.LayerChart, theme: str, width: int, said: Sequence[str]) -> dict[str, Any]:
    """The chart under a line that says whose its marks are, as many rows of it as it takes."""
    look = {"anchor": "start", "fontSize": 13, "fontWeight": 400, "color": GROUND[theme].muted, "offset": 14}
    rows: list[str] = []
    for part in said:
        if rows and len(rows[-1]) + len(part) < width / 7.5:
            rows[-1] += f" · {part}"
        else:
            rows.append(part)
    return {**spec(chart, theme, width), "title": {"text": rows, "limit": width, **look}}
