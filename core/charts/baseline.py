"""The curves of one person as changes from their calm span, around zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts import layers, thinning
from core.charts.palette import GROUND
from core.language import ENGLISH

HEIGHT_PX = 220


LABEL_GAP = 0.072
"""Least distance of two labels at the right end, as a share of the height: one line of 12 px type."""


def change(
    curve: pd.DataFrame,
    *,
    chosen: Sequence[str],
    span: tuple[int, int],
    cuts: Sequence[int] = (),
    theme: str = "dark",
    words: Mapping[str, str] = ENGLISH,
) -> alt.LayerChart:
    """Lines of ``baseline.subtract`` from −1 to 1 around a firm zero; the calm span, ms, is a surface with its word.

    ``words`` are the emotions' names for people.
    """
    x, ground = layers.time_axis(curve, theme), GROUND[theme]
    written = "datum.value > 0 ? '+' + datum.value : datum.value < 0 ? '−' + abs(datum.value) : '0'"
    look: dict[str, Any] = {"title": None, "domain": False, "ticks": False, "labelFontSize": 12, "labelPadding": 8}
    axis = alt.Axis(
        values=[-1, -0.5, 0, 0.5, 1], labelExpr=written, labelColor=ground.muted, gridColor=ground.border, **look
    )
    y = alt.Y("score:Q", scale=alt.Scale(domain=[-1, 1], nice=False), axis=axis)
    full = thinning.thin(curve[curve["emotion"].isin(list(chosen))])
    calm = alt.Chart(pd.DataFrame({"t_s": [span[0] / 1000], "end_s": [span[1] / 1000], "word": ["calm"]}))
    zero = alt.Chart(pd.DataFrame({"score": [0.0]})).mark_rule(color=ground.muted)
    parts = [
        calm.mark_rect(color=ground.surface, opacity=1).encode(x, alt.X2("end_s:Q")),
        calm.mark_text(align="left", dy=8, dx=4, fontSize=12, color=ground.muted).encode(
            x, alt.Text("word:N"), y=alt.value(0)
        ),
        *layers.cut_lines(cuts, x, theme),
        zero.encode(y),
        layers.lines(full, x, y, theme),
        layers.lone_moments(full, x, y, theme),
        *layers.end_labels(full.assign(t_s=curve["t_s"].max()), x, y, theme, words=words, low=-1.0, gap=LABEL_GAP),
    ]
    return layers.layer_chart(parts, HEIGHT_PX)
