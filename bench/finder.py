"""Our MTCNN beside the package on TensorFlow and beside YuNet: python -m bench.finder --shared ../shared [--write]"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from bench import environments, results
from core.faces import deepface_weights
from core.faces.boxes import overlaps
from core.faces.find_deepface import open_detector
from core.faces.find_mtcnn import Limits, open_mtcnn
from core.model import Box, Find, Found, Image, Step
from core.video import clip as video
from training.finder import build

SMALLEST_FACE_PX = 24
TENSORFLOW = ("mtcnn==1.0.0", "tensorflow-cpu>=2.18,<3", "onnxruntime>=1.24,<2")

CLIPS = {
    "scene.mp4": 600,
    "crying_to_laughing.mp4": 2000,
    "one_face.mp4": 600,
    "face_then_none.mov": 1000,
    "no_face.mp4": 1000,
    "long_room.mp4": 5000,
}
"""Clip → every so many ms a picture."""

SHOTS = ((5160, 1), (9840, 2), (13240, 3), (15160, 0), (18080, 1), (21080, 4), (22800, 1))
"""Of scene.mp4: end in ms, people; in the fourth, an empty room, one who leaves may be seen."""

INPUTS = {"pnet": (4, 90, 160, 3), "rnet": (64, 24, 24, 3), "onet": (64, 48, 48, 3)}
"""Shapes of the noise that the networks are compared on."""

PACKAGE = Limits(overlap_in_level=0.5, overlap=0.7, same_face=0.999)
"""Our stages with the package's thresholds, and no mean of boxes."""


EMPTY_ROOM_MS = 15160
WORST_OUTPUT, WORST_IOU, SAME_FACE = 1e-4, 0.9, 0.5
LOOKS = 2

Boxes = list[NDArray[np.float64]]
"""For each picture (n, 4): left, top, right, bottom in px."""


class Shown(NamedTuple):
    """A picture and where it is from."""

    clip: str
    t_ms: int
    image: Image


class Row(NamedTuple):
    """A finder's boxes, picture by picture, and the processor time it took."""

    name: str
    boxes: Boxes
    ms: float


def main() -> None:
    """Print the tables; put them into RESULTS.md with --write."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--shared", type=Path, required=True, help="the folder that holds media/ and models/")
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    wanted = made.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OUTTAKE_HOME"] = os.environ["DEEPFACE_HOME"] = folder
        text = "\n".join(report(wanted.shared, Path(folder)))
    print(text)
    if wanted.write:
        results.write("finder", text)


def report(shared: Path, folder: Path) -> Iterator[str]:
    """Markdown: the networks, the boxes, the finders."""
    shown = list(pictures(shared / "media"))
    theirs, same_stages = tensorflow(shown, folder)
    own = ours(shown)
    yield "## Finder\n"
    yield f"Our graphs of MTCNN against the mtcnn package on TensorFlow, and finders on {len(shown)} pictures of the"
    yield f"shared clips; smallest face {SMALLEST_FACE_PX} px in 640. ms: processor time of a picture, least of two.\n"
    yield from networks_table(folder)
    yield ""
    yield from boxes_table(theirs, same_stages, own[:2])
    yield ""
    yield from finders_table(shown, [theirs, *own, *yunets(shown, shared / "models")])


def pictures(media: Path) -> Iterator[Shown]:
    """Every clip's pictures, as they decode."""
    for clip, every_ms in CLIPS.items():
        for frame in video.frames(str(media / clip), Step(every_ms)):
            yield Shown(clip, frame.t_ms, frame.image)


def tensorflow(shown: Sequence[Shown], folder: Path) -> tuple[Row, Boxes]:
    """Run the package in its environment: what it finds, and what its stages find with our graphs."""
    random = np.random.default_rng(0)
    for name, shape in INPUTS.items():
        np.save(folder / f"{name}.npy", random.integers(0, 256, shape, dtype=np.uint8))
        model = build(name)
        model.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.FLOAT  # the package's crops are not rounded
        onnx.save(model, folder / f"{name}.onnx")
    np.savez(folder / "pictures.npz", *(each.image for each in shown))
    script = Path(__file__).with_name("finder_tensorflow.py")
    command = [environments.python("finder", *TENSORFLOW), script, folder, str(SMALLEST_FACE_PX)]
    alone = {"TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
    subprocess.run(command, check=True, env=os.environ | alone, stderr=subprocess.DEVNULL)
    with np.load(folder / "boxes.npz") as wrote:
        theirs, same_stages = (split(wrote[key], len(shown)) for key in ("tensorflow", "onnx"))
        return Row("the mtcnn package on TensorFlow", theirs, float(wrote["ms"])), same_stages


def split(rows: NDArray[np.float64], count: int) -> Boxes:
    return [rows[rows[:, 0] == number, 1:5] for number in range(count)]


def networks_table(folder: Path) -> Iterator[str]:
    """How far apart the outputs are; more than 1e-4 is an error."""
    yield "| network | outputs | largest difference |\n|---|---:|---:|"
    for name in INPUTS:
        session = onnxruntime.InferenceSession(folder / f"{name}.onnx")
        outputs = session.run(None, {"pixels": np.load(folder / f"{name}.npy").astype(np.float32)})
        with np.load(folder / f"{name}.npz") as wrote:
            theirs = [np.moveaxis(wrote[key], -1, 1) for key in wrote.files]
        theirs[-1] = theirs[-1][:, 1:]  # of "no face" and "face" ours gives the second
        apart = max(float(np.abs(one - other).max()) for one, other in zip(outputs, theirs, strict=True))
        if apart > WORST_OUTPUT:
            raise SystemExit(f"{name} is {apart:.1e} from TensorFlow's.")
        yield f"| {name} | {sum(output.size for output in outputs):,} | {apart:.1e} |"


def boxes_table(theirs: Row, same_stages: Boxes, rows: Sequence[Row]) -> Iterator[str]:
    """How well boxes agree with the package's; through the package's own stages, less than 0.9 is an error."""
    yield "| boxes beside the package's | in both | only theirs | only ours | median IoU | least | at least 0.9 |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    same = Row("our graphs in the package's stages", same_stages, 0)
    for row in (same, *rows):
        pairs = [paired(one, other) for one, other in zip(theirs.boxes, row.boxes, strict=True)]
        ious = np.array([each for pair in pairs for each in pair])
        missed, more = (sum(map(len, boxes)) - len(ious) for boxes in (theirs.boxes, row.boxes))
        if row is same and ious.min() < WORST_IOU:
            raise SystemExit(f"A box has an IoU of only {ious.min():.2f} with the package's.")
        figures = f"{np.median(ious):.3f} | {ious.min():.3f} | {np.mean(ious >= WORST_IOU):.0%}"
        yield f"| {row.name} | {len(ious)} | {missed} | {more} | {figures} |"


def paired(boxes: NDArray[np.float64], others: NDArray[np.float64]) -> list[float]:
    """IoU of every box with the one that is the same face: each the best for the other, sharing more than half."""
    if not len(boxes) or not len(others):
        return []
    shares = overlaps(boxes, others)
    best = shares.argmax(axis=1)
    return [
        float(share[other])
        for index, (share, other) in enumerate(zip(shares, best, strict=True))
        if share[other] > SAME_FACE and shares[:, other].argmax() == index
    ]


def finders_table(shown: Sequence[Shown], rows: Sequence[Row]) -> Iterator[str]:
    """Who finds what, and how long it takes."""
    people = " / ".join("≤ 1" if end_ms == EMPTY_ROOM_MS else str(count) for end_ms, count in SHOTS)
    yield f"| finder | scene.mp4: right number, shots of {people} | crying | title | room | ms |"
    yield "|---|---|---:|---:|---:|---:|"
    for row in rows:
        counts = {(each.clip, each.t_ms): len(boxes) for each, boxes in zip(shown, row.boxes, strict=True)}
        shots = " · ".join(f"{share:.0%}" for share in right(counts))
        crying, title, room = (of_clip(counts, clip) for clip in ("crying_to_laughing", "no_face", "long_room"))
        faces = f"{crying.count(1)} of {len(crying)} | {sum(title)} in {len(title)} | {sum(room)} in {len(room)}"
        yield f"| {row.name} | {shots} | {faces} | {row.ms:.0f} |"
    yield "\nCrying: pictures with exactly the one face. Title, room: faces in pictures that hold none, or only backs."


def of_clip(counts: Mapping[tuple[str, int], int], clip: str) -> list[int]:
    return [count for (name, _), count in counts.items() if name.startswith(clip)]


def right(counts: Mapping[tuple[str, int], int]) -> Iterator[float]:
    """Share of each shot's pictures in which the people are counted right."""
    scene = {t_ms: count for (clip, t_ms), count in counts.items() if clip == "scene.mp4"}
    start_ms = 0
    for end_ms, people in SHOTS:
        seen = [count for t_ms, count in scene.items() if start_ms <= t_ms < end_ms]
        allowed = {0, 1} if end_ms == EMPTY_ROOM_MS else {people}
        yield sum(count in allowed for count in seen) / len(seen)
        start_ms = end_ms


def ours(shown: Sequence[Shown]) -> tuple[Row, Row, Row]:
    """MTCNN with the package's thresholds, as shipped, and as shipped on pictures with red and blue exchanged."""
    find = open_mtcnn(SMALLEST_FACE_PX)
    return (
        timed("our graphs and stages, the package's thresholds", open_mtcnn(SMALLEST_FACE_PX, limits=PACKAGE), shown),
        timed("our graphs and stages, as shipped", find, shown),
        timed("the same, red and blue exchanged", lambda image: find(np.ascontiguousarray(image[..., ::-1])), shown),
    )


def yunets(shown: Sequence[Shown], models: Path) -> tuple[Row, Row]:
    """YuNet as shipped, and as DeepFace runs it by itself."""
    deepface_weights.weights_folder().mkdir(parents=True)
    shutil.copy(models / deepface_weights.YUNET.files[0], deepface_weights.weights_folder())
    extract = deepface_weights.import_deepface("modules.detection").extract_faces

    def plain(image: Image) -> tuple[Found, ...]:
        faces = extract(image[..., ::-1], "yunet", enforce_detection=False, align=False)
        areas = [face["facial_area"] for face in faces if face["confidence"] > 0]
        return tuple(Found(Box(at["x"], at["y"], at["x"] + at["w"], at["y"] + at["h"]), 1.0) for at in areas)

    return timed("YuNet, as shipped", open_detector("yunet"), shown), timed("YuNet, DeepFace by itself", plain, shown)


def timed(name: str, find: Find, shown: Sequence[Shown]) -> Row:
    """A finder's boxes, and the mean over the pictures of the least time in two looks: others use the machine too."""
    found, took_s = [], 0.0
    for each in shown:
        looks = [clocked(find, each.image) for _ in range(LOOKS)]
        found.append(np.array([face.box for face in looks[0][0]], float).reshape(-1, 4))
        took_s += min(seconds for _, seconds in looks)
    return Row(name, found, took_s * 1000 / len(shown))


def clocked(find: Find, image: Image) -> tuple[tuple[Found, ...], float]:
    started = time.process_time()
    return find(image), time.process_time() - started


if __name__ == "__main__":
    main()
