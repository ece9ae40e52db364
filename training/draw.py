"""Pictures of the model card: confusion, calibration, learning curves."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from training import measure

if TYPE_CHECKING:
    from training.evaluate import Reading

HERE = Path(__file__).parent
DPI = 80


def all_pictures(reading: Reading, folder: Path) -> None:
    """confusion.png, calibration.png and learning.png in the folder."""
    confusion(reading, folder / "confusion.png")
    calibration(reading, folder / "calibration.png")
    learning(sorted(HERE.glob("log-*.csv")), folder / "learning.png")


def confusion(reading: Reading, path: Path) -> None:
    """Share of each true expression (row) that was told as each expression (column)."""
    counts = measure.confusion(reading.told, reading.faces.labels)
    parts = counts / counts.sum(1, keepdims=True)
    figure, axes = plt.subplots(figsize=(5.6, 5.0))
    axes.imshow(parts, cmap="Blues", vmin=0, vmax=1)
    for row in range(len(parts)):
        for column in range(len(parts)):
            ink = "white" if parts[row, column] > 0.5 else "black"
            axes.text(column, row, f"{parts[row, column]:.2f}", ha="center", va="center", color=ink, fontsize=8)
    names = [f"{name} ({count})" for name, count in zip(measure.SEVEN, counts.sum(1), strict=True)]
    axes.set_xticks(range(7), measure.SEVEN, rotation=40, ha="right")
    axes.set_yticks(range(7), names)
    axes.set(xlabel="told", ylabel="majority of people (faces)")
    save(figure, path)


def calibration(reading: Reading, path: Path) -> None:
    """Stated confidence against the share that is right."""
    rows = measure.calibration(reading.told, reading.faces.labels)
    figure, axes = plt.subplots(figsize=(4.6, 4.4))
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--")
    axes.plot([row[0] for row in rows], [row[1] for row in rows], marker="o", color="#2a6fbb")
    axes.set(xlabel="stated confidence", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1))
    save(figure, path)


def learning(logs: list[Path], path: Path) -> None:
    """Accuracy and loss on valid, averaged weights, over the epochs of every member, its cycles one after another."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.4))
    for log in logs:
        with log.open() as file:
            rows = list(csv.DictReader(file))
        epochs = range(1, len(rows) + 1)
        name = log.stem.removeprefix("log-")
        left.plot(epochs, [float(row["valid_accuracy"]) for row in rows], label=name)
        right.plot(epochs, [float(row["valid_loss"]) for row in rows], label=name)
    left.set(xlabel="epoch", ylabel="accuracy on valid (seven classes)", ylim=(0.5, 0.9))
    right.set(xlabel="epoch", ylabel="loss on valid (vote shares)")
    left.legend(title="member")
    save(figure, path)


def save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=DPI)
    plt.close(figure)
