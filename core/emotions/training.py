"""An emotion of one's own, learned from a few faces' embeddings: a classifier, its calibration, and how sure it is.

Neighbouring moments of one person are nearly the same picture, so examples are counted by track, which is one person in
one shot: whole tracks are left out to measure, and the figures are as unsure as if each track were one example.

A score says how likely a face shows it where one face in four does (``PRIOR``): how many faces people mark says nothing
about how often an emotion is seen. Few examples are trusted little: the logistic curve from distances to scores is
fitted to Platt's smoothed targets (1999), so that three examples never become a score of 0.99.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import SettingError

LEAST = 3
"""Faces that show it, faces that do not, and tracks of either before there are figures."""

MOST = 1000
"""Examples in all."""

PRIOR = 0.25
"""Share of faces that are taken to show an emotion of one's own."""

SHOWN_FROM = 0.5
"""A face is said to show it from this score on."""

STRENGTH = 0.1
"""Inverse of the pull towards 0 of the weights (scikit-learn's C): chosen on FER+ train and valid."""

ALIKE = 0.3
"""How much of a further face of a track is known from those before it, when few examples are to be trusted little."""

LEAST_AUROC = 0.6
"""Pairs of a face that shows it and one that does not which must be told apart even with neighbours to learn from."""

FOLDS = 10
"""Parts that many tracks are left out in; up to twice as many are left out one by one."""

SEED = 1

Z = 1.96
"""Of a 95 % interval."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Share(NamedTuple):
    """A share of faces with its 95 % interval, 0–1."""

    value: float
    low: float
    high: float


class Figures(NamedTuple):
    """How well an emotion of one's own can be told apart, as far as its examples can say."""

    yes: int
    """Faces that show it."""
    no: int
    yes_tracks: int
    no_tracks: int
    recall: Share | None = None
    """Of those that show it, how many are said to."""
    precision: Share | None = None
    """Of those that are said to show it, how many do, where one in four does."""
    apart: float | None = None
    """Of pairs of a face that shows it and one that does not, how many are in the right order (AUROC)."""
    caution: str = ""
    """Why there are no figures; empty where there are."""


class Learned(NamedTuple):
    """What was learned: ``1 / (1 + exp(-(weights · embedding + bias)))`` is the score."""

    weights: Floats
    bias: float
    figures: Figures


def learn(vectors: NDArray[np.floating], yes: Sequence[bool], tracks: Sequence[Hashable]) -> Learned:
    """Learn from (n, d) embeddings, whether each face shows it, and its track; SettingError with too few of either."""
    table, shows = np.asarray(vectors, np.float64), np.asarray(yes, bool)
    groups = np.unique([str(track) for track in tracks], return_inverse=True)[1]
    _check_counts(shows)
    small, back = _project(table)
    weights, bias = _fit(small, shows)
    alone = _held_out_distances(small, shows, np.arange(len(shows)))
    enough = min(_count_tracks(groups, shows), _count_tracks(groups, ~shows)) >= LEAST
    measured = _held_out_distances(small, shows, groups) if enough else alone
    slope, shift = _calibrate(measured, shows, groups)
    scores = sigmoid(slope * measured + shift) if enough else None
    figures = _figures(shows, groups, scores, auroc(alone, shows))
    return Learned(back @ (slope * weights), slope * bias + shift, figures)


def sigmoid(distances: Floats) -> Floats:
    """Return the scores, 0–1, of signed distances."""
    return np.asarray(1 / (1 + np.exp(-np.clip(distances, -60, 60))))


def _check_counts(shows: Flags) -> None:
    count, others = int(shows.sum()), int((~shows).sum())
    if min(count, others) < LEAST:
        raise SettingError(
            f"Too few examples: {count} that show it and {others} that do not. Mark at least {LEAST} of each."
        )
    if len(shows) > MOST:
        raise SettingError(f"{len(shows)} examples are more than the {MOST} that are used. Leave some out.")


def _project(table: Floats) -> tuple[Floats, Floats]:
    """Return the examples in the space that they span, and the way back: the same solution from fewer numbers."""
    if len(table) >= table.shape[1]:
        return table, np.eye(table.shape[1])
    left, sizes, right = np.linalg.svd(table, full_matrices=False)
    return left * sizes, right.T


def _fit(table: Floats, shows: Flags) -> tuple[Floats, float]:
    """Return weights and bias of a regularised logistic regression in which both sides weigh the same."""
    from sklearn.linear_model import LogisticRegression  # half a second and many modules: only who teaches needs it

    made = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="newton-cholesky").fit(table, shows)
    return made.coef_[0], float(made.intercept_[0])


def folds(shows: Flags, groups: NDArray[np.integer]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield places to learn from and places to measure on; all of a group is on one side."""
    from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold

    few = len(np.unique(groups)) <= 2 * FOLDS
    count = min(FOLDS, int(shows.sum()), int((~shows).sum()))
    parts = LeaveOneGroupOut() if few else StratifiedGroupKFold(count, shuffle=True, random_state=SEED)
    for inside, outside in parts.split(groups[:, None], shows, groups):
        if shows[inside].any() and not shows[inside].all():
            yield inside, outside


def _held_out_distances(table: Floats, shows: Flags, groups: NDArray[np.integer]) -> Floats:
    """Return every example's distance when its group was not learned from; NaN where the rest has one side only."""
    distances = np.full(len(shows), np.nan)
    for inside, outside in folds(shows, groups):
        weights, bias = _fit(table[inside], shows[inside])
        distances[outside] = table[outside] @ weights + bias
    return distances


def auroc(distances: Floats, shows: Flags) -> float:
    """Return the share of pairs in the right order, ties counting half; 0.5 where there are none."""
    known = ~np.isnan(distances)
    above, below = distances[known & shows], distances[known & ~shows]
    if not len(above) or not len(below):
        return 0.5
    apart = above[:, None] - below[None, :]
    return float((apart > 0).mean() + (apart == 0).mean() / 2)


def _count_tracks(groups: NDArray[np.integer], some: Flags) -> int:
    return len(np.unique(groups[some]))


def _calibrate(distances: Floats, shows: Flags, groups: NDArray[np.integer]) -> tuple[float, float]:
    """Return slope and shift that make a score of a distance, by Platt's method with both sides weighing the same.

    The targets are as far from 0 and 1 as so few tracks ask for; the shift is then moved from one in two to ``PRIOR``.
    """
    from sklearn.linear_model import LogisticRegression

    known = ~np.isnan(distances)
    counts = {side: _effective_count(groups[known & (shows == side)]) for side in (True, False)}
    targets = np.where(shows, (counts[True] + 1) / (counts[True] + 2), 1 / (counts[False] + 2))[known]
    evenly = np.where(shows, 1 / max(shows[known].sum(), 1), 1 / max((~shows[known]).sum(), 1))[known]
    scale = max(float(np.nanstd(distances)), 1e-9)
    twice = np.tile(distances[known] / scale, 2)[:, None]
    said = np.repeat([True, False], known.sum())
    weight = np.concatenate([targets, 1 - targets]) * np.tile(evenly, 2) * (counts[True] + counts[False])
    made = LogisticRegression(C=100.0, solver="newton-cholesky").fit(twice, said, sample_weight=weight)
    slope = max(float(made.coef_[0, 0]), 0.0)
    shift = float(made.intercept_[0]) if slope else 0.0
    return slope / scale, shift + math.log(PRIOR / (1 - PRIOR))


def _effective_count(groups: NDArray[np.integer]) -> float:
    """Return how many independent examples these are worth, further ones of the same track counting less."""
    sizes = np.unique(groups, return_counts=True)[1]
    return float((sizes / (1 + (sizes - 1) * ALIKE)).sum())


def _figures(shows: Flags, groups: NDArray[np.integer], scores: Floats | None, apart_alone: float) -> Figures:
    counted = Figures(
        int(shows.sum()), int((~shows).sum()), _count_tracks(groups, shows), _count_tracks(groups, ~shows)
    )
    if apart_alone < LEAST_AUROC:
        return counted._replace(
            caution="The examples contradict each other: faces that look alike are marked both ways. "
            "Look through them again, and leave out those that you are not sure of."
        )
    if scores is None:
        return counted._replace(
            caution=f"Too few people and shots to say how well it can be told apart: {counted.yes_tracks} with it and "
            f"{counted.no_tracks} without it. Mark faces of {LEAST} or more of each."
        )
    known = ~np.isnan(scores)
    says = scores >= SHOWN_FROM
    recall = wilson_interval(says[known & shows], groups[known & shows])
    wrong = wilson_interval(says[known & ~shows], groups[known & ~shows])
    precision = Share(_precision(recall[0], wrong[0]), _precision(recall[1], wrong[2]), _precision(recall[2], wrong[1]))
    return counted._replace(recall=recall, precision=precision, apart=auroc(scores, shows))


def _precision(recall: float, wrong: float) -> float:
    """Return the precision where ``PRIOR`` of the faces show it; 0 where nothing is said to."""
    right = PRIOR * recall
    said = right + (1 - PRIOR) * wrong
    return right / said if said else 0.0


def wilson_interval(said: Flags, groups: NDArray[np.integer]) -> Share:
    """Return a share with Wilson's interval (1927), as unsure as if each track were one example (Kish 1965)."""
    sizes = np.unique(groups, return_counts=True)[1]
    n = float(sizes.sum() ** 2 / (sizes**2).sum())
    share = float(said.mean())
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return Share(share, max(min(middle - reach, share), 0.0), min(max(middle + reach, share), 1.0))
