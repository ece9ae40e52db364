"""The charts of a comparison, for those who take them along: lanes, a strip per scene, differences, means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd

from core.analysis import compare
from core.analysis.compare import Axis
from core.charts import compare_lanes, compare_means, compare_views, marks
from core.charts.compare_lanes import Lane, Mark
from core.charts.palette import GROUND
from core.export.vega import spec
from core.language import ENGLISH
from core.model import Person
from core.shelf.scene_view import SceneView

WIDE, NARROW = 1100, 700
"""Width of what lies on the axis, and of the means, px."""


@dataclass(frozen=True)
class ComparedSide:
    """One side of a comparison: a scene, or one person of it, as it is looked at, on the common axis."""

    view: SceneView
    """Of that person alone, where there is one."""
    share: bool
    """Whether the axis is in % of the scene; else in s."""
    person: Person | None = None
    whole: bool = False
    """Whether its curve shows what was dropped as well."""

    @property
    def title(self) -> str:
        """The scene's title, and who of it."""
        title = self.view.scene.title
        return f"{title}, {self.person.name}" if self.person else title

    @property
    def axis(self) -> Axis:
        """How it lies on the common axis."""
        samples = self.view.timeline.samples
        return Axis(samples[0].t_ms, samples[-1].t_ms, self.share)

    @cached_property
    def curve(self) -> pd.DataFrame:
        """As from ``tables.curve``."""
        return self.view.curve(whole=self.whole)

    @cached_property
    def lane(self) -> Lane:
        """Its curve and its open doubts on the axis, these where the curve passes."""
        axis, found = self.axis, self.view.marks()
        left = found[found["state"] == marks.OPEN].merge(self.curve[["t_ms", "emotion", "score"]], "left")
        places = {"at": "start_ms", "end_at": "end_ms", "apex_at": "t_ms"}
        on_axis = {name: axis.place(left[column]) for name, column in places.items()}
        doubts = left.assign(**on_axis, score=left["score"].fillna(left["height"]))
        return Lane(compare.add_axis_places(self.curve, axis), doubts)


def specs(
    sides: Sequence[ComparedSide], column: str, theme: str, words: Mapping[str, str] = ENGLISH
) -> dict[str, dict[str, Any]]:
    """Return every chart's name and its Vega-Lite specification, each with its scenes' names above it.

    ``column`` are the means that are drawn: "everything" or "yours".
    """
    curves, axes, titles = [one.curve for one in sides], [one.axis for one in sides], [one.title for one in sides]
    on: dict[str, Any] = {"end": max(axis.end for axis in axes), "share": axes[0].share, "theme": theme, "words": words}
    lanes = [one.lane for one in sides]
    order, found = compare.rank_by_difference(curves, axes), compare.find_meetings(curves, axes)
    met = [Mark(one.at, word) for one, word in zip(found or (), ("alike", "unlike"), strict=False)]
    bars = compare_means.dumbbells(compare.mean_gaps([one.view.means() for one in sides], column), theme, words)
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
    return [
        *(f"{word}: {title}" for word, title in zip(words, titles, strict=False)),
        "thin: 95 % interval, from about 30 s on",
    ]


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
