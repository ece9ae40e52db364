"""A cut is told from a fade, a dissolve, a flash and a pan, however densely one looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from core.faces import pixels
from core.model import Image, Sample, Step
from core.reading import looks, tracks
from core.video import clip
from core.video.jumps import CUT_JUMP, Jumps, Small, make_small
from samples import make
from tests.support.cases import quick

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
    seen, jumps, samples = -1, Jumps(), []
    for number, image in enumerate(pictures):
        t_ms = number * 1000 // FPS
        asked = t_ms >= late_ms and (t_ms - late_ms) // step_ms > seen
        jump = jumps.take(t_ms, make_grey(image), asked=asked)
        if asked:
            seen = (t_ms - late_ms) // step_ms
            samples.append(Sample(t_ms, look=looks.look(image, jump)))
    return begins(samples)


def begins(samples: Iterable[Sample]) -> list[int]:
    """Where shots begin, ms."""
    return [now.t_ms for before, now in pairwise(tracks.assign_tracks(samples)) if now.shot != before.shot]


def make_grey(image: Image) -> Small:
    """What a decoder's picture is compared by."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)), "gray")
    return make_small(frame)


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


def read(path: Path, step_ms: int) -> list[int]:
    """Where shots begin in a clip that is decoded every ``step_ms``, ms."""
    frames = clip.frames(path, Step(step_ms))
    return begins(Sample(frame.t_ms, look=looks.look(frame.image, frame.jump)) for frame in frames)


def first_moment(cut_ms: int, step_ms: int) -> int:
    """When the picture is shown that answers the first point of the grid behind a cut, at 25 pictures a second."""
    point_ms = -(-cut_ms // step_ms) * step_ms
    return -(-point_ms * FPS // 1000) * 1000 // FPS


@pytest.mark.parametrize("step_ms", [100, 200, 500, 1000])
def test_the_samples_cuts_are_found_at_every_step(step_ms):
    """And none in its last shot, which turns dark and blurred within seconds."""
    assert read(make.CLIP, step_ms) == [-(-cut // step_ms) * step_ms for cut in (5600, 10_000, 12_600)]


@pytest.mark.clips
@pytest.mark.parametrize("grey", [False, *slow(True)])
@pytest.mark.parametrize("step_ms", [200, *slow(100, 250, 500, 1000)])
def test_the_six_cuts_of_the_scene_are_found_at_every_step_and_no_other(media: Path, step_ms, grey, tmp_path):
    """What ../shared/media/README.md says of scene.mp4, and the same in black and white."""
    six = (5160, 9840, 13_240, 15_160, 18_080, 21_080)
    path = media / "scene.mp4"

    assert read(in_grey(path, tmp_path) if grey else path, step_ms) == [first_moment(cut, step_ms) for cut in six]


def in_grey(path: Path, folder: Path) -> Path:
    """The clip without its colours."""
    frames = clip.frames(path, Step(1, "frames"))
    pictures = (cv2.cvtColor(cv2.cvtColor(f.image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB) for f in frames)
    return write_film(folder / "grey.mp4", pictures)


def write_film(path: Path, pictures: Iterable[Image]) -> Path:
    """A clip of 25 pictures a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "20", "preset": "veryfast"})
        for number, image in enumerate(pictures):
            if number == 0:
                stream.height, stream.width, stream.pix_fmt = *image.shape[:2], "yuv420p"
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), "rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.mark.clips
@pytest.mark.parametrize("step_ms", [250, *slow(100, 500)])
@pytest.mark.parametrize(
    ("name", "cut_ms"),
    [("colour_cut_control", 1840), ("bw_cut", 1840), ("bars_9x16_cut", 1840), ("camera_flash", None)],
)
def test_a_cut_in_grey_and_one_between_bars_are_found_and_flashes_are_none(media: Path, name, cut_ms, step_ms):
    """What ../shared/media/reports/README.md says of these files."""
    expected = [] if cut_ms is None else [first_moment(cut_ms, step_ms)]

    assert read(media / "reports" / f"{name}.mp4", step_ms) == expected


@pytest.mark.parametrize("step_ms", [100, 250, 500])
@pytest.mark.parametrize("look", ["colour", "grey", "bars"])
def test_a_cut_inside_one_set_is_found_in_colour_in_grey_and_between_bars(step_ms, look):
    """Two camera positions in one room share their colours: the second shows the first mirrored, and nearer."""
    here = turning("A", 50)
    there = [cv2.resize(each[20:160, 30:270, :][:, ::-1], (320, 180)) for each in turning("A", 50)]
    film = [*here, *there]
    if look == "grey":
        film = [cv2.cvtColor(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB) for each in film]
    if look == "bars":
        film = [cv2.copyMakeBorder(each, 194, 194, 0, 0, cv2.BORDER_CONSTANT) for each in film]

    assert cuts(film, step_ms) == [2000]


@pytest.mark.parametrize("step_ms", [100, 250, 500])
@pytest.mark.parametrize("pictures", [1, 3, 8])
def test_white_flashes_are_no_cuts(pictures, step_ms):
    film = turning("A", 100)
    film[50 : 50 + pictures] = [ground("white")] * pictures

    assert cuts(film, step_ms) == []


@pytest.mark.parametrize("step_ms", [100, 250, 500])
def test_a_shaken_camera_and_a_flickering_lamp_are_no_cuts(step_ms):
    rng = np.random.default_rng(5)
    film = []
    for image in turning("B", 100):
        right, down = rng.integers(-12, 13, 2)
        moved = cv2.warpAffine(
            image, np.float32([[1, 0, right], [0, 1, down]]), (320, 180), borderMode=cv2.BORDER_REFLECT
        )
        film.append((moved * rng.uniform(0.7, 1.0)).astype(np.uint8))

    assert cuts(film, step_ms) == []


@pytest.mark.parametrize("step_ms", [100, 250, 500])
def test_a_zoom_is_no_cut(step_ms):
    film = []
    for share in np.linspace(0, 0.3, 50):
        down, across = round(180 * share), round(320 * share)
        film.append(cv2.resize(shot("A")[0][down : 180 - down, across : 320 - across], (320, 180)))

    assert cuts(film, step_ms) == []


@pytest.mark.parametrize("step_ms", [100, 250, 500])
def test_black_between_two_shots_is_one_cut_where_the_second_begins(step_ms):
    film = [*turning("A", 50), *[ground("black")] * 25, *turning("C", 50)]

    assert cuts(film, step_ms) == [3000]


@pytest.mark.parametrize(("black_ms", "expected"), [(400, []), (1000, [2000])])
def test_black_that_lasts_parts_two_shots_of_one_place_and_a_blink_does_not(black_ms: int, expected: list[int]):
    still = [shot("A")[0]] * 25
    black = [ground("black")] * (black_ms * FPS // 1000)

    assert cuts([*still, *black, *still], step_ms=100) == expected


def test_old_looks_without_a_jump_are_cut_by_their_difference():
    """A scene begun with them is read on with new ones."""
    old = [looks.look(shot(letter)[0])[: looks.HISTOGRAMS] for letter in "AABB"]
    new = [looks.look(shot(letter)[0], 0.6 * (letter == "C")) for letter in "BCC"]
    film = [Sample(number * 200, look=each) for number, each in enumerate([*old, *new])]

    assert begins(film) == [400, 1000]


def test_segments_tell_the_same_jumps(tmp_path: Path):
    """Wherever decoding begins, and whatever a decoder leaves out on its way."""
    film = write_film(tmp_path / "film.mp4", [each for letter in "ACBACB" for each in turning(letter, 40)])
    whole = [(frame.t_ms, frame.jump) for frame in clip.frames(film, Step(200))]

    assert sum(jump is not None and jump >= CUT_JUMP for _, jump in whole) == 5
    for first in range(1, len(whole), 3):
        assert [(each.t_ms, each.jump) for each in clip.frames(film, Step(200), first_slot=first)] == whole[first:]


@pytest.mark.parametrize("name", quick(["long_room.mp4", "no_face.mp4"], "no_face.mp4"))
def test_a_look_by_way_of_the_small_picture_tells_the_same_differences(
    name: str, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cuts' thresholds were fitted to looks that were made of the whole picture at once."""
    pictures = [frame.image for frame in clip.frames(media / name, Step(200), end_ms=90_000)]
    by_way = [looks.look(image) for image in pictures]
    monkeypatch.setattr(pixels, "make_small", lambda image: image)
    at_once = [looks.look(image) for image in pictures]
    steps = [[looks.difference(*pair) for pair in pairwise(each)] for each in (by_way, at_once)]
    large = np.max(steps, axis=0) > 0.08

    assert large.any() and np.abs(np.subtract(*steps))[large].max() < 0.01
