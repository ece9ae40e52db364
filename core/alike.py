"""Who may be the same person: pairs that look alike and are never on screen at once, to be looked at by a viewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.model import Person, Span
from core.people import meeting

FACES = 5
"""Faces by which each is compared: one blurred or turned away says little."""

DISTANCE = 0.593
"""Cosine distance below which DeepFace takes two faces for one person's (its ``config/threshold.py``, SFace)."""


class Alike(NamedTuple):
    """Two people who may be one."""

    one: Person
    other: Person
    distance: float
    """Cosine distance of their mean faces, 0–2."""


def pairs(
    seen: Sequence[Span], found: Sequence[Person], codes: Mapping[int, NDArray[np.float64]], below: float = DISTANCE
) -> list[Alike]:
    """Return the pairs that look alike, the most alike first.

    ``seen`` are the scene's tracks, ``codes`` every person's faces as numbers, (n, d) with rows of length 1; who has
    none is left out, and so is a pair that shares the frame.
    """
    means = {person: np.mean(rows, axis=0) for person, rows in codes.items() if len(rows)}
    told = [
        Alike(one, other, _distance(means[one.id], means[other.id]))
        for one, other in combinations((person for person in found if person.id in means), 2)
        if meeting(seen, one, other) is None
    ]
    return sorted((pair for pair in told if pair.distance < below), key=lambda pair: pair.distance)


def _distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return 1 - float(one @ other) / length if length else 2.0
