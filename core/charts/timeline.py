"""DataFrame → Altair chart, in either theme; an emotion is known by colour, dash, width and shape, always by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from core.charts import doubt_layers, layers, thinning
from core.charts.doubt_layers import Doubts
from core.charts.palette import GROUND
from core.language import ENGLISH
from core.model import EMOTIONS, own_emotions
from core.settings import clock

HEIGHT_PX, GROWTH_PX = 260, 96


def timeline(
    curve: pd.DataFrame,
    *,
    chosen: Sequence[str] = EMOTIONS,
    cuts: Sequence[int] = (),
    gaps: pd.DataFrame | None = None,
    theme: str = "dark",
    rest: bool = True,
    doubts: Doubts | None = None,
    words: Mapping[str, str] = ENGLISH,
) -> alt.LayerChart:
    """The strip: the chosen emotions in full and, with ``rest``, the others faint; a click picks the nearest moment.

    ``curve`` and ``gaps`` as from ``tables``, ``cuts`` in ms; the selection ``pick`` gives ``[{"t_s": 2.6}]``. With
    ``doubts`` what is open to doubt is hatched, marked and hung above, and what was dropped is hollow and grey.
    ``words`` are the emotions' names for people.
    """
    x, y = layers.time_axis(curve, theme), layers.score_axis(theme)
    drawn, more = thinning.thin(curve), own_emotions(curve["emotion"])
    full = drawn[drawn["emotion"].isin(list(chosen))]
    parts = [*layers.gap_spans(gaps, curve, x, theme), *layers.cut_lines(cuts, x, theme)]
    if doubts:
        parts += doubt_layers.hatched_columns(doubts.marks, curve, x, theme)
        parts += doubt_layers.dropped_lines(doubts, chosen, x, y, theme)
    if rest:
        parts.append(layers.lines(drawn.drop(full.index), x, y, theme, faint=True, more=more))
    parts += [draw(full, x, y, theme, more=more) for draw in (layers.lines, layers.lone_moments, layers.summits)]
    parts += layers.end_labels(full, x, y, theme, more=more, words=words)
    pins = doubt_layers.stems_and_pins(doubts, x, y, theme, words) if doubts else []
    return layers.layer_chart(
        [*parts, *pins, layers.click_targets(curve, x, words)], HEIGHT_PX + bool(pins) * doubt_layers.ROOM_PX
    )


def growth(curve: pd.DataFrame, theme: str = "dark", end_s: float | None = None) -> alt.LayerChart:
    """The small chart of a scene being read: lines that grow towards ``end_s``, a hairline at the newest moment."""
    first, newest = (float(curve["t_s"].min()), float(curve["t_s"].max())) if len(curve) else (0.0, 0.0)
    domain = [first, max(end_s or 0, newest, first + 0.1)]
    x = alt.X("t_s:Q", scale=alt.Scale(domain=domain, nice=False), axis=None)
    y = alt.Y("score:Q", scale=layers.SCORES, axis=None)
    ends = pd.DataFrame({"t_s": [newest], "score": [0.0]})
    now = alt.Chart(ends).mark_rule(color=GROUND[theme].muted).encode(x)
    floor = alt.Chart(ends).mark_rule(color=GROUND[theme].border).encode(y)
    drawn = thinning.thin(curve, 400)
    return layers.layer_chart(
        [floor, now, *(draw(drawn, x, y, theme) for draw in (layers.lines, layers.lone_moments))], GROWTH_PX
    )


def describe(
    curve: pd.DataFrame,
    cuts: Sequence[int] = (),
    gaps: pd.DataFrame | None = None,
    words: Mapping[str, str] = ENGLISH,
) -> str:
    """The strip in words, for those who do not see it."""
    if curve["score"].isna().all():
        return "No scores: nobody is in frame."
    ranked = curve.groupby("emotion")["score"].mean().nlargest(3)
    peak = curve.loc[curve["score"].idxmax()]
    first, last = clock(int(curve["t_ms"].min())), clock(int(curve["t_ms"].max()))
    empty = 0 if gaps is None else len(gaps)
    sentences = [
        f"Scores of the emotions from {first} to {last}",
        "Mean " + ", ".join(f"{words.get(name, name)} {mean:.2f}" for name, mean in ranked.items()),
        f"Highest is {words.get(peak['emotion'], peak['emotion'])}, {peak['score']:.2f} at {clock(int(peak['t_ms']))}",
        f"{_count(len(cuts), 'cut')}, {_count(empty, 'span')} without a face".capitalize(),
    ]
    return ". ".join(sentences) + "."


def _count(number: int, noun: str) -> str:
    """``"no cuts"``, ``"1 cut"``, ``"3 cuts"``."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
