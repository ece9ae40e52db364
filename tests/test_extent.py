"""How far a scene reaches is told: whole, in part as was asked, or as far as a broken file could be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.model import Recipe, Scene, State, Step, Video
from core.shelf import read_file
from core.video import clip as video
from core.video import extent
from tests.support.traps import ALL, Reads

FILM = Video("film.mp4", 22_800, 640, 360, 25.0)


def scene(recipe: Recipe, found: int, clip: Video | None = FILM, state: State = "done") -> Scene:
    expected = read_file.expected_moments(recipe, clip) if clip else 0
    return Scene(1, "Film", recipe, state, found=found, expected=expected, video=clip)


@pytest.mark.parametrize(
    ("recipe", "found", "last_ms", "early"),
    [
        (Recipe("film.mp4"), 114, 22_600, False),
        (Recipe("film.mp4"), 26, 5000, True),
        (Recipe("film.mp4"), 101, 20_000, True),
        (Recipe("film.mp4"), 104, 20_600, False),  # a last picture may stand for two seconds
        (Recipe("film.mp4"), 114, 5000, False),  # nothing is missing, whatever its header says of its length
        (Recipe("film.mp4", start_ms=2000, end_ms=6000), 20, 5800, False),
        (Recipe("film.mp4", start_ms=2000, end_ms=12_000), 16, 5000, True),
        (Recipe("film.mp4", end_ms=90_000), 26, 5000, True),
        (Recipe("film.mp4", budget=4), 3, 11_400, False),  # a widened step is long
        (Recipe("film.mp4", budget=8), 2, 2850, True),
        (Recipe("film.mp4", Step(50, "frames")), 12, 22_000, False),
        (Recipe("film.mp4", Step(50, "frames")), 3, 4000, True),
        (Recipe("film.mp4", Step(10_000)), 2, 10_000, False),
    ],
)
def test_a_scene_ends_early_when_its_moments_stop_long_before_the_stretch_does(recipe, found, last_ms, early):
    """Both too few moments and too early a last one."""
    assert extent.ends_early(scene(recipe, found), last_ms) is early


@pytest.mark.parametrize("state", ["queued", "reading", "stopped", "failed"])
def test_a_scene_that_is_not_finished_does_not_end_early(state):
    """It goes on, or says otherwise why not."""
    assert not extent.ends_early(scene(Recipe("film.mp4"), 26, state=state), 5000)


@pytest.mark.parametrize(
    ("recipe", "found", "last_ms", "length", "told"),
    [
        (Recipe("film.mp4"), 114, 22_600, "0:22", "0:22.8"),
        (Recipe("film.mp4"), 26, 5000, "0:05 of 0:22", "could be read as far as 0:05.0 of 0:22.8"),
        (Recipe("film.mp4", start_ms=5000, end_ms=8000), 15, 7800, "0:03", "0:05.0 to 0:08.0 of 0:22.8"),
        (Recipe("film.mp4", start_ms=5000), 89, 22_600, "0:17", "0:05.0 to 0:22.8 of 0:22.8"),
        (Recipe("film.mp4", end_ms=90_000), 114, 22_600, "0:22", "0:22.8"),
        (Recipe("film.mp4", end_ms=12_000), 26, 5000, "0:05 of 0:12", "could be read as far as 0:05.0 of 0:12.0"),
    ],
)
def test_the_length_is_that_of_what_was_read(recipe, found, last_ms, length, told):
    """Short for a table, in words for a page."""
    read = scene(recipe, found)

    assert (extent.label_length(read, last_ms), extent.describe_length(read, last_ms)) == (length, told)


def test_a_scene_that_was_never_opened_has_no_length():
    """Its video is not known yet."""
    waiting = scene(Recipe("film.mp4"), 0, None, "queued")

    assert (extent.label_length(waiting, 0), extent.describe_length(waiting, 0)) == ("", "")


@pytest.mark.clips
@pytest.mark.parametrize("name", [name for name, row in ALL.items() if isinstance(row, Reads)])
def test_of_all_the_clips_only_the_corrupt_one_ends_early(name: str, media: Path):
    """Uneven rates, truncated containers and wrong headers included."""
    row = ALL[name]
    read = scene(Recipe(name), row.moments, video.probe(media / name))

    assert extent.ends_early(read, row.last_ms) is (name == "traps/corrupt_bytes.mp4")
