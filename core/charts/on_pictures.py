"""Pictures with something drawn on them: boxes with words, the barcode of a scene, its poster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from core.charts import emotions_on_pictures
from core.charts.label_places import place_labels
from core.charts.palette import GROUND, PALETTE, colour
from core.model import EMOTIONS, Box, Face, Image, Sample, Timeline
from core.settings import clock

Plate = NDArray[np.uint8]
"""(H, W, 4) uint8 RGBA: words on a rounded ground."""

Font = Callable[[int], ImageFont.FreeTypeFont]
"""Size in px → font."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How emotions are written into pictures."""

    names: Mapping[str, str]
    """Emotion → what it is called."""
    type: Font
    """A font that can write those names."""
    size: float = 1.0
    """Of the letters, 1 is usual."""


POSTER_PX = (640, 360)
"""Width and height of a poster's picture; the barcode comes below it."""

BARCODE_PX, BARCODE_GAP_PX = 50, 6
"""Height of the barcode under a poster, and the room above it: together 56 px."""

DIMMED = 0.35
"""How much of a picture is left when nobody is in it."""

SHARPER = 4
"""Words and marks are drawn this much larger and then shrunk, which smooths their edges."""

_ARM = ((-0.18, -0.5), (0.18, -0.5), (0.18, -0.18), (0.5, -0.18), (0.5, 0.18), (0.18, 0.18))
_ROUND = [(0.45 * float(np.cos(a)), 0.45 * float(np.sin(a))) for a in np.linspace(0, 2 * np.pi, 48, endpoint=False)]
OUTLINES: dict[str, Sequence[tuple[float, float]]] = {
    "angry": ((0, -0.42), (0.48, 0.42), (-0.48, 0.42)),
    "disgust": (*_ARM, *((-x, -y) for x, y in _ARM)),
    "fear": ((0, -0.55), (0.42, 0), (0, 0.55), (-0.42, 0)),
    "happy": _ROUND,
    "sad": ((0, 0.42), (-0.48, -0.42), (0.48, -0.42)),
    "surprise": ((-0.42, -0.42), (0.42, -0.42), (0.42, 0.42), (-0.42, 0.42)),
    "neutral": ((-0.5, -0.15), (0.5, -0.15), (0.5, 0.15), (-0.5, 0.15)),
}
"""Emotion → its mark as a polygon in a square of side 1 around the origin, y downwards."""


def draw_boxes(
    image: Image,
    faces: Sequence[Face],
    reader: str,
    theme: str = "dark",
    wording: Wording | None = None,
    taught: Sequence[emotions_on_pictures.ShownScores] = (),
) -> Image:
    """The picture with a thin box around each face, and beside it a plate: what ``reader`` says, mark, word and score.

    The boxes are in the picture's own px. Plates stay inside the picture, and off each other where there is room.
    ``taught`` says of each face what emotions of one's own it shows: these have a dashed line and a plate as well.
    """
    shown = taught or [{}] * len(faces)
    drawn = emotions_on_pictures.draw_frames(image, faces, shown)
    for face in faces:
        _draw_frame(drawn, face.found.box, _box_colour(face, reader, theme))
    type_px = round(_letters_px(image) * (wording.size if wording else 1))
    plates = [
        _shrink_to_fit(
            emotions_on_pictures.stack_plates(
                [_face_plate(face, reader, type_px, theme, wording), *_own_plates(own, type_px, theme, wording)]
            ),
            image,
        )
        for face, own in zip(faces, shown, strict=True)
    ]
    sizes = [(plate.shape[1], plate.shape[0]) for plate in plates]
    size = (image.shape[1], image.shape[0])
    for plate, place in zip(plates, place_labels([face.found.box for face in faces], sizes, size), strict=True):
        _paste(drawn, plate, place.left, place.top)
    return drawn


def draw_outline(image: Image, box: Box) -> Image:
    """The picture with a thin light line around the only part of it that was searched; px of the picture."""
    drawn = image.copy()
    _draw_frame(drawn, box, GROUND["dark"].muted)
    return drawn


def barcode(timeline: Timeline, reader: str, width: int, height: int, theme: str = "dark") -> Image:
    """The scene at a glance, (height, width, 3): a column per moment, as high as its top emotion's mean score.

    Where nobody is, only the floor is drawn. With more moments than px a column shows the highest of its own.
    """
    scores = _barcode_columns(
        np.array([_mean_scores(sample, reader) for sample in timeline.samples]).reshape(-1, len(EMOTIONS)), width
    )
    colours = np.array([_rgb(PALETTE[theme][emotion]) for emotion in EMOTIONS], np.uint8)[scores.argmax(axis=1)]
    drawn = np.full((height, width, 3), _rgb(GROUND[theme].background), np.uint8)
    drawn[-1] = _rgb(GROUND[theme].border)
    filled = np.arange(height, 0, -1)[:, None] <= np.ceil(scores.max(axis=1) * height)
    return np.where(filled[..., None], colours, drawn).astype(np.uint8)


def poster(
    image: Image, timeline: Timeline, reader: str, duration_ms: int, theme: str = "dark", note: str | None = None
) -> Image:
    """The scene's card: the whole picture on 16:9, its length in a corner and the barcode below; 640 x 416 px.

    ``note`` dims the picture and stands in its middle; it is "no face found" by itself where no moment has a face.
    """
    card = _letterbox(image, theme)
    if note is None and not any(sample.faces for sample in timeline.samples):
        note = "no face found"
    length = _text_plate(clock(duration_ms, tenths=duration_ms < 60_000), None, 18, "dark")
    if note:
        card = cv2.addWeighted(card, DIMMED, np.full_like(card, _rgb(GROUND[theme].background)), 1 - DIMMED, 0)
        plate = _shrink_to_fit(_text_plate(note, None, 20, theme), card)
        _paste(card, plate, (card.shape[1] - plate.shape[1]) // 2, (card.shape[0] - plate.shape[0]) // 2)
    _paste(card, length, card.shape[1] - length.shape[1] - 12, card.shape[0] - length.shape[0] - 12)
    gap = np.full((BARCODE_GAP_PX, card.shape[1], 3), _rgb(GROUND[theme].background), np.uint8)
    return np.vstack([card, gap, barcode(timeline, reader, card.shape[1], BARCODE_PX, theme)])


def plain_surface(theme: str) -> Image:
    """What stands where no picture was kept."""
    return np.full((360, 640, 3), _rgb(GROUND[theme].surface), np.uint8)


def _rgb(colour: str) -> tuple[int, int, int]:
    """``"#ffd918"`` → (255, 217, 24)."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _letters_px(image: Image) -> int:
    """Size of type that reads alike on any size of picture: 15 px on 640 x 360."""
    return max(11, round(sum(image.shape[:2]) / 66))


def _box_colour(face: Face, reader: str, theme: str) -> str:
    """The colour of what the reader says, or grey where it said nothing."""
    return PALETTE[theme][face.readings[reader].scores.top] if reader in face.readings else GROUND[theme].muted


def _draw_frame(drawn: Image, box: Box, colour: str) -> None:
    """A thin line around the box, between two dark ones so that it shows on any picture."""
    thick = max(1, round(sum(drawn.shape[:2]) / 500))
    corners = (box.left, box.top), (box.right - 1, box.bottom - 1)
    cv2.rectangle(drawn, *corners, _rgb(GROUND["dark"].background), thick + 2)
    cv2.rectangle(drawn, *corners, _rgb(colour), thick)


def _face_plate(face: Face, reader: str, type_px: int, theme: str, wording: Wording | None) -> Plate:
    """The plate of one face."""
    if reader not in face.readings:
        return _text_plate("not read", None, type_px, theme)
    scores = face.readings[reader].scores
    name = wording.names.get(scores.top, scores.top) if wording else scores.top
    return _text_plate(
        name, scores.top, type_px, theme, wording.type if wording else default_font, f" {max(scores):.2f}"
    )


def _own_plates(
    own: emotions_on_pictures.ShownScores, type_px: int, theme: str, wording: Wording | None
) -> list[Plate]:
    """A plate for each taught emotion that a face shows."""
    type_ = wording.type if wording else default_font
    return [_text_plate(name, name, type_px, theme, type_, f" {score:.2f}") for name, score in own.items()]


def default_font(size_px: int) -> ImageFont.FreeTypeFont:
    """The font that comes with Pillow: figures and the letters of English."""
    return cast(ImageFont.FreeTypeFont, ImageFont.load_default(size_px))


def _text_plate(
    text: str, emotion: str | None, type_px: int, theme: str, type_: Font = default_font, figures: str = ""
) -> Plate:
    """Words on a plate, the emotion's mark before them, figures behind them in the usual type."""
    em = type_px * SHARPER
    font, plain = type_(em), default_font(em)
    indent = em * (1.7 if emotion else 0.55)
    after = indent + font.getlength(text)
    width, height = round((after + plain.getlength(figures)) / SHARPER + 0.55 * type_px), round(1.65 * type_px)
    plate = Pillow.new("RGBA", (width * SHARPER, height * SHARPER), (*_rgb(GROUND[theme].background), 0))
    ink = ImageDraw.Draw(plate)
    ink.rounded_rectangle((0, 0, *plate.size), 0.3 * em, fill=(*_rgb(GROUND[theme].background), 225))
    if emotion:
        at = [
            (em * (1.0 + 0.78 * x), plate.height / 2 + em * 0.78 * y)
            for x, y in OUTLINES.get(emotion, emotions_on_pictures.OUTLINE)
        ]
        ink.polygon(at, fill=colour(emotion, theme))
    ascent, descent = plain.getmetrics()
    base = plate.height / 2 + (ascent - descent) / 2  # both fonts stand on one line
    ink.text((indent, base), text, font=font, fill=GROUND[theme].text, anchor="ls")
    ink.text((after, base), figures, font=plain, fill=GROUND[theme].text, anchor="ls")
    return np.asarray(plate.reduce(SHARPER))


def _shrink_to_fit(plate: Plate, image: Image) -> Plate:
    """The plate, shrunk where the picture is smaller than it."""
    share = min(image.shape[1] / plate.shape[1], image.shape[0] / plate.shape[0], 1)
    size = (max(int(plate.shape[1] * share), 1), max(int(plate.shape[0] * share), 1))
    return plate if share == 1 else cv2.resize(plate, size, interpolation=cv2.INTER_AREA)


def _paste(drawn: Image, plate: Plate, left: int, top: int) -> None:
    """Lay the plate over the picture."""
    under = drawn[top : top + plate.shape[0], left : left + plate.shape[1]]
    cover = plate[..., 3:] / 255
    under[:] = np.round(plate[..., :3] * cover + under * (1 - cover))


def _mean_scores(sample: Sample, reader: str) -> list[float]:
    """The mean of the moment's faces; zeros where nobody is."""
    read = [face.readings[reader].scores for face in sample.faces if reader in face.readings]
    return list(np.mean(read, axis=0)) if read else [0.0] * len(EMOTIONS)


def _barcode_columns(scores: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """(moments, 7) → (width, 7): each column the moment that it lies in, or the highest of those that lie in it."""
    if not len(scores):
        return np.zeros((width, len(EMOTIONS)))
    starts = np.arange(width) * len(scores) // width
    ends = np.maximum(np.append(starts[1:], len(scores)), starts + 1)
    heights = scores.max(axis=1)
    return scores[[start + int(heights[start:end].argmax()) for start, end in zip(starts, ends, strict=True)]]


def _letterbox(image: Image, theme: str) -> Image:
    """The whole picture in the middle of a 16:9 card."""
    width, height = POSTER_PX
    share = min(width / image.shape[1], height / image.shape[0])
    size = (max(round(image.shape[1] * share), 1), max(round(image.shape[0] * share), 1))
    method = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    card = np.full((height, width, 3), _rgb(GROUND[theme].surface), np.uint8)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    card[top : top + size[1], left : left + size[0]] = cv2.resize(image, size, interpolation=method)
    return card
