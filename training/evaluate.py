"""Measure the shipped reader: python -m training.evaluate --data ../shared/data/ferplus --split valid [--pictures]"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training import data, measure, shipped
from training.operate import line

SCALE, SHIFT, ROLL = 0.15, 0.08, 10.0
"""Jitter of a finder's boxes: ± share of the side, ± share of the side, ± degrees."""

NATURAL = shipped.Point(1.0, np.zeros(7))
"""The operating point that changes nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the whole ensemble and each member say about one split."""

    faces: data.Faces
    members: tuple[NDArray[np.float32], ...]
    """(n, 8) each."""
    point: shipped.Point

    @property
    def mean(self) -> NDArray[np.float32]:
        return np.asarray(np.mean(self.members, axis=0))

    @property
    def natural(self) -> measure.Table:
        """As the networks say it, without biases and temperature."""
        return NATURAL.told(self.mean)

    @property
    def told(self) -> measure.Table:
        """At the shipped operating point."""
        return self.point.told(self.mean)


def main() -> None:
    """Print the figures of a split; draw the model card's pictures when asked."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--split", choices=("valid", "test"), default="valid")
    made.add_argument("--models", type=Path, default=shipped.MODELS)
    made.add_argument("--pictures", action="store_true", help="draw confusion, calibration and learning curves")
    wanted = made.parse_args()
    reading = read(data.load(wanted.data, wanted.split).seven(), wanted.models)
    print("\n".join(report(reading)))
    if wanted.pictures:
        from training import draw  # matplotlib is a tool of training, not of the program

        draw.all_pictures(reading, wanted.models)


def read(faces: data.Faces, models: Path = shipped.MODELS) -> Reading:
    """Run every shipped member on the faces."""
    said = shipped.card(models)
    sessions = [shipped.session(path, 2) for path in shipped.files(said, models)]
    members = tuple(shipped.probabilities(member, faces.images) for member in sessions)
    return Reading(faces, members, shipped.point(said))


def report(reading: Reading) -> Iterator[str]:
    """Lines of figures, the ensemble first, then classes, then members."""
    labels = reading.faces.labels
    shipped_figures = measure.figures(reading.told, labels)
    yield f"{len(labels)} faces"
    yield f"natural: {line(measure.figures(reading.natural, labels))}"
    yield f"shipped: {line(shipped_figures)}"
    for label, recall, precision in zip(measure.SEVEN, shipped_figures.recall, shipped_figures.precision, strict=True):
        yield f"  {label:9} recall {recall:.3f} precision {precision:.3f}"
    for number, member in enumerate(reading.members, 1):
        yield f"member {number} natural: {line(measure.figures(NATURAL.told(member), labels))}"
        yield f"member {number} shipped: {line(measure.figures(reading.point.told(member), labels))}"


def jittered(images: NDArray[np.uint8], seed: int = 0) -> NDArray[np.uint8]:
    """The same faces as a less steady finder would crop them: other scale, place and roll."""
    random = np.random.default_rng(seed)
    return np.stack([shaken(image, random) for image in images])


def shaken(image: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """One picture under one random similarity."""
    side = image.shape[0]
    middle = ((side - 1) / 2, (side - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, random.uniform(-ROLL, ROLL), 1 + random.uniform(-SCALE, SCALE))
    matrix[:, 2] += random.uniform(-SHIFT, SHIFT, 2) * side
    moved = cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def changed(before: measure.Table, after: measure.Table) -> float:
    """Share of the faces whose top expression is another one."""
    return float((before.argmax(1) != after.argmax(1)).mean())


if __name__ == "__main__":
    main()
