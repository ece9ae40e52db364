"""What is drawn on pictures: boxes and their words, the barcode, the poster."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.charts import label_places, on_pictures
from core.charts.palette import GROUND, PALETTE
from core.model import EMOTIONS, Box, Face, Found, Reading, Timeline
from tests.support.builders import face, picture, scores, strip

WHITE = np.full((360, 640, 3), 255, np.uint8)


def rgb(colour: str) -> list[int]:
    """``"#ffd918"`` → [255, 217, 24]."""
    return list(bytes.fromhex(colour[1:]))


def at(left: int, top: int, size: int = 80, emotion: str = "happy") -> Face:
    """A face there, read by ``builtin``."""
    return Face(Found(Box(left, top, left + size, top + size), 0.99), readings={"builtin": Reading(scores(emotion))})


def square(left: int, top: int, size: int = 80) -> Box:
    """A face's box."""
    return Box(left, top, left + size, top + size)


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share a pixel."""
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_box_is_drawn_in_its_emotions_colour_around_the_face(theme: str, emotion: str) -> None:
    drawn = on_pictures.draw_boxes(WHITE, [at(200, 100, emotion=emotion)], "builtin", theme)

    assert drawn[140, 200].tolist() == drawn[140, 279].tolist() == rgb(PALETTE[theme][emotion])
    assert drawn[140, 240].tolist() == [255, 255, 255], "the face itself stays clear"


def test_the_picture_given_is_left_as_it_was() -> None:
    image = picture()
    before = image.copy()
    on_pictures.draw_boxes(image, [at(50, 50)], "builtin")

    assert (image == before).all()


def test_a_picture_without_faces_stays_the_same() -> None:
    assert (on_pictures.draw_boxes(WHITE, [], "builtin") == WHITE).all()


def test_the_words_tell_emotions_apart_without_colour() -> None:
    """In black and white, no two emotions' plates look alike."""
    grey = [
        cv2.cvtColor(on_pictures.draw_boxes(WHITE, [at(200, 100, emotion=e)], "builtin"), cv2.COLOR_RGB2GRAY)
        for e in EMOTIONS
    ]
    inked = [image[50:98] > 150 for image in grey]

    assert all((one != other).sum() > 60 for one, other in combinations(inked, 2))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-100, 700), st.integers(-100, 400), st.integers(10, 300)), max_size=6))
def test_plates_stay_inside_the_picture_wherever_the_faces_are(faces: list[tuple[int, int, int]]) -> None:
    for place in label_places.place_labels([square(*each) for each in faces], [(110, 26)] * len(faces), (640, 360)):
        assert place.left >= 0 and place.top >= 0 and place.right <= 640 and place.bottom <= 360
        assert (place.width, place.height) == (110, 26)


@pytest.mark.parametrize(
    "faces",
    [
        [(100, 100), (190, 100), (280, 100)],  # shoulder to shoulder
        [(200, 10), (240, 20)],  # nearly one over the other, at the top
        [(500, 100), (550, 190), (560, 280)],  # along the right edge
        [(40 + 150 * column, 60 + 110 * row) for column in range(4) for row in range(2)],  # a class
        [(300, 140)] * 4,  # four times the same
    ],
)
def test_plates_of_neighbours_do_not_cover_each_other(faces: list[tuple[int, int]]) -> None:
    placed = label_places.place_labels([square(*each) for each in faces], [(110, 26)] * len(faces), (640, 360))

    assert not any(meet(*pair) for pair in combinations(placed, 2))


@pytest.mark.parametrize(
    ("face", "corner"),
    [
        ((200, 100), (200, 70)),  # above it
        ((200, 0), (200, 84)),  # at the top edge: below
        ((600, 100), (530, 70)),  # at the right edge: above, moved in
    ],
)
def test_a_plate_stands_above_its_face_where_it_can(face: tuple[int, int], corner: tuple[int, int]) -> None:
    (place,) = label_places.place_labels([square(*face)], [(110, 26)], (640, 360))

    assert place[:2] == corner


def test_a_plate_leaves_other_faces_clear() -> None:
    below, above = square(200, 120), square(190, 30)
    places = label_places.place_labels([below, above], [(110, 26)] * 2, (640, 360))

    assert not any(meet(place, box) for place in places for box in (below, above))


def test_the_words_stand_where_their_place_is() -> None:
    """Only the box's line and the plate above it are drawn."""
    changed = (on_pictures.draw_boxes(WHITE, [at(200, 100)], "builtin") != 255).any(axis=2)
    rows, columns = np.nonzero(changed)

    assert 60 <= rows.min() < 80 and rows.max() <= 183
    assert 196 <= columns.min() <= 200 and columns.max() < 330
    assert changed[75:90, 210:280].mean() > 0.9


def test_a_face_that_this_reader_did_not_read_is_boxed_in_grey() -> None:
    drawn = on_pictures.draw_boxes(WHITE, [at(200, 100)], "deepface")

    assert drawn[140, 200].tolist() == rgb(GROUND["dark"].muted)
    assert (drawn[60:96, 200:260] != 255).any(), "and told in words"


@pytest.mark.parametrize("shape", [(36, 64), (9, 16), (1, 1), (1080, 1920), (640, 360)])
def test_pictures_of_any_size_can_be_drawn_on(shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 255, np.uint8)
    drawn = on_pictures.draw_boxes(image, [face("happy", left=0, size=max(shape[0] // 2, 1))], "builtin")

    assert drawn.shape == image.shape and (drawn != image).any()


def test_words_grow_with_the_picture() -> None:
    heights = []
    for height in (360, 1080):
        blank = np.full((height, height * 16 // 9, 3), 255, np.uint8)
        above = on_pictures.draw_boxes(blank, [at(height // 2, height // 2)], "builtin")[: height // 2 - 8]
        heights.append(int((above != 255).any(axis=(1, 2)).sum()))

    assert heights[1] == pytest.approx(3 * heights[0], rel=0.3)


def test_a_column_of_the_barcode_is_a_moment_in_its_colour_as_high_as_its_score() -> None:
    drawn = on_pictures.barcode(strip("hs.n"), "builtin", 4, 100)
    colours = PALETTE["dark"]

    assert drawn.shape == (100, 4, 3) and drawn.dtype == np.uint8
    assert [drawn[50, column].tolist() for column in (0, 1, 3)] == [
        rgb(colours[e]) for e in ("happy", "sad", "neutral")
    ]
    assert (drawn[:, 0] == rgb(colours["happy"])).all(axis=1).sum() == 88


def test_where_nobody_is_the_barcode_has_only_a_floor() -> None:
    empty = on_pictures.barcode(strip("h.h"), "builtin", 3, 20, "light")[:, 1]

    assert (empty[:-1] == rgb(GROUND["light"].background)).all()
    assert empty[-1].tolist() == rgb(GROUND["light"].border)


def test_a_moment_may_be_many_pixels_wide() -> None:
    drawn = on_pictures.barcode(strip("hs"), "builtin", 10, 10)

    assert (drawn[5, :5] == rgb(PALETTE["dark"]["happy"])).all()
    assert (drawn[5, 5:] == rgb(PALETTE["dark"]["sad"])).all()


def test_a_short_peak_is_seen_even_when_a_column_is_many_moments() -> None:
    """Quiet moments score 0.4 here, the one surprise among 900 scores 0.88."""
    quiet = replace(face("neutral"), readings={"builtin": Reading(scores("neutral", 0.4))})
    samples = strip("n" * 611 + "u" + "n" * 288).samples
    calm = Timeline(500, tuple(s if s.t_ms == 305_500 else replace(s, faces=(quiet,)) for s in samples))
    drawn = on_pictures.barcode(calm, "builtin", 30, 100)

    assert drawn[20, 20].tolist() == rgb(PALETTE["dark"]["surprise"])
    assert (drawn[20] == rgb(PALETTE["dark"]["surprise"])).all(axis=1).sum() == 1


@pytest.mark.parametrize("drawing", ["", "..."])
def test_a_barcode_of_nobody_is_a_floor(drawing: str) -> None:
    assert (on_pictures.barcode(strip(drawing), "builtin", 8, 5)[:-1] == rgb(GROUND["dark"].background)).all()


def test_the_poster_is_16_to_9_with_the_barcode_below() -> None:
    card = on_pictures.poster(WHITE, strip("hhss"), "builtin", 2000)

    assert card.shape == (416, 640, 3)
    assert (card[:300] == 255).all()
    assert card[-2, 10].tolist() == rgb(PALETTE["dark"]["happy"])
    assert card[-2, -10].tolist() == rgb(PALETTE["dark"]["sad"])


def test_the_poster_says_how_long_the_scene_is() -> None:
    """Different lengths, different words, in the lower right corner and nowhere else."""
    short, long = (on_pictures.poster(WHITE, strip("hh"), "builtin", length_ms) for length_ms in (19_700, 139_000))
    rows, columns = np.nonzero((short != long).any(axis=2))

    assert len(rows) > 50
    assert rows.min() > 300 and rows.max() < 352
    assert columns.min() > 540 and columns.max() < 632


def test_a_tall_picture_is_shown_whole_with_surface_beside_it() -> None:
    card = on_pictures.poster(np.full((640, 360, 3), 255, np.uint8), strip("hh"), "builtin", 1000, "light")

    assert card[100, 10].tolist() == rgb(GROUND["light"].surface)
    assert card[100, 320].tolist() == [255, 255, 255]


@pytest.mark.parametrize(("drawing", "note"), [("...", None), ("hhh", "still reading")])
def test_a_note_dims_the_picture_and_nobody_in_frame_is_noted_by_itself(drawing: str, note: str | None) -> None:
    card = on_pictures.poster(WHITE, strip(drawing), "builtin", 1000, note=note)
    plain = on_pictures.poster(WHITE, strip("hhh"), "builtin", 1000)

    assert card[20, 20].mean() < 0.5 * plain[20, 20].mean()
    assert card[170:190, 260:380].std() > 20, "words in the middle"
