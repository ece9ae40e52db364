"""Fit the weights of the doubt: python -m training.fit_doubts --data ../shared/data/ferplus --film ../shared/data/film

Scenes of known truth are made from the pictures of valid, read by the built-in reader and by fer's network (the
stand-in for DeepFace, whose weights cannot be had everywhere), and every peak's evidence is weighed by a logistic
regression, its weights held at 0 or above: first joy and all other emotions together, then each of the two pulled
towards what they share. Only valid is ever opened. What only moving film shows is then weighed by the judged peaks of
clips (``fit_film``). The result is models/doubts.json; with ``--only-film`` its weights of scenes stay as they are.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bench import cases, film_peaks
from bench.cases import Case, Make
from core.doubt.model import EITHER_WAY, FIGURES, INTERCEPT, Model, collect_figures, weights_name
from core.doubt.weights import CARD
from core.reading.closer_look import LEAST_DOUBT
from training import data, fit_film, shipped
from training.logistic import weigh_loss

PICTURES = {False: 4800, True: 800}
"""Pictures shown in natural scenes, each of valid at least once, and in scenes with planted mistakes: few, so that the
doubt keeps its word about natural ones, and enough for it to know a glitch."""

WORKERS = 2
"""Processes that read the scenes."""

RIDGE = 1.0
"""Pull towards 0 of the weights that joy and the other emotions share, in peaks."""

TOGETHER = 30.0
"""Pull of joy's weights, and of the others', towards the shared ones; see ``--ridges``."""

SEED = 1

LEAST = {"small": 0.4}
"""Weights that are held above more than 0. The scenes' tiny faces are shrunk pictures, which lose less than a face far
from a camera does; that reading fails quickly under 36 px is known (Tian 2004), and so is it of the shared clips."""

Sets = dict[str, dict[str, float]]
"""Kind of peak → figure → weight."""


def main() -> None:
    """Make the scenes, fit, write the weights."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--film", type=Path, default=Path("../shared/data/film"), help="folder of the judged clips")
    made.add_argument("--only-film", action="store_true", help="keep the weights of scenes, fit those of film")
    made.add_argument("--out", type=Path, default=CARD)
    made.add_argument("--ridges", action="store_true", help="only print how well several ridges do on left-out scenes")
    wanted = made.parse_args()
    if wanted.only_film:
        said = json.loads(wanted.out.read_text("utf-8"))
        write(wanted.out, said | {"film": film_card(wanted.film, Model(said["weights"], fit_film.BEGINNINGS))})
        return
    weighed = weighable(gathered(wanted.data, cases.both))
    if wanted.ridges:
        print("\n".join(f"{ridge}: {left_out_loss(weighed, ridge):.4f}" for ridge in (1.0, 3.0, 10.0, 30.0, 100.0)))
    else:
        said = card(weighed)
        write(wanted.out, said | {"film": film_card(wanted.film, Model(said["weights"], fit_film.BEGINNINGS))})


def write(path: Path, said: Mapping[str, Any]) -> None:
    """Write what doubts.json says."""
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")


def gathered(folder: Path, make: Make, pictures: Mapping[bool, int] = PICTURES, workers: int = WORKERS) -> list[Case]:
    """Return the peaks of all readers in scenes made from valid, each with its closer look."""
    return cases.gathered(data.load(folder, "valid").seven(), make, pictures, SEED, workers)


def weighable(found: Iterable[Case]) -> list[Case]:
    """Return the peaks as they are to be weighed: with and without a second reader, and again after a closer look.

    A closer look is taken only at what is doubted without it, as in a job.
    """
    plain = [view for case in found for view in views(case)]
    model = Model(sets(plain))
    return plain + [view.looked() for view in plain if model.doubt(view.evidence) >= LEAST_DOUBT]


def views(case: Case) -> tuple[Case, ...]:
    """Return the case as it is and as it would be without a second reader."""
    return (case, case.without_second()) if case.evidence.second else (case,)


def card(weighed: Sequence[Case]) -> dict[str, Any]:
    """Return what doubts.json says: the weights, those with each rule left out, and where they come from."""
    counts = {
        name: {"peaks": len(some), "false": round(float(np.mean([case.false for case in some])), 3)}
        for name, some in by_kind(weighed).items()
    }
    members = shipped.weights(shipped.card())
    return {
        "origin": {
            "made by": "python -m training.fit_doubts",
            "pictures": "FER+ valid (never train, never test), as scenes of known truth by bench/scenes.py",
            "readers": "fer's network (fer 25.10.3) and the built-in reader, each also as the other's second",
            "members": members,
            "seed": SEED,
            "ridge": RIDGE,
            "together": TOGETHER,
            "least": LEAST,
            "peaks": counts,
        },
        "weights": sets(weighed),
        "left out": {rule: sets(weighed, without=rule) for rule in FIGURES},
    }


def film_card(folder: Path, model: Model) -> dict[str, Any]:
    """Return what doubts.json says of film; the peaks looked at closely are those that ``model`` would choose."""
    found = film_peaks.judged_peaks(folder, film_peaks.read_clips(folder), model)
    return {
        "origin": {
            "clips": "judged by eye, see bench/film_peaks.py; only these weights are fitted to them",
            "peaks": len(found),
            "false": sum(one.false for one in found),
            "pull": fit_film.PULL,
            "pulls": fit_film.PULLS,
            "beginnings": fit_film.BEGINNINGS,
        },
        "weights": fit_film.fit_film(found, model),
    }


def by_kind(weighed: Iterable[Case]) -> dict[str, list[Case]]:
    """Return the peaks by what they are weighed by."""
    kinds: dict[str, list[Case]] = {}
    for case in weighed:
        kinds.setdefault(weights_name(case.evidence), []).append(case)
    return dict(sorted(kinds.items()))


def sets(weighed: Iterable[Case], without: str = "", together: float = TOGETHER) -> Sets:
    """Fit one set of weights per kind of peak, as if the figures of the rule ``without`` did not exist."""
    made: Sets = {}
    kinds = by_kind(weighed)
    for known in sorted({name.split(": ")[1] for name in kinds}):
        alike = {name: some for name, some in kinds.items() if name.endswith(f": {known}")}
        shared = weights([case for some in alike.values() for case in some], without)
        made |= {name: weights(some, without, together, shared) for name, some in alike.items()}
    return made


def weights(
    some: Sequence[Case], without: str = "", ridge: float = RIDGE, towards: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Fit a logistic regression whose weights, but for the intercept, do not fall below 0."""
    hidden = set(FIGURES[without](some[0].evidence)) if without else set()
    rows = [collect_figures(case.evidence) for case in some]
    names = [INTERCEPT, *(name for name in rows[0] if name not in hidden)]
    table = np.array([[1.0, *(row[name] for name in names[1:])] for row in rows])
    truth = np.array([case.false for case in some], float)
    pull = np.array([0.0, *(ridge for _ in names[1:])])
    bounds = [(None, None) if name in EITHER_WAY else (LEAST.get(name, 0.0), None) for name in names]
    middle = np.array([(towards or {}).get(name, 0.0) for name in names])
    start = np.array([max(at, low) if low is not None else at for at, (low, _) in zip(middle, bounds, strict=True)])
    fit = minimize(weigh_loss, start, (table, truth, pull, middle), jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: round(float(weight), 4) for name, weight in zip(names, fit.x, strict=True)}


def left_out_loss(weighed: Sequence[Case], together: float, folds: int = 5) -> float:
    """Return the mean negative log-likelihood (nats) of the scenes left out of the fit in turn."""
    losses = []
    for fold in range(folds):
        model = Model(sets((case for case in weighed if case.film.number % folds != fold), together=together))
        for case in weighed:
            if case.film.number % folds == fold:
                doubt = model.doubt(case.evidence)
                losses.append(-np.log(max(doubt if case.false else 1 - doubt, 1e-9)))
    return float(np.mean(losses))


if __name__ == "__main__":
    main()
