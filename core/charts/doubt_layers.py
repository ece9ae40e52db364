"""The layers that say doubt on the strip: hatched columns, hollow marks, and faces hanging above on pins."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.charts import marks
from core.charts.layers import add_labels, shape
from core.charts.palette import GROUND
from core.language import ENGLISH
from core.model import EMOTIONS, own_emotions

PIN_PX = 36
"""Side of the face on a pin."""

ABOVE_PX = 14
"""Room between a pin's face and the strip."""

SHARED = 0.06
"""Pins nearer to each other than this share of the strip are one: 60 px of 1000."""

ROOM_PX = 50 + ABOVE_PX
"""What the pins take above the strip."""

WORDS = 0.12
"""Room to the next pin, as a share of the strip, that the words beside a pin need."""

NARROWEST = 0.009
"""Least width of a hatched column, as a share of the strip: a moment in an hour is still seen."""


class Doubts(NamedTuple):
    """What a strip shows of doubt."""

    marks: pd.DataFrame
    """As from ``marks.mark_table``."""
    curve: pd.DataFrame
    """Everything that was read, what was dropped as well."""
    faces: Mapping[int, str]
    """Apex, ms → the face on the pin there, as an address that a picture can be loaded from."""


def hatching(theme: str) -> str:
    """A picture of slanted lines that fills whatever it is stretched to, as a data address."""
    stroke = GROUND[theme].marker
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><defs><pattern id="h" width="6" height="6" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{stroke}" fill-opacity="0.08"/>'
        f'<line x1="1" y1="0" x2="1" y2="6" stroke="{stroke}" stroke-width="1.6" stroke-opacity="0.6"/></pattern>'
        '</defs><rect width="100%" height="100%" fill="url(#h)"/></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def hatched_columns(shown: pd.DataFrame, curve: pd.DataFrame, x: alt.X, theme: str) -> list[alt.Chart]:
    """A hatched column over every open mark, from the top of the strip to its floor."""
    waiting = shown[shown["state"] == marks.OPEN]
    if waiting.empty:
        return []
    first, last = float(curve["t_s"].min()), max(float(curve["t_s"].max()), float(curve["t_s"].min()) + 0.1)
    lacking = (NARROWEST * (last - first) - (waiting["end_s"] - waiting["start_s"])).clip(lower=0) / 2
    spans = pd.DataFrame(
        {
            "t_s": (waiting["start_s"] - lacking).clip(first, last),
            "end_s": (waiting["end_s"] + lacking).clip(first, last),
        }
    )
    hatched = alt.Chart(spans).mark_image(url=hatching(theme), aspect=False)
    return [hatched.encode(x, alt.X2("end_s:Q"), y=alt.value(0), y2=alt.value("height"))]


def stems_and_pins(
    doubts: Doubts,
    x: alt.X,
    y: alt.Y,
    theme: str,
    words: Mapping[str, str] = ENGLISH,
) -> list[alt.Chart]:
    """Stems, hollow marks on the curve, and the pins above the strip."""
    curve = doubts.curve
    shown = _add_colours(doubts.marks[doubts.marks["state"].isin([marks.OPEN, marks.DROPPED])], theme)
    if shown.empty or curve.empty:
        return []
    length_s = max(float(curve["t_s"].max() - curve["t_s"].min()), 0.1)
    pinned = add_labels(marks.pins(shown, SHARED * length_s), words)
    placed = _add_scores(shown, curve)
    stems = _add_scores(pinned, curve)
    pins = _pins(pinned, doubts, x, theme, length_s)
    return [*_stems(stems, x, y), *_hollow_marks(placed, x, y, theme, own_emotions(curve["emotion"])), *pins]


def _add_scores(shown: pd.DataFrame, curve: pd.DataFrame) -> pd.DataFrame:
    """The marks with the score at which the curve passes; a peak's own height where it does not."""
    drawn = curve[["t_ms", "emotion", "score"]].drop_duplicates(["t_ms", "emotion"])
    met = shown.merge(drawn, "left", on=["t_ms", "emotion"])
    return met.assign(score=met["score"].fillna(met["height"]))


def _stems(shown: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    stem = alt.Chart(shown).mark_rule(strokeWidth=1.5)
    return [stem.encode(x, y, _colour_in_data(), y2=alt.value(-ABOVE_PX))]


def _hollow_marks(shown: pd.DataFrame, x: alt.X, y: alt.Y, theme: str, more: Sequence[str]) -> list[alt.Chart]:
    """The emotion's mark, empty, in the colour of doubt; grey where it was dropped."""
    mark = alt.Chart(shown).mark_point(opacity=1, size=150, strokeWidth=2.4, fill=GROUND[theme].background)
    return [mark.encode(x, y, shape(more), alt.Stroke("paint:N", scale=None, legend=None))]


def _pins(pinned: pd.DataFrame, doubts: Doubts, x: alt.X, theme: str, length_s: float) -> list[alt.Chart]:
    """Faces above the strip, with words where there is room."""
    faces = pinned.assign(url=pinned["t_ms"].map(dict(doubts.faces)), side=PIN_PX)
    parts: list[alt.Chart] = []
    hung = faces.dropna(subset="url")
    if len(hung):
        face = alt.Chart(hung).mark_image(width=float(PIN_PX), height=float(PIN_PX), baseline="bottom", align="center")
        parts.append(face.encode(x, alt.Url("url:N"), y=alt.value(-ABOVE_PX)))
    return parts + _pin_words(faces, x, theme, length_s)


def _pin_words(faces: pd.DataFrame, x: alt.X, theme: str, length_s: float) -> list[alt.Chart]:
    """Beside a pin what the face reads as there and how much, or how many marks share it."""
    told = faces.assign(
        word=[_pin_word(row, row.room_s > WORDS * length_s) for row in faces.itertuples()],
        number=[_pin_number(row) for row in faces.itertuples()],
        dx=faces["side"] / 2 + 6,
    )
    told = told[(told["room_s"] > WORDS * length_s) | (told["count"] > 1)]
    if told.empty:
        return []
    base = alt.Chart(told)
    look: dict[str, Any] = {"align": "left", "fontSize": 12, "dx": {"expr": "datum.dx"}}
    first = base.mark_text(dy=-ABOVE_PX - 24, fontWeight=600, **look).encode(
        x, _colour_in_data(), alt.Text("word:N"), y=alt.value(0)
    )
    second = base.mark_text(dy=-ABOVE_PX - 8, color=GROUND[theme].muted, **look).encode(
        x, alt.Text("number:N"), y=alt.value(0)
    )
    return [first, second]


def _pin_word(row: Any, roomy: bool) -> str:
    if row.count > 1:
        what = "peaks" if row.state == marks.OPEN else "dropped"
        return f"{row.count} {what}" if roomy else f"{row.count}"
    return f"{row.label}?" if row.state == marks.OPEN else row.label


def _pin_number(row: Any) -> str:
    if row.count > 1:
        return ""
    return f"{row.height:.2f}" if row.state == marks.OPEN else "dropped"


def _add_colours(shown: pd.DataFrame, theme: str) -> pd.DataFrame:
    """The marks with their colour: marker for what is open, grey for what was dropped."""
    colours = {marks.OPEN: GROUND[theme].marker, marks.DROPPED: GROUND[theme].muted}
    return shown.assign(paint=shown["state"].map(colours))


def _colour_in_data() -> alt.Color:
    """The colour as it stands in the data: a scale would be shared with the emotions'."""
    return alt.Color("paint:N", scale=None, legend=None)


def dropped_lines(doubts: Doubts, chosen: Sequence[str], x: alt.X, y: alt.Y, theme: str) -> list[alt.Chart]:
    """The parts of the curve that were dropped, drawn hollow: thin and grey, joined to the moments beside them."""
    whole = doubts.curve[doubts.curve["emotion"].isin(list(chosen))]
    out = np.zeros(len(whole), bool)
    for mark in doubts.marks[doubts.marks["state"] == marks.DROPPED].itertuples():
        # A verdict about one of the seven is about all of them; one about a taught emotion is about that one alone.
        own = whole["emotion"].isin(EMOTIONS) if mark.emotion in EMOTIONS else whole["emotion"] == mark.emotion
        out |= (own & whole["t_ms"].ge(mark.start_ms) & whole["t_ms"].lt(mark.end_ms)).to_numpy()
    if not out.any():
        return []
    lines = whole.assign(out=out).sort_values(["emotion", "t_ms"])
    beside = lines.groupby(["emotion", "run"])["out"].transform(lambda inside: _widen_by_one(inside.to_numpy()))
    pieces = lines.assign(piece=(beside != beside.shift()).cumsum())[beside].dropna(subset="score")
    line = alt.Chart(pieces).mark_line(strokeWidth=1.2, opacity=0.9, color=GROUND[theme].muted, strokeDash=[2, 3])
    return [line.encode(x, y, alt.Detail(["emotion:N", "piece:N"]))]


def _widen_by_one(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The same, with the moment before and after each stretch."""
    wider = inside.copy()
    wider[:-1] |= inside[1:]
    wider[1:] |= inside[:-1]
    return wider
