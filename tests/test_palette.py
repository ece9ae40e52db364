"""The colours are measured again from their hex values: contrast, and what colour-blind eyes can tell apart."""

from __future__ import annotations

import tomllib
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.charts.palette import (
    DASH,
    GLYPH,
    GROUND,
    PALETTE,
    SHAPE,
    STAR,
    STAR_GLYPH,
    TAUGHT,
    TAUGHT_DASHES,
    WIDTH,
    colour,
    dash,
    mark,
    shorten,
)
from core.model import EMOTIONS
from tests.support.project import ROOT

CONFIG = ROOT / ".streamlit" / "config.toml"

EYES = {
    "normal": np.eye(3),
    "protan": [(0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)],
    "deutan": [(0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)],
    "tritan": [(1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)],
}
"""What eyes without one kind of cone make of linear RGB (Machado, Oliveira and Fernandes 2009, severity 1)."""

TO_LMS = [
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
]
TO_LAB = [
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
]
"""Linear RGB → cones → OKLab (Ottosson 2020)."""


def linear(colour: str) -> NDArray[np.float64]:
    """``"#ffd918"`` → linear RGB, 0–1."""
    srgb = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast, 1–21."""
    light, dark = sorted((float(linear(colour) @ (0.2126, 0.7152, 0.0722)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def oklab(colour: str, eyes: str) -> NDArray[np.float64]:
    """The colour in OKLab, as these eyes see it."""
    seen = (np.array(EYES[eyes]) @ linear(colour)).clip(0, 1)
    return np.array(TO_LAB) @ np.cbrt(np.array(TO_LMS) @ seen)


def distance(one: str, other: str, eyes: str) -> float:
    """How far apart two colours are for these eyes, OKLab × 100."""
    return 100 * float(np.linalg.norm(oklab(one, eyes) - oklab(other, eyes)))


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("emotion", EMOTIONS)
def test_every_emotion_stands_out_from_the_page_and_from_a_surface(theme: str, emotion: str) -> None:
    colour, ground = PALETTE[theme][emotion], GROUND[theme]

    assert contrast(colour, ground.background) >= 3
    assert contrast(colour, ground.surface) >= 3


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_words_are_read_with_ease_on_the_page_and_on_a_surface(theme: str) -> None:
    ground = GROUND[theme]
    for words in (ground.text, ground.muted, ground.marker):
        assert min(contrast(words, ground.background), contrast(words, ground.surface)) >= 4.5


@pytest.mark.parametrize(
    ("theme", "eyes", "smallest"),
    [
        ("dark", "normal", 16.0), ("dark", "protan", 10.8), ("dark", "deutan", 11.1), ("dark", "tritan", 10.9),
        ("light", "normal", 16.1), ("light", "protan", 8.5), ("light", "deutan", 8.3), ("light", "tritan", 8.2),
    ],
)  # fmt: skip
def test_any_two_emotions_differ_for_every_kind_of_eye(theme: str, eyes: str, smallest: float) -> None:
    """The smallest distance is at least 8, and is the one that the design was chosen for."""
    nearest = min(distance(*pair, eyes) for pair in combinations(PALETTE[theme].values(), 2))

    assert nearest >= 8
    assert nearest == pytest.approx(smallest, abs=0.1)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("eyes", EYES)
def test_doubt_is_no_emotions_colour(theme: str, eyes: str) -> None:
    assert min(distance(GROUND[theme].marker, colour, eyes) for colour in PALETTE[theme].values()) >= 7.5


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_taught_emotion_stands_out_from_the_page_and_from_a_surface(theme: str) -> None:
    assert contrast(TAUGHT[theme], GROUND[theme].background) >= 3
    assert contrast(TAUGHT[theme], GROUND[theme].surface) >= 3


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("eyes", EYES)
def test_a_taught_emotion_is_none_of_the_seven_nor_doubt_nor_grey(theme: str, eyes: str) -> None:
    ground = GROUND[theme]
    others = (*PALETTE[theme].values(), ground.marker, ground.accent, ground.muted, ground.text)

    assert min(distance(TAUGHT[theme], other, eyes) for other in others) >= 8


def test_taught_emotions_are_dashed_and_their_mark_is_their_own() -> None:
    assert all(len(each) >= 2 and each[1] > 0 for each in TAUGHT_DASHES)
    assert len(set(map(tuple, TAUGHT_DASHES))) == len(TAUGHT_DASHES)
    assert not {tuple(each) for each in TAUGHT_DASHES} & {tuple(each) for each in DASH.values()}
    assert STAR not in SHAPE.values() and STAR_GLYPH not in GLYPH.values()
    assert dash(len(TAUGHT_DASHES)) == dash(0)
    assert colour("panic", "dark") == TAUGHT["dark"] and colour("happy", "dark") == PALETTE["dark"]["happy"]
    assert mark("panic", "light") == f':color[★]{{foreground="{TAUGHT["light"]}"}}'


def test_without_colour_no_two_emotions_look_alike() -> None:
    """Shape and glyph differ everywhere, and so do dash and width together."""
    assert len(set(SHAPE.values())) == len(set(GLYPH.values())) == len(EMOTIONS)
    assert len({(*DASH[emotion], WIDTH[emotion]) for emotion in EMOTIONS}) == len(EMOTIONS)


def test_every_emotion_has_every_mark_in_the_models_order() -> None:
    for values in (PALETTE["dark"], PALETTE["light"], SHAPE, GLYPH, DASH, WIDTH):
        assert tuple(values) == EMOTIONS


def test_a_mark_in_a_sentence_carries_its_themes_colour() -> None:
    assert mark("happy", "dark") == ':color[●]{foreground="#ffd918"}'
    assert mark("happy", "light") == ':color[●]{foreground="#b8810c"}'


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_apps_theme_has_the_same_colours(theme: str) -> None:
    if not CONFIG.is_file():
        pytest.skip("the app's theme is not written yet")
    told, ground = tomllib.loads(CONFIG.read_text("utf-8"))["theme"][theme], GROUND[theme]

    assert told["chartCategoricalColors"] == list(PALETTE[theme].values())
    assert (told["backgroundColor"], told["secondaryBackgroundColor"]) == (ground.background, ground.surface)
    assert (told["textColor"], told["borderColor"]) == (ground.text, ground.border)
    assert (told["primaryColor"], told["violetColor"]) == (ground.accent, ground.marker)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("panic", "panic"), ("hand on face", "hand on face"), ("the Michael Scott look", "the Michael…")],
)
def test_a_long_name_is_cut_where_there_is_room_for_a_word(name: str, shown: str) -> None:
    assert shorten(name) == shown
