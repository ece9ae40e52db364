"""DeepFace's weights: which files are on this machine, and how missing ones come without keeping anybody waiting."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from core.host.home import models_folder

REMEMBERED_S = 3600
"""So long an unreachable download is not tried again: a scene every few minutes must not wait every few minutes."""

POLL_S = 0.05
"""Between two looks at a download that another process has under way."""

FAILED = "This download failed. Delete this file to try again within the hour."
"""What a mark says once its attempt has failed; it is empty while the attempt is under way."""

BUILD = "import sys; from deepface.modules import modeling; modeling.get_model_class(sys.argv[1], sys.argv[2])()"
"""What the child process runs: DeepFace itself fetches what it misses, and opens it."""

FETCH = """
import pathlib, requests, sys
answer = requests.get(sys.argv[1])
answer.raise_for_status()
pathlib.Path(sys.argv[2]).write_bytes(answer.content)
"""
"""The same for a file of known place and hash: without DeepFace, whose loading takes much of a short limit."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One of DeepFace's models and the files that it needs."""

    task: Literal["face_detector", "facial_attribute", "facial_recognition"]
    model: str
    files: tuple[str, ...]
    limit_s: float = 120.0
    """Longest wait for the download: someone asked for this model by its name."""
    url: str = ""
    """Of the only file; empty where DeepFace is to say."""
    sha256: str = ""
    """Of the only file; empty where no hash is published: there the check is that the child can open it."""


YUNET = Weights(
    "face_detector",
    "yunet",
    ("face_detection_yunet_2023mar.onnx",),
    limit_s=5.0,
    url="https://github.com/opencv/opencv_zoo/raw/main/models/face_detection_yunet/face_detection_yunet_2023mar.onnx",
    sha256="8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
)
"""230 kB; nobody need wait longer, since MTCNN is at hand."""

EMOTION = Weights("facial_attribute", "Emotion", ("facial_expression_model_weights.onnx",), limit_s=30.0)
"""6 MB: at 2 Mbit/s that takes 24 s."""

SFACE = Weights(
    "facial_recognition",
    "SFace",
    ("face_recognition_sface_2021dec.onnx",),
    limit_s=300.0,
    url="https://github.com/opencv/opencv_zoo/raw/main/models/face_recognition_sface/face_recognition_sface_2021dec.onnx",
    sha256="0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
)
"""39 MB, downloaded only by whoever asks which faces of a scene look alike."""

HAAR = ("haarcascade_frontalface_default.xml", "haarcascade_eye.xml")
YOLOS = (
    "yolov8n",
    "yolov8m",
    "yolov8l",
    "yolov11n",
    "yolov11s",
    "yolov11m",
    "yolov11l",
    "yolov12n",
    "yolov12s",
    "yolov12m",
    "yolov12l",
)
OTHERS = {
    "retinaface": ("retinaface.onnx",),
    "centerface": ("centerface.onnx",),
    "opencv": HAAR,
    "dlib": ("shape_predictor_5_face_landmarks.dat",),
    "fastmtcnn": (),
    "mediapipe": (),
}
DETECTORS = {
    "yunet": YUNET,
    **{name: Weights("face_detector", name, files) for name, files in OTHERS.items()},
    **{name: Weights("face_detector", name, (f"{name}-face.pt",)) for name in YOLOS},
}
"""DeepFace's detectors by name. Left out: ``mtcnn`` and ``ssd``, which need TensorFlow and an older OpenCV."""


def weights_folder() -> Path:
    """Where DeepFace keeps weights: under ``DEEPFACE_HOME``, or the user's home."""
    return Path(os.environ.get("DEEPFACE_HOME") or Path.home()) / ".deepface" / "weights"


def are_present(weights: Weights) -> bool:
    """Whether all its files are here and, where we know what they must be, unaltered."""
    return all(_is_intact(weights_folder() / file, weights) for file in weights.files)


def ensure_present(weights: Weights, limit_s: float | None = None) -> bool:
    """Whether the files are here, now or within the limit; at most one attempt an hour, on this machine."""
    if are_present(weights):
        return True
    limit_s = weights.limit_s if limit_s is None else limit_s
    mark = models_folder() / f"{weights.model.lower()}.unreachable"
    if not _claim_attempt(mark):
        return _wait_for_other(weights, mark, limit_s)
    if _download(weights, limit_s):
        mark.unlink(missing_ok=True)
    else:
        mark.write_text(FAILED, "utf-8")
    return are_present(weights)


def explain_missing(weights: Weights) -> str:
    """The sentence for somebody who asked for this model: what to do now."""
    names = " and ".join(weights.files)
    return f"could not be downloaded (tried at most once an hour). Put {names} into {weights_folder()}"


def _is_intact(path: Path, weights: Weights) -> bool:
    if not path.is_file():
        return False
    known = path.stat()
    return not weights.sha256 or _hash_file(path, known.st_mtime_ns, known.st_size) == weights.sha256


@lru_cache(maxsize=16)
def _hash_file(path: Path, changed_ns: int, size: int) -> str:
    """The file's hash, worked out once for the file that it is now: a page asks each time it is drawn."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _claim_attempt(mark: Path) -> bool:
    """Set the mark that says "tried just now"; False when it stood there already, for less than an hour."""
    if mark.exists() and not 0 <= _age_s(mark) < REMEMBERED_S:
        mark.unlink(missing_ok=True)
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _age_s(mark: Path) -> float:
    try:
        return time.time() - mark.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _is_under_way(mark: Path) -> bool:
    try:
        return mark.read_text("utf-8") != FAILED
    except FileNotFoundError:
        return False


def _wait_for_other(weights: Weights, mark: Path, limit_s: float) -> bool:
    """Wait along with whoever is at it just now; at once False when that attempt is over."""
    while _is_under_way(mark) and _age_s(mark) < limit_s:
        time.sleep(POLL_S)
    return are_present(weights)


def _download(weights: Weights, limit_s: float) -> bool:
    """Let a child process download into a folder of its own; what came whole moves to where DeepFace looks."""
    weights_folder().mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(dir=weights_folder().parent))
    try:
        staged = stage / ".deepface" / "weights"
        shutil.copytree(weights_folder(), staged, copy_function=os.symlink)
        command = [sys.executable, "-P", "-c", *_download_command(weights, staged)]
        environment = {**os.environ, "DEEPFACE_HOME": str(stage), "DEEPFACE_BACKEND_ENGINE": "onnx"}
        quiet: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
        }
        done = subprocess.run(command, env=environment, timeout=limit_s, check=False, **quiet)  # noqa: S603 our own words
        return done.returncode == 0 and all(_install_file(staged / file, weights) for file in weights.files)
    except subprocess.TimeoutExpired:
        return False
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _download_command(weights: Weights, staged: Path) -> list[str]:
    if weights.url:
        return [FETCH, weights.url, str(staged / weights.files[0])]
    return [BUILD, weights.task, weights.model]


def _install_file(path: Path, weights: Weights) -> bool:
    if not _is_intact(path, weights):
        return False
    if not path.is_symlink():
        path.replace(weights_folder() / path.name)
    return True


def import_deepface(module: str) -> ModuleType:
    """Import ``deepface.<module>`` to run on onnxruntime; what importing it changes for others is put back."""
    with keep_environment():
        return importlib.import_module(f"deepface.{module}")


@contextmanager
def keep_environment() -> Iterator[None]:
    """Put warnings' filters and the environment back: DeepFace silences all warnings and sets TensorFlow's switches."""
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
