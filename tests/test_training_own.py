"""The commands that training/README.md gives for classes of one's own run on a small sample of drawn faces."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.support.project import ROOT
from training import data

README = (ROOT / "training" / "README.md").read_text("utf-8")

CLASSES = ("above", "middle", "below")
"""Where a drawn face is bright: learned in no time, and the same in the mirror that training holds up to faces."""


def drawn(folder: Path, split: str, count: int, seed: int) -> None:
    """Faces of noise, bright in one of three bands."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, len(CLASSES), count)
    images = random.integers(0, 90, (count, 48, 48), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[16 * label : 16 * label + 16] += 150
    folder.mkdir(exist_ok=True)
    np.savez(folder / f"{split}.npz", images=images, votes=np.eye(len(CLASSES))[labels], classes=np.array(CLASSES))


def test_classes_are_the_columns_of_the_votes(tmp_path: Path) -> None:
    drawn(tmp_path, "valid", 12, 1)
    faces = data.load(tmp_path, "valid")

    assert faces.classes == CLASSES
    assert faces.targets.shape == (12, 3)
    assert (faces.targets.argmax(1) == faces.labels).all()


@pytest.mark.parametrize("classes", [["one"], ["a", "a", "b"], ["a", "b"]])
def test_classes_that_are_not_the_columns_are_refused(tmp_path: Path, classes: list[str]) -> None:
    votes = np.ones((4, 3 if len(classes) > 1 else 1))
    np.savez(tmp_path / "valid.npz", images=np.zeros((4, 48, 48), np.uint8), votes=votes, classes=np.array(classes))

    with pytest.raises(ValueError, match="classes need votes"):
        data.load(tmp_path, "valid")


def test_the_readmes_commands_train_and_export_a_network_with_classes_of_ones_own(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs requirements-training.txt")
    for split, count, seed in (("train", 512, 1), ("valid", 96, 2)):
        drawn(tmp_path / "mine", split, count, seed)
    for words in commands():
        small = (
            ["--epochs", "2", "--threads", "1", "--batch", "32", "--film", "0", "--moves", "0.2"]
            if "training.train" in words
            else []
        )
        there = [str(tmp_path / word) if word.startswith(("mine", "runs/")) else word for word in words]
        said = subprocess.run(
            [sys.executable, *there[1:], *small], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert said.returncode == 0, said.stderr
    told = json.loads((tmp_path / "mine.json").read_text())

    assert told["labels"] == list(CLASSES)
    assert told["embedding"] == 160
    assert told["valid"]["accuracy"] > 0.8


def commands() -> list[list[str]]:
    """The two commands of the section, without its comments and with fewer epochs."""
    section = README.split("## Classes of your own", 1)[1].split("\n## ", 1)[0]
    lines = re.findall(r"^python -m training\.(?:train|own) .*$", section, re.MULTILINE)
    assert len(lines) == 2
    return [re.sub(r"--epochs \d+", "", line.split("#")[0]).split() for line in lines]
