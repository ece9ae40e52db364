"""MTCNN's three networks as ONNX files, from the weights that the ``mtcnn`` package carries: python -m training.finder.

The package's own code wants TensorFlow; only its files of weights are read. Made with mtcnn 1.0.0.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

import joblib
import onnx
from onnx import TensorProto, helper, numpy_helper

from core.faces.find_mtcnn import MODELS
from training.onnx_layers import Graph, Weights


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
    graph.flatten()
    graph.dense()
    graph.prelu()
    graph.dense(output="shift")


def _rnet(graph: Graph) -> None:
    _blocks(graph, [(3, "SAME_UPPER"), (3, "VALID"), None])
    graph.share()


def _onet(graph: Graph) -> None:
    _blocks(graph, [(3, "SAME_UPPER"), (3, "VALID"), (2, "SAME_UPPER"), None])
    graph.dense(output="points")
    graph.share()


NETWORKS: dict[str, tuple[Callable[[Graph], None], list[int | str], dict[str, list[int | str]]]] = {
    "pnet": (_pnet, ["height", "width"], {"shift": [4, "rows", "columns"], "face": [1, "rows", "columns"]}),
    "rnet": (_rnet, [24, 24], {"shift": [4], "face": [1]}),
    "onet": (_onet, [48, 48], {"shift": [4], "points": [10], "face": [1]}),
}
"""Name → (its layers, the size of its input in px, its outputs and their shapes per picture)."""


def load_weights(name: str) -> Weights:
    """Returns the package's arrays of one network, layer by layer, without importing the package."""
    spec = importlib.util.find_spec("mtcnn")
    roots = list(spec.submodule_search_locations or ()) if spec else []
    if not roots:
        raise SystemExit("The mtcnn package is not installed. Run: pip install -r requirements-training.txt")
    return list(joblib.load(Path(roots[0], "assets", "weights", f"{name}.lz4")))


def build(name: str) -> onnx.ModelProto:
    """Returns ``pnet``, ``rnet`` or ``onet`` as a model that takes and gives what core/faces/find_mtcnn.py says."""
    layers, size, outputs = NETWORKS[name]
    graph = Graph(load_weights(name))
    layers(graph)
    made = helper.make_graph(
        graph.nodes,
        name,
        [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", *size, 3])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", *shape]) for output, shape in outputs.items()],
        [numpy_helper.from_array(array, constant) for constant, array in graph.constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    """Writes the three files to models/mtcnn."""
    MODELS.mkdir(parents=True, exist_ok=True)
    for name in NETWORKS:
        path = MODELS / f"{name}.onnx"
        path.write_bytes(build(name).SerializeToString())
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
