"""Videos whose segments are read elsewhere: a season, each episode ending by itself, or a scene of the shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from core.faces import read_builtin
from core.faces.backends import Tools
from core.model import Recipe, Sample, Video
from core.reading import dask_cluster, scheduler, segments, tracks
from core.reading.segments import Group
from core.shelf import read_file
from core.video import clip as video

TOGETHER = 8
"""Videos under way at a time: enough that a cluster never waits for one that is nearly done."""

Progress = Callable[[int, int, int], None]
"""Called with a video's place, how many of its moments were read, and how many are expected."""

InWords = Callable[[str], AbstractContextManager[None]]
"""Turns what the executor may say about the video of that name into a SceneError."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One video, read."""

    video: Video
    recipe: Recipe
    """With the names of the finder and the readers."""
    samples: tuple[Sample, ...]


def read_season(
    recipes: Sequence[Recipe],
    executor: Executor,
    *,
    slots: int,
    progress: Progress = lambda place, found, expected: None,
    moments: int = segments.MOMENTS,
    in_words: InWords = lambda name: nullcontext(),
) -> Iterator[tuple[int, Episode | BaseException]]:
    """Yields every recipe's place with its episode, or with what went wrong with it alone, as they end.

    ``recipes`` are of local files that the executor's processes see under the same path; ``slots`` is how much it
    does at once, ``moments`` about how long a segment is. The rows are those that one process would give.
    """
    depth = max(2, -(-2 * slots // max(min(len(recipes), TOGETHER), 1)))
    named = _name_tools(recipes)

    def one(place: int) -> Episode:
        with in_words(Path(named[place].source).name):
            return _read_episode(
                named[place], executor, depth, moments, lambda found, total: progress(place, found, total)
            )

    with ThreadPoolExecutor(TOGETHER, "episode") as threads:
        ends = {threads.submit(one, place): place for place in range(len(named))}
        for end in as_completed(ends):
            yield ends[end], end.exception() or end.result()


def _name_tools(recipes: Sequence[Recipe]) -> list[Recipe]:
    """Returns the recipes with finder and readers named; networks are loaded once for all that ask for the same."""
    asked = [replace(recipe, source="") for recipe in recipes]
    known = {recipe: segments.name_tools(recipe) for recipe in dict.fromkeys(asked)}
    return [replace(known[key], source=recipe.source) for key, recipe in zip(asked, recipes, strict=True)]


def _read_episode(
    recipe: Recipe, executor: Executor, depth: int, moments: int, progress: read_file.Progress
) -> Episode:
    clip = video.probe(recipe.source)
    total, found = read_file.expected_moments(recipe, clip), 0
    plan = segments.plan_segments(recipe, moments=moments)
    rows = scheduler.read_in_order(recipe, plan, executor, depth=depth, pictures=False)

    def fresh() -> Iterator[Sample]:
        nonlocal found
        for group in rows:
            yield from (sample for sample, _, _ in group)
            found += len(group)
            progress(found, max(total, found))

    samples = tuple(replace(sample, look=b"") for sample in tracks.assign_tracks(fresh()))
    if not samples:
        raise read_file.no_picture_error(recipe)
    return Episode(clip, recipe, samples)


def read_on_cluster(recipe: Recipe, tools: Tools, before: Sequence[Sample], address: str) -> Iterator[Group]:
    """Yields the recipe's groups behind ``before`` in order, with shots and tracks, read on the cluster at ``address``.

    ``tools`` are the recipe's here; those of the workers have the same names. Raises SceneError.
    """
    named = replace(recipe, finder=tools[0], readers=tuple(tools[2]))
    name, after_ms = Path(recipe.source).name, before[-1].t_ms if before else -1
    with dask_cluster.connect(address, read_builtin.fingerprint) as there, dask_cluster.translate_errors(name):
        rows = scheduler.read_in_order(
            named, segments.plan_segments(named, after_ms), there.executor, depth=2 * there.threads
        )
        yield from segments.track_groups(before, rows)
