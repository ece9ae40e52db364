"""Boxes as arrays: what they share, which of them show the same thing, the square around each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
"""Boxes are (n, 4): left, top, right, bottom in px, where pixel k covers k to k + 1."""


def overlaps(boxes: Floats, others: Floats, *, of_smaller: bool = False) -> Floats:
    """(n, m): what each box shares with each of the others, as a share of their union or of the smaller one."""
    width, height = (
        np.maximum(
            np.minimum(boxes[:, None, side + 2], others[:, side + 2])
            - np.maximum(boxes[:, None, side], others[:, side]),
            0,
        )
        for side in (0, 1)
    )
    shared = width * height
    area, other = (np.maximum(each[:, 2:] - each[:, :2], 0).prod(axis=1) for each in (boxes, others))
    whole = np.minimum(area[:, None], other) if of_smaller else area[:, None] + other - shared
    return shared / np.maximum(whole, 1e-9)


def suppress_overlaps(boxes: Floats, sure: Floats, overlap: float, *, of_smaller: bool = False) -> NDArray[np.intp]:
    """Indices of the boxes that overlap no surer one that stays, the surest first."""
    order = np.argsort(-sure, kind="stable")
    if len(order) < 2:
        return order
    clash = overlaps(boxes[order], boxes[order], of_smaller=of_smaller) > overlap
    stays = np.ones(len(boxes), bool)
    for index in np.flatnonzero(clash.sum(axis=1) > 1):  # every box clashes with itself
        if stays[index]:
            stays[index + 1 :] &= ~clash[index, index + 1 :]
    return order[stays]


def move_edges(boxes: Floats, shift: Floats) -> Floats:
    """Every edge moved by a share of the box's own size."""
    size = boxes[:, 2:] - boxes[:, :2]
    return boxes + shift * np.tile(size, 2)


def make_square(boxes: Floats) -> Floats:
    """Around the same middle, as large as the longer side."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.concatenate([middle - half, middle + half], axis=1)
