"""What the picture itself says: a face's crop, how sharp it is, its JPEG."""

from __future__ import annotations

import math
from weakref import ReferenceType, ref

import cv2
import numpy as np
from numpy.typing import NDArray

from core.model import CROP_PX, Box, Crop, Found, Image, Landmarks
from core.video import stills

TEMPLATE = np.array([(0.320, 0.353), (0.680, 0.353), (0.500, 0.555), (0.353, 0.717), (0.647, 0.717)])
"""Where eyes, nose and mouth corners lie in a crop, as shares of its side.

On FER+'s validation pictures a finder's landmarks lie, in the median, 5 % further apart and 0.03 lower. Cut again at
MTCNN's landmarks, 402 of them are read best like this (``python -m training.crops``): 82.3 % right and 6.4 % of "happy"
false, against 81.8 % and 9.3 % at the medians, and 79.6 % at 10 % wider.
"""

BOX_SCALE = 0.98
"""Side of a crop without landmarks as a share of its box's longer side: the same pictures' boxes, measured alike."""

SMALL_PX = 640
"""A picture is searched, looked at and kept at most so wide."""

_last: list[tuple[ReferenceType[Image], Image]] = []
"""The picture that was made small last, and what came of it."""


def make_small(image: Image) -> Image:
    """Returns the picture at most ``SMALL_PX`` wide; asked again for the one it was asked for last, it has it already.

    Whoever searches a moment and looks at it asks twice. Pictures are never written into once they are shown.
    """
    if image.shape[1] <= SMALL_PX:
        return image
    for known, made in _last:
        if known() is image:
            return made
    made = stills.shrink(image, SMALL_PX)
    _last[:] = [(ref(image), made)]
    return made


def crop(image: Image, found: Found) -> Crop:
    """Returns the face as (CROP_PX, CROP_PX, 3) uint8: eyes level and tight where landmarks are known, else its box."""
    to_crop = _map_landmarks(found.landmarks) if found.landmarks else _map_box(found.box)
    scale = float(np.hypot(*to_crop[0, :2]))
    if scale < 0.5:  # a plain warp would skip pixels of a large face: halve it properly first
        image, to_crop = _halve(image, to_crop, scale)
    return cv2.warpAffine(image, to_crop, (CROP_PX, CROP_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _map_landmarks(landmarks: Landmarks) -> NDArray[np.float64]:
    """Returns the 2x3 similarity that carries the landmarks nearest to the template, in the sense of least squares."""
    here = np.array([complex(*point) for point in landmarks])
    there = (TEMPLATE * CROP_PX) @ np.array([1, 1j])
    centred = here - here.mean()
    turn = np.vdot(centred, there - there.mean()) / max(np.vdot(centred, centred).real, 1e-9)
    shift = there.mean() - turn * here.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def _map_box(box: Box) -> NDArray[np.float64]:
    scale = CROP_PX / (BOX_SCALE * max(box.width, box.height, 1))
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return np.array([[scale, 0, CROP_PX / 2 - scale * middle[0]], [0, scale, CROP_PX / 2 - scale * middle[1]]])


def _halve(image: Image, to_crop: NDArray[np.float64], scale: float) -> tuple[Image, NDArray[np.float64]]:
    """Cuts out the part of the picture that the crop looks at, halves it until the warp skips nothing, adapts the map.

    Halving takes the mean of four pixels, which the processor does many at a time: any other ratio takes three times
    as long, and scores differ by 0.0005 to 0.003 on average (scene.mp4, crying_to_laughing.mp4).
    """
    corners = np.array([(0, 0), (CROP_PX, 0), (CROP_PX, CROP_PX), (0, CROP_PX)], np.float64)
    back = cv2.invertAffineTransform(to_crop)
    around = corners @ back[:, :2].T + back[:, 2]
    height, width = image.shape[:2]
    halvings = min(math.ceil(math.log2(0.5 / scale)), int(math.log2(min(height, width))))
    ratio = 2**halvings  # sides that it does not divide would take ten times as long
    left, top = np.clip(np.floor(around.min(axis=0)).astype(int), 0, (width - ratio, height - ratio))
    right, bottom = np.minimum(np.ceil(around.max(axis=0)).astype(int) + ratio - 1, (width, height))
    columns, rows = (max(1, size // ratio) * ratio for size in (right - left, bottom - top))
    small = image[top : top + rows, left : left + columns]
    for _ in range(halvings):
        small = cv2.resize(small, (small.shape[1] // 2, small.shape[0] // 2), interpolation=cv2.INTER_AREA)
    # A pixel's centre lies at +0.5, so halves go in before scaling and come out after it.
    offset = to_crop[:, 2] + to_crop[:, :2] @ (np.array([left, top]) + 0.5 * ratio - 0.5)
    return small, np.column_stack([to_crop[:, :2] * ratio, offset])


def sharpness(face: Crop) -> float:
    """Returns the variance of the crop's Laplacian, ≥ 0: under about 50 a face looks blurred."""
    return float(cv2.Laplacian(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var())
