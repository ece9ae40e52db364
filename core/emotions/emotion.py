"""An emotion of one's own: its name, its numbers, the faces it was learned from, and its scores of others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.emotions.training import Figures, Learned, sigmoid
from core.errors import SettingError
from core.faces import embedding
from core.model import EMOTIONS, Video

READER = "builtin"
"""Whose embeddings emotions are taught on."""

Place = tuple[int, int]
"""Where a face is in its scene: the moment, ms, and its index there."""

NAME = re.compile(r"[^\W_](?:[\w '’-]{0,28}[\w’])?")

RESERVED = (
    *EMOTIONS,
    *("t_ms", "t_s", "time", "shot", "track", "left", "top", "right", "bottom", "confidence", "sharpness", "reader"),
    *("doubt", "reasons", "dropped", "person", "embedding", "index", "score", "emotion", "run", "shown", "yes", "no"),
    *("scene", "title", "name", "box", *(f"{emotion}_from_calm" for emotion in EMOTIONS)),
)
"""Words that mean something else in a table."""

FACE = re.compile(r"([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,4})")


class Example(NamedTuple):
    """One face by its name, ``scene:t_ms:face``."""

    scene: int
    t_ms: int
    face: int

    def __str__(self) -> str:
        return f"{self.scene}:{self.t_ms}:{self.face}"


class Clip(NamedTuple):
    """What a scene's video is known by on another shelf, where scenes are numbered otherwise."""

    duration_ms: int
    width: int
    height: int
    fps: float


@dataclass(frozen=True, slots=True)
class OwnEmotion:
    """An emotion of one's own."""

    name: str
    reader: str
    network: str
    """Fingerprint of the networks whose embeddings it was learned from, hex."""
    weights: tuple[float, ...]
    bias: float
    yes: tuple[Example, ...]
    no: tuple[Example, ...]
    clips: Mapping[int, Clip]
    """Of every scene that examples are from."""
    figures: Figures

    def scores(self, codes: Sequence[bytes]) -> NDArray[np.float64]:
        """Return the scores, 0–1, of embeddings of the same networks; SettingError where the numbers do not fit."""
        table = embedding.unpack(codes)
        if not len(table):
            return np.zeros(0)
        if table.shape[1] != len(self.weights):
            raise SettingError(
                f"“{self.name}” has {len(self.weights)} weights, and a face here {table.shape[1]} numbers. "
                "Teach it again from its examples."
            )
        return sigmoid(table.astype(np.float64) @ np.array(self.weights) + self.bias)


def check_name(text: str) -> str:
    """Return an emotion's name as it is kept; SettingError when it is none, or means something else already."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not NAME.fullmatch(name):
        raise SettingError(f"“{name[:40]}” is no name for an emotion. Use up to 30 letters, digits, spaces or hyphens.")
    if name.lower() in RESERVED:
        raise SettingError(f"“{name}” means something else here already. Choose another name.")
    return name


def parse_example(text: str) -> Example:
    """Return the face that ``scene:t_ms:face`` names; SettingError for anything else."""
    parts = FACE.fullmatch(text)
    if not parts:
        raise SettingError(
            f"“{text[:40]}” names no face. Write scene, time and face like 3:2600:0, as the gallery does."
        )
    return Example(*map(int, parts.groups()))


def clip_of(video: Video) -> Clip:
    """Return what a video is known by."""
    return Clip(video.duration_ms, video.width, video.height, round(video.fps, 3))


def from_training(
    name: str,
    learned: Learned,
    network: tuple[str, str],
    yes: Iterable[Example],
    no: Iterable[Example],
    clips: Mapping[int, Clip],
) -> OwnEmotion:
    """Return what was learned under its name, its numbers as the file keeps them; ``network``: reader, fingerprint."""
    weights = tuple(float(f"{weight:.6g}") for weight in learned.weights)
    bias = float(f"{learned.bias:.6g}")
    return OwnEmotion(check_name(name), *network, weights, bias, tuple(yes), tuple(no), dict(clips), learned.figures)


def check_network(one: OwnEmotion, network: str) -> OwnEmotion:
    """Return an emotion that fits the reader's networks; SettingError when it was taught on others."""
    if one.network != network:
        raise SettingError(
            f"“{one.name}” was taught on another version of the reader, which sees faces otherwise. "
            "Teach it again from its examples."
        )
    return one
