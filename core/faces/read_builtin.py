"""Outtake's own reader: a few small networks on onnxruntime, whose mean and disagreement are one reading."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import ReaderError
from core.faces import onnx_sessions
from core.faces.embedding import pack
from core.model import EMOTIONS, Crop, Read, Reading, Scores

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODELS = Path(__file__).parents[2] / "models"
"""The networks that come with the project, described in its MODEL_CARD.md."""

BATCH = 32
"""Faces read in one go: more gains no speed and costs memory."""

Floats = NDArray[np.float32]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Card:
    """What ``reader.json`` says of the shipped networks."""

    members: tuple[Path, ...]
    size: int
    """Side of a network's picture, px."""
    labels: tuple[str, ...]
    temperature: float
    bias: Floats
    """What is added to the logarithm of each emotion's share, in the order of EMOTIONS."""
    fingerprint: str
    """Which networks these are; see :func:`fingerprint`."""


def open_builtin(models: Path = MODELS, threads: int = 1) -> Read:
    """Return the reader of the networks in ``models``; ReaderError when they are missing or altered."""
    card = _card(models)
    sessions = [_session(path, threads) for path in card.members]

    def read(crops: Sequence[Crop]) -> list[Reading]:
        return [
            reading for at in range(0, len(crops), BATCH) for reading in _read(crops[at : at + BATCH], sessions, card)
        ]

    return read


def fingerprint(models: Path = MODELS) -> str:
    """Return the SHA-256, in hex, of the members' weights: other networks see faces otherwise. ReaderError as above."""
    return _read_from_card(models, _fingerprint)


def embedding_width(models: Path = MODELS) -> int:
    """Return how many numbers an embedding has, all members' together. ReaderError as above."""
    return _read_from_card(models, lambda said: int(said["embedding"]))


def _read_from_card(models: Path, tell: Callable[[dict[str, Any]], T]) -> T:
    path = models / "reader.json"
    try:
        return tell(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _card_error(path, error) from error


def _fingerprint(said: dict[str, Any]) -> str:
    """Of the files that first held the members' weights: written down in another form, they see faces as before."""
    first = (member.get("weights", member["sha256"]) for member in said["members"])
    return sha256("".join(first).encode()).hexdigest()


def _card_error(path: Path, error: Exception) -> ReaderError:
    return ReaderError(f"{path} cannot be used ({error}). Get the project's models folder again.")


def _card(models: Path) -> Card:
    path = models / "reader.json"
    try:
        said = json.loads(path.read_text("utf-8"))
        members = tuple(_check_hash(models / member["file"], member["sha256"]) for member in said["members"])
        bias = np.array([said["bias"][name] for name in EMOTIONS], np.float32)
        size, labels = int(said["crop"]["size"]), tuple(said["labels"])
        return Card(members, size, labels, float(said["temperature"]), bias, _fingerprint(said))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _card_error(path, error) from error


def _check_hash(path: Path, expected: str) -> Path:
    if sha256(path.read_bytes()).hexdigest() != expected:
        raise ReaderError(f"{path} is not the file that reader.json describes. Get the project's models folder again.")
    return path


@cache
def _session(path: Path, threads: int) -> InferenceSession:
    return onnx_sessions.open_session(path, threads)


def _read(crops: Sequence[Crop], sessions: Sequence[InferenceSession], card: Card) -> list[Reading]:
    batch = np.stack([_grey(crop, card.size) for crop in crops])
    told = [session.run(["logits", "embedding"], {"crops": batch}) for session in sessions]
    members = _softmax(np.stack([logits for logits, _ in told]))
    codes = pack(np.concatenate([seen for _, seen in told], axis=1), card.fingerprint)
    scores = apply_point(members.mean(axis=0), card)
    spread = np.stack([apply_point(member, card) for member in members]).std(axis=0)
    several = len(sessions) > 1
    return [
        Reading(_scores(row), _scores(wide) if several else None, code)
        for row, wide, code in zip(scores, spread, codes, strict=True)
    ]


def _grey(crop: Crop, size: int) -> Floats:
    """Return the crop as the networks want it: (size, size) float32, grey, 0–255."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, (size, size), interpolation=cv2.INTER_AREA).astype(np.float32)


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def apply_point(scores: Floats, card: Card) -> Floats:
    """Return (n, 7) in the order of EMOTIONS from (n, labels): tempered, and each emotion moved by its bias.

    Temperature and biases were chosen on film and other faces than the networks learned from: ``training/operate.py``.
    """
    seven = scores[:, [card.labels.index(name) for name in EMOTIONS]]
    tempered = np.maximum(seven, 1e-9) ** (1 / card.temperature) * np.exp(card.bias)
    return tempered / tempered.sum(axis=1, keepdims=True)


def _scores(row: Floats) -> Scores:
    return Scores(*(float(each) for each in row))
