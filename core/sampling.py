"""Which pictures of a video are looked at: a step, a stretch and a budget, as arithmetic on times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count, pairwise
from statistics import mean, median_high

from core.model import Recipe, Step, Video

UNKNOWN_MS = 200
"""Step of a timeline that has not two moments to tell it by."""

HELD_MS = 400
"""A picture shown for so long is held, as slides and screen recordings hold it: films have more than three a second.
Every point of the grid that it is shown at is a moment of its own then, so that moments weigh time."""

SKIM_MS = 2000
"""Shortest step that may be skimmed: encoders put keyframes seconds apart."""


SHOWN_PX = 1920
"""A longer side of a picture is shrunk to this: one of 4K is 6 MB then. ``Video`` and boxes speak of the source."""


def view_scale(size: tuple[int, int]) -> float:
    """Returns how many px of the source one px of the picture that is looked at is: 1, or more for a large source."""
    return max(1.0, max(size) / SHOWN_PX)


def widen_step(every: int, span: int, budget: int | None) -> int:
    """Returns the smallest step from ``every`` up that cuts ``span`` (ms or frames) into at most ``budget`` pieces."""
    return every if budget is None else max(every, -(-span // budget))


def fit_step(
    video: Video, step: Step, *, start_ms: int = 0, end_ms: int | None = None, budget: int | None = None
) -> Step:
    """Returns the step with which ``video`` is really sampled: ``step``, widened where the budget asks for it."""
    span_ms = _span_ms(video, start_ms, end_ms)
    span = span_ms if step.unit == "ms" else round(span_ms * video.fps / 1000)
    return step._replace(every=widen_step(step.every, span, budget))


def expected_moments(
    video: Video, step: Step, *, start_ms: int = 0, end_ms: int | None = None, budget: int | None = None
) -> int:
    """Returns how many moments the sampling will give, as far as the probe can tell: exact at a constant frame rate."""
    span_ms = _span_ms(video, start_ms, end_ms)
    pictures = round(span_ms * video.fps / 1000) if video.fps else span_ms
    every = fit_step(video, step, start_ms=start_ms, end_ms=end_ms, budget=budget).every
    held = pictures * HELD_MS <= span_ms
    points = -(-span_ms // every)
    moments = (points if held else min(pictures, points)) if step.unit == "ms" else -(-pictures // every)
    return max(moments, 1) if span_ms else 0


def _span_ms(video: Video, start_ms: int, end_ms: int | None) -> int:
    end_ms = video.duration_ms if end_ms is None else min(end_ms, video.duration_ms)
    return max(end_ms - start_ms, 0)


def slot_counter(step: Step, start_ms: int) -> Callable[[int], int]:
    """Returns a function from the times of consecutive pictures, none before ``start_ms``, to slots counted from 0.

    The first picture of every slot is the one to look at: with a step in ms, the first at or after a point of the
    grid; with a step in frames, every ``step.every``th.
    """
    if step.unit == "frames":
        pictures = count()
        return lambda t_ms: next(pictures) // step.every
    return lambda t_ms: (t_ms - start_ms) // step.every


def spacing_ms(recipe: Recipe, times: Sequence[int]) -> int:
    """Returns how far moments lie apart: as the recipe says; a counted or widened step is told by the moments.

    Skimmed ones lie now nearer, now further: their mean tells it.
    """
    apart = [later - earlier for earlier, later in pairwise(times)]
    if apart and (recipe.budget or recipe.step.unit == "frames"):
        return round(mean(apart)) if recipe.skim else median_high(apart)
    return recipe.step.every if recipe.step.unit == "ms" else UNKNOWN_MS
