"""Who is measured by bench/speed.py, each as a command: ours, fer, DeepFace, and decoding alone."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bench import environments
from bench.speed_clips import Shown

ROOT = Path(__file__).parents[1]
WORKERS = len(os.sched_getaffinity(0))
PICTURE_MS, PICTURES = 40, 5
"""The clip shows 25 pictures a second; every fifth is a moment every 200 ms."""

FER = ("tensorflow-cpu", "setuptools<81", "opencv-contrib-python-headless<5", "moviepy<2", "ffmpeg-python")
FER_ASKS = ("matplotlib", "pandas", "requests", "tqdm", "pillow")
DEEPFACE = ("deepface==0.0.103", "werkzeug", "opencv-contrib-python-headless<5")
"""An OpenCV before 5 brings the Haar cascades of DeepFace's default detector; with a later one they are downloaded."""

LAYERS = ((64, 1, 5, "MaxPool", 5), (64, 64, 3, "", 0), (64, 64, 3, "AveragePool", 3), (128, 64, 3, "", 0),
          (128, 128, 3, "AveragePool", 3))  # fmt: skip
"""DeepFace's emotion network: channels out and in, side of the kernel, pooling and its side."""

DENSE = ((128, 1024), (1024, 1024), (1024, 7))

Command = Sequence[str]
Made = tuple[Command, Mapping[str, str]]
"""A command and what its environment holds besides."""


def ours(clip: Path, folder: Path, *said: str) -> Made:
    """The command line, a moment every 200 ms unless told otherwise, the built-in ensemble included."""
    words = ["read", str(clip), "--finder", "mtcnn", "--readers", "builtin", "--out", str(folder / "faces.csv")]
    own = {"OUTTAKE_HOME": str(environments.cache() / "home")}
    return [sys.executable, "-m", "core", *words, *(said or ("--every", "200ms"))], own


def fer(clip: Path, folder: Path) -> Made:
    """fer 25.10.3, ``Video.analyze`` with its default detector, nothing saved."""
    python = environments.python("fer", *FER, *FER_ASKS, alone=["fer==25.10.3"])
    return [str(python), str(ROOT / "bench" / "speed_fer.py"), *_said(clip, folder)], {"TF_CPP_MIN_LOG_LEVEL": "3"}


def deepface(clip: Path, folder: Path) -> Made:
    """DeepFace 0.0.103, ``analyze`` with its default detector and engine."""
    python = environments.python("deepface", *DEEPFACE)
    own = {"DEEPFACE_HOME": str(weights()), "DEEPFACE_BACKEND_ENGINE": "onnx"}
    return [str(python), str(ROOT / "bench" / "speed_deepface.py"), *_said(clip, folder)], own


def decoding(clip: Path, folder: Path) -> Made:
    """PyAV on every picture, in as many processes as we may use."""
    return [sys.executable, str(ROOT / "bench" / "speed_decode.py"), str(clip), str(WORKERS)], {}


def _said(clip: Path, folder: Path) -> list[str]:
    return [str(clip), str(PICTURES), str(folder / "faces.json")]


def faces(folder: Path) -> Iterator[Shown]:
    """Yield the faces that a command wrote down, each once."""
    if (folder / "faces.json").exists():
        for number, x, y, width, height in json.loads((folder / "faces.json").read_text()):
            yield Shown(number * PICTURE_MS, x, y, x + width, y + height)
    elif (folder / "faces.csv").exists():
        with (folder / "faces.csv").open() as file:
            rows = {tuple(row[name] for name in ("t_ms", *Shown._fields[1:])) for row in csv.DictReader(file)}
        yield from (Shown(int(row[0]), *map(float, row[1:])) for row in rows if row[1])


def weights() -> Path:
    """A folder with a stand-in for DeepFace's emotion network: its layers, and numbers drawn at random."""
    folder = environments.cache() / "deepface-home"
    file = folder / ".deepface" / "weights" / "facial_expression_model_weights.onnx"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(network(), str(file))
    return folder


def network() -> onnx.ModelProto:
    """DeepFace's emotion network with random weights: the same work, and scores that say nothing."""
    random, nodes, stored = np.random.default_rng(0), [], []

    def node(kind: str, into: str, *shapes: tuple[int, ...], **how: object) -> str:
        for place, shape in enumerate(shapes):
            value = random.normal(0, 0.05, shape).astype(np.float32)
            stored.append(numpy_helper.from_array(value, f"{len(nodes)}.{place}"))
        given = [into, *(f"{len(nodes)}.{place}" for place in range(len(shapes)))]
        nodes.append(helper.make_node(kind, given, [f"out{len(nodes)}"], **how))
        return nodes[-1].output[0]

    at = node("Transpose", "picture", perm=[0, 3, 1, 2])
    for out, into, side, pool, pooled in LAYERS:
        at = node("Relu", node("Conv", at, (out, into, side, side), (out,)))
        at = node(pool, at, kernel_shape=[pooled, pooled], strides=[2, 2]) if pool else at
    at = node("Flatten", at)
    for place, (into, out) in enumerate(DENSE):
        at = node("Gemm", at, (into, out), (out,))
        at = node("Relu", at) if place < len(DENSE) - 1 else node("Softmax", at, axis=1)
    takes = helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["n", 48, 48, 1])
    gives = helper.make_tensor_value_info(at, TensorProto.FLOAT, ["n", 7])
    graph = helper.make_graph(nodes, "emotions", [takes], [gives], stored)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


WHO: dict[str, Callable[[Path, Path], Made]] = {
    "ours": ours,
    "fer": fer,
    "deepface": deepface,
    "decoding": decoding,
    "sparse": lambda clip, folder: ours(clip, folder, "--every", "5s"),
    "skim": lambda clip, folder: ours(clip, folder, "--every", "5s", "--skim"),
}
