"""The weights of what only moving film shows, fitted to its judged peaks: few numbers, held near where they begin.

The peaks are too few and too much alike inside a clip to learn from freely: with free weights, clips that are left out
are judged worse than by scenes of pictures alone. So each weight begins at what its evidence was thought to be worth,
and the pull towards that is strong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import minimize

from bench.film_peaks import FilmPeak
from core.doubt.model import EITHER_WAY, Model, collect_film_figures
from training.logistic import Floats, weigh_loss

BEGINNINGS = {
    "movement known": -0.3,
    "mouth moving": 1.5,
    "head down": 3.0,
    "long surprise": 3.5,
    "mouth wide": 1.0,
    "turned": 0.5,
    "cut off": 0.3,
    "blurred": 0.5,
    "unsure": 0.5,
    "dark": 0.5,
}
"""Figure → weight that it begins at, in logits. Which figures there are, and these, were chosen on the same clips."""

PULLS = {"movement known": 100.0}
PULL = 12.0
"""Pulls of weights towards their beginnings, in peaks. The intercept is held fastest: how many peaks are false differs
from clip to clip more than anything else does."""

MOST_PER_CLIP = 12
"""A clip of more peaks than this counts less for each: twenty grimaces of one person are not twenty witnesses."""


def fit_film(found: Sequence[FilmPeak], model: Model, without: str = "") -> dict[str, float]:
    """Returns figure → weight, but the intercept none below 0, as if the figure ``without`` did not exist.

    What scenes of pictures taught ``model`` stays as it is.
    """
    names = [name for name in BEGINNINGS if name != without]
    figures = [collect_film_figures(one.evidence) for one in found]
    table = np.array([[each[name] for name in names] for each in figures])
    truth = np.array([one.false for one in found], float)
    known = np.array([model.scene_logit(one.evidence) for one in found])
    middle = np.array([BEGINNINGS[name] for name in names])
    pull = np.array([PULLS.get(name, PULL) for name in names])
    worth = _worth(found)

    def loss(at: Floats) -> tuple[float, Floats]:
        return weigh_loss(at, table, truth, pull, middle, known, worth)

    bounds = [(None if name in EITHER_WAY else 0.0, None) for name in names]
    fit = minimize(loss, middle, jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: round(float(weight), 4) for name, weight in zip(names, fit.x, strict=True)}


def _worth(found: Sequence[FilmPeak]) -> Floats:
    counts: Mapping[str, int] = Counter(one.clip for one in found)
    return np.array([min(1.0, MOST_PER_CLIP / counts[one.clip]) for one in found])
