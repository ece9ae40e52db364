"""What face-api's expression network says of every picture to learn from: python -m training.faceapi --package …

From the npm package @vladmandic/face-api (MIT, © Vladimir Mandic): four dense blocks of separable convolutions, learned
from other pictures than FER+'s. The result is a teacher for `training.pool`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training import pool
from training.data import LABELS

MEANS = torch.tensor([122.782, 117.001, 104.298]).view(1, 3, 1, 1)
"""What the network takes from red, green and blue before it divides by 255."""

PX = 112

ORDER = ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise")
"""Of its outputs."""

SOFT = 0.7
"""Power of each share: the network is far too sure (ECE .33 on FER2013's labels)."""

BATCH = 64


class Separable(nn.Module):
    """A 3x3 convolution within each channel, then a mixture of the channels."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.within = nn.Conv2d(inside, inside, 3, stride, groups=inside, bias=False)
        self.across = nn.Conv2d(inside, outside, 1)

    def forward(self, maps: Tensor) -> Tensor:
        return self.across(self.within(padded(maps, self.within.stride[0])))


def padded(maps: Tensor, stride: int) -> Tensor:
    """Padded as TensorFlow does it: a map of even side that is halved gets its rim at the right and below."""
    return nn.functional.pad(maps, (0, 1, 0, 1) if stride == 2 else (1, 1, 1, 1))


class Dense(nn.Module):
    """Four convolutions, each fed with the sum of those before it; halves the map."""

    def __init__(self, inside: int, outside: int, first: bool = False) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, 2) if first else Separable(inside, outside, 2)
        self.second, self.third, self.fourth = (Separable(outside, outside, 1) for _ in range(3))

    def forward(self, maps: Tensor) -> Tensor:
        one = torch.relu(self.first(padded(maps, 2) if isinstance(self.first, nn.Conv2d) else maps))
        two = self.second(one)
        three = self.third(torch.relu(one + two))
        four = self.fourth(torch.relu(one + two + three))
        return torch.relu(one + two + three + four)


class FaceApi(nn.Module):
    """Faces (n, 3, 112, 112) RGB, 0..255, to logits (n, 7) in ORDER."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(Dense(3, 32, first=True), Dense(32, 64), Dense(64, 128), Dense(128, 256))
        self.head = nn.Linear(256, len(ORDER))

    def forward(self, faces: Tensor) -> Tensor:
        return self.head(self.features((faces - MEANS) / 255).mean((2, 3)))


def main() -> None:
    """Write `ferplus`, one row for every picture of train.npz, and `wild`."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--package", type=Path, required=True, help="the unpacked npm package")
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--wild", type=Path, required=True)
    made.add_argument("--out", type=Path, required=True)
    wanted = made.parse_args()
    net = load(wanted.package / "model" / "face_expression_model")
    with np.load(wanted.data / "train.npz") as file:
        grey = file["images"]
    np.savez(wanted.out, ferplus=opinion(net, grey), wild=opinion(net, pool.wild(wanted.wild)[0]))


def load(model: Path) -> FaceApi:
    """The network with the package's weights."""
    weights, net = read_weights(model), FaceApi()
    for place, block in enumerate(net.features):
        for number, part in enumerate((block.first, block.second, block.third, block.fourth)):
            name = f"dense{place}/conv{number}"
            if isinstance(part, nn.Conv2d):
                part.weight.data.copy_(weights[f"{name}/filters"].permute(3, 2, 0, 1))
                part.bias.data.copy_(weights[f"{name}/bias"])
            else:
                part.within.weight.data.copy_(weights[f"{name}/depthwise_filter"].permute(2, 3, 0, 1))
                part.across.weight.data.copy_(weights[f"{name}/pointwise_filter"].permute(3, 2, 0, 1))
                part.across.bias.data.copy_(weights[f"{name}/bias"])
    net.head.weight.data.copy_(weights["fc/weights"].T)
    net.head.bias.data.copy_(weights["fc/bias"])
    return net.eval()


def read_weights(model: Path) -> dict[str, Tensor]:
    """Every array of a TensorFlow.js model, by name; bytes that stand for numbers are made numbers again."""
    groups = json.loads(Path(f"{model}-weights_manifest.json").read_text())
    raw, at, found = Path(f"{model}.bin").read_bytes(), 0, {}
    for described in (each for group in groups for each in group["weights"]):
        count = int(np.prod(described["shape"]))
        if scale := described.get("quantization"):
            values = np.frombuffer(raw, np.uint8, count, at) * np.float32(scale["scale"]) + np.float32(scale["min"])
        else:
            values = np.frombuffer(raw, np.float32, count, at).copy()
        at += count * (1 if scale else 4)
        found[described["name"]] = torch.from_numpy(values.astype(np.float32).reshape(described["shape"]))
    return found


@torch.inference_mode()
def opinion(net: FaceApi, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Softened shares (n, 8) in the order of LABELS, for pictures (n, px, px) grey or (n, px, px, 3) RGB."""
    told = np.zeros((len(images), len(LABELS)), np.float32)
    places = [LABELS.index(name) for name in ORDER]
    for at in range(0, len(images), BATCH):
        large = np.stack([cv2.resize(image, (PX, PX)) for image in images[at : at + BATCH]])
        faces = torch.from_numpy(large if large.ndim == 4 else np.repeat(large[..., None], 3, axis=3))
        told[at : at + BATCH, places] = (SOFT * net(faces.permute(0, 3, 1, 2).float())).softmax(1).numpy()
    return told


if __name__ == "__main__":
    main()
