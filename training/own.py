"""A network with classes of your own: python -m training.own --data mine --run runs/mine --out mine.onnx

``--data`` is a folder of train.npz and valid.npz, ``--run`` what ``training.train`` made of them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from training import data, export, shipped


def main() -> None:
    """Write the network as ONNX and what it is beside it, and print how well it reads valid."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--run", type=Path, required=True)
    made.add_argument("--out", type=Path, required=True, help="file to write: .onnx; .json beside it")
    wanted = made.parse_args()
    export.write(export.trained(wanted.run), wanted.out)
    said = described(wanted.out, data.load(wanted.data, "valid"))
    wanted.out.with_suffix(".json").write_text(json.dumps(said, indent=2) + "\n")
    print(json.dumps(said))


def described(path: Path, valid: data.Faces) -> dict[str, object]:
    """Return what the network is: its classes in the order of its logits, and its recall of each on valid."""
    told = shipped.probabilities(shipped.session(path), valid.images).argmax(1)
    recall = {
        name: round(float((told == place)[valid.labels == place].mean()), 3)
        for place, name in enumerate(valid.classes)
        if (valid.labels == place).any()
    }
    accuracy = round(float(np.mean(told == valid.labels)), 3)
    return {
        "labels": list(valid.classes),
        "sha256": shipped.sha256(path),
        "crop": {"size": 48, "grey": True, "range": [0, 255]},
        "embedding": shipped.width(path),
        "valid": {"faces": len(valid), "accuracy": accuracy, "recall": recall},
    }


if __name__ == "__main__":
    main()
