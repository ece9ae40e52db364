"""Local video files: what a file is, and its pictures with their own times, sampled.

A picture's time is its own timestamp minus the stream's start, whatever the frame rate claims. Pictures come as shown
(``video_picture``), from a stream that is decoded no further than it has to be (``video_source``).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from fractions import Fraction
from os import PathLike

from core.adapters.video_picture import Converter, Picture, shown, turn_of
from core.adapters.video_source import MAX_MS, Source
from core.errors import SettingError
from core.model import Frame, Step, Video
from core.sampling import expected, slots, widened

__all__ = ["expected", "frames", "probe"]

EVERY = Step(200)
"""Five moments a second: a smile of half a second has two."""


def probe(path: str | PathLike[str]) -> Video:
    """Return what the file is: its first picture decoded, its packets counted. Raise VideoError if it is no video."""
    with closing(Source(path)) as source:
        count, duration_ms, first = source.survey()
        width, height = shown(source.sides, turn_of(first))
        rate = Fraction(count * 1000, duration_ms) if duration_ms else source.stream.average_rate or 0
        codec = source.stream.codec_context.codec.canonical_name
        return Video(str(source.path), duration_ms, width, height, round(float(rate), 3), codec)


def frames(
    path: str | PathLike[str],
    step: Step = EVERY,
    *,
    start_ms: int = 0,
    end_ms: int | None = None,
    budget: int | None = None,
    after_ms: int = -1,
) -> Generator[Frame]:
    """Yield the sampled pictures with ``start_ms`` ≤ t < ``end_ms``, in time order with unique times.

    A step in ms asks at ``start_ms`` + k · step, and the first good picture at or after a point of that grid answers;
    a step in frames takes every so many good pictures. ``budget`` widens the step evenly until the moments fit.
    ``after_ms``, the last moment one already has, gives exactly the frames that would have followed it.
    Raise VideoError before the first frame. Damage later on ends the stream, or is counted in ``Frame.dropped``.
    """
    if step.every < 1 or (budget is not None and budget < 1):
        raise SettingError(f"A step of {step} and a budget of {budget} give no moments. Choose numbers from 1 up.")
    end_ms = MAX_MS if end_ms is None else min(end_ms, MAX_MS)
    if budget is not None:
        step = _fitted(path, step, start_ms, end_ms, budget)
    with closing(Source(path)) as source:
        slot_of, last_slot, last_ms, dropped = slots(step, start_ms), -1, start_ms - 1, 0
        image = Converter(source.sides)
        for t_ms, frame, lost in _visited(source, step, start_ms, after_ms):
            dropped = 0 if t_ms <= last_ms else dropped + lost
            if t_ms <= last_ms or (slot := slot_of(t_ms)) <= last_slot:
                continue
            if t_ms >= end_ms or (budget is not None and slot >= budget):
                return
            if t_ms > after_ms:
                yield Frame(t_ms, image(frame), dropped, slot)
            last_slot, last_ms, dropped = slot, t_ms, 0


def _fitted(path: str | PathLike[str], step: Step, start_ms: int, end_ms: int, budget: int) -> Step:
    """Return the step widened to the budget, from the packets that the file really has."""
    with closing(Source(path)) as source:
        count, duration_ms, _ = source.survey(start_ms, end_ms)
    span = count if step.unit == "frames" else max(min(end_ms, duration_ms) - start_ms, 0)
    return step._replace(every=widened(step.every, span, budget))


def _visited(source: Source, step: Step, start_ms: int, after_ms: int) -> Iterator[Picture]:
    """Yield the pictures that sampling has to see: all of them, or in a long step only those around its targets."""
    target = start_ms
    if step.unit == "ms" and after_ms >= start_ms:
        target = after_ms - (after_ms - start_ms) % step.every
    going = True
    while going:
        going = False
        for picture in source.pictures(target):
            yield picture
            if step.unit == "ms" and picture.t_ms >= target:
                target = picture.t_ms + step.every - (picture.t_ms - start_ms) % step.every
                if going := source.hops(picture.t_ms, target):
                    break
