"""face-api's expression network as a teacher: its file is read rightly, and its opinion stands in our order."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training import faceapi  # noqa: E402
from training.data import LABELS  # noqa: E402


def shapes() -> dict[str, tuple[int, ...]]:
    """Of every array in the package's file, in TensorFlow's order: height, width, in, out."""
    found: dict[str, tuple[int, ...]] = {}
    channels = (3, 32, 64, 128, 256)
    for block, (inside, outside) in enumerate(pairwise(channels)):
        for number, wide in enumerate((inside, outside, outside, outside)):
            name = f"dense{block}/conv{number}"
            if block == number == 0:
                found[f"{name}/filters"] = (3, 3, wide, outside)
            else:
                found[f"{name}/depthwise_filter"] = (3, 3, wide, 1)
                found[f"{name}/pointwise_filter"] = (1, 1, wide, outside)
            found[f"{name}/bias"] = (outside,)
    return found | {"fc/weights": (256, 7), "fc/bias": (7,)}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A model of the package's form, its numbers bytes of which each stands for one between -0.1 and 0.1."""
    random, parts, described = np.random.default_rng(1), [], []
    for name, shape in shapes().items():
        parts.append(random.integers(0, 256, int(np.prod(shape)), np.uint8).tobytes())
        how = {"dtype": "uint8", "scale": 0.2 / 255, "min": -0.1}
        described.append({"name": name, "shape": list(shape), "dtype": "float32", "quantization": how})
    model = tmp_path / "face_expression_model"
    Path(f"{model}.bin").write_bytes(b"".join(parts))
    Path(f"{model}-weights_manifest.json").write_text(json.dumps([{"weights": described}]))
    return model


def test_bytes_that_stand_for_numbers_become_numbers_of_the_described_shapes(package: Path) -> None:
    weights = faceapi.read_weights(package)

    assert {name: tuple(value.shape) for name, value in weights.items()} == shapes()
    first = Path(f"{package}.bin").read_bytes()[0]
    assert weights["dense0/conv0/filters"].flatten()[0] == pytest.approx(first * 0.2 / 255 - 0.1)
    assert max(value.abs().max() for value in weights.values()) <= 0.1 + 1e-6


def test_the_network_says_what_its_weights_say_in_the_order_of_the_labels(package: Path) -> None:
    weights, net = faceapi.read_weights(package), faceapi.load(package)
    faces = np.random.default_rng(2).integers(0, 256, (2, faceapi.PX, faceapi.PX, 3), np.uint8)
    told = faceapi.opinion(net, faces)
    maps = (torch.from_numpy(faces).permute(0, 3, 1, 2).float() - faceapi.MEANS) / 255
    seen = net.features(maps).mean((2, 3)).detach()
    theirs = (faceapi.SOFT * (seen @ weights["fc/weights"] + weights["fc/bias"])).softmax(1).numpy()

    for place, name in enumerate(faceapi.ORDER):
        assert told[:, LABELS.index(name)] == pytest.approx(theirs[:, place], abs=1e-5)
    assert (told[:, LABELS.index("contempt")] == 0).all()


def test_a_grey_picture_is_read_as_one_of_three_equal_colours(package: Path) -> None:
    net, grey = faceapi.load(package), np.random.default_rng(3).integers(0, 256, (1, 48, 48), np.uint8)

    assert faceapi.opinion(net, grey) == pytest.approx(faceapi.opinion(net, np.repeat(grey[..., None], 3, axis=3)))
