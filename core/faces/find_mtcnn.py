"""Where the faces are, by MTCNN on onnxruntime: three networks, each looking closer at what the one before it left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import FinderError, SettingError
from core.faces import onnx_sessions, pixels
from core.faces.boxes import Floats, make_square, move_edges, overlaps, suppress_overlaps
from core.model import Box, Found, Image, Landmarks, Point
from core.video import stills

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODELS = Path(__file__).parents[2] / "models" / "mtcnn"
"""The networks ``pnet``, ``rnet`` and ``onet``, made by ``training/finder.py`` of the mtcnn package's weights (MIT).

They take ``pixels`` (n, height, width, 3) uint8 RGB and give ``shift`` of the box's four sides in shares of its side,
``points`` five x then five y in shares of the box, and ``face``, the share of "a face", 0–1.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the cascade believes at each of its three steps, and how wide it looks."""

    search_width_px: int = pixels.SMALL_PX
    """Wider pictures are shrunk to this for the search: a 24 px face in it is 72 px at 1080p."""
    level_step: float = 0.709
    """Each level of the pyramid to the one before: half the area. The value of the paper and of the mtcnn package."""
    proposal: float = 0.6
    """Least share of "face" by P-Net; the mtcnn package's."""
    refined: float = 0.7
    """Least share of "face" by R-Net; the mtcnn package's."""
    final: float = 0.8
    """Least share of "face" by O-Net; the mtcnn package's."""
    overlap_in_level: float = 0.7
    """Of two proposals of one level that share more of their union, only the surer goes on (the package: 0.5)."""
    overlap: float = 0.8
    """The same across levels and after R-Net (the package: 0.7).

    Both are looser than the package's so that a hard face reaches O-Net in several boxes, of which the best counts: on
    scene.mp4 all four faces of 14 to 24 px are then found at every moment instead of four in five, without more ghosts.
    """
    overlap_final: float = 0.7
    """Of two faces that share more of the smaller one, the surer stays; the mtcnn package's."""
    same_face: float = 0.5
    """Boxes by O-Net that share more of their union with a face's box show the same face.

    A face's box and points are the mean of theirs: from picture to picture, they tremble by a third less (scene.mp4).
    """
    most_proposals: int = 400
    """No more than the surest so many go on to R-Net: it bounds the time spent on noise."""


FIELD_PX, FIELD_STEP_PX = 12, 2
"""P-Net looks at squares of 12 px, every 2 px."""

R_PX, O_PX = 24, 48
"""Sides of what R-Net and O-Net look at."""


def open_mtcnn(smallest_face_px: int = 24, *, threads: int = 1, limits: Limits = Limits()) -> Mtcnn:
    """Returns a finder that runs here, without a download.

    ``smallest_face_px`` is meant in a picture 640 px wide. Raises FinderError where a network is missing or damaged.
    """
    if smallest_face_px < 1:
        raise SettingError(f"The smallest face must be at least 1 px, not {smallest_face_px}.")
    return Mtcnn(smallest_face_px, limits, *(_open_session(name, threads) for name in ("pnet", "rnet", "onet")))


@dataclass(frozen=True, slots=True)
class Mtcnn:
    """A ``Find``, and a ``Near`` for the pictures that follow."""

    smallest_face_px: int
    limits: Limits
    pnet: InferenceSession
    rnet: InferenceSession
    onet: InferenceSession

    def __call__(self, image: Image) -> tuple[Found, ...]:
        """Searches the whole picture."""
        picture, scale = _shrink(image, self.limits.search_width_px)
        boxes = _propose(self.pnet, picture, self.smallest_face_px, self.limits)
        return self._settle_boxes(picture, _refine(self.rnet, picture, boxes, self.limits), scale, image)

    def search_near(self, image: Image, before: Sequence[Found]) -> tuple[Found, ...]:
        """Looks for faces only where they were a moment ago, with O-Net alone: a tenth of a search's time.

        R-Net sorts a search's proposals; asked about what O-Net took for a face already, it lost one in thirty
        (scene.mp4 at 720p), which a search of the whole picture then found again.
        """
        if not before:
            return ()
        picture, scale = _shrink(image, self.limits.search_width_px)
        boxes = np.array([found.box for found in before], np.float32) * np.concatenate([scale, scale])
        return self._settle_boxes(picture, make_square(boxes), scale, image)

    def _settle_boxes(self, picture: Image, boxes: Floats, scale: Floats, image: Image) -> tuple[Found, ...]:
        boxes, faces, points = _settle(self.onet, picture, boxes, self.limits)
        return _convert_boxes(boxes / np.concatenate([scale, scale]), faces, points / scale, image)


def _open_session(name: str, threads: int) -> InferenceSession:
    try:
        return onnx_sessions.open_session(MODELS / f"{name}.onnx", threads)
    except OSError as error:
        raise FinderError(f"{error} Get the project's models folder again.") from error


def _shrink(image: Image, width: int) -> tuple[Image, Floats]:
    """The picture at most ``width`` px wide, and how much smaller it is in x and y."""
    small = pixels.make_small(image) if width == pixels.SMALL_PX else stills.shrink(image, width)
    return small, np.array([small.shape[1] / image.shape[1], small.shape[0] / image.shape[0]], np.float32)


def _pyramid(picture: Image, smallest_face_px: int, limits: Limits) -> Iterator[Image]:
    """The picture at every size to search, from the one for the smallest face downwards, each made from the last."""
    rows, columns = picture.shape[:2]
    smallest = max(smallest_face_px * columns / limits.search_width_px, min(smallest_face_px, FIELD_PX))
    scale = FIELD_PX / smallest
    level, way = picture, cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    while min(rows, columns) * scale >= FIELD_PX:
        level = cv2.resize(level, (round(columns * scale), round(rows * scale)), interpolation=way)
        yield level
        scale, way = scale * limits.level_step, cv2.INTER_LINEAR


def _propose(pnet: InferenceSession, picture: Image, smallest_face_px: int, limits: Limits) -> Floats:
    """P-Net on every level → square boxes that may be faces, the surest first."""
    found = [_propose_level(pnet, level, picture, limits) for level in _pyramid(picture, smallest_face_px, limits)]
    boxes = np.concatenate([np.empty((0, 4), np.float32), *(boxes for boxes, _ in found)])
    faces = np.concatenate([np.empty(0, np.float32), *(faces for _, faces in found)])
    kept = suppress_overlaps(boxes, faces, limits.overlap)[: limits.most_proposals]
    return make_square(boxes[kept])


def _propose_level(pnet: InferenceSession, level: Image, picture: Image, limits: Limits) -> tuple[Floats, Floats]:
    shift, face = (output[0] for output in pnet.run(["shift", "face"], {"pixels": level[None]}))
    y, x = np.nonzero(face[0] > limits.proposal)
    corner = np.stack([x, y, x, y], axis=1) * FIELD_STEP_PX + np.array([0, 0, FIELD_PX, FIELD_PX])
    grown = np.array([picture.shape[1] / level.shape[1], picture.shape[0] / level.shape[0]] * 2)
    boxes = ((corner + shift[:, y, x].T * FIELD_PX) * grown).astype(np.float32)
    faces = face[0, y, x]
    kept = suppress_overlaps(boxes, faces, limits.overlap_in_level)
    return boxes[kept], faces[kept]


def _refine(rnet: InferenceSession, picture: Image, boxes: Floats, limits: Limits) -> Floats:
    """R-Net on all proposals at once → fewer and better square boxes."""
    if not len(boxes):
        return boxes
    shift, face = rnet.run(["shift", "face"], {"pixels": _cut_patches(picture, boxes, R_PX)})
    sure = face[:, 0] > limits.refined
    boxes, faces = move_edges(boxes[sure], shift[sure]), face[sure, 0]
    return make_square(boxes[suppress_overlaps(boxes, faces, limits.overlap)])


def _settle(
    onet: InferenceSession, picture: Image, boxes: Floats, limits: Limits
) -> tuple[Floats, Floats, NDArray[np.float32]]:
    """O-Net on what is left, at once → tight boxes, their share of "face", and (n, 5, 2) points in px."""
    if not len(boxes):
        return boxes, np.empty(0, np.float32), np.empty((0, 5, 2), np.float32)
    shift, points, face = onet.run(["shift", "points", "face"], {"pixels": _cut_patches(picture, boxes, O_PX)})
    sure = face[:, 0] > limits.final
    boxes, shift, points, faces = boxes[sure], shift[sure], points[sure], face[sure, 0]
    side = (boxes[:, 2:] - boxes[:, :2])[:, None]
    points = boxes[:, None, :2] + points.reshape(-1, 2, 5).transpose(0, 2, 1) * side
    boxes = move_edges(boxes, shift)
    kept = suppress_overlaps(boxes, faces, limits.overlap_final, of_smaller=True)
    weights = np.where(overlaps(boxes[kept], boxes) > limits.same_face, faces, 0)
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ boxes, faces[kept], (weights @ points.reshape(-1, 10)).reshape(-1, 5, 2)


def _cut_patches(picture: Image, boxes: Floats, side: int) -> Image:
    """(n, side, side, 3): what is in each box; beyond the picture's edge it is mid-grey."""
    at = (np.arange(side, dtype=np.float32) + 0.5) / side
    x = boxes[:, 0, None] + at * (boxes[:, 2] - boxes[:, 0])[:, None] - 0.5
    y = boxes[:, 1, None] + at * (boxes[:, 3] - boxes[:, 1])[:, None] - 0.5
    shape = (len(boxes), side, side)
    columns = np.broadcast_to(x[:, None, :], shape).reshape(-1, side)
    rows = np.broadcast_to(y[:, :, None], shape).reshape(-1, side)
    grey = (128, 128, 128)
    flat = cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=grey)
    return flat.reshape(*shape, 3)


def _convert_boxes(boxes: Floats, faces: Floats, points: Floats, image: Image) -> tuple[Found, ...]:
    """In px of the source, inside the frame; what lies wholly outside is no face."""
    rows, columns = image.shape[:2]
    inside = np.clip(boxes.round(), 0, [columns, rows, columns, rows]).astype(int)
    return tuple(
        Found(Box(*box), float(face), Landmarks(*(Point(float(x), float(y)) for x, y in five)))
        for box, face, five in zip(inside.tolist(), faces, points, strict=True)
        if box[0] < box[2] and box[1] < box[3]
    )
