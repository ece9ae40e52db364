"""The mtcnn package as it comes, on TensorFlow, and its stages on our graphs: run by bench/finder.py in an environment
of its own. Arguments: the folder to read from and to write to, and the smallest face in px."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import tensorflow as tf
from mtcnn import MTCNN

FOLDER = Path(sys.argv[1])
SMALLEST_FACE_PX = int(sys.argv[2])
NETWORKS = ("pnet", "rnet", "onet")
LOOKS = 2


def ours(name: str) -> Callable[[object], list[tf.Tensor]]:
    """Our graph in the shoes of the package's network: pixels -1 to 1 in, TensorFlow's shapes out."""
    session = onnxruntime.InferenceSession(FOLDER / f"{name}.onnx", providers=["CPUExecutionProvider"])

    def network(pixels: object) -> list[tf.Tensor]:
        plain = np.asarray(pixels, np.float32) * 128 + 127.5
        *others, face = session.run(None, {"pixels": plain})
        outputs = [*others, np.concatenate([1 - face, face], axis=1)]
        return [tf.constant(output.transpose(0, 2, 3, 1) if output.ndim == 4 else output) for output in outputs]

    return network


def boxes(finder: MTCNN, pictures: list[np.ndarray]) -> np.ndarray:
    """(n, 6): number of the picture; left, top, right, bottom in px; confidence."""
    found = [
        finder.detect_faces(picture, box_format="xyxy", output_type="numpy", min_face_size=SMALLEST_FACE_PX)
        for picture in pictures
    ]
    return np.array([(number, *box[1:6]) for number, each in enumerate(found) for box in each]).reshape(-1, 6)


def seconds(finder: MTCNN, picture: np.ndarray) -> float:
    """Processor time of one look at a picture."""
    started = time.process_time()
    boxes(finder, [picture])
    return time.process_time() - started


def main() -> None:
    """Write each network's outputs for ``<network>.npy``, and the boxes of the pictures by either set of networks."""
    finder = MTCNN()
    with np.load(FOLDER / "pictures.npz") as stored:
        pictures = [stored[key] for key in stored.files]
    for name, stage in zip(NETWORKS, finder.stages, strict=True):
        pixels = (np.load(FOLDER / f"{name}.npy").astype(np.float32) - 127.5) / 128
        np.savez(FOLDER / f"{name}.npz", *(np.asarray(output) for output in stage.model(pixels)))
    found = boxes(finder, pictures)
    took_s = [min(seconds(finder, picture) for _ in range(LOOKS)) for picture in pictures]
    for name, stage in zip(NETWORKS, finder.stages, strict=True):
        stage._model = ours(name)
    np.savez(FOLDER / "boxes.npz", tensorflow=found, onnx=boxes(finder, pictures), ms=np.mean(took_s) * 1000)


main()
