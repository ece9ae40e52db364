"""What faces show, by a network of EmotiEffLib for faces in film, downloaded on demand; nobody has measured it here.

EmotiEffLib (Savchenko 2022, Apache-2.0) trains EfficientNets on AffectNet; of those that it publishes,
``enet_b0_8_best_vgaf`` was chosen on clips. Its package is not used: it wants a second OpenCV.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import ReaderError
from core.faces import downloads, onnx_sessions
from core.host import home
from core.model import Crop, Read, Reading, Scores

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WEIGHTS = downloads.Weights(
    "EmotiEff",
    ("enet_b0_8_best_vgaf.onnx",),
    home.models_folder,
    url="https://github.com/sb-ai-lab/EmotiEffLib/raw/main/models/affectnet_emotions/onnx/enet_b0_8_best_vgaf.onnx",
)
"""16 MB: at 2 Mbit/s that takes 64 s. No hash of it is published, so that of the first download is kept."""

LABELS = ("angry", "contempt", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""AffectNet's eight classes in the network's order."""

INPUT_PX = 224
MEAN, DEVIATION = (np.array(each, np.float32) for each in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
"""ImageNet's, of red, green and blue as shares of 255."""

BATCH = 16
"""Faces read in one go: 10 MB of pixels."""

Floats = NDArray[np.float32]


def open_emotieff() -> Read:
    """Returns the network as a reader; ReaderError where its weights are missing, changed, or another network's."""
    if not downloads.ensure_present(WEIGHTS):
        raise ReaderError(f"EmotiEff's weights {downloads.explain_missing(WEIGHTS)}, or choose “builtin”.")
    downloads.check_first_hash(WEIGHTS)
    session = _open_session(WEIGHTS.path)
    downloads.keep_first_hash(WEIGHTS)
    pixels, first = session.get_inputs()[0].name, session.get_inputs()[0].shape[0]
    batch = (
        first if isinstance(first, int) else BATCH
    )  # a file may be written for so many faces at a time, and no other

    def read(crops: Sequence[Crop]) -> list[Reading]:
        parts = [crops[at : at + batch] for at in range(0, len(crops), batch)]
        return [
            Reading(scores)
            for part in parts
            for scores in to_seven(session.run(None, {pixels: np.stack([_prepare_crop(crop) for crop in part])})[0])
        ]

    return read


def to_seven(logits: Floats) -> list[Scores]:
    """Returns the scores of (n, 8) logits.

    Contempt, which no other reader has, counts as neutral: a face that shows mostly contempt then claims none of the
    six. Shared out in proportion, it would turn the few hundredths that are left into a peak of whichever is largest.
    """
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores = []
    for row in raised / raised.sum(axis=1, keepdims=True):
        shares = dict(zip(LABELS, row.tolist(), strict=True))
        shares["neutral"] += shares.pop("contempt")
        scores.append(Scores(**shares))
    return scores


def _prepare_crop(crop: Crop) -> Floats:
    """Returns the crop as the network wants it, (3, 224, 224) float32 RGB."""
    sized = cv2.resize(crop, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_LINEAR) / np.float32(255)
    return ((sized - MEAN) / DEVIATION).transpose(2, 0, 1).astype(np.float32)


def _open_session(path: Path) -> InferenceSession:
    try:
        session = onnx_sessions.open_session(path)
    except OSError as error:
        raise ReaderError(f"{error} Delete it, and it is downloaded again.") from error
    takes, gives = session.get_inputs()[0].shape, session.get_outputs()[0].shape
    if (list(takes[1:]), list(gives[1:])) != ([3, INPUT_PX, INPUT_PX], [len(LABELS)]):
        raise ReaderError(
            f"{path} is not EmotiEffLib's network of eight classes. Delete it, and it is downloaded again."
        )
    return session
