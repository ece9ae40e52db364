"""Charts on the page: sent as they are drawn, since the tests of the drawings hold them against Vega-Lite's rules."""

from __future__ import annotations

from typing import Any

import altair
import streamlit as st

Chart = altair.Chart | altair.LayerChart | altair.VConcatChart


class _Unchecked:
    """A chart that is not held against Vega-Lite's rules once more, which takes longer than to draw and to send it."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart

    def to_dict(self) -> dict[str, Any]:
        """Return its Vega-Lite."""
        return self._chart.to_dict(validate=False)


def show(chart: Chart, *, key: str, alt: str, **how: Any) -> Any:
    """Draw a chart; ``alt`` says what it shows."""
    return st.altair_chart(_Unchecked(chart), key=key, alt=alt, **how)  # type: ignore[call-overload]  # it asks for to_dict alone
