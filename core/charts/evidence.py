"""The small charts of the evidence: the frames around a peak read again, and how much the step of sampling matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.doubt_layers import hatching
from core.charts.layers import SCORES, emotion_scale, hue, layer_chart, shape
from core.charts.palette import DASH, GROUND, WIDTH
from core.model import Peak
from core.reading.closer_look import CloserLook

CLOSER_PX, STEP_PX, AXIS_PX = 150, 20, 24
"""Height of the closer look, of one step's row, and of the axis below the rows."""

REACH_S = 0.5
"""How far the closer look's axis reaches to either side of the apex."""


def closer_look(look: CloserLook, peak: Peak, theme: str = "dark") -> alt.LayerChart:
    """The peak's emotion in every frame read again, and through moved crops; over the peak it is hatched."""
    frames = pd.DataFrame(look.again, columns=["t_ms", "score"])
    frames = frames.assign(from_s=(frames["t_ms"] - peak.apex_ms) / 1000, emotion=peak.emotion)
    reach = max([REACH_S, *frames["from_s"].abs()])
    words = "datum.value == 0 ? 'peak' : (datum.value > 0 ? '+' : '−') + format(abs(datum.value), '.1f') + ' s'"
    axis = _axis(theme, grid=False, values=[-0.4, -0.2, 0, 0.2, 0.4], labelExpr=words)
    x = alt.X("from_s:Q", scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis)
    y = alt.Y("score:Q", scale=SCORES, axis=_axis(theme, values=[0, 0.5, 1], format="~g"))
    dash = alt.StrokeDash("emotion:N", scale=emotion_scale(DASH), legend=None)
    width = alt.StrokeWidth("emotion:O", scale=emotion_scale(WIDTH), legend=None)
    seen = alt.Chart(frames)
    return layer_chart(
        [
            *_peak_column(peak, reach, x, theme),
            seen.mark_line(strokeJoin="round").encode(x, y, hue(theme), dash, width),
            seen.mark_point(filled=True, opacity=1, size=46).encode(x, y, hue(theme), shape()),
            *_moved_crops_mark(look, peak, x, y, theme),
        ],
        CLOSER_PX,
    )


def _axis(theme: str, **own: Any) -> alt.Axis:
    """Labels only."""
    look: dict[str, Any] = {"title": None, "domain": False, "ticks": False, "labelFontSize": 12}
    return alt.Axis(labelColor=GROUND[theme].muted, gridColor=GROUND[theme].border, **look, **own)


def _peak_column(peak: Peak, reach: float, x: alt.X, theme: str) -> list[alt.Chart]:
    """The moments that the peak is made of."""
    start, end = ((ms - peak.apex_ms) / 1000 for ms in (peak.start_ms, peak.end_ms))
    span = pd.DataFrame({"from_s": [max(start, -reach)], "end_s": [min(end, reach)]})
    column = alt.Chart(span).mark_image(url=hatching(theme), aspect=False, opacity=0.6)
    return [column.encode(x, alt.X2("end_s:Q"), y=alt.value(0), y2=alt.value("height"))]


def _moved_crops_mark(look: CloserLook, peak: Peak, x: alt.X, y: alt.Y, theme: str) -> list[alt.Chart]:
    """The same moment through moved crops: a hollow mark."""
    shaken = alt.Chart(pd.DataFrame({"from_s": [0.0], "score": [look.crops_score], "emotion": [peak.emotion]}))
    hollow = shaken.mark_point(opacity=1, size=130, strokeWidth=2.2, fill=GROUND[theme].background)
    return [hollow.encode(x, y, shape(), stroke=alt.value(GROUND[theme].marker))]


def sampling(
    phases: pd.DataFrame, emotions: Sequence[str], steps: Mapping[int, str], theme: str = "dark"
) -> alt.LayerChart:
    """A row per step: where the mean of each of these emotions would lie, one mark per phase."""
    shown = phases[phases["emotion"].isin(list(emotions))].assign(step=lambda rows: rows["step_ms"].map(steps))
    y = alt.Y("step:N", sort=list(steps.values()), axis=_axis(theme, grid=False, labelPadding=8, labelOverlap=False))
    scale = alt.Scale(domain=[0, max([0.1, *shown["mean"].dropna()])], nice=True)
    axis = _axis(theme, tickCount=4, format="~g")
    x, low = (alt.X(field, scale=scale, axis=axis) for field in ("mean:Q", "min(mean):Q"))
    rows = alt.Chart(shown)
    parts = [
        rows.mark_rule(strokeWidth=5, opacity=0.35).encode(low, alt.X2("max(mean):Q"), y, hue(theme)),
        rows.mark_point(filled=True, opacity=0.9, size=34).encode(x, y, hue(theme), shape()),
    ]
    return layer_chart(parts, len(steps) * STEP_PX + AXIS_PX)
