"""What is drawn of doubt on pictures: in the one colour that nothing else has, and off the face itself."""

from __future__ import annotations

import numpy as np
import pytest

from core.charts import doubt_on_pictures
from core.charts.palette import GROUND
from core.model import Box, Image
from tests.support.builders import picture

WHITE = np.full((360, 640, 3), 255, np.uint8)


def marked(image: Image, theme: str = "dark") -> int:
    """How many pixels have exactly the colour of doubt."""
    return int((image == list(bytes.fromhex(GROUND[theme].marker[1:]))).all(axis=2).sum())


def test_the_box_of_a_doubtful_face_is_dashed_and_leaves_the_face_clear() -> None:
    drawn = doubt_on_pictures.draw_doubtful_box(WHITE, Box(200, 100, 320, 240), "happy 0.64?")
    edge = drawn[140:200, 200]
    dashes = (edge == list(bytes.fromhex(GROUND["dark"].marker[1:]))).all(axis=1)

    assert 0.3 < dashes.mean() < 0.9
    assert (drawn[110:230, 210:310] == 255).all()
    assert (WHITE == 255).all(), "the picture given is left as it was"


@pytest.mark.parametrize("box", [Box(0, 0, 40, 40), Box(600, 330, 640, 360), Box(-20, -20, 700, 400)])
def test_a_face_at_the_edge_has_its_flag_inside_the_picture(box: Box) -> None:
    assert marked(doubt_on_pictures.draw_doubtful_box(WHITE, box, "surprise 0.45? doubtful")) > 100


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("side", [36, 96, 192])
def test_a_doubtful_crop_has_a_ring_and_the_face_stays_what_it_was(side: int, theme: str) -> None:
    crop = picture(side, side)
    drawn = doubt_on_pictures.draw_ring(crop, theme=theme)
    inner = slice(side // 4, 3 * side // 4)

    assert marked(drawn[:2], theme) == 2 * side
    assert (drawn[inner, inner] == crop[inner, inner]).all()


def test_the_words_of_a_ringed_crop_stand_on_a_flag() -> None:
    crop = picture(192, 192)

    assert marked(doubt_on_pictures.draw_ring(crop, "doubt 0.88")) > marked(doubt_on_pictures.draw_ring(crop)) + 500


def test_a_dropped_crop_is_grey_throughout() -> None:
    drawn = doubt_on_pictures.strike_out(picture(96, 96)).astype(int)

    assert np.abs(drawn.max(axis=2) - drawn.min(axis=2)).mean() < 2


def test_a_poster_says_how_many_are_to_review() -> None:
    assert marked(doubt_on_pictures.draw_flag(WHITE, "3 to review")) > 1000


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0, 1.4, -1.0])
def test_a_pin_stands_at_its_share_of_the_barcode_and_never_outside(share: float) -> None:
    drawn = doubt_on_pictures.draw_pins(np.zeros((50, 640, 3), np.uint8), [share])
    columns = (drawn[40] == list(bytes.fromhex(GROUND["dark"].marker[1:]))).all(axis=1).nonzero()[0]

    assert abs(columns.mean() - min(max(share, 0), 1) * 640) <= 9
