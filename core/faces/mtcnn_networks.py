"""MTCNN's three networks as ONNX: the weights that the ``mtcnn`` package carries, without its TensorFlow code."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import FinderError
from core.faces.mtcnn_layers import Graph, Weights
from core.host.home import models_folder

if TYPE_CHECKING:
    from onnx import ModelProto

GRAPHS = 2
"""Raise it when a graph is built differently: older files are then left alone and new ones are made."""


def _pnet(graph: Graph) -> None:
    graph.pixels()
    graph.pooled(2, "SAME_UPPER")
    graph.convolution()
    graph.prelu()
    graph.convolution()
    graph.ends()


def _blocks(graph: Graph, pools: Sequence[tuple[int, str] | None]) -> None:
    graph.pixels()
    for pool in pools:
        graph.convolution()
        graph.prelu()
        if pool:
            graph.pool(*pool)


def _rnet(graph: Graph) -> None:
    _blocks(graph, [(3, "SAME_UPPER"), (3, "VALID"), None])
    graph.flatten()
    graph.dense()
    graph.prelu()
    graph.dense(output="shift")
    graph.share()


def _onet(graph: Graph) -> None:
    _blocks(graph, [(3, "SAME_UPPER"), (3, "VALID"), (2, "SAME_UPPER"), None])
    graph.flatten()
    graph.dense()
    graph.prelu()
    graph.dense(output="shift")
    graph.dense(output="points")
    graph.share()


NETWORKS: dict[str, tuple[Callable[[Graph], None], list[int | str], dict[str, list[int | str]]]] = {
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
    path = models_folder() / f"mtcnn-{_version()}-{name}-{GRAPHS}.onnx"
    if not path.exists():
        _replace(path, build(name).SerializeToString())
    return path


def build(name: str) -> ModelProto:
    """The network ``name`` as an ONNX model in memory."""
    from onnx import TensorProto, checker, helper, numpy_helper

    layers, size, outputs = NETWORKS[name]
    graph = Graph(_weights(name))
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
