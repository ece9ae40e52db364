"""A scene in segments: cut at keyframes, read by whoever has time, joined in order, so that no border leaves a trace.

``plan_segments`` cuts what a recipe asks for into segments; ``read_segment(recipe, segment)`` reads one of them in any
process on any machine that sees the file, and gives its rows in groups; ``scheduler`` hands segments to any
``concurrent.futures.Executor`` (helpers here, ``dask.distributed.Client(…).get_executor()``) and yields the groups in
order. What travels is small and picklable: a recipe and a segment there, rows with JPEGs back, never a frame. Networks
are loaded once per process. Shots and tracks lean on everything before them: ``track_groups`` sets them afterwards,
from the rows.

Groups are the pipeline's own (``pipeline.BATCH`` points of the grid): a row depends on its group and the frame behind
it alone, and a segment is a row of whole groups. Errors are ``SceneError``s, as elsewhere.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain

import cv2

from core.faces import region
from core.faces.backends import Equip, open_tools
from core.model import Find, Near, Read, Recipe, Sample, Step
from core.reading import tracks
from core.reading.pipeline import BATCH, ReadMoment, read_frames
from core.sampling import view_scale
from core.video import clip, stills
from core.video.prefetch import read_ahead

LEAST_MOMENTS, MOMENTS = 2 * BATCH, 12 * BATCH
"""A segment has about so many: its rows wait for those before it, and behind each border a second is decoded twice."""

Row = tuple[Sample, bytes, tuple[bytes, ...]]
"""A moment without shot and track, its picture and its faces as JPEG; both empty where nobody keeps pictures."""

Group = list[Row]
"""Rows that were read together: reading may stop behind them and go on, no trace left."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Points ``first_slot`` ≤ slot < ``end_slot`` of a sampling grid; borders are multiples of ``pipeline.BATCH``."""

    step: Step = Step(200)
    """The one that is really taken: a budget has widened it already."""
    first_slot: int = 0
    end_slot: int | None = None
    """None: as far as the recipe goes."""
    after_ms: int = -1
    """The last moment that is there already: where a step is counted in frames no slot tells it."""
    size: tuple[int, int] | None = field(default=None, compare=False)
    """The video's as shown, px, so that not everybody who reads a part has to look through all of it."""


def whole_segment(recipe: Recipe, after_ms: int = -1) -> Segment:
    """Returns all that the recipe asks for in one segment, the moments up to ``after_ms`` left out."""
    step = clip.fit_step(
        recipe.source, recipe.step, start_ms=recipe.start_ms, end_ms=recipe.end_ms, budget=recipe.budget
    )
    there = after_ms >= recipe.start_ms and step.unit == "ms"
    first = (after_ms - recipe.start_ms) // step.every + 1 if there else 0
    return Segment(step, first, recipe.budget, after_ms, clip.shown_size_of(recipe.source))


def plan_segments(
    recipe: Recipe, after_ms: int = -1, *, moments: int | Callable[[int], int] = MOMENTS
) -> Iterator[Segment]:
    """Yields the segments of what a recipe asks for, those up to ``after_ms`` left out: one, where a file has no index.

    ``recipe.source`` is a local file. Borders are looked for as they are asked for; a segment has about so many
    ``moments``, or as many as that says of how many lie before it.
    """
    rest = whole_segment(recipe, after_ms)
    begins = rest.first_slot
    for border in clip.borders(
        recipe.source,
        rest.step,
        start_ms=recipe.start_ms,
        first_slot=begins,
        group=BATCH,
        length=lambda slot: moments(slot - begins) if callable(moments) else moments,
    ):
        late = recipe.end_ms is not None and recipe.start_ms + border * rest.step.every >= recipe.end_ms
        if late or (recipe.budget is not None and border >= recipe.budget):  # nothing is asked for from here on
            break
        yield replace(rest, end_slot=border)
        rest = replace(rest, first_slot=border)
    yield rest


def name_tools(recipe: Recipe, equip: Equip = open_tools) -> Recipe:
    """Returns the recipe with the names of the finder and the readers that this machine has."""
    name, _, readers = equip(recipe)
    return replace(recipe, finder=name, readers=tuple(readers))


def read_moments(
    recipe: Recipe, find: Find, readers: Mapping[str, Read], segment: Segment, *, alone: bool = True
) -> Iterator[ReadMoment]:
    """Yields the segment's moments, read; faces are followed between searches where the finder knows how.

    One who reads ``alone`` has pictures decoded ahead, on another core.
    """
    size = segment.size or clip.shown_size_of(recipe.source)
    find = region.limit_to_region(find, recipe.region and region.scale_box(recipe.region, 1 / view_scale(size)))
    near: Near | None = None if recipe.thorough else getattr(find, "search_near", None)
    frames = clip.frames(
        recipe.source,
        segment.step,
        start_ms=recipe.start_ms,
        end_ms=recipe.end_ms,
        after_ms=segment.after_ms,
        first_slot=segment.first_slot,
        end_slot=segment.end_slot,
        skim=recipe.skim,
        size=size,
    )
    return read_frames(read_ahead(frames) if alone else frames, find, readers, near=near, end_slot=segment.end_slot)


def group_rows(seen: Iterable[ReadMoment], *, pictures: bool = True) -> Iterator[Group]:
    """Yields the rows of what is seen, in the pipeline's own groups: a network may round a face otherwise in others.

    So every resumed worker must begin where an uninterrupted one would have begun a group.
    """
    group: Group = []
    last, thumb = None, b""
    for each in seen:
        if pictures and each.frame.image is not last:
            last, thumb = each.frame.image, stills.encode(each.frame.image)
        group.append((each.sample, thumb, tuple(map(stills.encode, each.crops if pictures else ()))))
        if each.ends:
            yield group
            group = []


def read_segment(recipe: Recipe, segment: Segment, pictures: bool = True) -> list[Group]:
    """Reads a segment here, with this machine's tools: its rows by groups, without shots and tracks.

    The recipe names its tools (``name_tools``); without ``pictures`` the rows carry no JPEGs. Raises SceneError.
    """
    cv2.setNumThreads(1)  # whoever reads segments reads several at a time, each on a core of its own
    _, find, readers = _tools(recipe.finder, recipe.readers, recipe.smallest_face_px)
    return list(group_rows(read_moments(recipe, find, readers, segment, alone=False), pictures=pictures))


@cache
def _tools(finder: str, readers: tuple[str, ...], smallest_face_px: int) -> tuple[str, Find, Mapping[str, Read]]:
    """Returns the tools of a recipe, loaded once per process."""
    return open_tools(Recipe("", finder=finder, readers=readers, smallest_face_px=smallest_face_px))


def track_groups(before: Sequence[Sample], groups: Iterable[Group]) -> Iterator[Group]:
    """Yields the groups with with shots and tracks, as if the stored moments ``before`` had come just before them."""
    fresh: deque[Sample] = deque()
    told = tracks.assign_tracks(chain(before, iter(fresh.popleft, None)))
    for _ in before:
        next(told)
    for group in groups:
        fresh.extend(sample for sample, _, _ in group)
        yield [(next(told), thumb, crops) for _, thumb, crops in group]
