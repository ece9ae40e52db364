"""Who is who: shots begin at hard cuts, and inside a shot a face is followed from moment to moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, product
from typing import NamedTuple

import numpy as np

from core.faces import pixels
from core.model import Box, Face, Sample

CUT_DIFFERENCE = 0.22
"""Looks that differ by more are a cut: in six clips at 5 moments a second cuts measure 0.29–0.91 and the strongest
movement inside a shot 0.13, at one moment every 2 s 0.26 (``pixels.difference``)."""

FADE_PACE = 3.0
"""Unless a fade, a dissolve or a fast pan is under way: a difference at most so many times that of the last moments…"""

FADE_DRIFT = 1.05
"""…in a look that goes on leaving: it differs so many times more from the last but one than from the last. Unlike shots
in a row do not. At 5 moments a second this loses 1 % of cuts every 0.3–0.8 s, 1.0 would 14 %; with 1.2 fades are cut
five times as often (made of 16 shots: 428 transitions, 36 rows of cuts)."""

FADE_MS = 700
"""Moments further apart are no parts of one fade."""

GAP_MS = 1000
"""A person unseen for longer is a new track, unless the samples themselves lie further apart."""

REACH = 0.8
"""How far a face may move between two sightings, in its own widths: nearer than any neighbour can sit."""

GROWTH = 1.6
"""By which factor its width may change meanwhile."""


class _PastLook(NamedTuple):
    """A moment gone by: its look, and how much that differed from the one before it."""

    t_ms: int
    look: bytes
    difference: float


@dataclass(slots=True)
class _Sighting:
    track: int
    box: Box
    t_ms: int
    moment: int


@dataclass(slots=True)
class _Past:
    """What the fold remembers of the past: everything follows from the samples it has seen."""

    shot: int = 0
    seen: deque[_PastLook] = field(default_factory=lambda: deque(maxlen=2))
    people: list[_Sighting] = field(default_factory=list)


def assign_tracks(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Yield the samples, in time order, with shot and track set.

    Each depends on earlier samples only: feeding the stored ones again and then new ones continues as if never stopped.
    """
    past, numbers = _Past(), count()
    for moment, sample in enumerate(samples):
        if _is_cut(past.seen, sample):
            past.shot, past.people = past.shot + 1, []
        faces = _link_faces(past, sample, moment, numbers)
        yield replace(sample, shot=past.shot, faces=faces)


def _is_cut(seen: deque[_PastLook], sample: Sample) -> bool:
    """Whether a shot begins here; the moment then counts among the seen ones."""
    difference = _difference(seen[-1].look, sample.look) if seen else 0.0
    cut = difference > CUT_DIFFERENCE and not _is_fading(seen, sample, difference)
    seen.append(_PastLook(sample.t_ms, sample.look, difference))
    return cut


def _is_fading(seen: deque[_PastLook], sample: Sample, difference: float) -> bool:
    pace = max((one.difference for one in seen if sample.t_ms - one.t_ms <= FADE_MS), default=0.0)
    return difference <= FADE_PACE * pace and _difference(seen[0].look, sample.look) > FADE_DRIFT * difference


def _difference(one: bytes, other: bytes) -> float:
    """Return how unlike two looks are, 0–1; not at all where one was not kept."""
    return pixels.difference(one, other) if one and other else 0.0


def _link_faces(past: _Past, sample: Sample, moment: int, numbers: Iterator[int]) -> tuple[Face, ...]:
    """Give every face the track of the nearest person of the running shot, or a new one."""
    past.people = [one for one in past.people if moment - one.moment <= 1 or sample.t_ms - one.t_ms <= GAP_MS]
    known = _match_nearest(past.people, [face.found.box for face in sample.faces])
    linked = []
    for index, face in enumerate(sample.faces):
        person = known.get(index) or _Sighting(next(numbers), face.found.box, sample.t_ms, moment)
        if index not in known:
            past.people.append(person)
        person.box, person.t_ms, person.moment = face.found.box, sample.t_ms, moment
        linked.append(replace(face, track=person.track))
    return tuple(linked)


def _match_nearest(people: Sequence[_Sighting], boxes: Sequence[Box]) -> dict[int, _Sighting]:
    """Return box index → person, the nearest pairs first, each used once."""
    pairs = (
        (_distance(person.box, box), i, p) for (p, person), (i, box) in product(enumerate(people), enumerate(boxes))
    )
    known: dict[int, _Sighting] = {}
    taken: set[int] = set()
    for distance, index, who in sorted(pairs):
        if distance <= REACH and index not in known and who not in taken:
            known[index] = people[who]
            taken.add(who)
    return known


def _distance(one: Box, other: Box) -> float:
    """Return how far two boxes' middles lie apart in widths of a face; infinite where the sizes do not fit."""
    width, wider = sorted((max(one.width, 1), max(other.width, 1)))
    if wider > GROWTH * width:
        return float("inf")
    across = (one.left + one.right - other.left - other.right) / 2
    down = (one.top + one.bottom - other.top - other.bottom) / 2
    return float(np.hypot(across, down)) / wider
