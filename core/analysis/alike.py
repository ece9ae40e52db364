"""Who may be the same person: people who look alike and are never on screen at once, to be looked at by a viewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.model import Person, Span
from core.reading.people import first_meeting_ms, stretches

FACES_PER_STRETCH = 5
"""Faces by which each stretch is compared: one blurred or turned away says little."""

MOST_STRETCHES = 400
"""Stretches that are compared, the longest ones: nobody looks at more strips than that."""

DISTANCE = 0.593
"""Cosine distance below which DeepFace takes two faces for one person's (its ``config/threshold.py``, SFace)."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """How far the faces of a scene's stretches are from each other."""

    spans: tuple[Span, ...]
    distances: Floats
    """Cosine distances of their mean faces, 0–2, (n, n); NaN where a stretch has no face kept."""


class AlikePair(NamedTuple):
    """Two people who may be one."""

    one: Person
    other: Person
    distance: float
    """The mean of their stretches' distances, 0–2."""


class AlikeGroup(NamedTuple):
    """People who may be one, in order of appearance."""

    people: tuple[Person, ...]
    distance: float
    """Of the two who are farthest apart among them."""


def select_stretches(seen: Sequence[Span], found: Sequence[Person]) -> tuple[Span, ...]:
    """Returns the stretches that are compared: everybody's, in order of appearance, only the longest of very many."""
    every = {span for person in found for span in stretches(seen, person)}
    longest = sorted(every, key=lambda span: (-span.length_ms, span))[:MOST_STRETCHES]
    return tuple(sorted(longest, key=lambda span: (span.start_ms, span.track)))


def measure_distances(codes: Mapping[Span, Floats]) -> Distances:
    """Returns how far stretches are from each other by their faces as numbers, (n, d) with rows of length 1 each."""
    spans = tuple(codes)
    width = max((rows.shape[1] for rows in codes.values()), default=1)
    means = np.array([rows.mean(axis=0) if len(rows) else np.full(width, np.nan) for rows in codes.values()])
    means = means.reshape(len(spans), width)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    unit = means / np.where(lengths > 0, lengths, np.nan)
    return Distances(spans, 1 - unit @ unit.T)


def find_pairs(
    seen: Sequence[Span], found: Sequence[Person], known: Distances, below: float = DISTANCE
) -> list[AlikePair]:
    """Returns the pairs that look alike, the most alike first.

    ``seen`` are the scene's tracks. Who has no stretch that was compared is left out, and so is a pair that shares the
    frame.
    """
    distances = _people_distances(seen, found, known)
    told = [
        AlikePair(found[one], found[other], float(distances[one, other]))
        for one, other in combinations(range(len(found)), 2)
        if distances[one, other] < below
    ]
    return sorted(told, key=lambda pair: pair.distance)


def find_groups(
    seen: Sequence[Span], found: Sequence[Person], known: Distances, below: float = DISTANCE
) -> list[AlikeGroup]:
    """Returns who may be one person, the most alike first: nobody in two groups, no two who share the frame in one.

    The nearest two become one as long as everybody in both is that near to everybody else.
    """
    distances = _people_distances(seen, found, known)
    members = {place: [place] for place in range(len(found))}
    left = np.where(np.isnan(distances), np.inf, distances)
    np.fill_diagonal(left, np.inf)
    while len(members) > 1:
        one, other = (int(place) for place in np.unravel_index(int(left.argmin()), left.shape))
        if not left[one, other] < below:
            break
        members[one] += members.pop(other)
        farther = np.maximum(left[one], left[other])
        left[one], left[:, one] = farther, farther
        left[other], left[:, other] = np.inf, np.inf
        left[one, one] = np.inf
    made = [_make_group(found, sorted(group), distances) for group in members.values() if len(group) > 1]
    return sorted(made, key=lambda group: group.distance)


def _make_group(found: Sequence[Person], places: Sequence[int], distances: Floats) -> AlikeGroup:
    return AlikeGroup(tuple(found[place] for place in places), float(distances[np.ix_(places, places)].max()))


def _people_distances(seen: Sequence[Span], found: Sequence[Person], known: Distances) -> Floats:
    """Returns how far people are from each other, (n, n); infinite for who shares the frame, NaN for who is unknown."""
    places = {span: place for place, span in enumerate(known.spans)}
    own = [[places[span] for span in stretches(seen, person) if span in places] for person in found]
    found_apart = np.full((len(found), len(found)), np.nan)
    np.fill_diagonal(found_apart, 0)
    for one, other in combinations(range(len(found)), 2):
        rows = known.distances[np.ix_(own[one], own[other])]
        if rows.size and not np.isnan(rows).all():
            met = first_meeting_ms(seen, found[one], found[other]) is not None
            found_apart[one, other] = found_apart[other, one] = np.inf if met else np.nanmean(rows)
    return found_apart
