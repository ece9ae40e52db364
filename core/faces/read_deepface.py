"""What faces show, by DeepFace's emotion model: its colours, sizes and odd shapes end here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import ReaderError
from core.faces import deepface_weights
from core.model import EMOTIONS, Crop, Read, Reading, Scores

BATCH = 32
"""Faces read in one go."""

INPUT_PX = 224
"""Side of the picture that DeepFace hands to its models; the emotion model shrinks it to 48 px grey by itself."""


def open_deepface() -> Read:
    """DeepFace's emotion model as a reader; ``ReaderError`` when its weights are not to be had, or are others."""
    weights = deepface_weights.EMOTION
    if not deepface_weights.ensure_present(weights):
        raise ReaderError(f"DeepFace's emotion weights {deepface_weights.explain_missing(weights)}, or use “builtin”.")
    client, resize = _load_client(), deepface_weights.import_deepface("modules.preprocessing").resize_image
    labels = deepface_weights.import_deepface("models.demography.DemographyUtils").EMOTION_LABELS

    def read(crops: Sequence[Crop]) -> list[Reading]:
        return [
            Reading(Scores(**dict(zip(map(str, labels), row.tolist(), strict=True))))
            for at in range(0, len(crops), BATCH)
            for row in _predict(client, [_prepare_crop(crop, resize) for crop in crops[at : at + BATCH]])
        ]

    return read


def _prepare_crop(crop: Crop, resize: Any) -> Any:
    """(224, 224, 3) float32 BGR, 0–1: exactly what ``DeepFace.analyze`` would hand to its model."""
    return resize(crop[..., ::-1] / np.float32(255), (INPUT_PX, INPUT_PX))[0]


def _predict(client: Any, pictures: Sequence[Any]) -> Any:
    """(n, 7) summing to 1; DeepFace gives (7,) for one picture."""
    rows = np.atleast_2d(client.predict(list(pictures))).astype(np.float64)
    return rows / rows.sum(axis=1, keepdims=True)


def _load_client() -> Any:
    modeling = deepface_weights.import_deepface("modules.modeling")
    path = deepface_weights.weights_folder() / deepface_weights.EMOTION.files[0]
    try:
        with deepface_weights.keep_environment():
            client = modeling.get_model_class("facial_attribute", "Emotion")()
    except (ImportError, ValueError) as error:
        raise ReaderError(f"{path} cannot be opened. Delete it, and it is downloaded again.") from error
    takes, gives = client.model.get_inputs()[0].shape, client.model.get_outputs()[0].shape
    if (list(takes[1:]), list(gives[1:])) != ([48, 48, 1], [len(EMOTIONS)]):
        raise ReaderError(f"{path} is not DeepFace's emotion model. Delete it, and it is downloaded again.")
    client.model = _limit_to_one_thread(client.model, path)
    return client


def _limit_to_one_thread(session: Any, path: Path) -> Any:
    """The same network on one thread: DeepFace's takes every core, and each core has a process of its own here."""
    from onnxruntime import InferenceSession

    options = session.get_session_options()
    options.intra_op_num_threads = 1
    return InferenceSession(str(path), options, providers=session.get_providers())
