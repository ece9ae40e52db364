"""What a moment keeps of its picture, so that cuts can be found afterwards: its look, in bytes."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from core.faces import pixels
from core.faces.lab_colour import lab
from core.model import Image
from core.video.jumps import EVEN, Grey, bar_widths, deviation

Counts = NDArray[np.float32]

LIGHT_BINS, COLOUR_BINS = 16, 8
"""Bins of a look's histograms: of lightness, and of each of Lab's two colour axes."""

LOOK_GRID = (2, 2)
"""Rows and columns of a look's blocks: each has histograms of its own, so that layout counts a little."""

HISTOGRAMS = LOOK_GRID[0] * LOOK_GRID[1] * (LIGHT_BINS + COLOUR_BINS**2)
"""Bytes of a look that are histograms; looks taken before pictures between moments were looked at end there."""

CONTRAST_STEPS = 10
"""The byte behind them: the deviation of lightness in tenths, up to 25."""

JUMP_STEPS, JOINED, UNKNOWN = 250, 251, 255
"""The last byte: the jump before the moment in 250ths, or that another recording begins there."""


def look(image: Image, jump: float | None = None, *, joined: bool = False) -> bytes:
    """Return the picture's signature, 322 bytes, black bars left out: histograms, contrast, the jump before it.

    Of histograms it holds the square roots per block, 0–255.
    """
    seen = _tiny(pixels.make_small(image))
    red, green, blue = cv2.split(seen)
    down, across = bar_widths(cast(Grey, cv2.max(cv2.max(red, green), blue)))
    seen = lab(np.ascontiguousarray(seen[down : len(seen) - down, across : seen.shape[1] - across]))
    blocks = [part for row in np.array_split(seen, LOOK_GRID[0]) for part in np.array_split(row, LOOK_GRID[1], axis=1)]
    counts = np.stack([_count_light(block) for block in blocks]), np.stack([_count_colour(block) for block in blocks])
    shares = np.hstack([each / each.sum(axis=1, keepdims=True).clip(1) for each in counts])
    contrast = min(255, int(CONTRAST_STEPS * deviation(seen)))
    return np.round(255 * np.sqrt(shares)).astype(np.uint8).tobytes() + bytes([contrast, _jump_byte(jump, joined)])


def renew_jump(seen: bytes, jump: float | None, *, joined: bool = False) -> bytes:
    """Return the look of the same picture, shown at a later moment."""
    return seen[:-1] + bytes([_jump_byte(jump, joined)])


def _jump_byte(jump: float | None, joined: bool) -> int:
    if joined:
        return JOINED
    return UNKNOWN if jump is None else round(JUMP_STEPS * min(max(jump, 0.0), 1.0))


def _tiny(image: Image) -> Image:
    """Return the picture 128 x 72 px; of 640 x 360 each is the mean of 5 x 5, which a blur has sooner."""
    if image.shape[:2] == (360, 640):
        return cv2.blur(image, (5, 5))[2::5, 2::5]
    return cv2.resize(image, (128, 72), interpolation=cv2.INTER_AREA)


def _count_light(block: Image) -> Counts:
    return _blur(cv2.calcHist([block], [0], None, [LIGHT_BINS], [0, 256]), (1, 5))


def _count_colour(block: Image) -> Counts:
    return _blur(cv2.calcHist([block], [1, 2], None, [COLOUR_BINS, COLOUR_BINS], [64, 192, 64, 192]), (3, 3))


def _blur(counts: Counts, reach: tuple[int, int]) -> Counts:
    """Blur the counts over their neighbours, so that a slightly darker picture is a slightly different one."""
    return cv2.GaussianBlur(counts, reach, 0, borderType=cv2.BORDER_REPLICATE).ravel()


def difference(one: bytes, other: bytes) -> float:
    """Return how unlike two looks are, 0–1: the mean Hellinger distance of their histograms; 0 where one is missing."""
    if not one or not other:
        return 0.0
    roots = [
        np.frombuffer(each[:HISTOGRAMS], np.uint8).reshape(-1, LIGHT_BINS + COLOUR_BINS**2) / 255
        for each in (one, other)
    ]
    overlap = roots[0] * roots[1]
    same = np.concatenate([overlap[:, :LIGHT_BINS].sum(axis=1), overlap[:, LIGHT_BINS:].sum(axis=1)])
    return float(np.mean(np.sqrt(np.clip(1 - same, 0, 1))))


def is_even(seen: bytes) -> bool:
    """Return whether a look is of a black, a white or another picture without contents."""
    return len(seen) > HISTOGRAMS and seen[HISTOGRAMS] < CONTRAST_STEPS * EVEN


def jump(seen: bytes) -> float | None:
    """Return the jump before the moment, 0–1; None where it is not known."""
    return None if len(seen) <= HISTOGRAMS + 1 or seen[-1] > JUMP_STEPS else seen[-1] / JUMP_STEPS


def begins_recording(seen: bytes) -> bool:
    """Return whether the film's clock began again or jumped before the moment: another recording begins there."""
    return len(seen) > HISTOGRAMS + 1 and seen[-1] == JOINED
