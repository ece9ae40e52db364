"""Pictures that are held long: a moment belongs to the picture that is shown then, and numbers weigh time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.analysis import tables
from core.model import Step, Timeline
from core.reading.pipeline import read_frames
from core.shelf import read_file
from core.video import clip
from tests.support import clips
from tests.support.films import film, numbers, plain, same, seen, times

SLIDES = (0, 3000, 3040, 3080, 3120, 9120, 9160)
"""A slide for three seconds, a few pictures of movement, the last of them for six seconds."""


def slides(path: Path, name: str = "slides.mp4", **how: object) -> Path:
    return film(path / name, SLIDES, plain((96, 72)), **how)


@pytest.mark.parametrize("step", [Step(200), Step(130), Step(1000), Step(4000)])
@pytest.mark.parametrize("name", ["slides.mp4", "slides.mkv", "slides.ts", "slides.avi.mkv"])
def test_every_point_of_the_grid_is_answered_by_what_is_shown_then(tmp_path, name, step):
    """Whatever container holds it, and however far the step leaps."""
    found = seen(slides(tmp_path, name), step)
    first = {t_ms // step.every * step.every: t_ms for t_ms in reversed(SLIDES)}
    wanted = [first.get(point, point) for point in range(0, 9161, step.every)]
    shown = [max(number for number, t_ms in enumerate(SLIDES) if t_ms <= moment) for moment in wanted]

    assert times(found) == wanted
    assert numbers(found) == shown


@pytest.mark.parametrize("limits", [{"start_ms": 1500}, {"start_ms": 4000, "end_ms": 8000}, {"budget": 11}])
def test_a_stretch_that_begins_in_a_held_picture_begins_with_it(tmp_path, limits):
    """And whoever goes on after any moment sees the same as who never stopped."""
    path = slides(tmp_path)
    whole = seen(path, Step(200), **limits)

    assert whole[0].t_ms == limits.get("start_ms", 0)
    for after_ms in times(whole):
        rest = [frame for frame in whole if frame.t_ms > after_ms]
        assert same(seen(path, Step(200), after_ms=after_ms, **limits), rest)


def test_the_last_picture_is_shown_as_long_as_its_file_says(tmp_path):
    """A GIF's delays are its pictures' lengths."""
    path = film(tmp_path / "slow.gif", (0, 100, 200, 2200, 2300), codec="gif", pixels="bgr8")
    found, length_ms = times(seen(path, Step(200))), clip.probe(path).duration_ms

    assert found == [*range(0, 2200, 200), 2200, *range(2400, length_ms, 200)]


def test_a_picture_rate_that_does_not_fit_the_step_doubles_no_moment(tmp_path):
    """Four pictures a second, and 25 of them asked for every 10 ms, are no held pictures."""
    slow = film(tmp_path / "slow.mp4", range(0, 4000, 250))

    assert times(seen(slow, Step(200))) == list(range(0, 4000, 250))
    assert len(seen(film(tmp_path / "a.mp4"), Step(10))) == 50


def test_nothing_is_filled_in_where_pictures_were_lost(tmp_path):
    """Nobody knows what a damaged film showed there."""
    from tests.support.films import LONG, damaged, grainy

    path = damaged(film(tmp_path / "a.mp4", LONG, grainy), tmp_path / "bad.mp4", range(40, 41))

    assert not [t_ms for t_ms in times(seen(path, Step(100))) if 1600 <= t_ms < 2000]


def test_a_held_picture_is_searched_and_read_once_a_group(tmp_path):
    """Its moments have the same faces, bit by bit, and cost next to nothing."""
    searched: list[int] = []

    def find(image: np.ndarray) -> tuple[object, ...]:
        searched.append(1)
        return clips.find(image)

    path = film(tmp_path / "held.mp4", (0, 12_000, 12_040), lambda number: clips.picture(COLOURS, 7 * number))
    read = list(read_frames(clip.frames(path, Step(200)), find, {"certain": clips.certain}))
    faces = [each.sample.faces for each in read[:60]]

    assert len(read) == 61 and len(searched) == 2
    assert faces[0] and all(one == faces[0] for one in faces)


COLOURS = np.random.default_rng(3).integers(0, 255, (3, 3))


def test_coverage_of_a_scene_weighs_time(tmp_path):
    """A face on two of ten seconds, shown by one picture, is there a fifth of the time."""
    from tests.support.builders import face

    path = film(tmp_path / "talk.mp4", (*range(0, 1000, 40), 1000, 3000, *range(3040, 10_000, 40)))
    frames = seen(path, Step(200))
    with_face = [frame.t_ms for frame in frames if 1000 <= frame.t_ms < 3000]
    from core.model import Sample

    samples = [Sample(frame.t_ms, (face(),) if frame.t_ms in with_face else ()) for frame in frames]

    assert tables.coverage(Timeline(200, tuple(samples))) == pytest.approx(0.2, abs=0.01)


@pytest.mark.clips
def test_a_face_behind_an_empty_slide_is_on_screen_a_quarter_of_the_time(media):
    """Eight seconds of one grey picture, then 2.4 s of a man."""
    table = read_file.read(media / "reports" / "held_empty_8s_then_face.mp4", finder="mtcnn", readers="builtin")
    there = table.groupby("t_ms")["track"].count() > 0

    assert list(there.index) == list(range(0, 10_400, 200))
    assert there.mean() == pytest.approx(0.23, abs=0.005)
    assert there.idxmax() == 8000


@pytest.mark.parametrize("every", [2000, 5000])
def test_a_long_step_that_leaps_over_a_held_picture_sees_what_is_shown_then(tmp_path, every):
    """Held for three seconds between keyframes, with pictures that lean on both sides of them."""
    shown = [*range(0, 4000, 40), *range(7000, 12_000, 40), *range(16_000, 20_000, 40)]
    path = film(tmp_path / "a.mp4", shown, options={"g": "25", "bf": "2", "sc_threshold": "0"})
    truth = seen(path)
    found = seen(path, Step(every))

    assert [frame.slot for frame in found] == list(range(-(-20_000 // every)))
    for frame in found:
        there = max(one.t_ms for one in truth if one.t_ms <= frame.t_ms)
        assert numbers([frame]) == numbers([one for one in truth if one.t_ms == there])
