"""A shipped file becomes a net again that tells the same, so that training can go on from what ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training import recover, shipped


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in shipped.files(shipped.card())])
def test_the_recovered_net_tells_what_the_shipped_file_tells(path: Path) -> None:
    images = np.random.default_rng(4).integers(0, 255, (64, 48, 48), np.uint8)

    assert recover.difference(recover.recovered(path, images), path, images) < 0.01
