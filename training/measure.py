"""Figures about probabilities and true labels; numpy only, no model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data import LABELS

SEVEN = LABELS[:7]
HAPPY = SEVEN.index("happy")
BINS = 15
"""Equal steps of confidence in which promise and truth are compared."""

Table = NDArray[np.float64]
"""(n, 7) probabilities in the order of SEVEN, each row's sum 1."""
Labels = NDArray[np.int64]
"""(n,) indices into SEVEN."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one reader does on one set of pictures; all shares 0..1."""

    faces: int
    accuracy: float
    macro_recall: float
    false_happy: float
    """Share of the faces called happy that are not."""
    happy_recall: float
    ece: float
    """Mean gap between the stated confidence and the share that is right, weighted by faces."""
    recall: tuple[float, ...]
    """One for each of SEVEN."""
    precision: tuple[float, ...]


def figures(told: Table, labels: Labels) -> Figures:
    """All figures of one reading."""
    counts = confusion(told, labels)
    hits = np.diag(counts)
    recall = hits / np.maximum(counts.sum(1), 1)
    precision = hits / np.maximum(counts.sum(0), 1)
    return Figures(
        faces=len(labels),
        accuracy=float(hits.sum() / counts.sum()),
        macro_recall=float(recall.mean()),
        false_happy=float(1 - precision[HAPPY]),
        happy_recall=float(recall[HAPPY]),
        ece=calibration_error(told, labels),
        recall=tuple(map(float, recall)),
        precision=tuple(map(float, precision)),
    )


def confusion(told: Table, labels: Labels) -> NDArray[np.int64]:
    """Faces by true label (row) and told label (column), (7, 7)."""
    counts = np.zeros((len(SEVEN), len(SEVEN)), np.int64)
    np.add.at(counts, (labels, told.argmax(1)), 1)
    return counts


def calibration(told: Table, labels: Labels, bins: int = BINS) -> list[tuple[float, float, int]]:
    """Mean confidence, share that is right and number of faces of every bin that has any."""
    confidence, right = told.max(1), told.argmax(1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    chosen = (place == step for step in range(bins))
    return [(float(confidence[c].mean()), float(right[c].mean()), int(c.sum())) for c in chosen if c.any()]


def calibration_error(told: Table, labels: Labels, bins: int = BINS) -> float:
    """Expected calibration error over so many bins."""
    return sum(abs(said - true) * count for said, true, count in calibration(told, labels, bins)) / len(labels)


def surprise(told: Table, labels: Labels) -> float:
    """Mean negative logarithm of what was given to the true label (nats)."""
    return float(-np.log(np.maximum(told[np.arange(len(labels)), labels], 1e-9)).mean())


def seven(told: NDArray[np.floating], temperature: float, bias: NDArray[np.floating]) -> Table:
    """Probabilities (n, 8) to the seven at an operating point: tempered, then times e to each expression's bias."""
    raised = np.maximum(told[:, :7].astype(np.float64), 1e-9) ** (1 / temperature) * np.exp(bias)
    return np.asarray(raised / raised.sum(1, keepdims=True))
