"""What faces look like, as numbers of DeepFace's SFace: to find the same face again inside one scene."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import ReaderError
from core.faces import deepface_weights, downloads
from core.host import limits
from core.model import Crop

Identify = Callable[[Sequence[Crop]], NDArray[np.float64]]
"""A batch of faces → (n, 128), each row of length 1: two of one person point the same way."""

MEGABYTES = 39
"""What is downloaded, once."""

INPUT_PX = 112


def is_downloaded() -> bool:
    """Whether nothing need be downloaded."""
    return downloads.are_present(deepface_weights.SFACE)


def open_sface() -> Identify:
    """Returns SFace, ready to compare faces; ReaderError where its weights are missing, or are others."""
    sface = deepface_weights.SFACE
    if not downloads.ensure_present(sface):
        if limits.is_hosted():  # nothing about the machine, and nothing that only its owner can do
            raise ReaderError("SFace, which compares faces, is not available here just now. Merge people by hand.")
        raise ReaderError(f"DeepFace's SFace weights {downloads.explain_missing(sface)}, or merge by hand.")
    client = deepface_weights.load_client("facial_recognition", "SFace", sface.path, [3, INPUT_PX, INPUT_PX], [128])

    def identify(crops: Sequence[Crop]) -> NDArray[np.float64]:
        if not crops:
            return np.zeros((0, 128))
        # DeepFace hands its models BGR of 0–1; it puts them back to RGB itself.
        sized = [cv2.resize(crop, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_CUBIC)[..., ::-1] for crop in crops]
        codes = np.asarray(client.predict(np.stack(sized) / np.float32(255)), np.float64)
        return codes / np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), 1e-12)

    return identify
