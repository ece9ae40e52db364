"""How well an emotion is learned from a few faces: python -m bench.teach --data ../shared/data/ferplus [--write]

Contempt, which the reader never says, and "happy", as if it did not know it, are taught from faces of valid and tried
on all of test. Every line is the mean of many draws of examples, with the range that nine in ten of them lie in.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from bench import results
from core.emotions import training
from core.faces import embedding
from core.video import stills
from training import data, shipped

DRAWS = 40
SEED = 8

LESSONS = (("contempt", (5, 10, 20)), ("happy", (5, 10, 20, 50)), ("fear", (5, 10, 20)), ("disgust", (5, 10, 20)))
"""What is taught, from how many faces that show it; twice as many do not."""

REPEATED = 50
"""More faces of contempt than valid has: some of train's help out, see :func:`fifty`."""

Floats = NDArray[np.float64]


class Seen(NamedTuple):
    """A split as the reader sees it."""

    labels: NDArray[np.int64]
    vectors: NDArray[np.float32]
    """Embeddings as they are stored, (n, 320)."""
    exact: NDArray[np.float32]
    """Before they were packed."""
    told: Floats
    """Mean of the members' softmax over the eight classes."""


class Tried(NamedTuple):
    """What one draw of examples gave."""

    apart: float
    exact: float
    recall: float
    precision: float
    promised: tuple[float, float]
    """The lesson's own figures for recall and precision; NaN where it had none."""
    held: tuple[bool, bool]
    """Whether recall and precision lie in the intervals that the lesson gave."""
    seconds: float


def main() -> None:
    """Print the figures; put them into RESULTS.md with --write."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--draws", type=int, default=DRAWS)
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    wanted = made.parse_args()
    text = "\n".join(report(wanted.data, wanted.draws))
    print(text)
    if wanted.write:
        results.write("teach", text)


def seen(folder: Path, split: str, only: str = "") -> Seen:
    """Read a split, or its faces of one expression, with the shipped members."""
    faces = data.load(folder, split)
    some = faces.labels == place(only) if only else np.ones(len(faces), bool)
    vectors, told = read(faces.images[some])
    packed = embedding.unpack(embedding.pack(vectors, "00" * 32))
    return Seen(faces.labels[some], packed, vectors, told)


def read(images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], Floats]:
    """The embeddings of all members side by side, and their mean opinion."""
    sessions = [shipped.session(path) for path in shipped.files(shipped.card())]
    outputs = [
        [session.run(["logits", "embedding"], {"crops": part}) for part in shipped.parts(images, 64)]
        for session in sessions
    ]
    vectors = np.concatenate([np.concatenate([seen for _, seen in one]) for one in outputs], axis=1)
    told = np.mean([np.concatenate([shipped.softmax(logits) for logits, _ in one]) for one in outputs], axis=0)
    return vectors, told


def report(folder: Path, draws: int) -> Iterator[str]:
    """Markdown: the tables, then what storing the embeddings costs."""
    valid, test, more = seen(folder, "valid"), seen(folder, "test"), seen(folder, "train", "contempt")
    training.learn(valid.vectors[:6], [True, False] * 3, range(6))  # loads scikit-learn
    yield "## An emotion of one's own\n"
    yield from head(test, draws)
    rows = [
        (name, count, [tried(valid, test, name, count, seed) for seed in range(draws)])
        for name, counts in LESSONS
        for count in counts
    ]
    rows.insert(3, ("contempt", REPEATED, [fifty(valid, more, test, seed) for seed in range(draws)]))
    yield (
        "| Taught | with + without it | AUROC on test | nine in ten draws | recall | precision "
        "| the lesson's own | held |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for name, count, found in rows:
        yield line(name, count, found)
    yield from costs([one for _, _, found in rows for one in found])
    yield from jpeg(folder, valid)


def head(test: Seen, draws: int) -> Iterator[str]:
    counts = {name: int((test.labels == data.LABELS.index(name)).sum()) for name, _ in LESSONS}
    raw = {name: training.auroc(test.told[:, place(name)], test.labels == place(name)) for name in counts}
    said = ", ".join(f"{name} {raw[name]:.3f} ({counts[name]} of {len(test.labels)} faces)" for name in counts)
    yield (
        f"Taught from faces of FER+ valid, tried on all of test; {draws} draws of examples a line (contempt's "
        f"{REPEATED}: all of valid's, the rest of train's).\n"
        f"The network's own raw outputs, trained on all of train, have these AUROCs: {said}.\n"
        "Recall and precision are of scores of 0.5 and more, precision where one face in four shows it. “The lesson's "
        "own” are the figures that it gave of its examples alone; “held”: how often its 95 % intervals had the truth "
        "in them.\n"
        "The networks have seen labels of all eight classes in training, so none of these is new to their embeddings.\n"
    )


def place(name: str) -> int:
    """Which of the labels it is."""
    return data.LABELS.index(name)


def tried(valid: Seen, test: Seen, name: str, count: int, seed: int) -> Tried:
    """Teach from ``count`` faces of valid and twice as many others, and try it on test."""
    shown, others = drawn(valid.labels == place(name), count, seed)
    return lesson(valid, shown, others, test, test.labels == place(name))


def fifty(valid: Seen, more: Seen, test: Seen, seed: int) -> Tried:
    """Teach contempt from all of valid's faces of it and as many of train's as are wanting."""
    both = Seen(*(np.concatenate(each) for each in zip(valid, more, strict=True)))
    has = both.labels == place("contempt")
    others = drawn(valid.labels == place("contempt"), REPEATED, seed)[1]
    wanting = REPEATED - int(has[: len(valid.labels)].sum())
    from_train = np.random.default_rng(SEED + seed).choice(len(more.labels), wanting, replace=False)
    shown = np.concatenate([np.flatnonzero(has[: len(valid.labels)]), len(valid.labels) + from_train])
    return lesson(both, shown, others, test, test.labels == place("contempt"))


def drawn(has: NDArray[np.bool_], count: int, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return places of faces that show it, and of twice as many that do not."""
    random = np.random.default_rng(SEED + seed)
    shown = random.choice(np.flatnonzero(has), min(count, int(has.sum())), replace=False)
    return shown, random.choice(np.flatnonzero(~has), 2 * count, replace=False)


def lesson(
    from_: Seen, shown: NDArray[np.intp], others: NDArray[np.intp], test: Seen, truth: NDArray[np.bool_]
) -> Tried:
    """Every face is a person of its own here."""
    places = np.concatenate([shown, others])
    began = time.process_time()
    learned = training.learn(from_.vectors[places], [True] * len(shown) + [False] * len(others), places.tolist())
    seconds = time.process_time() - began
    scores, exact = (table @ learned.weights + learned.bias for table in (test.vectors, test.exact))
    says = training.sigmoid(scores) >= training.SHOWN_FROM
    recall, wrong = float(says[truth].mean()), float(says[~truth].mean())
    right = training.PRIOR * recall
    precision = right / max(right + (1 - training.PRIOR) * wrong, 1e-9)
    given = (learned.figures.recall, learned.figures.precision)
    promised = tuple(share.value if share else np.nan for share in given)
    held = tuple(
        share is None or share.low <= real <= share.high for share, real in zip(given, (recall, precision), strict=True)
    )
    apart = (training.auroc(each, truth) for each in (scores, exact))
    return Tried(*apart, recall, precision, promised, held, seconds)  # type: ignore[arg-type]


def line(name: str, count: int, found: list[Tried]) -> str:
    apart = np.array([one.apart for one in found])
    low, high = np.quantile(apart, (0.05, 0.95))
    recall, precision = (float(np.mean([getattr(one, figure) for one in found])) for figure in ("recall", "precision"))
    own = np.nanmean([one.promised for one in found], axis=0)
    held = np.mean([one.held for one in found], axis=0)
    cells = (
        name,
        f"{count} + {2 * count}",
        f"{apart.mean():.3f}",
        f"{low:.3f}–{high:.3f}",
        f"{recall:.0%}",
        f"{precision:.0%}",
        f"{own[0]:.0%}, {own[1]:.0%}",
        f"{held[0]:.0%}, {held[1]:.0%}",
    )
    return f"| {' | '.join(cells)} |"


def costs(found: list[Tried]) -> Iterator[str]:
    """What keeping a number in one byte costs, and how long learning takes."""
    lost = np.array([one.exact - one.apart for one in found])
    took = np.quantile([one.seconds for one in found], (0.5, 1))
    yield f"\nLearning, measuring and calibrating took {took[0]:.2f} s of the processor, {took[1]:.2f} s at most."
    yield (
        f"An embedding is stored in {320 + embedding.HEAD_BYTES} bytes, one for each of 320 numbers. Instead of "
        f"float32 this costs {abs(lost.mean()):.5f} of AUROC on average, {np.abs(lost).max():.4f} at most."
    )


def jpeg(folder: Path, valid: Seen) -> Iterator[str]:
    """What embedding a stored crop instead of the picture itself costs: both 96 px, one of them saved as JPEG."""
    images = data.load(folder, "test")
    some = np.flatnonzero(images.labels >= 0)
    large = [cv2.cvtColor(cv2.resize(images.images[at], (96, 96)), cv2.COLOR_GRAY2RGB) for at in some]
    stored = np.stack([grey(stills.decode(stills.encode(picture))) for picture in large])
    fresh, kept = read(np.stack([grey(picture) for picture in large]))[0], read(stored)[0]
    likeness = np.sum(fresh * kept, 1) / np.linalg.norm(fresh, axis=1) / np.linalg.norm(kept, axis=1)
    lost = []
    for name in ("contempt", "happy"):
        truth = images.labels[some] == place(name)
        for seed in range(10):
            shown, others = drawn(valid.labels == place(name), 10, seed)
            places = np.concatenate([shown, others])
            learned = training.learn(valid.vectors[places], [True] * 10 + [False] * 20, places.tolist())
            apart = [training.auroc(table @ learned.weights, truth) for table in (fresh, kept)]
            lost.append(apart[0] - apart[1])
    yield (
        "Embedded from its stored crop (96 px, JPEG) instead of from the picture, a face's embedding keeps a cosine of "
        f"{np.median(likeness):.4f} (median; one in a hundred below {np.quantile(likeness, 0.01):.3f}), and a lesson "
        f"of ten faces loses {np.mean(lost):+.4f} of AUROC on average. (FER+ pictures, enlarged from 48 px first.)"
    )


def grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A crop as the reader makes it smaller."""
    return cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (48, 48), interpolation=cv2.INTER_AREA)


if __name__ == "__main__":
    main()
