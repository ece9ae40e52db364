"""Figures about doubts and the truth: how well they part false peaks from true ones, and if they keep their word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SPARED = 0.05
"""Share of the true peaks that may be doubted when the share of false ones caught is told."""

BINS = 10
"""Equal steps of doubt in which promise and truth are compared."""

DRAWS = 400
"""Bootstrap draws of whole shots behind every interval."""

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Figures:
    """What doubts are worth on some peaks; shares 0–1."""

    peaks: int
    false: float
    """Share of the peaks that are false."""
    auroc: float
    caught: float
    """Share of the false peaks caught by the bar that doubts at most SPARED of the true ones."""
    precision: float
    recall: float
    true_doubted: float
    """At the default threshold, like the two before."""
    ece: float
    """Mean gap between doubt and share of false peaks, weighted by peaks."""


def figures(false: Flags, doubt: Numbers, bar: float) -> Figures:
    """Return all figures of doubts whose default threshold is ``bar``."""
    doubted = doubt >= bar
    return Figures(
        peaks=len(false),
        false=_share(false),
        auroc=auroc(false, doubt),
        caught=caught(false, doubt),
        precision=_share(false[doubted]),
        recall=_share(doubted[false]),
        true_doubted=_share(doubted[~false]),
        ece=calibration_error(false, doubt),
    )


def _share(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else float("nan")


def auroc(false: Flags, doubt: Numbers) -> float:
    """Return how often a false peak is doubted more than a true one; ties count half."""
    if false.all() or not false.any():
        return float("nan")
    _, place, count = np.unique(doubt, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    falses = int(false.sum())
    return float((ranks[false].sum() - falses * (falses + 1) / 2) / (falses * (len(false) - falses)))


def caught(false: Flags, doubt: Numbers, spared: float = SPARED) -> float:
    """Return the share of false peaks above the lowest bar that lies above all but ``spared`` of the true ones."""
    return _share(doubt[false] >= bar(false, doubt, spared)) if not false.all() else float("nan")


def bar(false: Flags, doubt: Numbers, spared: float = SPARED) -> float:
    """Return the lowest bar from which on no more than ``spared`` of the true peaks are doubted; there must be one."""
    true = np.sort(doubt[~false])[::-1]
    return float(np.nextafter(true[int(spared * len(true))], np.inf))


def calibration(false: Flags, doubt: Numbers) -> list[tuple[float, float, int]]:
    """Return mean doubt, share of false peaks and number of peaks of every bin that has any."""
    place = np.minimum((doubt * BINS).astype(int), BINS - 1)
    chosen = (place == step for step in range(BINS))
    return [(float(doubt[c].mean()), float(false[c].mean()), int(c.sum())) for c in chosen if c.any()]


def calibration_error(false: Flags, doubt: Numbers) -> float:
    """Return the expected calibration error over BINS."""
    return sum(abs(said - true) * count for said, true, count in calibration(false, doubt)) / max(len(false), 1)


def interval(
    shot: NDArray[np.int64], measure: Callable[[NDArray[np.int64]], float], seed: int = 0
) -> tuple[float, float]:
    """Return the middle 95 % of a measure of peaks (by their indices) when shots are drawn again and again."""
    random = np.random.default_rng(seed)
    order = np.argsort(shot, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(shot[order])) + 1)
    draws = [np.concatenate([groups[at] for at in random.integers(0, len(groups), len(groups))]) for _ in range(DRAWS)]
    low, high = np.nanpercentile([measure(draw) for draw in draws], [2.5, 97.5])
    return float(low), float(high)
