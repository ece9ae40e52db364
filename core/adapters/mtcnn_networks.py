"""MTCNN's three networks as ONNX: the weights that the ``mtcnn`` package carries, without its TensorFlow code."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import FinderError
from core.home import models

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

Weights = Sequence[NDArray[np.float32]]

GRAPHS = 1
"""Raise it when a graph is built differently: older files are then left alone and new ones are made."""

PIXEL_MIDDLE, PIXEL_SPAN = 127.5, 128.0
"""The networks were trained on (pixel - 127.5) / 128; the first convolution takes it in, so graphs eat plain uint8."""


class _Graph:
    """A chain of layers being written down, channels first; every method appends one layer."""

    def __init__(self, weights: Weights) -> None:
        self.weights: Iterator[NDArray[np.float32]] = iter(weights)
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, NDArray[np.float32]] = {}
        self.last = "pixels"

    def add(self, kind: str, *arrays: NDArray[np.float32], output: str = "", **attributes: Any) -> None:
        """Append one node that reads the last one; with ``output`` it is an end, and the chain goes on before it."""
        from onnx import helper

        name = output or f"{kind}{len(self.nodes)}"
        inputs = [self.last]
        for number, array in enumerate(arrays):
            self.constants[f"{name}.{number}"] = np.ascontiguousarray(array, dtype=np.float32)
            inputs.append(f"{name}.{number}")
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        if not output:
            self.last = name

    def join(self, kind: str, other: str) -> None:
        """Append one node that reads the last one and ``other``."""
        from onnx import helper

        name = f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [self.last, other], [name], name=name))
        self.last = name

    def pixels(self) -> None:
        """Bytes, channels last, become numbers, channels first."""
        from onnx import TensorProto

        self.add("Cast", to=TensorProto.FLOAT)
        self.add("Transpose", perm=[0, 3, 1, 2])

    def convolution(self, *, output: str = "", first: bool = False) -> None:
        """A convolution without padding; the ``first`` one also brings the pixels into the trained range."""
        kernel, bias = next(self.weights).transpose(3, 2, 0, 1), next(self.weights)
        if first:
            kernel = kernel / PIXEL_SPAN
            bias = bias - kernel.sum(axis=(1, 2, 3)) * PIXEL_MIDDLE
        self.add("Conv", kernel, bias, output=output)

    def prelu(self) -> None:
        """``slope`` times what is below zero, as x slope + relu(x) (1 - slope): ten times faster than a PRelu node."""
        slope = next(self.weights)
        slope = slope.reshape(-1, 1, 1) if slope.ndim == 3 else slope
        before = self.last
        self.add("Mul", slope)
        below, self.last = self.last, before
        self.add("Relu")
        self.add("Mul", 1 - slope)
        self.join("Add", below)

    def pool(self, side: int, padding: str) -> None:
        """The largest of ``side`` x ``side`` values, every second one."""
        self.add("MaxPool", kernel_shape=[side, side], strides=[2, 2], auto_pad=padding)

    def flatten(self) -> None:
        """Columns before rows before channels, the order in which the dense layers were trained."""
        self.add("Transpose", perm=[0, 3, 2, 1])
        self.add("Flatten")

    def dense(self, *, output: str = "") -> None:
        """A fully connected layer."""
        self.add("Gemm", next(self.weights), next(self.weights), output=output)

    def share(self, layer: Callable[[], None]) -> None:
        """The end "face": of the two classes that ``layer`` would give, the share of the second, 0–1.

        Of two numbers softmax is the logistic function of their difference: one channel instead of two.
        """
        kernel, bias = next(self.weights), next(self.weights)
        difference = [kernel[..., 1:] - kernel[..., :1], bias[1:] - bias[:1]]
        before, self.weights = self.last, chain(difference, self.weights)
        layer()
        self.add("Sigmoid", output="face")
        self.last = before


def _blocks(graph: _Graph, pools: Sequence[tuple[int, str] | None]) -> None:
    graph.pixels()
    for number, pool in enumerate(pools):
        graph.convolution(first=number == 0)
        graph.prelu()
        if pool:
            graph.pool(*pool)


def _pnet(graph: _Graph) -> None:
    _blocks(graph, [(2, "SAME_UPPER"), None, None])
    graph.convolution(output="shift")
    graph.share(graph.convolution)


def _rnet(graph: _Graph) -> None:
    _blocks(graph, [(3, "SAME_UPPER"), (3, "VALID"), None])
    graph.flatten()
    graph.dense()
    graph.prelu()
    graph.dense(output="shift")
    graph.share(graph.dense)


def _onet(graph: _Graph) -> None:
    _blocks(graph, [(3, "SAME_UPPER"), (3, "VALID"), (2, "SAME_UPPER"), None])
    graph.flatten()
    graph.dense()
    graph.prelu()
    graph.dense(output="shift")
    graph.dense(output="points")
    graph.share(graph.dense)


NETWORKS: dict[str, tuple[Callable[[_Graph], None], list[int | str], dict[str, list[int | str]]]] = {
    "pnet": (_pnet, ["height", "width"], {"shift": [4, "rows", "columns"], "face": [1, "rows", "columns"]}),
    "rnet": (_rnet, [24, 24], {"shift": [4], "face": [1]}),
    "onet": (_onet, [48, 48], {"shift": [4], "points": [10], "face": [1]}),
}
"""Name → (its layers, the size of its input in px, its outputs and their shapes per picture)."""


def network(name: str) -> Path:
    """The ONNX file of ``pnet``, ``rnet`` or ``onet``, built on first use.

    Input ``pixels`` (n, height, width, 3) uint8 RGB; outputs as in ``NETWORKS``: ``shift`` of the box's four sides in
    shares of its side, ``points`` five x then five y in shares of the box, ``face`` the share of "a face", 0–1.
    Raises ``FinderError`` when the ``mtcnn`` package is missing or another one than we know.
    """
    path = models() / f"mtcnn-{_version()}-{name}-{GRAPHS}.onnx"
    if not path.exists():
        _replace(path, build(name).SerializeToString())
    return path


def build(name: str) -> ModelProto:
    """The network ``name`` as an ONNX model in memory."""
    from onnx import TensorProto, checker, helper, numpy_helper

    layers, size, outputs = NETWORKS[name]
    graph = _Graph(_weights(name))
    try:
        layers(graph)
    except (StopIteration, ValueError) as error:
        raise FinderError(f"The mtcnn package's {name}.lz4 has other layers than Outtake knows. {_REPAIR}") from error
    made = helper.make_graph(
        graph.nodes,
        name,
        [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", *size, 3])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", *shape]) for output, shape in outputs.items()],
        [numpy_helper.from_array(array, constant) for constant, array in graph.constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model)
    return model


_REPAIR = "Install it again with: pip install --force-reinstall 'mtcnn>=1.0,<2'"


def _version() -> str:
    try:
        return importlib.metadata.version("mtcnn")
    except importlib.metadata.PackageNotFoundError as error:
        raise FinderError(f"The mtcnn package, which carries MTCNN's weights, is not installed. {_REPAIR}") from error


def _weights(name: str) -> Weights:
    """The package's arrays of one network, found without importing it: its ``__init__`` wants TensorFlow."""
    import joblib

    spec = importlib.util.find_spec("mtcnn")
    roots: Iterator[str] = iter(spec.submodule_search_locations or ()) if spec else iter(())
    path = next((file for root in roots if (file := Path(root, "assets", "weights", f"{name}.lz4")).exists()), None)
    if path is None:
        raise FinderError(f"The mtcnn package carries no {name}.lz4. {_REPAIR}")
    try:
        return list(joblib.load(path))
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        raise FinderError(f"{path} is damaged. {_REPAIR}") from error


def _replace(path: Path, content: bytes) -> None:
    """Write whole or not at all: two processes may build the same file at once."""
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(half).replace(path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
