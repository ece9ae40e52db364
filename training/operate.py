"""Choose the operating point on valid: how far to correct for class shares, how sharp to speak."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import data, measure, shipped

EXPONENTS = np.round(np.arange(0, 0.81, 0.05), 2)
TEMPERATURES = np.round(np.geomspace(0.4, 2.5, 64), 3)
COST = 0.01
"""Accuracy that may be given up for macro recall: fear and disgust must be findable, neutral faces stay neutral."""


def choose(paths: list[Path], folder: Path) -> shipped.Point:
    """The exponent with the best macro recall that costs at most COST, then the temperature that fits."""
    faces = data.load(folder, "valid").seven()
    shares = data.shares(data.load(folder, "train")).astype(np.float64)
    mean = np.mean([shipped.probabilities(shipped.session(path, 2), faces.images) for path in paths], axis=0)
    points = [fitted(mean, faces.labels, shares, float(exponent)) for exponent in EXPONENTS]
    found = [measure.figures(point.told(mean), faces.labels) for point in points]
    for point, figure in zip(points, found, strict=True):
        print(f"share exponent {point.exponent:.2f} T {point.temperature:.3f}: {line(figure)}")
    floor = found[0].accuracy - COST
    allowed = [place for place, figure in enumerate(found) if figure.accuracy >= floor]
    return points[max(allowed, key=lambda place: found[place].macro_recall)]


def fitted(
    mean: NDArray[np.floating], labels: measure.Labels, shares: NDArray[np.float64], exponent: float
) -> shipped.Point:
    """The temperature that makes the true labels least surprising at this exponent."""
    points = [shipped.Point(float(temperature), exponent, shares) for temperature in TEMPERATURES]
    return min(points, key=lambda point: measure.surprise(point.told(mean), labels))


def line(figure: measure.Figures) -> str:
    """The main figures in one line."""
    return (
        f"accuracy {figure.accuracy:.4f} macro recall {figure.macro_recall:.4f} "
        f"false happy {figure.false_happy:.4f} happy recall {figure.happy_recall:.4f} ECE {figure.ece:.4f}"
    )
