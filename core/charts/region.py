"""A frame on which a part of the picture is drawn with the mouse."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from core.charts.layers import layer_chart
from core.charts.palette import GROUND
from core.model import Box


def region_picker(
    jpeg: bytes, size: tuple[int, int], region: Box | None, width_px: int, theme: str = "dark"
) -> alt.LayerChart:
    """The picture, ``size`` wide and high in px of the film; the selection ``part`` gives {"x": [..], "y": [..]}."""
    width, height = size
    picture, _ = _picture(jpeg, size)
    drawn: Any = {"x": [region.left, region.right], "y": [region.top, region.bottom]} if region else alt.Undefined
    look = alt.BrushConfig(stroke=GROUND["dark"].text, strokeWidth=2, fill=GROUND[theme].accent, fillOpacity=0.15)
    part = alt.selection_interval(name="part", encodings=["x", "y"], value=drawn, mark=look)
    return layer_chart([picture.add_params(part)], round(width_px * height / width)).properties(width=width_px)


def region_outline(
    jpeg: bytes, size: tuple[int, int], region: Box, width_px: int, theme: str = "dark"
) -> alt.LayerChart:
    """The picture with its part outlined, to be looked at."""
    picture, (x, y) = _picture(jpeg, size)
    part = alt.Chart(pd.DataFrame([{"x": region.left, "x2": region.right, "y": region.top, "y2": region.bottom}]))
    inside: dict[str, Any] = {"fill": GROUND[theme].accent, "fillOpacity": 0.15}
    outline = part.mark_rect(opacity=1, stroke=GROUND["dark"].text, strokeWidth=2, **inside).encode(
        x, alt.X2("x2:Q"), y, alt.Y2("y2:Q")
    )
    return layer_chart([picture, outline], round(width_px * size[1] / size[0])).properties(width=width_px)


def _picture(jpeg: bytes, size: tuple[int, int]) -> tuple[alt.Chart, tuple[alt.X, alt.Y]]:
    """The picture on axes in px of the film, and these."""
    width, height = size
    url = f"data:image/jpeg;base64,{b64encode(jpeg).decode()}"
    whole = alt.Chart(pd.DataFrame([{"x": 0, "x2": width, "y": 0, "y2": height, "url": url}]))
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, width], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], nice=False, zero=False, reverse=True), axis=None)
    picture = whole.mark_image(aspect=False).encode(x, alt.X2("x2:Q"), y, alt.Y2("y2:Q"), alt.Url("url:N"))
    return picture, (x, y)


def selected_region(event: Mapping[str, Any], size: tuple[int, int]) -> Box | None:
    """The part that was drawn, px of the film, inside the picture; None where nothing is drawn."""
    part = event.get("selection", {}).get("part") or {}
    x, y = part.get("x"), part.get("y")
    if not x or not y or len(x) < 2 or len(y) < 2:
        return None
    (left, right), (top, bottom) = sorted(x[:2]), sorted(y[:2])
    width, height = size
    return Box(max(0, round(left)), max(0, round(top)), min(width, round(right)), min(height, round(bottom)))
