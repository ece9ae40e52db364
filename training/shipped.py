"""The reader as it is in models/: its members on onnxruntime and its operating point."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from training import measure

Session = onnxruntime.InferenceSession

MODELS = Path(__file__).parent.parent / "models"


@dataclass(frozen=True, slots=True)
class Point:
    """How the members' mean becomes what is told."""

    temperature: float
    bias: NDArray[np.float64]
    """(7,) added to the logarithm of each expression's share; 0 natural."""

    def told(self, mean: NDArray[np.floating]) -> measure.Table:
        """The seven probabilities of the members' mean (n, 8)."""
        return measure.seven(mean, self.temperature, self.bias)


def card(models: Path = MODELS) -> dict[str, object]:
    """What reader.json says."""
    return dict(json.loads((models / "reader.json").read_text()))


def point(said: dict[str, object]) -> Point:
    """The operating point in what reader.json says."""
    bias = dict(said["bias"])  # type: ignore[call-overload]
    values = np.array([bias[label] for label in measure.SEVEN], np.float64)
    return Point(float(said["temperature"]), values)  # type: ignore[arg-type]


def weights(said: dict[str, object]) -> dict[str, str]:
    """Each member's file and the SHA-256 of the one that first held its weights, perhaps in another form."""
    members = said["members"]
    return {one["file"]: one.get("weights", one["sha256"]) for one in members}  # type: ignore[attr-defined]


def files(said: dict[str, object], models: Path = MODELS) -> list[Path]:
    """The members' files, in order."""
    return [models / member["file"] for member in said["members"]]  # type: ignore[attr-defined]


def session(path: Path, threads: int = 1) -> Session:
    """One member, ready to run."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def width(path: Path) -> int:
    """How many numbers a member's embedding of a face has."""
    (embedding,) = session(path).run(["embedding"], {"crops": np.zeros((1, 48, 48), np.float32)})
    return int(embedding.shape[1])


def probabilities(member: Session, images: NDArray[np.uint8], batch: int = 64) -> NDArray[np.float32]:
    """One member's softmax over the eight classes, (n, 8)."""
    return np.concatenate([softmax(member.run(["logits"], {"crops": part})[0]) for part in parts(images, batch)])


def parts(images: NDArray[np.uint8], batch: int) -> Iterator[NDArray[np.float32]]:
    for start in range(0, len(images), batch):
        yield images[start : start + batch].astype(np.float32)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))


def told(images: NDArray[np.uint8], models: Path = MODELS) -> measure.Table:
    """What the whole reader tells of grey crops (n, 48, 48), at its operating point."""
    said = card(models)
    members = [probabilities(session(path), images) for path in files(said, models)]
    return point(said).told(np.mean(members, axis=0))


def ms_a_face(members: list[Session], batch: int = 8) -> float:
    """Time a face of all members together in batches of 8 (ms)."""
    crops = np.random.default_rng(0).uniform(0, 255, (batch, 48, 48)).astype(np.float32)
    return ms_a_run(lambda: [member.run(["logits"], {"crops": crops}) for member in members]) / batch


def ms_a_run(work: Callable[[], object], rounds: int = 60) -> float:
    """Processor time of the median run (ms); onnxruntime works in this very thread, and other programs do not count."""
    times = []
    for _ in range(rounds):
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
    return float(np.median(times)) * 1000


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
