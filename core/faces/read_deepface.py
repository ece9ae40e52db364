"""What faces show, by DeepFace's emotion model: its colours, sizes and odd shapes end here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import ReaderError
from core.faces import downloads
from core.faces.deepface_weights import EMOTION, import_deepface, load_client
from core.model import EMOTIONS, Crop, Read, Reading, Scores

BATCH = 32
"""Faces read in one go."""

INPUT_PX = 224
"""Side of the picture that DeepFace hands to its models; the emotion model shrinks it to 48 px grey by itself."""


def open_deepface() -> Read:
    """Returns DeepFace's emotion model as a reader; ReaderError where its weights are missing, or are others."""
    if not downloads.ensure_present(EMOTION):
        raise ReaderError(f"DeepFace's emotion weights {downloads.explain_missing(EMOTION)}, or choose “builtin”.")
    downloads.check_first_hash(EMOTION)
    client, resize = _load_client(), import_deepface("modules.preprocessing").resize_image
    downloads.keep_first_hash(EMOTION)
    labels = [str(label) for label in import_deepface("models.demography.DemographyUtils").EMOTION_LABELS]

    def read(crops: Sequence[Crop]) -> list[Reading]:
        return [
            Reading(Scores(**dict(zip(labels, row.tolist(), strict=True))))
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
    client = load_client("facial_attribute", "Emotion", EMOTION.path, [48, 48, 1], [len(EMOTIONS)])
    client.model = _limit_to_one_thread(client.model, EMOTION.path)
    return client


def _limit_to_one_thread(session: Any, path: Path) -> Any:
    """The same network on one thread: DeepFace's takes every core, and each core has a process of its own here."""
    from onnxruntime import InferenceSession

    options = session.get_session_options()
    options.intra_op_num_threads = 1
    return InferenceSession(str(path), options, providers=session.get_providers())
