"""All that a member learns from, in one file: python -m training.pool --data … --wild … --out runs/pool.npz

FER+'s pictures with its votes, FER2013's own labels as a light second opinion, the coloured pictures of public persons,
what a teacher says of each, and the five points of every face, which the product's own finder sets.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.faces import find_mtcnn
from training import data
from training.data import LABELS

SURE = 0.5
"""Least share of "face" by O-Net for its points to be believed."""

MEDIANS = np.array([(0.316, 0.383), (0.690, 0.381), (0.505, 0.597), (0.345, 0.784), (0.662, 0.781)], np.float32)
"""Points of FER+'s training pictures as shares of their side, in the median: for faces whose own are not sure."""

RARE, COMMON = 0.25, 0.08
"""How much FER2013's label counts beside FER+'s votes: for angry, disgust and fear, and for all others."""

KEPT_FOR_CHOOSING = 5
"""Every fifth of the coloured pictures is for choosing, not for training."""

FIRM = {"neutral": 0.85, "happy": 0.85, "surprise": 0.7, "angry": 0.5, "sad": 0.4, "disgust": 0.3, "fear": 0.5}
"""How much a label of the coloured pictures counts, as decent as it is; the rest is the teacher's."""


def main() -> None:
    """Gather and write."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--wild", type=Path)
    made.add_argument("--teacher", type=Path, help="npz with `ferplus` and `wild`: (n, 8) for every picture")
    made.add_argument("--taught", type=float, default=0.2, help="how much the teacher counts for FER+'s pictures")
    made.add_argument("--second", type=float, default=1.0, help="how much FER2013's labels count, of RARE and COMMON")
    made.add_argument(
        "--alike", type=float, help="how much FER2013's labels count for every class, instead of --second"
    )
    made.add_argument("--out", type=Path, required=True)
    wanted = made.parse_args()
    teacher = dict(np.load(wanted.teacher)) if wanted.teacher else {}
    parts = [ferplus(wanted.data, shares(wanted), teacher.get("ferplus"), wanted.taught)]
    if wanted.wild:
        parts.append(wild_for_training(wanted.wild, teacher.get("wild")))
    images, targets, points, origin = (np.concatenate(each) for each in zip(*parts, strict=True))
    np.savez(wanted.out, images=images, targets=targets.astype(np.float32), points=points, origin=origin)


def shares(wanted: argparse.Namespace) -> NDArray[np.float64]:
    """How much FER2013's label of each of its seven classes counts beside FER+'s votes."""
    rare = np.arange(7) <= LABELS.index("fear")
    return np.full(7, wanted.alike) if wanted.alike else np.where(rare, RARE, COMMON) * wanted.second


Part = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]


def ferplus(folder: Path, second: NDArray[np.float64], teacher: NDArray[np.float32] | None, taught: float) -> Part:
    """FER+'s pictures, with what others say of them mixed in."""
    faces, kept = data.load(folder, "train"), data.kept(folder, "train")
    other = np.load(folder / "fer2013_labels.npz")["train"][kept].astype(int)
    there = other < 7
    share = second[np.where(there, other, 0)] * there
    said = np.eye(len(LABELS), dtype=np.float32)[np.where(there, other, 0)]
    targets = faces.targets * (1 - share[:, None]) + said * share[:, None]
    if teacher is not None:
        targets = (1 - taught) * targets + taught * teacher[kept]
    return faces.images, targets.astype(np.float32), points(faces.images), np.zeros(len(faces), int)


def wild_for_training(folder: Path, teacher: NDArray[np.float32] | None) -> Part:
    """Four fifths of the coloured pictures, grey, with their labels as firm as they are."""
    crops, labels = wild(folder)
    chosen = np.arange(len(labels)) % KEPT_FOR_CHOOSING != 0
    images = np.stack([grey(crop) for crop in crops])
    firm = np.array([FIRM[LABELS[label]] for label in labels])[:, None]
    hard = np.eye(len(LABELS), dtype=np.float32)[labels]
    rest = teacher if teacher is not None else np.full_like(hard, 1 / len(LABELS))
    targets = firm * hard + (1 - firm) * rest
    return images[chosen], targets[chosen].astype(np.float32), points(crops[chosen]), np.ones(int(chosen.sum()), int)


def wild_for_choosing(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The fifth of the coloured pictures that nothing is learned from, grey (n, 48, 48), and their labels."""
    crops, labels = wild(folder)
    chosen = np.arange(len(labels)) % KEPT_FOR_CHOOSING == 0
    return np.stack([grey(crop) for crop in crops[chosen]]), labels[chosen]


def wild(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read the coloured pictures (n, 96, 96, 3) RGB and their labels."""
    with np.load(folder / "wild.npz") as file:
        jpegs, ends, names = file["jpegs"], file["ends"], file["labels"]
    starts = np.concatenate([[0], ends[:-1]])
    pictures = [cv2.imdecode(jpegs[start:end], cv2.IMREAD_COLOR) for start, end in zip(starts, ends, strict=True)]
    return np.stack(pictures)[..., ::-1].copy(), np.array([LABELS.index(str(name)) for name in names])


def grey(crop: NDArray[np.uint8], px: int = 48) -> NDArray[np.uint8]:
    """A coloured crop as the networks see it."""
    return cv2.resize(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), (px, px), interpolation=cv2.INTER_AREA)


def points(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Eyes, nose and mouth corners (n, 5, 2) as shares of the side, by O-Net; the medians where it sees no face."""
    side, onet = find_mtcnn.O_PX, find_mtcnn.open_mtcnn().onet
    found = []
    for part in np.array_split(images, len(images) // 256 + 1):
        small = np.stack([cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA) for image in part])
        coloured = small if small.ndim == 4 else np.repeat(small[..., None], 3, axis=3)
        five, face = onet.run(["points", "face"], {"pixels": coloured})
        five = five.reshape(-1, 2, 5).transpose(0, 2, 1)
        found.append(np.where(face[:, :1, None] > SURE, five, MEDIANS))
    return np.concatenate(found).astype(np.float32)


if __name__ == "__main__":
    main()
