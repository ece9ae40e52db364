"""What faces look like, as numbers of DeepFace's SFace: to find the same face again inside one scene."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import ReaderError
from core.faces import deepface_weights
from core.host import limits
from core.model import Crop

Identify = Callable[[Sequence[Crop]], NDArray[np.float64]]
"""A batch of faces → (n, 128), each row of length 1: two of one person point the same way."""

MEGABYTES = 39
"""What is downloaded, once."""

INPUT_PX = 112


def is_downloaded() -> bool:
    """Whether nothing need be downloaded."""
    return deepface_weights.are_present(deepface_weights.SFACE)


def open_sface() -> Identify:
    """Return what knows faces again; ReaderError when its weights are not to be had, or are others."""
    if not deepface_weights.ensure_present(deepface_weights.SFACE):
        raise ReaderError(_explain_missing())
    client = _load_client()

    def know(crops: Sequence[Crop]) -> NDArray[np.float64]:
        if not crops:
            return np.zeros((0, 128))
        # DeepFace hands its models BGR of 0–1; it puts them back to RGB itself.
        sized = [cv2.resize(crop, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_CUBIC)[..., ::-1] for crop in crops]
        codes = np.asarray(client.predict(np.stack(sized) / np.float32(255)), np.float64)
        return codes / np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), 1e-12)

    return know


def _explain_missing() -> str:
    """The sentence for whoever asked: hosted, nothing about the machine and nothing that only its owner can do."""
    if limits.is_hosted():
        return "DeepFace's SFace, which knows faces again, is not to be had here just now. Merge people by hand."
    return f"DeepFace's SFace weights {deepface_weights.explain_missing(deepface_weights.SFACE)}, or merge by hand."


def _load_client() -> Any:
    modeling = deepface_weights.import_deepface("modules.modeling")
    path = deepface_weights.weights_folder() / deepface_weights.SFACE.files[0]
    try:
        with deepface_weights.keep_environment():
            client = modeling.get_model_class("facial_recognition", "SFace")()
    except (ImportError, ValueError) as error:
        raise ReaderError(f"{path} cannot be opened. Delete it, and it is downloaded again.") from error
    takes, gives = client.model.get_inputs()[0].shape, client.model.get_outputs()[0].shape
    if (list(takes[1:]), list(gives[1:])) != ([3, INPUT_PX, INPUT_PX], [128]):
        raise ReaderError(f"{path} is not DeepFace's SFace. Delete it, and it is downloaded again.")
    return client
