"""How wide and how high to cut a face: python -m training.crops --data ../shared/data/ferplus

Validation pictures are put into a larger frame, found by MTCNN, cut again around its landmarks and read by the shipped
networks; each line is one way to cut: its width and its shift against the medians of the landmarks.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from core.faces import pixels
from core.faces.find_mtcnn import open_mtcnn
from core.faces.read_builtin import open_builtin
from core.model import EMOTIONS, Found, Image
from training import data

MEDIANS = np.array([(0.310, 0.374), (0.690, 0.374), (0.500, 0.586), (0.345, 0.757), (0.655, 0.757)])
"""Landmarks of 1,457 validation pictures as shares of their side, in the median, made symmetric."""

MIDDLE = np.array([0.5, 0.56])
WAYS = ((1.0, 0.0), (0.95, -0.03), (0.9, -0.03), (0.9, -0.05), (0.85, -0.05))
FACES, SIDE_PX, RIM_PX = 450, 160, 80

Framed = tuple[Image, Found, int]
"""A picture in its larger frame, its surest face, and its label."""


def main() -> None:
    """Print accuracy and the false share of happy for every way to cut."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    framed = found(made.parse_args().data)
    for scale, shift in WAYS:
        right, false = measured(framed, (MEDIANS - MIDDLE) * scale + MIDDLE + (0, shift))
        print(f"scale {scale:.2f} shift {shift:+.2f}: {right:.1%} of {len(framed)} right, {false:.1%} of happy false")


def found(folder: Path) -> list[Framed]:
    """Some validation pictures in which MTCNN finds a face."""
    faces, find, framed = data.load(folder, "valid").seven(), open_mtcnn(48), []
    for number in np.random.default_rng(1).permutation(len(faces.images))[:FACES]:
        large = cv2.resize(faces.images[number], (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC)
        large = cv2.copyMakeBorder(large, *[RIM_PX] * 4, cv2.BORDER_REPLICATE)
        picture = cv2.cvtColor(large, cv2.COLOR_GRAY2RGB)
        if there := find(picture):
            framed.append((picture, max(there, key=lambda face: face.confidence), int(faces.labels[number])))
    return framed


def measured(framed: list[Framed], template: np.ndarray) -> tuple[float, float]:
    """Share of faces read right, and of those read as happy that are not."""
    pixels.TEMPLATE = template
    readings = open_builtin()([pixels.crop(picture, face) for picture, face, _ in framed])
    told = np.array([EMOTIONS.index(reading.scores.top) for reading in readings])
    labels = np.array([label for _, _, label in framed])
    happy = told == EMOTIONS.index("happy")
    return float((told == labels).mean()), float((labels[happy] != told[happy]).mean())


if __name__ == "__main__":
    main()
