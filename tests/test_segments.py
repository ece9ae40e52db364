"""A scene read in segments gives the rows of one read in one go, whoever reads them and wherever it was cut."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pytest

from core import settings
from core.errors import VideoError
from core.model import Recipe
from core.reading import segments, tracks
from core.reading.pipeline import BATCH
from core.reading.scheduler import read_in_order
from core.reading.segments import Group, Segment, plan_segments, read_segment, whole_segment
from core.video import clip
from tests.support import clips
from tests.support.cases import quick

SHORT = BATCH
"""Segments as short as they come: a border wherever one can be."""


@pytest.fixture(autouse=True)
def pixel_tools(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Finders and readers of this machine are the ones that look at pixels, unless a test brings networks."""
    segments._tools.cache_clear()
    if "networks" not in request.fixturenames:
        monkeypatch.setattr(segments, "open_tools", clips.equip)


@pytest.fixture
def networks() -> None:
    """Real networks find and read here."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 s, a keyframe every second, B-frames."""
    return clips.film(tmp_path_factory.mktemp("film") / "film.mp4", 24.0, shots=7)


@lru_cache(maxsize=4)
def at_once(recipe: Recipe, after_ms: int = -1) -> list[Group]:
    """What is read in one go; many tests hold their segments against the same reading."""
    return read_segment(recipe, whole_segment(recipe, after_ms))


def split(recipe: Recipe, count: int | None, after_ms: int = -1) -> list[Segment]:
    """The plan with about ``count`` segments; None are as many as can be."""
    every = list(plan_segments(recipe, after_ms, moments=SHORT))
    if count is None:
        return every
    firsts = sorted({every[len(every) * number // count].first_slot for number in range(count)})
    ends = [*firsts[1:], every[-1].end_slot]
    return [Segment(every[0].step, first, end, after_ms) for first, end in zip(firsts, ends, strict=True)]


def read_apart(recipe: Recipe, parts: list[Segment]) -> list[Group]:
    return list(chain.from_iterable(read_segment(recipe, part) for part in parts))


@pytest.mark.parametrize("count", quick([1, 2, 5, None], 5, None))
@pytest.mark.parametrize(
    "said",
    [
        {"every": "80ms"},
        {"every": "200ms", "start": "0:03.1", "end": "0:19"},
        {"every": "40ms", "budget": "200"},
        {"every": "1s", "thorough": True},
    ],
    ids=str,
)
def test_any_number_of_segments_gives_the_groups_of_one(film: Path, said: dict[str, Any], count: int | None) -> None:
    recipe = settings.recipe(film, **said)
    parts = split(recipe, count)

    assert len(parts) >= min(count or 2, 2)
    assert read_apart(recipe, parts) == at_once(recipe)


def test_segments_of_a_resumed_scene_give_what_was_missing(film: Path) -> None:
    recipe = settings.recipe(film, every="80ms")
    before, rest = at_once(recipe)[:7], at_once(recipe)[7:]
    after_ms = before[-1][-1][0].t_ms

    assert read_apart(recipe, split(recipe, None, after_ms)) == rest
    assert read_apart(recipe, [whole_segment(recipe, after_ms)]) == rest


def test_segments_are_cut_behind_keyframes_at_borders_of_groups(film: Path) -> None:
    recipe = settings.recipe(film, every="80ms")
    parts = list(plan_segments(recipe, moments=4 * BATCH))

    assert len(parts) > 4
    assert all(part.first_slot % BATCH == 0 for part in parts)
    assert [part.end_slot for part in parts[:-1]] == [part.first_slot for part in parts[1:]]
    assert all((part.end_slot or 10**6) - part.first_slot >= 4 * BATCH for part in parts[:-1])


def test_frames_that_are_counted_are_one_segment(film: Path) -> None:
    recipe = settings.recipe(film, every_frames=2)

    assert list(plan_segments(recipe, moments=SHORT)) == [Segment(recipe.step)]
    seen = at_once(recipe)
    assert read_segment(recipe, whole_segment(recipe, seen[3][-1][0].t_ms)) == seen[4:]


@pytest.mark.clips
@pytest.mark.parametrize(
    "name", quick(["traps/vfr.mp4", "traps/hevc10.mkv", "scene.mp4", "face_then_none.mov"], "traps/vfr.mp4")
)
@pytest.mark.parametrize("every", quick(["40ms", "200ms", "1s"], "200ms"))
def test_real_clips_may_be_cut_wherever_a_seek_leads(media: Path, name: str, every: str) -> None:
    recipe = settings.recipe(media / name, every=every)
    parts = split(recipe, None)

    assert read_apart(recipe, parts) == at_once(recipe)


@pytest.mark.clips
@pytest.mark.parametrize(
    "name",
    ["interlaced.mpg", "trunc_half.webm", "one_frame.mp4", pytest.param("corrupt_bytes.mp4", marks=pytest.mark.slow)],
)
def test_files_that_are_hard_to_seek_in_give_the_same(media: Path, name: str) -> None:
    recipe = settings.recipe(media / "traps" / name, every="80ms")

    assert read_apart(recipe, split(recipe, None)) == at_once(recipe)


@pytest.mark.clips
def test_any_slot_at_all_may_begin_a_segment(media: Path) -> None:
    """Also behind a hole in the timestamps, where the moment before it lies far back."""
    recipe = settings.recipe(media / "traps/vfr.mp4", every="40ms")
    every = list(clip.frames(recipe.source, recipe.step))
    for first in random.Random(7).sample(range(1, every[-1].slot), 12):  # noqa: S311
        rest = [each for each in every if each.slot >= first]
        found = list(islice(clip.frames(recipe.source, recipe.step, first_slot=first, end_slot=first + 9), 20))
        assert [(one.t_ms, one.slot, one.dropped) for one in found] == [
            (one.t_ms, one.slot, one.dropped) for one in rest[: len(found)]
        ]
        assert all((one.image == other.image).all() for one, other in zip(found, rest, strict=False))
        assert [each.slot >= first + 9 for each in found].count(True) <= 1


@pytest.mark.slow
@pytest.mark.clips
def test_networks_see_the_same_in_segments(media: Path, networks: None) -> None:
    """Followed faces lean on the frames around them, and a batch on its company."""
    recipe = settings.recipe(media / "scene.mp4", every="200ms", finder="mtcnn", readers="builtin")
    parts = split(recipe, None)

    assert len(parts) >= 3
    assert read_apart(recipe, parts) == at_once(recipe)


class Counting(Executor):
    """Runs what it is given at once, and remembers how much was given and not yet asked for."""

    def __init__(self) -> None:
        self.given: list[Segment] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given.append(args[1])
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except VideoError as error:
            future.set_exception(error)
        return future


def test_segments_are_joined_in_order_whoever_is_first(film: Path) -> None:
    recipe = settings.recipe(film, every="80ms")
    with ThreadPoolExecutor(3) as executor:
        made = list(read_in_order(recipe, plan_segments(recipe, moments=SHORT), executor, depth=5))

    assert [group for group in made if group] == at_once(recipe)  # an empty one says that nothing has come yet


def test_no_more_segments_than_the_depth_are_under_way(film: Path) -> None:
    recipe, executor = settings.recipe(film, every="80ms"), Counting()
    made = read_in_order(recipe, plan_segments(recipe, moments=SHORT), executor, depth=3)
    first = next(made)

    assert first and len(executor.given) == 4  # three, and one more for the one that is done


def test_a_segment_that_fails_is_told_after_the_groups_before_it(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, executor = settings.recipe(film, every="80ms"), Counting()
    parts = list(plan_segments(recipe, moments=SHORT))

    def poisonous(*asked: Any, **said: Any) -> Iterator[Any]:
        if said["first_slot"] == parts[2].first_slot:
            raise VideoError("“film.mp4” is torn. Copy it again.")
        return video_frames(*asked, **said)

    video_frames = clip.frames
    monkeypatch.setattr(segments.clip, "frames", poisonous)
    got: list[Group] = []
    with pytest.raises(VideoError, match="torn"):
        got.extend(read_in_order(recipe, parts, executor, depth=2))

    monkeypatch.undo()
    monkeypatch.setattr(segments, "open_tools", clips.equip)
    assert got == read_apart(recipe, parts[:2])


def test_without_pictures_the_rows_are_the_same(film: Path) -> None:
    recipe = settings.recipe(film, every="200ms")
    bare = read_segment(recipe, whole_segment(recipe), False)

    assert [row[0] for group in bare for row in group] == [row[0] for group in at_once(recipe) for row in group]
    assert all(row[1:] == (b"", ()) for group in bare for row in group)


def test_shots_and_tracks_go_on_as_if_the_stored_moments_had_just_been_seen(film: Path) -> None:
    recipe = settings.recipe(film, every="80ms")
    told = list(segments.track_groups((), at_once(recipe)))
    before = [sample for group in told[:5] for sample, _, _ in group]
    stored = [row[1:] for group in at_once(recipe) for row in group]

    assert list(segments.track_groups(before, [[], *at_once(recipe)[5:]])) == [[], *told[5:]]
    assert [row[1:] for group in told for row in group] == stored
    assert [row[0] for group in told for row in group] == list(
        tracks.assign_tracks(sample for group in at_once(recipe) for sample, _, _ in group)
    )
