"""DeepFace's models: which files each needs, and how the package is imported without changing others' settings."""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from core.errors import ReaderError
from core.faces.downloads import Weights

BUILD = "import sys; from deepface.modules import modeling; modeling.get_model_class(sys.argv[1], sys.argv[2])()"
"""DeepFace itself fetches what a model misses, and opens it. Loading it takes seconds: a known address does without."""


def weights_folder() -> Path:
    """Where DeepFace keeps weights: under ``DEEPFACE_HOME``, or the user's home."""
    return Path(os.environ.get("DEEPFACE_HOME") or Path.home()) / ".deepface" / "weights"


def _weights(
    task: Literal["face_detector", "facial_attribute", "facial_recognition"],
    model: str,
    *files: str,
    limit_s: float = 120.0,
    url: str = "",
    sha256: str = "",
) -> Weights:
    return Weights(model, files, weights_folder, limit_s, url, sha256, (BUILD, task, model))


YUNET = _weights(
    "face_detector",
    "yunet",
    "face_detection_yunet_2023mar.onnx",
    limit_s=5.0,
    url="https://github.com/opencv/opencv_zoo/raw/main/models/face_detection_yunet/face_detection_yunet_2023mar.onnx",
    sha256="8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
)
"""230 kB; nobody need wait longer, since MTCNN is at hand."""

EMOTION = _weights("facial_attribute", "Emotion", "facial_expression_model_weights.onnx", limit_s=30.0)
"""6 MB: at 2 Mbit/s that takes 24 s."""

SFACE = _weights(
    "facial_recognition",
    "SFace",
    "face_recognition_sface_2021dec.onnx",
    limit_s=300.0,
    url="https://github.com/opencv/opencv_zoo/raw/main/models/face_recognition_sface/face_recognition_sface_2021dec.onnx",
    sha256="0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
)
"""39 MB, downloaded only by whoever asks which faces of a scene look alike."""

FILES = {
    "retinaface": ("retinaface.onnx",),
    "centerface": ("centerface.onnx",),
    "opencv": ("haarcascade_frontalface_default.xml", "haarcascade_eye.xml"),
    "dlib": ("shape_predictor_5_face_landmarks.dat",),
    "fastmtcnn": (),
    "mediapipe": (),
    **{f"yolov{version}{size}": (f"yolov{version}{size}-face.pt",) for version in (11, 12) for size in "nsml"},
    **{f"yolov8{size}": (f"yolov8{size}-face.pt",) for size in "nml"},
}
DETECTORS = {"yunet": YUNET, **{name: _weights("face_detector", name, *files) for name, files in FILES.items()}}
"""DeepFace's detectors by name. Left out: ``mtcnn`` and ``ssd``, which need TensorFlow and an older OpenCV."""


def import_deepface(module: str) -> ModuleType:
    """Imports ``deepface.<module>`` to run on onnxruntime; what importing it changes for others is put back."""
    with keep_environment():
        return importlib.import_module(f"deepface.{module}")


def load_client(task: str, model: str, path: Path, takes: list[int], gives: list[int]) -> Any:
    """Returns DeepFace's own client of a model whose weights lie at ``path``.

    Raises ReaderError where they cannot be opened, or a face's input or output has another shape than it should have.
    """
    modeling = import_deepface("modules.modeling")
    try:
        with keep_environment():
            client = modeling.get_model_class(task, model)()
    except (ImportError, ValueError) as error:
        raise ReaderError(f"{path} cannot be opened. Delete it, and it is downloaded again.") from error
    shapes = client.model.get_inputs()[0].shape, client.model.get_outputs()[0].shape
    if (list(shapes[0][1:]), list(shapes[1][1:])) != (takes, gives):
        name = "emotion model" if model == "Emotion" else model
        raise ReaderError(f"{path} is not DeepFace's {name}. Delete it, and it is downloaded again.")
    return client


@contextmanager
def keep_environment() -> Iterator[None]:
    """Puts warnings' filters and the environment back: DeepFace silences all warnings, sets TensorFlow's switches."""
    os.environ["DEEPFACE_BACKEND_ENGINE"] = "onnx"
    before = dict(os.environ)
    os.environ.setdefault("DEEPFACE_LOG_LEVEL", "40")  # it prints its log among the program's own output
    try:
        with warnings.catch_warnings():
            yield
    finally:
        os.environ.update(before)
        for added in set(os.environ) - set(before):
            del os.environ[added]
