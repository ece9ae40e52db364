"""What was taught, on pictures: a dashed line around a face that shows it, and the star that marks it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from core.charts.palette import GROUND, STAR, TAUGHT
from core.model import Box, Face, Image

ShownScores = Mapping[str, float]
"""The taught emotions that a face shows, with their scores."""

OUTLINE: Sequence[tuple[float, float]] = tuple(
    (0.48 * float(x), 0.48 * float(y)) for x, y in re.findall(r"(-?[0-9.]+),(-?[0-9.]+)", STAR)
)
"""The star as a polygon in a square of side 1 around the origin, y downwards."""

DASH_PX = 16
"""A dash and the gap after it, on a picture 640 px wide."""


def draw_frames(image: Image, faces: Sequence[Face], shown: Sequence[ShownScores]) -> Image:
    """The picture with a dashed line around each face that shows one of them, outside of its own frame."""
    drawn = image.copy()
    thick = max(1, round(sum(image.shape[:2]) / 500))
    for face, said in zip(faces, shown, strict=True):
        if said:
            _draw_dashes(drawn, face.found.box, 3 * thick + 1, thick)
    return drawn


def stack_plates(plates: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The plates, (H, W, 4), below each other as one."""
    width = max(plate.shape[1] for plate in plates)
    return np.vstack([np.pad(plate, ((0, 0), (0, width - plate.shape[1]), (0, 0))) for plate in plates])


def _draw_dashes(drawn: Image, box: Box, away: int, thick: int) -> None:
    """A rectangle of dashes so far outside of the box, each between two dark edges so that it shows on any picture."""
    left, top, right, bottom = box.left - away, box.top - away, box.right - 1 + away, box.bottom - 1 + away
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], np.float64)
    for first, last in pairwise(corners):
        count = max(2, round(float(np.hypot(*(last - first))) / (DASH_PX * max(1.0, drawn.shape[1] / 640))))
        for place in range(count):
            ends = [np.round(first + (last - first) * (place + part) / count).astype(int).tolist() for part in (0, 0.6)]
            for colour, wide in ((GROUND["dark"].text, thick + 2), (TAUGHT["dark"], thick)):
                cv2.line(drawn, ends[0], ends[1], tuple(bytes.fromhex(colour[1:])), wide)
