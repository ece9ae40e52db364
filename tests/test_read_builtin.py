"""The built-in reader's arithmetic on graphs the tests make, and its promises on the networks that ship."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.errors import ReaderError
from core.faces.read_builtin import MODELS, open_builtin
from core.model import CROP_PX, EMOTIONS

LABELS = [*EMOTIONS, "contempt"]


def graph(path: Path, weights: list[float]) -> None:
    """A network whose logits are the picture's mean brightness (0–1) times ``weights``."""
    scale = numpy_helper.from_array(np.array([weights], np.float32) / 255, "scale")
    nodes = [
        helper.make_node("ReduceMean", ["crops", "axes"], ["mean"], keepdims=0),
        helper.make_node("Unsqueeze", ["mean", "last"], ["embedding"]),
        helper.make_node("MatMul", ["embedding", "scale"], ["logits"]),
    ]
    constants = [
        scale,
        numpy_helper.from_array(np.array([1, 2], np.int64), "axes"),
        numpy_helper.from_array(np.array([1], np.int64), "last"),
    ]
    inputs = [helper.make_tensor_value_info("crops", TensorProto.FLOAT, ["n", 48, 48])]
    outputs = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 8]),
        helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", 1]),
    ]
    made = helper.make_graph(nodes, "brightness", inputs, outputs, constants)
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), str(path))


def folder(at: Path, members: list[list[float]], temperature: float = 1.0, disgust: float = 0.0) -> Path:
    """A models folder as the reader expects it."""
    at.mkdir(exist_ok=True)
    listed = []
    for number, weights in enumerate(members):
        path = at / f"m{number}.onnx"
        graph(path, weights)
        listed.append({"file": path.name, "sha256": sha256(path.read_bytes()).hexdigest()})
    said = {"name": "builtin", "version": "0", "labels": LABELS, "members": listed, "temperature": temperature}
    said |= {"bias": dict.fromkeys(EMOTIONS, 0.0) | {"disgust": disgust}, "crop": {"size": 48}}
    (at / "reader.json").write_text(json.dumps(said))
    return at


def grey(level: int) -> np.ndarray:
    return np.full((CROP_PX, CROP_PX, 3), level, np.uint8)


def softmax(logits: list[float]) -> np.ndarray:
    return np.exp(logits) / np.exp(logits).sum()


HAPPY = [0, 0, 0, 4, 0, 0, 1, 2]
SAD = [0, 0, 0, 1, 4, 0, 1, 2]


def test_one_network_gives_its_softmax_without_contempt_and_no_spread(tmp_path: Path) -> None:
    reading = open_builtin(folder(tmp_path / "m", [HAPPY]))([grey(255)])[0]
    seven = softmax(HAPPY)[:7]

    assert np.allclose(reading.scores, seven / seven.sum(), atol=1e-5)
    assert reading.spread is None


def test_several_networks_give_their_mean_and_how_much_they_differ(tmp_path: Path) -> None:
    agreeing = open_builtin(folder(tmp_path / "a", [HAPPY, HAPPY]))([grey(255)])[0]
    divided = open_builtin(folder(tmp_path / "b", [HAPPY, SAD]))([grey(255)])[0]
    mean = (softmax(HAPPY) + softmax(SAD))[:7]

    assert np.allclose(divided.scores, mean / mean.sum(), atol=1e-5)
    assert agreeing.spread is not None and max(agreeing.spread) < 1e-6
    assert divided.spread is not None and divided.spread.happy > 0.2


def test_temperature_flattens_and_a_bias_lifts_its_emotion_alone(tmp_path: Path) -> None:
    plain, warm, lifted = (
        open_builtin(folder(tmp_path / name, [HAPPY], temperature, disgust))([grey(255)])[0].scores
        for name, temperature, disgust in [("p", 1, 0), ("w", 3, 0), ("l", 1, 1.5)]
    )

    assert warm.happy < plain.happy and warm.top == plain.top
    assert lifted.disgust / lifted.happy == pytest.approx(plain.disgust / plain.happy * np.exp(1.5), rel=1e-4)
    assert lifted.sad / lifted.happy == pytest.approx(plain.sad / plain.happy, rel=1e-4)


def test_a_long_batch_keeps_its_order(tmp_path: Path) -> None:
    levels = list(range(0, 250, 3))
    read = open_builtin(folder(tmp_path / "m", [HAPPY]))
    scores = [reading.scores.happy for reading in read([grey(level) for level in levels])]

    assert scores == sorted(scores) and len(set(scores)) == len(levels)
    assert read([]) == []


@pytest.mark.parametrize("harm", ["altered", "gone", "garbled"])
def test_missing_or_altered_networks_are_refused_with_a_sentence(tmp_path: Path, harm: str) -> None:
    models = folder(tmp_path / "m", [HAPPY])
    if harm == "altered":
        graph(models / "m0.onnx", SAD)
    elif harm == "gone":
        (models / "m0.onnx").unlink()
    else:
        (models / "reader.json").write_text("{")

    with pytest.raises(ReaderError, match="models folder again"):
        open_builtin(models)


def test_the_shipped_networks_read_a_batch_as_they_read_single_faces() -> None:
    random = np.random.default_rng(1)
    crops = [random.integers(0, 255, (CROP_PX, CROP_PX, 3), np.uint8) for _ in range(5)]
    read = open_builtin(MODELS)
    together, alone = read(crops), [read([crop])[0] for crop in crops]

    assert np.allclose([r.scores for r in together], [r.scores for r in alone], atol=1e-4)
    assert all(sum(reading.scores) == pytest.approx(1) for reading in together)
