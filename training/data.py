"""Pictures and votes of FER+: targets to learn from, labels to be measured by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "contempt")
"""Order of the network's outputs; the first seven are the reader's vocabulary."""

PLACES = (6, 3, 5, 4, 0, 1, 2, 7)
"""Where in LABELS the first eight columns of votes belong; unknown and not-a-face follow them."""

CONTEMPT = LABELS.index("contempt")


@dataclass(frozen=True, slots=True)
class Faces:
    """Pictures that most people saw a known expression in."""

    images: NDArray[np.uint8]
    """(n, 48, 48), grey 0..255."""
    targets: NDArray[np.float32]
    """(n, 8), share of the votes for each of LABELS, sum 1; (n, k) with classes of one's own."""
    labels: NDArray[np.int64]
    """(n,), index of the expression with most votes; of equals the one whose column comes first, as is usual."""
    classes: tuple[str, ...] = LABELS
    """What the columns of the targets are."""

    def __len__(self) -> int:
        return len(self.labels)

    def seven(self) -> Faces:
        """Without the pictures whose majority is contempt, which the reader never says."""
        kept = self.labels != CONTEMPT
        return Faces(self.images[kept], self.targets[kept], self.labels[kept])


def load(folder: Path, split: str) -> Faces:
    """Read train, valid or test; of FER+'s votes lone ones are noise, and unclear pictures are left out."""
    with np.load(folder / f"{split}.npz") as file:
        images, votes = file["images"], file["votes"].astype(np.float32)
        classes = tuple(map(str, file["classes"])) if "classes" in file else ()
    if images.shape[1:] != (48, 48) or images.dtype != np.uint8:
        raise ValueError(f"{split}.npz must hold (n, 48, 48) uint8 pictures, got {images.shape} {images.dtype}")
    if classes:
        return _own(images, votes, classes)
    winners, kept = _majority(votes)
    known = votes[kept][:, np.argsort(PLACES)]
    return Faces(images[kept], known / known.sum(1, keepdims=True), np.array(PLACES)[winners[kept]])


def _majority(votes: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Drop lone votes; return the column with most of them, and whether it is one of LABELS."""
    votes[votes <= 1] = 0
    winners = votes.argmax(1)
    return winners, (votes.max(1) > 0) & (winners < len(LABELS))


def kept(folder: Path, split: str) -> NDArray[np.bool_]:
    """Which of a split's pictures :func:`load` keeps, (n,): for whatever else is known of each picture."""
    with np.load(folder / f"{split}.npz") as file:
        return _majority(file["votes"].astype(np.float32))[1]


def _own(images: NDArray[np.uint8], votes: NDArray[np.float32], classes: tuple[str, ...]) -> Faces:
    """Pictures with classes of one's own: as many as the votes have columns; those without a vote are left out."""
    if votes.shape != (len(images), len(classes)) or len(set(classes)) < max(len(classes), 2):
        raise ValueError(
            f"{len(classes)} classes need votes of shape ({len(images)}, {len(classes)}), two names or more"
        )
    kept = votes.sum(1) > 0
    some = votes[kept]
    return Faces(images[kept], some / some.sum(1, keepdims=True), some.argmax(1), classes)


def second_opinion(folder: Path, split: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """FER2013's own labels: the pictures that have one (n, 48, 48), and the labels as indices into LABELS."""
    with np.load(folder / f"{split}.npz") as file, np.load(folder / "fer2013_labels.npz") as others:
        images, labels = file["images"], others[split].astype(np.int64)
    there = labels < CONTEMPT
    return images[there], labels[there]


def shares(faces: Faces) -> NDArray[np.float32]:
    """How much of all votes each of LABELS has, (8,), sum 1."""
    return faces.targets.mean(0)
