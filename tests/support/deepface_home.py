"""DeepFace's weights folder as tests want it: the real YuNet, an emotion graph of known answers, no network."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.faces import deepface_weights
from tests.support.project import SHARED, skip_or_fail

GREY_WEIGHTS = (0.5, -0.5, 0.25, 3.0, 0.0, 1.0, -1.0)
"""Logits of ``graph`` for a white picture; for a grey one they are so much smaller."""

INTERNET = """
import os, time, gdown, requests
from types import SimpleNamespace

requests.head = lambda *args, **more: SimpleNamespace(status_code=200)

def get(url):
    download(url, {source!r} + ".answer")
    with open({source!r} + ".answer", "rb") as answer:
        return SimpleNamespace(content=answer.read(), raise_for_status=lambda: None)

def download(url, output, **more):
    with open({log!r}, "a") as log:
        print(url, file=log)
    with open({source!r}, "rb") as source, open(output, "wb") as target:
        target.write(source.read({size}))
        target.flush()
        time.sleep({seconds})

gdown.download, requests.get = download, get
"""
"""An internet that hands out one file, put before the child's DeepFace by Python's ``sitecustomize``."""


def put_yunet() -> Path:
    """Put the real YuNet where DeepFace looks; skips where there is none."""
    source = SHARED / "models" / deepface_weights.YUNET.files[0]
    if not source.is_file():
        skip_or_fail(str(source))
    deepface_weights.weights_folder().mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(source, deepface_weights.weights_folder()))


def put_emotion(side: int = 48) -> Path:
    """Put a graph with the inputs and outputs of DeepFace's emotion model where DeepFace looks."""
    path = deepface_weights.weights_folder() / deepface_weights.EMOTION.files[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(graph(side))
    return path


def graph(side: int = 48) -> bytes:
    """(n, side, side, 1) float32 → (n, 7): softmax of the picture's mean times ``GREY_WEIGHTS``."""
    nodes = [
        helper.make_node("ReduceMean", ["faces"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
    ]
    made = helper.make_graph(
        nodes,
        "emotion",
        [helper.make_tensor_value_info("faces", TensorProto.FLOAT, ["n", side, side, 1])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", len(GREY_WEIGHTS)])],
        [numpy_helper.from_array(np.array([GREY_WEIGHTS], np.float32), "weights")],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


def expected(grey: float) -> np.ndarray:
    """What ``graph`` says of a picture of this grey, 0–1."""
    raised = np.exp(grey * np.array(GREY_WEIGHTS))
    return raised / raised.sum()


def refuse_downloads(patch: pytest.MonkeyPatch, port: int = 9) -> None:
    """Send every download to a port of this machine where, by default, nobody listens."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        patch.setenv(name, f"http://127.0.0.1:{port}")
    for name in ("NO_PROXY", "no_proxy"):
        patch.delenv(name, raising=False)


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
