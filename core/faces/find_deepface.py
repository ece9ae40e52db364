"""Where the faces are, by one of DeepFace's detectors; its colours, its sides and its phantoms end here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np

from core.errors import FinderError
from core.faces import deepface_weights
from core.model import Box, Find, Found, Image, Landmarks, Point

SEARCH_WIDTH_PX = 640
"""YuNet looks at pictures at most so wide: it was trained on small ones and misses faces in large ones."""

YUNET_LEAST = 0.7
"""Least score of YuNet. DeepFace and OpenCV ask for 0.9, which on scene.mp4 loses every tilted face of the second shot
and all four of 14 to 24 px; from 0.5 to 0.8 everybody is found in every moment and nobody else."""


def open_detector(detector: str) -> Find:
    """A finder that runs DeepFace's ``detector`` ("yunet", "retinaface", …).

    Raises ``FinderError`` when it is unknown, when its weights are not to be had, or when a package of its is missing.
    """
    needed = deepface_weights.DETECTORS.get(detector)
    if needed is None:
        known = ", ".join(sorted(deepface_weights.DETECTORS))
        raise FinderError(f"“{detector}” is no detector that Outtake can use from DeepFace. It can be one of: {known}.")
    if not deepface_weights.ensure_present(needed):
        raise FinderError(
            f"The weights of “{detector}” {deepface_weights.explain_missing(needed)}, or choose the finder “mtcnn”."
        )
    client = _load_client(detector)
    look = _search_with_yunet(client) if detector == "yunet" else _search_with_client(client)
    return lambda image: tuple(_drop_phantoms(look(image), image))


def _load_client(detector: str) -> Any:
    """DeepFace's own client of a detector, with its network loaded."""
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, InvalidProtobuf

    modeling = deepface_weights.import_deepface("modules.modeling")
    try:
        with deepface_weights.keep_environment(), _quiet_opencv():
            return modeling.get_model_class("face_detector", detector)()
    except (ImportError, AttributeError, ValueError, cv2.error, Fail, InvalidArgument, InvalidProtobuf) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise FinderError(f"DeepFace's detector “{detector}” does not run here: {reason}. Choose “mtcnn”.") from error


@contextmanager
def _quiet_opencv() -> Iterator[None]:
    """OpenCV 5 warns on stderr that a network it opens cannot choose its device; nobody asked it to."""
    before = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(before)


def _search_with_client(client: Any) -> Callable[[Image], list[Found]]:
    def look(image: Image) -> list[Found]:
        return [_convert_area(area) for area in client.detect_faces(np.ascontiguousarray(image[..., ::-1]))]

    return look


def _convert_area(area: Any) -> Found:
    """DeepFace calls left what is left for the person; ours is the picture's."""
    box = Box(int(area.x), int(area.y), int(area.x + area.w), int(area.y + area.h))
    five = (area.right_eye, area.left_eye, area.nose, area.mouth_right, area.mouth_left)
    known = all(point is not None for point in five)
    return Found(box, float(area.confidence or 0), _landmarks(five) if known else None)


def _search_with_yunet(client: Any) -> Callable[[Image], list[Found]]:
    """YuNet's own rows: DeepFace's client passes on the eyes only, and a crop needs all five points."""

    def look(image: Image) -> list[Found]:
        scale = min(1.0, SEARCH_WIDTH_PX / image.shape[1])
        size = (round(image.shape[1] * scale), max(1, round(image.shape[0] * scale)))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if scale < 1 else image
        client.model.setInputSize(size)
        client.model.setScoreThreshold(YUNET_LEAST)
        _, rows = client.model.detect(np.ascontiguousarray(small[..., ::-1]))
        return [] if rows is None else [_convert_row(row, scale) for row in rows]

    return look


def _convert_row(row: Any, scale: float) -> Found:
    """left, top, width, height, five points from the picture's left to right, score."""
    left, top, width, height = row[:4] / scale
    box = Box(round(left), round(top), round(left + width), round(top + height))
    return Found(box, float(row[14]), _landmarks(row[4:14].reshape(5, 2) / scale))


def _landmarks(points: Iterable[Any]) -> Landmarks:
    return Landmarks(*(Point(float(x), float(y)) for x, y in points))


def _drop_phantoms(faces: Iterable[Found], image: Image) -> Iterator[Found]:
    """Faces inside the frame; the whole frame with no confidence is DeepFace's way of saying "nobody"."""
    rows, columns = image.shape[:2]
    whole = Box(0, 0, columns, rows)
    for face in faces:
        left, top, right, bottom = face.box
        box = Box(max(left, 0), max(top, 0), min(right, columns), min(bottom, rows))
        if face.confidence > 0 and box != whole and box.width > 0 and box.height > 0:
            yield Found(box, min(face.confidence, 1.0), face.landmarks)
