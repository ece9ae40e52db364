"""What an ensemble says of each training picture: python -m training.teach --data … --members a b --out opinions.npz"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training import data
from training.export import trained
from training.network import Reader


def main() -> None:
    """Average the members over each picture and its mirror image; keep it for train.py --teacher."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--members", type=Path, nargs="+", required=True, help="folders of runs")
    made.add_argument("--sharpness", type=float, default=1.3, help="exponent of the opinion: mixup leaves it too mild")
    made.add_argument("--out", type=Path, required=True)
    wanted = made.parse_args()
    images = data.load(wanted.data, "train").images
    opinions = [opinion(trained(folder), images) for folder in wanted.members]
    raised = np.mean(opinions, axis=0) ** wanted.sharpness
    np.savez(wanted.out, train=(raised / raised.sum(1, keepdims=True)).astype(np.float32))


@torch.inference_mode()
def opinion(net: Reader, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """One member's probabilities (n, 8), as they are and mirrored."""
    told = []
    for part in torch.from_numpy(images)[:, None].split(256):
        crops = part.float()
        with torch.autocast("cpu", torch.bfloat16):
            logits = [net(crops)[0], net(crops.flip(3))[0]]
        told.append(sum(torch.softmax(each.float(), 1) for each in logits) / 2)
    return np.asarray(torch.cat(told).numpy())


if __name__ == "__main__":
    main()
