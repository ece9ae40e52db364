"""Pictures as they are shown: upright, stretched, in their colours, without combs."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from core.model import Image, Step
from core.video import clip
from tests.support.films import CFR, LONG, film, plain, same, seen, still, times


def quarters() -> Image:
    """Four greys, one in each quarter: 1 2 over 3 4."""
    image = np.zeros((32, 64, 3), np.uint8)
    image[:16, :32], image[:16, 32:], image[16:, :32], image[16:, 32:] = 40, 90, 140, 190
    return image


@pytest.mark.parametrize("upside_down", [False, True])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turned_and_mirrored_films_are_shown_upright(tmp_path, degrees, mirrored, upside_down):
    """All that a phone writes: turned against the clock by its angle, and then mirrored."""
    path = film(tmp_path / "a.mp4", CFR[:3], still(quarters()), turn=(degrees, mirrored, upside_down))
    upright = np.rot90(quarters(), degrees // 90)
    upright = upright[:, ::-1] if mirrored else upright
    upright = upright[::-1] if upside_down else upright
    image, probed = seen(path)[0].image, clip.probe(path)

    assert (probed.height, probed.width, 3) == image.shape == upright.shape
    assert np.abs(image.astype(int) - upright).mean() < 3


@pytest.mark.parametrize(
    ("aspect", "turn", "size"),
    [
        (Fraction(64, 45), None, (1024, 576)),
        (Fraction(8, 9), None, (640, 576)),
        (Fraction(64, 45), (90, False, False), (576, 1024)),
        (Fraction(5, 1), None, (3600, 576)),
    ],
)
def test_pixels_that_are_not_square_are_stretched(tmp_path, aspect, turn, size):
    """PAL wide screen, NTSC's narrow pixels, one on its side, and one that is wider than what is looked at."""
    path = film(tmp_path / "a.mp4", CFR[:2], plain((720, 576)), aspect=aspect, turn=turn)
    probed = clip.probe(path)

    (frame,), share = seen(path)[:1], min(1, 1920 / max(size))
    assert (probed.width, probed.height) == size
    assert frame.image.shape == (round(size[1] * share), round(size[0] * share), 3)


@pytest.mark.parametrize(("shape", "size"), [((3840, 2160), (1920, 1080)), ((2160, 3840), (1080, 1920))])
def test_a_large_picture_is_shrunk_to_1920_px(tmp_path, shape, size):
    """On its longer side; the probe and boxes speak of the source all the same, and the frame knows how."""
    path = film(tmp_path / "a.mp4", (0,), plain(shape), options={"preset": "ultrafast"})
    probed = clip.probe(path)

    (frame,) = seen(path)
    assert (probed.width, probed.height) == shape
    assert frame.image.shape == (size[1], size[0], 3)
    assert frame.scale == 2.0


RED = (200, 60, 40)


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuvj420p"])
def test_colours_survive_every_pixel_format(tmp_path, pixels):
    """RGB, not BGR, and to within what the codec loses."""
    path = film(tmp_path / "a.mkv", CFR[:2], still(np.full((48, 64, 3), RED, np.uint8)), pixels=pixels)

    assert np.abs(seen(path)[0].image.reshape(-1, 3).mean(0) - RED).max() < 4


@pytest.mark.parametrize(("size", "red", "blue"), [((640, 480), 0.299, 0.114), ((1280, 720), 0.2126, 0.0722)])
def test_colours_of_a_stream_that_does_not_say_are_those_of_its_size(tmp_path, size, red, blue):
    """BT.601 below 720 lines and BT.709 from there, written by hand here."""
    luma = red * RED[0] + (1 - red - blue) * RED[1] + blue * RED[2]
    values = (
        16 + 219 / 255 * luma,
        128 + 112 / 255 * (RED[2] - luma) / (1 - blue),
        128 + 112 / 255 * (RED[0] - luma) / (1 - red),
    )
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        frame = av.VideoFrame(*size, "yuv420p")
        for plane, value in zip(frame.planes, values, strict=True):
            plane.update(bytes([round(value)]) * plane.buffer_size)
        frame.pts = 0
        container.mux([*stream.encode(frame), *stream.encode()])

    assert np.abs(seen(tmp_path / "a.mp4")[0].image.reshape(-1, 3).mean(0) - RED).max() < 4


def combs(image: Image) -> float:
    """How much neighbouring lines differ from the line between them."""
    lines = image.astype(int)
    return float(np.abs(lines[:-2] + lines[2:] - 2 * lines[1:-1]).mean())


def fields(number: int) -> Image:
    """A bar that walks to the right, half a step further in the odd lines: two fields in one picture."""
    across, down = np.arange(128)[None, :], np.arange(96)[:, None]
    bar = np.abs(across - 20 - 4 * number - 4 * (down % 2)) < 6
    return np.repeat((bar * 200 + 20).astype(np.uint8)[:, :, None], 3, axis=2)


def test_interlaced_pictures_lose_their_combs_and_keep_their_times(tmp_path):
    """And resume exactly, though each picture is made with its neighbours."""
    path = film(tmp_path / "a.mp4", LONG[:75], fields, options={"x264-params": "interlaced=1:tff=1", "g": "10"})
    whole = seen(path)

    assert times(whole) == list(LONG[:75])
    assert max(combs(frame.image) for frame in whole) < combs(fields(0)) / 2
    for after_ms in (0, 40, 1600, 2480, 2960):
        assert same(seen(path, after_ms=after_ms), [frame for frame in whole if frame.t_ms > after_ms])
        assert same(seen(path, Step(80), after_ms=after_ms), [f for f in seen(path, Step(80)) if f.t_ms > after_ms])


def test_a_single_interlaced_picture_comes_out(tmp_path):
    """The deinterlacer waits for a neighbour that never comes."""
    path = film(tmp_path / "a.mp4", (0,), fields, options={"x264-params": "interlaced=1:tff=1"})

    assert times(seen(path)) == [0]
