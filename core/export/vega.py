"""An Altair chart as a plain specification that stands alone: its data inside, its width and ground fixed."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import pandas as pd

from core.charts.palette import GROUND

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

FONT = "Source Sans Pro, Source Sans, Liberation Sans, DejaVu Sans, Arial, sans-serif"
"""The pages' type where a machine has it, and its likes where not."""

PADDING = 14
"""Room around a chart, px; what is written beside it makes its own."""


def spec(chart: alt.LayerChart, theme: str, width: int, ground: str | None = None) -> dict[str, Any]:
    """Return the Vega-Lite specification; what is there to be clicked on alone is left out.

    The ground is the theme's unless another is given. Nothing that Altair or Streamlit set for the whole process is
    used, so that it may be called while a page draws.
    """
    datasets: dict[str, Any] = {}
    made = _inline_data(chart).to_dict(validate=False, context={"top_level": False, "datasets": datasets})
    made["layer"] = [layer for layer in made["layer"] if not _is_unseen(layer)]
    made.pop("params", None)
    made["config"] = {**made.get("config", {}), "font": FONT}
    look = {"background": ground or GROUND[theme].background, "padding": PADDING, "width": width}
    return {"$schema": SCHEMA, **made, **look, "datasets": datasets}


def _inline_data(chart: Any) -> Any:
    """The chart with every table as plain values, which no transformer has to touch."""
    copied = chart.copy(deep=False)
    if isinstance(copied.data, pd.DataFrame):
        copied.data = alt.InlineData(values=json.loads(copied.data.to_json(orient="records", double_precision=15)))
    if isinstance(copied, alt.LayerChart):
        copied.layer = [_inline_data(layer) for layer in copied.layer]
    return copied


def _is_unseen(layer: dict[str, Any]) -> bool:
    mark = layer.get("mark")
    return isinstance(mark, dict) and mark.get("opacity") == 0
