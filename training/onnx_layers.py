"""Networks written down as ONNX, layer by layer, in the forms that onnxruntime is quickest with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper

Weights = Sequence[NDArray[np.float32]]

PIXEL_MIDDLE, PIXEL_SPAN = 127.5, 128.0
"""The networks were trained on (pixel - 127.5) / 128; the first convolution takes it in, so graphs eat plain uint8."""


class Graph:
    """A chain of layers being written down, channels first; every method appends one layer."""

    def __init__(self, weights: Weights) -> None:
        self.weights: Iterator[NDArray[np.float32]] = iter(weights)
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, NDArray[Any]] = {}
        self.last = "pixels"
        self.first = True
        self.order: NDArray[np.intp] | slice = slice(None)
        """The trained places of the last layer's channels."""

    def add(self, kind: str, *arrays: NDArray[Any], output: str = "", **attributes: Any) -> str:
        """Append one node that reads the last one; with ``output`` it is an end, and the chain goes on before it."""
        name = output or f"{kind}{len(self.nodes)}"
        inputs = [self.last]
        for number, array in enumerate(arrays):
            self.constants[f"{name}.{number}"] = np.ascontiguousarray(array)
            inputs.append(f"{name}.{number}")
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        self.last = self.last if output else name
        return name

    def join(self, kind: str, other: str, **attributes: Any) -> str:
        """Append one node that reads the last one and ``other``."""
        name = f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [self.last, other], [name], name=name, **attributes))
        self.last = name
        return name

    def split(self, *parts: tuple[str, int]) -> None:
        """Append one node that cuts the last one's channels into parts of these names and sizes."""
        name = f"Split{len(self.nodes)}"
        self.constants[f"{name}.0"] = np.array([size for _, size in parts], np.int64)
        names = [part for part, _ in parts]
        self.nodes.append(helper.make_node("Split", [self.last, f"{name}.0"], names, name=name, axis=1))

    def pixels(self) -> None:
        """Bytes, channels last, become numbers, channels first."""
        self.add("Cast", to=TensorProto.FLOAT)
        self.add("Transpose", perm=[0, 3, 1, 2])

    def pooled(self, side: int, padding: str) -> None:
        """The first convolution, its prelu and its pool; the largest is found before prelu bends it.

        That is four times fewer numbers to bend. Where a slope is negative, the smallest may bend to the largest, so
        that channel is pooled upside down as well: P-Net's ten become sixteen, which convolve in the same time.
        """
        kernel, bias = self.trained()
        slope = next(self.weights).reshape(-1, 1, 1)
        falls = slope.ravel() < 0
        ways = [(kernel[~falls], bias[~falls]), (kernel[falls], bias[falls]), (-kernel[falls], -bias[falls])]
        self.add("Conv", *map(np.concatenate, zip(*ways, strict=True)))
        self.pool(side, padding)
        self.split(*zip(("rising", "falling", "turned"), map(len, (way[1] for way in ways)), strict=True))
        self.last = "turned"
        turned = self.add("Mul", -slope[falls])
        self.last = "falling"
        self.add("Relu")
        bent = self.join("Max", turned)
        self.last = "rising"
        self.prelu(slope[~falls])
        self.join("Concat", bent, axis=1)
        self.order = np.argsort(falls, kind="stable")

    def trained(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The next convolution's kernel and bias; the first one also brings the pixels into the trained range."""
        kernel, bias = next(self.weights).transpose(3, 2, 0, 1), next(self.weights)
        if self.first:
            kernel = kernel / PIXEL_SPAN
            bias = bias - kernel.sum(axis=(1, 2, 3)) * PIXEL_MIDDLE
            self.first = False
        return kernel[:, self.order], bias

    def convolution(self) -> None:
        """A convolution without padding."""
        self.add("Conv", *self.trained())
        self.order = slice(None)

    def prelu(self, slope: NDArray[np.float32] | None = None) -> None:
        """``slope`` times what is below zero, as x slope + relu(x) (1 - slope): ten times faster than a PRelu node."""
        slope = next(self.weights) if slope is None else slope
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

    def ends(self) -> None:
        """prelu and the ends "shift" and "face" as convolutions of one pixel, prelu's two halves taken into them."""
        slope, shift, bias, two, both = (next(self.weights) for _ in range(5))
        kernel = np.concatenate([shift, _apart(two)], axis=3).transpose(3, 2, 0, 1)
        slope, before = slope.reshape(-1, 1, 1), self.last
        straight = self.add("Conv", kernel * slope, np.concatenate([bias, _apart(both)]))
        self.last = before
        self.add("Relu")
        self.add("Conv", kernel * (1 - slope))
        self.join("Add", straight)
        self.split(("shift", len(bias)), ("surer", 1))
        self.last = "surer"
        self.add("Sigmoid", output="face")

    def share(self) -> None:
        """The end "face": of the two classes that are trained, the share of the second, 0–1."""
        before = self.last
        self.add("Gemm", _apart(next(self.weights)), _apart(next(self.weights)))
        self.add("Sigmoid", output="face")
        self.last = before


def _apart(two: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of two classes' numbers softmax is the logistic function of their difference: one channel instead of two."""
    return two[..., 1:] - two[..., :1]
