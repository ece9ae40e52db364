"""DataFrame → Altair chart, in either theme; an emotion is known by colour, dash, width and shape, always by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core import layers, strip
from core.model import EMOTIONS
from core.palette import DASH, GLYPH, GROUND, PALETTE, SHAPE, WIDTH, Theme, mark

__all__ = [
    "DASH", "GLYPH", "GROUND", "PALETTE", "SHAPE", "WIDTH", "Theme",
    "growth", "mark", "timeline",
]  # fmt: skip


def timeline(
    curve: pd.DataFrame,
    *,
    chosen: Sequence[str] = EMOTIONS,
    cuts: Sequence[int] = (),
    gaps: pd.DataFrame | None = None,
    theme: str = "dark",
    picked_ms: int | None = None,
    rest: bool = True,
) -> alt.LayerChart:
    """The strip: the chosen emotions in full and, with ``rest``, the others faint; a click picks the nearest moment.

    ``curve`` and ``gaps`` as from ``tables``, ``cuts`` in ms; the selection ``pick`` gives ``[{"t_s": 2.6}]``.
    """
    x, y = layers.time_axis(curve, theme, picked_ms), layers.score_axis(theme)
    drawn = strip.thin(curve)
    full = drawn[drawn["emotion"].isin(list(chosen))]
    parts = [*layers.spans(gaps, curve, x, theme), *layers.hairlines(cuts, x, theme)]
    if rest:
        parts.append(layers.lines(drawn.drop(full.index), x, y, theme, faint=True))
    parts += [draw(full, x, y, theme) for draw in (layers.lines, layers.lone, layers.summits)]
    parts += layers.ends(full, x, y, theme)
    if picked_ms is not None:
        parts += layers.picked(curve[curve["emotion"].isin(list(chosen))], picked_ms, x, y, theme)
    return _finished(alt.layer(*parts, layers.pickable(curve, x)), 260)


def growth(curve: pd.DataFrame, theme: str = "dark", end_s: float | None = None) -> alt.LayerChart:
    """The small chart of a scene being read: lines that grow towards ``end_s``, a hairline at the newest moment."""
    newest = float(curve["t_s"].max()) if len(curve) else 0.0
    x = alt.X("t_s:Q", scale=alt.Scale(domain=[0, max(end_s or 0, newest, 0.1)], nice=False), axis=None)
    y = alt.Y("score:Q", scale=layers.SCORES, axis=None)
    ends = pd.DataFrame({"t_s": [newest], "score": [0.0]})
    now = alt.Chart(ends).mark_rule(color=GROUND[theme].muted).encode(x)
    floor = alt.Chart(ends).mark_rule(color=GROUND[theme].border).encode(y)
    drawn = strip.thin(curve, 400)
    return _finished(alt.layer(floor, now, *(draw(drawn, x, y, theme) for draw in (layers.lines, layers.lone))), 96)


def _finished(chart: Any, height: int) -> alt.LayerChart:
    """No frame, and the page's own ground behind it."""
    return chart.properties(height=height, background="transparent").configure_view(strokeWidth=0)
