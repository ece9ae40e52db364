"""Where the faces are, by one of DeepFace's detectors; its colours, its sides and its phantoms end here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np

from core.errors import FinderError
from core.faces import downloads
from core.faces.deepface_weights import DETECTORS, import_deepface, keep_environment
from core.faces.region import keep_inside
from core.model import Box, Find, Found, Image, Landmarks, Point

SEARCH_WIDTH_PX = 640
"""YuNet looks at pictures at most so wide: it was trained on small ones and misses faces in large ones."""

YUNET_LEAST = 0.7
"""Least score of YuNet. DeepFace and OpenCV ask for 0.9, which on scene.mp4 loses every tilted face of the second shot
and all four of 14 to 24 px; from 0.5 to 0.8 everybody is found in every moment and nobody else."""


def open_detector(detector: str) -> Find:
    """Returns a finder that runs DeepFace's ``detector`` ("yunet", "retinaface", …).

    Raises FinderError where it is unknown, its weights are missing, or a package of its is.
    """
    weights = DETECTORS.get(detector)
    if weights is None:
        names = ", ".join(sorted(DETECTORS))
        raise FinderError(f"“{detector}” is no finder that Outtake knows. DeepFace's detectors are: {names}.")
    if not downloads.ensure_present(weights):
        missing = downloads.explain_missing(weights)
        raise FinderError(f"The weights of “{detector}” {missing}, or choose the finder “mtcnn”.")
    client = _load_client(detector)
    look = _search_with_yunet(client) if detector == "yunet" else _search_with_client(client)
    return lambda image: tuple(keep_inside(look(image), image))


def _load_client(detector: str) -> Any:
    """DeepFace's own client of a detector, with its network loaded."""
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, InvalidProtobuf

    modeling = import_deepface("modules.modeling")
    try:
        with keep_environment(), _quiet_opencv():
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
