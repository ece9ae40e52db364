"""A crop is level, tight and smooth; looks tell a cut from a movement; pictures survive their JPEG."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.faces import pixels
from core.faces.lab_colour import lab
from core.model import CROP_PX, Box, Found, Image, Landmarks, Point
from core.reading import looks
from core.reading.cuts import CUT_DIFFERENCE
from core.video import stills
from tests.support.builders import picture

COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255)]


def dotted(size: float, roll: float, middle: tuple[float, float]) -> tuple[Image, Found]:
    """A grey picture with a dot of its own colour on each landmark of a face of that size and roll."""
    turn = np.exp(1j * np.deg2rad(roll))
    shape = (pixels.TEMPLATE - 0.5) @ np.array([1, 1j]) * size * turn + complex(*middle)
    image = np.full((480, 640, 3), 90, np.uint8)
    for at, colour in zip(shape, COLOURS, strict=True):
        cv2.circle(image, (round(at.real), round(at.imag)), max(2, round(size * 0.04)), colour, -1, cv2.LINE_AA)
    half = int(size / 2)
    box = Box(int(middle[0]) - half, int(middle[1]) - half, int(middle[0]) + half, int(middle[1]) + half)
    return image, Found(box, 1.0, Landmarks(*(Point(at.real, at.imag) for at in shape)))


def dots(crop: Image) -> np.ndarray:
    """Where the five colours have their middle in a crop, as shares of its side."""
    at = []
    for colour in COLOURS:
        near = np.abs(crop.astype(int) - colour).sum(axis=2) < 150
        at.append(np.argwhere(near).mean(axis=0)[::-1] + 0.5)
    return np.array(at) / CROP_PX


@pytest.mark.parametrize("size", [60, 96, 180, 330])
@pytest.mark.parametrize("roll", [0, 20, -35])
def test_a_crop_puts_the_landmarks_on_the_template_whatever_size_and_roll(size: int, roll: int) -> None:
    crop = pixels.crop(*dotted(size, roll, (320, 240)))

    assert crop.shape == (CROP_PX, CROP_PX, 3) and crop.dtype == np.uint8
    assert np.abs(dots(crop) - pixels.TEMPLATE).max() < 0.02


def test_a_large_face_is_shrunk_and_not_skipped_through() -> None:
    """A checkerboard of single pixels must come out grey: every pixel counts."""
    image = np.repeat((np.indices((480, 640)).sum(axis=0) % 2 * 255).astype(np.uint8)[..., None], 3, axis=2)
    crop = pixels.crop(image, Found(Box(100, 20, 540, 460), 1.0))

    assert crop.std() < 20 and abs(crop.mean() - 127) < 10


@pytest.mark.parametrize("size", [(3, 2000), (2000, 5), (700, 700)])
@pytest.mark.parametrize("box", [(0, 0, 2000, 2000), (-900, -900, -10, -10), (650, 650, 2600, 2600), (1, 1, 1400, 3)])
def test_a_large_face_somewhere_else_or_in_a_narrow_picture_has_a_crop_too(size, box) -> None:
    image = np.full((*size, 3), 90, np.uint8)

    assert (pixels.crop(image, Found(Box(*box), 1.0)) == 90).all()


def test_a_large_face_at_the_right_and_the_bottom_lies_where_a_small_one_would() -> None:
    """Halving cuts off up to a few pixels there: the landmarks must not move."""
    image, found = dotted(330, 10, (637 - 165, 477 - 165))
    crop = pixels.crop(image, found)

    assert np.abs(dots(crop) - pixels.TEMPLATE).max() < 0.02


def test_a_face_at_the_edge_is_filled_with_the_edge_and_not_with_black() -> None:
    image = np.full((200, 200, 3), 200, np.uint8)
    crop = pixels.crop(image, Found(Box(-60, -60, 40, 40), 1.0))

    assert crop.min() == 200


def test_sharpness_falls_when_a_picture_is_blurred() -> None:
    sharp = pixels.crop(picture(640, 480), Found(Box(200, 100, 400, 300), 1.0))
    blurred = cv2.GaussianBlur(sharp, (0, 0), 3)

    assert pixels.sharpness(blurred) < 0.5 * pixels.sharpness(sharp)


def test_a_look_differs_more_across_a_cut_than_after_a_movement() -> None:
    one, other = picture(640, 360, seed=1), picture(640, 360, seed=2)
    moved = np.roll(one, 20, axis=1)
    first, after_movement, after_cut = (looks.look(image) for image in (one, moved, other))

    assert looks.difference(first, first) < 0.05
    assert looks.difference(first, after_movement) < CUT_DIFFERENCE < looks.difference(first, after_cut)


def test_a_picture_survives_its_jpeg_and_is_shrunk_to_the_asked_width() -> None:
    image = cv2.resize(picture(64, 36), (1280, 720))
    back = stills.decode(stills.encode(image, width=640))

    assert back.shape == (360, 640, 3)
    assert np.abs(back.astype(int) - stills.shrink(image, 640)).mean() < 6


def test_bytes_that_are_no_picture_are_named() -> None:
    with pytest.raises(ValueError, match="5 bytes"):
        stills.decode(b"hello")


def test_a_small_picture_is_made_once_and_is_that_of_the_picture_asked_for() -> None:
    one, other = (cv2.resize(picture(64, 36, seed=seed), (1280, 720)) for seed in (1, 2))

    assert pixels.make_small(one) is pixels.make_small(one) and pixels.make_small(one).shape == (360, 640, 3)
    assert (pixels.make_small(other) == stills.shrink(other, 640)).all()
    assert pixels.make_small(one[:, :600]).shape == (720, 600, 3)


def test_lab_is_opencvs_own() -> None:
    steps = np.arange(0, 256, 5, dtype=np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 1, 3)

    apart = np.abs(lab(colours).astype(int) - cv2.cvtColor(colours, cv2.COLOR_RGB2LAB))

    assert apart.max() <= 2
    assert (apart > 0).mean() < 0.005


@pytest.mark.parametrize("shape", [(360, 640), (480, 640), (270, 480)])
def test_a_look_is_of_the_whole_picture_whatever_its_shape(shape: tuple[int, int]) -> None:
    whole = cv2.resize(np.random.default_rng(0).integers(0, 256, (9, 16, 3), np.uint8), shape[::-1])

    tiny = cv2.resize(whole, (128, 72), interpolation=cv2.INTER_AREA)

    assert looks.difference(looks.look(whole), looks.look(tiny)) < 0.03
