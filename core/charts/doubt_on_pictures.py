"""Doubt as it is drawn on pictures: the dashed box, the ringed crop, the struck one, the flag with words, the pins."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from core.charts import label_places
from core.charts.on_pictures import Font, Plate, default_font
from core.charts.palette import GROUND
from core.model import Box, Image

MARKER = GROUND["dark"].marker
"""The colour of doubt on a picture, in either theme: pictures are as dark in both."""

INK = "#1a0a12"
"""Words on that colour."""

DASH_PX = 14
"""A dash and the gap after it, of a box on a picture 640 px wide."""

RING = 1 / 32
"""Width of the ring around a doubtful crop, as a share of the crop."""

SHARPER = 4
"""Words are drawn so much larger and then shrunk."""

PIN_PX = 14
"""Width of a pin's head on a barcode 640 px wide."""


def draw_doubtful_box(image: Image, box: Box, words: str, figures: str = "", type_: Font = default_font) -> Image:
    """The picture with a dashed box around a doubtful face, and a flag with words beside it; px of the picture.

    ``type_`` writes the words; ``figures`` behind them are in the usual type.
    """
    drawn = image.copy()
    thick = max(2, round(sum(image.shape[:2]) / 400))
    corners = [
        (box.left, box.top),
        (box.right - 1, box.top),
        (box.right - 1, box.bottom - 1),
        (box.left, box.bottom - 1),
    ]
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        _draw_dashes(drawn, start, end, thick)
    flag = _shrink_to_fit(text_plate(words, max(11, round(sum(image.shape[:2]) / 66)), figures, type_), image)
    where = label_places.place_labels([box], [(flag.shape[1], flag.shape[0])], (image.shape[1], image.shape[0]))[0]
    _paste(drawn, flag, where.left, where.top)
    return drawn


def _draw_dashes(drawn: Image, start: tuple[int, int], end: tuple[int, int], thick: int) -> None:
    """A line of marker dashes, each between two dark edges so that it shows on any picture."""
    first, last = np.array(start), np.array(end)
    dash = DASH_PX * max(1.0, drawn.shape[1] / 640)
    dashes = max(1, round(float(np.hypot(*(last - first))) / dash))
    for place in range(dashes):
        from_, to = (
            np.round(first + (last - first) * (place + part) / dashes).astype(int).tolist() for part in (0, 0.5)
        )
        cv2.line(drawn, from_, to, _rgb(INK), thick + 2)
        cv2.line(drawn, from_, to, _rgb(MARKER), thick)


def text_plate(words: str, type_px: int, figures: str = "", type_: Font = default_font) -> Plate:
    """Words, and figures in the usual type behind them, on a rounded plate in the colour of doubt."""
    em = type_px * SHARPER
    font, plain = type_(em), default_font(em)
    after = 0.55 * em + font.getlength(words)
    size = round((after + plain.getlength(figures)) / SHARPER + 0.55 * type_px), round(1.65 * type_px)
    made = Pillow.new("RGBA", (size[0] * SHARPER, size[1] * SHARPER), (*_rgb(MARKER), 0))
    ink = ImageDraw.Draw(made)
    ink.rounded_rectangle((0, 0, *made.size), 0.3 * em, fill=(*_rgb(MARKER), 255))
    ascent, descent = plain.getmetrics()
    base = made.height / 2 + (ascent - descent) / 2  # both fonts stand on one line
    ink.text((0.55 * em, base), words, font=font, fill=INK, anchor="ls")
    ink.text((after, base), figures, font=plain, fill=INK, anchor="ls")
    return np.asarray(made.reduce(SHARPER))


def draw_ring(crop: Image, words: str = "", theme: str = "dark") -> Image:
    """A doubtful face: a ring of marker around it and, where there are words, a flag in its corner."""
    drawn = crop.copy()
    side = crop.shape[0]
    thick = max(2, round(side * RING / 2) * 2)
    cv2.rectangle(drawn, (0, 0), (side - 1, side - 1), _rgb(GROUND[theme].marker), 2 * thick - 1)
    if words:
        _paste(drawn, _shrink_to_fit(text_plate(words, round(side / 11)), drawn), 2 * thick, 2 * thick)
    return drawn


def strike_out(crop: Image) -> Image:
    """A dropped face: grey, a line through it."""
    grey = cv2.cvtColor(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    drawn = np.asarray(grey * 0.6 + 40, np.uint8).copy()
    side = crop.shape[0]
    for colour, thick in ((GROUND["dark"].background, 9), (GROUND["dark"].text, 4)):
        cv2.line(drawn, (0, side - 1), (side - 1, 0), _rgb(colour), max(1, round(side * thick / 96)), cv2.LINE_AA)
    return drawn


def draw_flag(card: Image, words: str) -> Image:
    """A poster with a flag in its top left corner."""
    drawn = card.copy()
    _paste(drawn, _shrink_to_fit(text_plate(words, 19), card), 16, 16)
    return drawn


def draw_pins(barcode: Image, places: Iterable[float], theme: str = "dark") -> Image:
    """A barcode with a pin at each of the ``places``, shares of its width."""
    drawn = barcode.copy()
    height, width = barcode.shape[:2]
    half = round(PIN_PX * width / 640 / 2)
    for share in places:
        at = min(max(round(share * width), half), width - 1 - half)
        for colour, grown in ((GROUND[theme].background, 2), (GROUND[theme].marker, 0)):
            cv2.line(drawn, (at, 0), (at, height), _rgb(colour), 3 + 2 * grown)
            head = np.array([(at - half - grown, 0), (at + half + grown, 0), (at, half + 3 + grown)])
            cv2.fillPoly(drawn, [head], _rgb(colour), cv2.LINE_AA)
    return drawn


def _shrink_to_fit(flag: Plate, image: Image) -> Plate:
    """The flag, shrunk where the picture is narrower than it."""
    share = min(image.shape[1] * 0.94 / flag.shape[1], image.shape[0] / flag.shape[0], 1)
    size = (max(int(flag.shape[1] * share), 1), max(int(flag.shape[0] * share), 1))
    return flag if share == 1 else cv2.resize(flag, size, interpolation=cv2.INTER_AREA)


def _paste(drawn: Image, flag: Plate, left: int, top: int) -> None:
    """Lay the flag over the picture, as much of it as fits."""
    under = drawn[top : top + flag.shape[0], left : left + flag.shape[1]]
    over = flag[: under.shape[0], : under.shape[1]]
    cover = over[..., 3:] / 255
    under[:] = np.round(over[..., :3] * cover + under * (1 - cover))


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
