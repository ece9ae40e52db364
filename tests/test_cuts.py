"""A cut is told from a fade, a dissolve, a flash and a pan, however densely one looks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.faces import pixels
from core.model import Image, Sample, Step
from core.reading import tracks
from core.video import clip
from samples import make

FPS = 25
SPANS_MS = {"A": (0, 5600), "B": (5600, 10_000), "C": (10_000, 12_600)}
"""The three shots of the sample clip that are neither dark nor short."""


def slow(*cases: object) -> list[object]:
    """Cases that are not tried by default."""
    return [pytest.param(case, marks=pytest.mark.slow) for case in cases]


@cache
def shot(letter: str) -> tuple[Image, ...]:
    start_ms, end_ms = SPANS_MS[letter]
    found = clip.frames(make.CLIP, Step(1, "frames"), start_ms=start_ms, end_ms=end_ms)
    return tuple(cv2.resize(frame.image, (320, 180), interpolation=cv2.INTER_AREA) for frame in found)


def mixed(one: Sequence[Image], other: Sequence[Image], shares: Sequence[float]) -> list[Image]:
    """From one row of pictures to the other, by each picture's share of the other."""
    return [(a * (1.0 - s) + b * float(s)).astype(np.uint8) for a, b, s in zip(one, other, shares, strict=True)]


def turning(letter: str, count: int) -> list[Image]:
    """So many pictures of a shot, forth and back, so that it has no jump."""
    return ([*shot(letter), *shot(letter)[-2:0:-1]] * 4)[:count]


def cuts(pictures: Sequence[Image], step_ms: int, late_ms: int = 0) -> list[int]:
    """Where shots begin in these 25 pictures a second when one looks every ``step_ms``, ms."""
    return begins([pixels.look(each) for each in pictures], step_ms, late_ms)


def begins(looks: Sequence[bytes], step_ms: int, late_ms: int = 0) -> list[int]:
    """The same from the looks of all the pictures."""
    times = range(late_ms, (len(looks) - 1) * 1000 // FPS + 1, step_ms)
    told = list(tracks.assign_tracks(Sample(t_ms, look=looks[-(-t_ms * FPS // 1000)]) for t_ms in times))
    return [now.t_ms for before, now in pairwise(told) if now.shot != before.shot]


def ground(name: str) -> Image:
    return np.full((180, 320, 3), {"black": 0, "white": 255}[name], np.uint8)


@pytest.mark.parametrize("late_ms", [0, *slow(80)])
@pytest.mark.parametrize(
    ("step_ms", "seconds", "most"), [(100, 1, 1), (200, 1, 2), (100, 1.8, 1), (200, 1.8, 1), (200, 3, 1), (500, 3, 1)]
)
@pytest.mark.parametrize("name", ["black", *slow("white")])
@pytest.mark.parametrize("letter", ["A", *slow("B", "C")])
def test_a_fade_out_and_in_again_is_hardly_more_than_a_cut_each(letter, name, seconds, most, step_ms, late_ms):
    """Each moment of a fast fade differs as much as a cut does: one of 1.8 s was seven of them."""
    length = round(seconds * FPS)
    film, plain = turning(letter, 100 + 2 * length), [ground(name)] * length
    out = mixed(film[50 : 50 + length], plain, np.linspace(0, 1, length))
    back = mixed(plain, film[50 + length : -50], np.linspace(0, 1, length))
    found = cuts([*film[:50], *out, *plain, *back, *film[-50:]], step_ms, late_ms)
    middle_ms = (50 + 3 * length // 2) * 1000 // FPS

    assert len([t_ms for t_ms in found if t_ms < middle_ms]) <= most
    assert len([t_ms for t_ms in found if t_ms >= middle_ms]) <= most


@pytest.mark.parametrize("step_ms", [100, 200, 500])
@pytest.mark.parametrize("seconds", [1.8, *slow(0.8, 3.0)])
@pytest.mark.parametrize("pair", ["AB", *slow("BC", "CA")])
def test_a_dissolve_is_at_most_one_cut(pair, seconds, step_ms):
    """From one shot into another, both still moving."""
    one, other = pair
    length = round(seconds * FPS)
    before, after = turning(one, 50 + length), turning(other, 50 + length)
    between = mixed(before[50:], after[:length], np.linspace(0, 1, length))

    assert len(cuts([*before[:50], *between, *after[length:]], step_ms)) <= 1


@pytest.mark.parametrize("step_ms", [100, 200, 500])
def test_a_flash_is_at_most_a_shot_of_its_own(step_ms):
    """Three bright pictures."""
    film = list(shot("A")[:100])
    film[50:53] = mixed(film[50:53], [ground("white")] * 3, [0.9] * 3)

    assert len(cuts(film, step_ms)) <= 2


@pytest.mark.parametrize("step_ms", [100, 200, 500])
@pytest.mark.parametrize("seconds", [1, *slow(3)])
def test_a_pan_is_no_cut(seconds, step_ms):
    """Over the width of a picture twice as wide as the view, slow at its ends."""
    wide = cv2.resize(np.hstack([shot("A")[0], shot("A")[0][:, ::-1]]), (1280, 360))
    moving = np.round(640 * (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, seconds * FPS)))).astype(int)
    places = [0] * FPS + moving.tolist() + [640] * FPS

    assert cuts([wide[:, place : place + 640] for place in places], step_ms) == []


@pytest.mark.parametrize("step_ms", [100, 200])
@pytest.mark.parametrize("pictures", [10, *slow(20, 15)])
def test_quick_cuts_are_all_found(pictures, step_ms):
    """Shots of 0.8 to 0.4 s: one that follows soon after another is no fade."""
    letters = "ACBACABCBACB"
    film = [image for number, letter in enumerate(letters) for image in shot(letter)[number : number + pictures]]
    every_ms = pictures * 1000 // FPS
    found = cuts(film, step_ms)

    assert found == [-(-number * every_ms // step_ms) * step_ms for number in range(1, len(letters))]


@pytest.mark.parametrize("step_ms", [100, 200, 500, 1000])
def test_the_samples_cuts_are_found_at_every_step(step_ms):
    """At most its last shot falls apart, which turns dark and blurred within seconds."""
    found = begins(whole(make.CLIP), step_ms)
    light = [t_ms for t_ms in found if t_ms < 15_600]

    assert light == [-(-cut // step_ms) * step_ms for cut in (5600, 10_000, 12_600)]
    assert len(found) - len(light) <= (2 if step_ms == 1000 else 0)


@pytest.mark.clips
@pytest.mark.parametrize("step_ms", [100, 200, 500, 1000])
def test_the_six_cuts_of_the_scene_are_found_at_every_step_and_no_other(media: Path, step_ms):
    """What ../shared/media/README.md says of scene.mp4."""
    six = (5160, 9840, 13_240, 15_160, 18_080, 21_080)

    assert begins(whole(media / "scene.mp4"), step_ms) == [-(-cut // step_ms) * step_ms for cut in six]


@cache
def whole(path: Path) -> list[bytes]:
    """The look of every picture of a clip of 25 a second."""
    return [pixels.look(frame.image) for frame in clip.frames(path, Step(1, "frames"))]


@pytest.mark.parametrize("name", ["long_room.mp4", "no_face.mp4"])
def test_a_look_by_way_of_the_small_picture_tells_the_same_differences(
    name: str, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cuts' thresholds were fitted to looks that were made of the whole picture at once."""
    pictures = [frame.image for frame in clip.frames(media / name, Step(200), end_ms=90_000)]
    by_way = [pixels.look(image) for image in pictures]
    monkeypatch.setattr(pixels, "make_small", lambda image: image)
    at_once = [pixels.look(image) for image in pictures]
    steps = [[pixels.difference(*pair) for pair in pairwise(looks)] for looks in (by_way, at_once)]
    large = np.max(steps, axis=0) > 0.08

    assert large.any() and np.abs(np.subtract(*steps))[large].max() < 0.01
