"""Fill the model card's tables: python -m training.card --data ../shared/data/ferplus"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench import film_faces, foreign
from training import data, measure, operate, pool, shipped
from training.evaluate import Reading, changed, jittered, read

SHARED = Path(__file__).parents[2] / "shared" / "data"

HEADER = "| Set | Point | Accuracy | Macro recall | False “happy” | Happy recall | ECE |"


def main() -> None:
    """Rewrite the parts between markers; the prose around them is written by hand."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--film", type=Path, default=SHARED / "film", help="folder of judged film faces")
    made.add_argument("--wild", type=Path, default=SHARED / "wild", help="folder of wild.npz")
    made.add_argument("--models", type=Path, default=shipped.MODELS)
    wanted = made.parse_args()
    readings = {split: read(data.load(wanted.data, split).seven(), wanted.models) for split in ("valid", "test")}
    shaken = {split: read(moved(reading.faces), wanted.models) for split, reading in readings.items()}
    parts = {
        "film": list(on_film(wanted.models, operate.Folders(wanted.data, wanted.film, wanted.wild))),
        "files": [*files(wanted.models), "", *setting(readings["valid"].point)],
        "figures": [*summary(readings), "", *jitter(readings, shaken)],
        "classes": list(classes(readings["test"])),
    }
    path = wanted.models / "MODEL_CARD.md"
    text = path.read_text()
    for name, lines in parts.items():
        text = filled(text, name, "\n".join(lines))
    path.write_text(text)


def on_film(models: Path, folders: operate.Folders) -> Iterator[str]:
    """What the reader does with judged faces of film, at its point and at the one that the other clips choose."""
    faces = film_faces.load(folders.film)
    told = shipped.told(np.stack([pool.grey(crop) for crop in faces.crops]), models)
    crossed = operate.crossed(shipped.files(shipped.card(models), models), folders)
    yield from foreign.film_table(
        faces, {"built-in": foreign.film(faces, told), "by others": foreign.film(faces, crossed)}
    )


def filled(page: str, name: str, text: str) -> str:
    """The page with another text between the two markers of a part."""
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    before, rest = page.split(start, 1)
    return f"{before}{start}\n{text}\n{end}{rest.split(end, 1)[1]}"


def files(models: Path) -> Iterator[str]:
    """Each member's file, size, speed and fingerprint."""
    paths = shipped.files(shipped.card(models), models)
    yield "| File | MB | ms a face | sha256 |"
    yield "|---|---|---|---|"
    for path in paths:
        speed = shipped.ms_a_face([shipped.session(path)])
        yield f"| `{path.name}` | {path.stat().st_size / 1e6:.1f} | {speed:.2f} | `{shipped.sha256(path)}` |"
    whole = shipped.ms_a_face([shipped.session(path) for path in paths])
    yield f"\nAll together {whole:.2f} ms a face (onnxruntime, processor time of one core, batches of 8)."


def setting(point: shipped.Point) -> Iterator[str]:
    biases = ", ".join(f"{name} {bias:+.2f}" for name, bias in zip(measure.SEVEN, point.bias, strict=True))
    yield f"Shipped operating point: temperature {point.temperature:.2f}; biases: {biases}."


def summary(readings: dict[str, Reading]) -> Iterator[str]:
    """Both operating points on both sets."""
    yield HEADER
    yield "|---|---|---|---|---|---|---|"
    for split, reading in readings.items():
        for name, told in (("natural", reading.natural), ("shipped", reading.told)):
            found = measure.figures(told, reading.faces.labels)
            shares = (found.accuracy, found.macro_recall, found.false_happy, found.happy_recall)
            cells = " | ".join(f"{100 * share:.1f} %" for share in shares)
            yield f"| {split} ({found.faces}) | {name} | {cells} | {found.ece:.3f} |"


def moved(faces: data.Faces) -> data.Faces:
    return data.Faces(jittered(faces.images), faces.targets, faces.labels)


def jitter(readings: dict[str, Reading], shaken: dict[str, Reading]) -> Iterator[str]:
    """How often the top expression changes with the crop."""
    for split, reading in readings.items():
        share = changed(reading.told, shaken[split].told)
        yield f"On {split}, crop jitter changes the top expression of {100 * share:.1f} % of the faces."
    yield "(Jitter: scale ±15 %, shift ±8 %, roll ±10°, all at once.)"


def classes(reading: Reading) -> Iterator[str]:
    """Recall and precision of each expression at the shipped operating point."""
    found = measure.figures(reading.told, reading.faces.labels)
    counts = np.bincount(reading.faces.labels, minlength=7)
    yield "| Expression | Faces | Recall | Precision |"
    yield "|---|---|---|---|"
    for name, count, recall, precision in zip(measure.SEVEN, counts, found.recall, found.precision, strict=True):
        yield f"| {name} | {count} | {100 * recall:.1f} % | {100 * precision:.1f} % |"


if __name__ == "__main__":
    main()
