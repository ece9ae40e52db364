"""What is to be known of a file besides its numbers: what was made of it to be read, and what could not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any, NamedTuple

from core.model import Recipe, Sample, Scene, Video
from core.sampling import HELD_MS, spacing_ms
from core.settings import clock

SELDOM = ("joins_ms", "shapes", "brightness")
"""Fields of ``Video`` that came later, or are seldom used: they are written down only where they say something."""

MOST_SPANS = 3
"""So many damaged parts are named one by one."""

NEAR_MS = 1000
"""Damaged parts so near to each other are one."""


class Damage(NamedTuple):
    """A part of a video that could not be read, or not all of it."""

    start_ms: int
    end_ms: int
    pictures: int
    """How many of its pictures were left out; 0 where all of it is missing."""


def write_video(video: Video) -> dict[str, Any]:
    """Returns what the probe said, to be written as JSON."""
    return {name: value for name, value in asdict(video).items() if value or name not in SELDOM}


def parse_video(facts: Mapping[str, Any]) -> Video:
    """Returns the value that :func:`write_video` was given, from JSON."""
    joins, shapes = facts.get("joins_ms", ()), facts.get("shapes", ())
    return Video(**{**facts, "joins_ms": tuple(joins), "shapes": tuple(tuple(shape) for shape in shapes)})


def find_damage(recipe: Recipe, video: Video, samples: Sequence[Sample], *, whole: bool = True) -> list[Damage]:
    """Returns the parts of what was to be read in which pictures could not be decoded, in time order.

    ``whole`` says that it was read to its end: of a scene that was stopped, what comes later is not missing.
    """
    if not samples:
        return []
    found: list[Damage] = []
    if samples[0].dropped:
        found.append(Damage(min(recipe.start_ms, samples[0].t_ms), samples[0].t_ms, samples[0].dropped))
    for before, sample in pairwise(samples):
        if not sample.dropped:
            continue
        if found and before.t_ms - found[-1].end_ms <= NEAR_MS:
            last = found.pop()
            found.append(Damage(last.start_ms, sample.t_ms, last.pictures + sample.dropped))
        else:
            found.append(Damage(before.t_ms, sample.t_ms, sample.dropped))
    end_ms = video.duration_ms if recipe.end_ms is None else min(recipe.end_ms, video.duration_ms)
    step_ms = spacing_ms(recipe, [sample.t_ms for sample in samples])
    if whole and end_ms - samples[-1].t_ms > max(2 * step_ms, step_ms + HELD_MS):
        found.append(Damage(samples[-1].t_ms, end_ms, 0))
    return found


def describe_remarks(
    recipe: Recipe, video: Video | None, samples: Sequence[Sample], *, whole: bool = True
) -> list[str]:
    """Returns whole sentences: what the file's pictures were brought to, where it was joined, and what is missing."""
    if video is None:
        return []
    said = []
    if video.brightness:
        said.append(f"Its pictures are {video.brightness}: their brightness and colours were brought to ordinary ones.")
    if video.joins_ms:
        places = _list_places([clock(t_ms) for t_ms in video.joins_ms])
        said.append(
            f"Its clock begins again or jumps at {places}: it was read on there, and nobody is followed across."
        )
    if video.shapes:
        told = [f"{clock(t_ms)} ({width}x{height})" for t_ms, width, height in video.shapes]
        frame = f"a frame of {video.width}x{video.height} px"
        said.append(f"Its picture changes its shape at {_list_places(told)}: each was read in its own, in {frame}.")
    if damage := find_damage(recipe, video, samples, whole=whole):
        said.append(f"Parts of it are damaged and were left out: {_list_places(list(map(_describe_damage, damage)))}.")
    return said


def describe_scene_remarks(scene: Scene, samples: Sequence[Sample]) -> list[str]:
    """Returns the same of a scene; of one that was stopped, what comes later is not missing."""
    return describe_remarks(scene.recipe, scene.video, samples, whole=scene.state == "done")


def _describe_damage(damage: Damage) -> str:
    start, end = clock(damage.start_ms), clock(damage.end_ms)
    if not damage.pictures:
        return f"everything from {start} to {end}"
    pictures = "1 picture" if damage.pictures == 1 else f"{damage.pictures} pictures"
    return f"{pictures} between {start} and {end}"


def _list_places(places: Sequence[str]) -> str:
    """Returns ``"0:01.0, 0:02.0 and 0:03.0"``; of many the first ones, and how many more there are."""
    shown = list(places[:MOST_SPANS])
    if more := len(places) - len(shown):
        return f"{', '.join(shown)} and {more} more place{'s' if more > 1 else ''}"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
