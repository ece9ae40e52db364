"""Choose the operating point: python -m training.operate --data ../shared/data/ferplus --film … --wild …

A bias for each expression and a temperature, chosen on film and on faces of other makers, written into reader.json.

FER+'s own valid part says nothing about how a reader does outside FER+: it is one voice of four, film the loudest.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench import film_faces
from bench.film_faces import FilmFaces
from training import data, measure, pool, shipped
from training.shipped import Point

RARITY = 0.5
"""How much more a face of a rare expression counts in film: its share to minus this. At 0 the point says neutral to
nearly all fear and sadness, at 1 every third calm face is read as something else."""

HAPPY = measure.SEVEN.index("happy")

LOUD = {"film": 1.0, "wild": 0.3, "ferplus": 0.15, "fer2013": 0.15}
"""How much each set counts, whatever its size."""

FALSE_JOY = 1.0
"""What saying happy of another face costs beside the surprise at what it is, in the surprise at its not being happy:
most of the calm speakers that are misread are read so, and a false joy is what a viewer notices first."""

RIDGE = 0.02
"""Pull of every bias towards 0: with nine faces of fear, film alone would set its bias by chance."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """One set of faces: what the members' mean says of each, what each is, how much each counts."""

    mean: NDArray[np.floating]
    labels: NDArray[np.int64]
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the faces to choose by lie."""

    ferplus: Path
    film: Path
    wild: Path


def main() -> None:
    """Choose anew for the networks that are there."""
    made = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "film", "wild"):
        made.add_argument(f"--{name}", type=Path, required=True)
    made.add_argument("--models", type=Path, default=shipped.MODELS)
    wanted = made.parse_args()
    said = shipped.card(wanted.models)
    point = choose(shipped.files(said, wanted.models), Folders(wanted.data, wanted.film, wanted.wild))
    kept = {name: value for name, value in said.items() if name not in ("shares", "share_exponent")}
    (wanted.models / "reader.json").write_text(json.dumps(kept | described(point), indent=2) + "\n")


def described(point: Point) -> dict[str, object]:
    """What reader.json says of the point."""
    bias = {name: round(float(value), 3) for name, value in zip(measure.SEVEN, point.bias, strict=True)}
    return {"temperature": round(point.temperature, 3), "bias": bias}


def choose(paths: list[Path], folders: Folders) -> Point:
    """The point that makes what the faces are least surprising; print how it does on clips it was not chosen by."""
    sessions = [shipped.session(path, 2) for path in paths]
    film = film_faces.load(folders.film)
    crops = np.stack([pool.grey(crop) for crop in film.crops])
    mean = ensemble(sessions, crops)
    others = foreign(sessions, folders)
    without = left_out(film, mean, others)
    point = fitted([choosing(film, mean), *others])
    known = film.labels >= 0
    for name, told in (("left out", without), ("all", point.told(mean))):
        print(f"film, {name}: {line(measure.figures(told[known], film.labels[known]))}")
    return point


def crossed(paths: list[Path], folders: Folders) -> measure.Table:
    """What these networks tell of every face of film at the point that the other clips choose."""
    sessions, film = [shipped.session(path, 2) for path in paths], film_faces.load(folders.film)
    mean = ensemble(sessions, np.stack([pool.grey(crop) for crop in film.crops]))
    return left_out(film, mean, foreign(sessions, folders))


def ensemble(sessions: list[shipped.Session], images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The members' mean."""
    return np.asarray(np.mean([shipped.probabilities(session, images) for session in sessions], axis=0))


def foreign(sessions: list[shipped.Session], folders: Folders) -> list[Choosing]:
    """The other three sets to choose by."""
    valid, (images, seconds), (wild, labels) = (
        data.load(folders.ferplus, "valid").seven(),
        data.second_opinion(folders.ferplus, "valid"),
        pool.wild_for_choosing(folders.wild),
    )
    sets = (("ferplus", valid.images, valid.labels), ("fer2013", images, seconds), ("wild", wild, labels))
    return [
        Choosing(ensemble(sessions, faces), truth, np.full(len(truth), LOUD[name] / len(truth)))
        for name, faces, truth in sets
    ]


def choosing(film: FilmFaces, mean: NDArray[np.floating]) -> Choosing:
    """The readable faces of film, the rare ones louder."""
    known = film.labels >= 0
    labels = film.labels[known]
    share = np.maximum(np.bincount(labels, minlength=7), 3) / len(labels)
    weights = share[labels] ** -RARITY
    return Choosing(mean[known], labels, LOUD["film"] * weights / weights.sum())


def left_out(film: FilmFaces, mean: NDArray[np.floating], others: list[Choosing]) -> measure.Table:
    """What is told of every face of film at the point that was chosen without its clip."""
    told = np.zeros((len(film), 7))
    for clip in np.unique(film.clips):
        here = film.clips == clip
        told[here] = fitted([choosing(film.where(~here), mean[~here]), *others]).told(mean[here])
    return told


def fitted(sets: list[Choosing]) -> Point:
    """The point with the least surprise, a false joy counting more: a logistic regression."""
    logs = np.concatenate([np.log(np.maximum(each.mean[:, :7].astype(np.float64), 1e-9)) for each in sets])
    truth = np.eye(7)[np.concatenate([each.labels for each in sets])]
    weights = np.concatenate([each.weights for each in sets])[:, None]
    others = FALSE_JOY * weights * (1 - truth[:, [HAPPY]])
    joyful = np.eye(7)[HAPPY]

    def surprise(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        sharpness, bias = values[0], values[1:]
        raised = logs * sharpness + bias
        raised -= raised.max(1, keepdims=True)
        told = np.exp(raised) / np.exp(raised).sum(1, keepdims=True)
        joy = np.minimum(told[:, [HAPPY]], 1 - 1e-9)
        loss = -(weights * truth * np.log(np.maximum(told, 1e-12))).sum() + RIDGE * (bias**2).sum()
        loss -= (others * np.log(1 - joy)).sum()
        miss = weights * (told - truth) + others * joy / (1 - joy) * (joyful - told)
        return float(loss), np.concatenate([[(miss * logs).sum()], miss.sum(0) + 2 * RIDGE * bias])

    found = minimize(surprise, np.array([1.0, *np.zeros(7)]), jac=True, method="L-BFGS-B").x
    return Point(float(1 / found[0]), found[1:] - found[1:].mean())


def line(figure: measure.Figures) -> str:
    """The main figures in one line."""
    return (
        f"accuracy {figure.accuracy:.4f} macro recall {figure.macro_recall:.4f} "
        f"false happy {figure.false_happy:.4f} happy recall {figure.happy_recall:.4f} ECE {figure.ece:.4f}"
    )


if __name__ == "__main__":
    main()
