"""Which faces to ask about next: those that an own emotion is unsure of, and those that look like its examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.emotions.training import SHOWN_FROM

APART_MS = 1000
"""Two faces of one person nearer than this are nearly the same picture: one of them is asked about."""

MOST_LOOKED_AT = 4000
"""Faces among which different ones are looked for."""

Kind = Literal["look-alike", "hard negative"]


class Proposal(NamedTuple):
    """A face to confirm."""

    place: int
    """Which of the faces given."""
    kind: Kind
    """Whether it would be said to show it, or would not although it comes near."""
    score: float
    """Of the emotion as it is taught so far; before that, likeness to the faces that show it, 0–1."""


def proposals(
    scores: NDArray[np.floating],
    tracks: Sequence[object],
    times: Sequence[int],
    taken: Sequence[int],
    count: int = 8,
    *,
    learned: bool = True,
) -> tuple[Proposal, ...]:
    """Return the most informative faces first: nearest to the border, look-alikes and hard negatives in turn.

    Before there is anything ``learned``, what is lacking are examples of several people and shots: the look-alikes that
    resemble most come first then, and every track once. ``taken`` are the places of examples; a face within a second of
    one of them, of the same track, tells little.
    """
    asked, chosen = list(taken), list[Proposal]()
    border = SHOWN_FROM if learned else 1.0
    for once in (False,) if learned else (True, False):
        sides: dict[Kind, list[int]] = {
            "look-alike": list(_rank(scores, True, border)),
            "hard negative": list(_rank(scores, False, SHOWN_FROM)),
        }
        while len(chosen) < count and any(sides.values()):
            kind = _next_kind(chosen, sides)
            place = sides[kind].pop(0)
            same = (one for one in asked if tracks[one] == tracks[place])
            if all(not once and abs(times[place] - times[one]) >= APART_MS for one in same):
                asked.append(place)
                chosen.append(Proposal(place, kind, float(scores[place])))
    return tuple(chosen)


def _next_kind(chosen: Sequence[Proposal], sides: Mapping[Kind, Sequence[int]]) -> Kind:
    """Whose turn it is: both sides in turn, as long as there are faces on both."""
    kinds: tuple[Kind, Kind] = ("look-alike", "hard negative")
    now, other = kinds if len(chosen) % 2 == 0 else kinds[::-1]
    return now if sides[now] else other


def _rank(scores: NDArray[np.floating], says: bool, nearest: float) -> NDArray[np.intp]:
    """The places on one side of the border, those nearest to a score first."""
    places = np.flatnonzero((scores >= SHOWN_FROM) == says)
    return places[np.argsort(np.abs(scores[places] - nearest), kind="stable")]


def likeness(vectors: NDArray[np.floating], shown: Sequence[int], others: Sequence[int]) -> NDArray[np.float64]:
    """Return how much more each of (n, d) embeddings resembles the faces ``shown`` than those in ``others``, 0–1.

    For the time before there are examples enough to learn from: half is as like one as the other.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.asarray(vectors, np.float64) / np.maximum(lengths, 1e-9)
    middle = unit.mean(axis=0)
    usual = unit[list(others)].mean(axis=0) if len(others) else middle
    towards = (unit - middle) @ (unit[list(shown)].mean(axis=0) - usual)
    spread = float(np.abs(towards).max(initial=0)) or 1.0
    return np.asarray(0.5 + 0.5 * towards / spread)


def pick_varied(vectors: NDArray[np.floating], count: int = 54) -> list[int]:
    """Return the places of faces that look as different as can be, the most different from those before it next.

    To begin with: neighbouring moments show nearly the same picture, and nobody finds three faces among a hundred of
    those. Of many thousands, some thousands evenly taken are looked at.
    """
    some = np.arange(0, len(vectors), max(-(-len(vectors) // MOST_LOOKED_AT), 1))
    lengths = np.linalg.norm(vectors[some], axis=1, keepdims=True)
    unit = np.asarray(vectors[some], np.float32) / np.maximum(lengths, 1e-9)
    chosen: list[int] = []
    near = unit @ unit.mean(axis=0) if len(unit) else np.zeros(0)
    while len(chosen) < min(count, len(unit)):
        place = int(near.argmin())
        chosen.append(place)
        near = np.maximum(near, unit @ unit[place]) if len(chosen) > 1 else unit @ unit[place]
        near[chosen] = np.inf
    return [int(some[place]) for place in chosen]
