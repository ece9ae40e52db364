"""Who is who: shots begin at hard cuts, and inside a shot a face is followed from moment to moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, product

import numpy as np

from core import pixels
from core.model import Box, Face, Sample

CUT_DIFFERENCE = 0.22
"""Looks that differ by more are a cut: in six clips at 5 moments a second cuts measure 0.29–0.91 and the strongest
movement inside a shot 0.13, at one moment every 2 s 0.26 (``pixels.difference``)."""

CUT_RATIO = 3.0
"""…if they also differ this many times more than the shot's last moments did: a fade or a fast pan is no cut."""

MEMORY = 5
"""Differences of the running shot that a new one is held against."""

GAP_MS = 1000
"""A person unseen for longer is a new track, unless the samples themselves lie further apart."""

REACH = 0.8
"""How far a face may move between two sightings, in its own widths: nearer than any neighbour can sit."""

GROWTH = 1.6
"""By which factor its width may change meanwhile."""


@dataclass(slots=True)
class _Person:
    track: int
    box: Box
    t_ms: int
    moment: int


@dataclass(slots=True)
class _Running:
    """What the fold remembers of the past: everything follows from the samples it has seen."""

    shot: int = 0
    look: bytes = b""
    differences: deque[float] = field(default_factory=lambda: deque(maxlen=MEMORY))
    people: list[_Person] = field(default_factory=list)


def fold(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Yield the samples, in time order, with shot and track set.

    Each depends on earlier samples only: feeding the stored ones again and then new ones continues as if never stopped.
    """
    past, numbers = _Running(), count()
    for moment, sample in enumerate(samples):
        if _is_cut(past, sample.look):
            past = _Running(shot=past.shot + 1)
        past.look = sample.look
        faces = _link(past, sample, moment, numbers)
        yield replace(sample, shot=past.shot, faces=faces)


def _is_cut(past: _Running, look: bytes) -> bool:
    if not past.look or not look:
        return False
    difference = pixels.difference(past.look, look)
    usual = float(np.mean(past.differences)) if past.differences else 0.0
    past.differences.append(difference)
    return difference > max(CUT_DIFFERENCE, CUT_RATIO * usual)


def _link(past: _Running, sample: Sample, moment: int, numbers: Iterator[int]) -> tuple[Face, ...]:
    """Give every face the track of the nearest person of the running shot, or a new one."""
    past.people = [one for one in past.people if moment - one.moment <= 1 or sample.t_ms - one.t_ms <= GAP_MS]
    known = _nearest(past.people, [face.found.box for face in sample.faces])
    linked = []
    for index, face in enumerate(sample.faces):
        person = known.get(index) or _Person(next(numbers), face.found.box, sample.t_ms, moment)
        if index not in known:
            past.people.append(person)
        person.box, person.t_ms, person.moment = face.found.box, sample.t_ms, moment
        linked.append(replace(face, track=person.track))
    return tuple(linked)


def _nearest(people: Sequence[_Person], boxes: Sequence[Box]) -> dict[int, _Person]:
    """Return box index → person, the nearest pairs first, each used once."""
    pairs = (
        (_distance(person.box, box), i, p) for (p, person), (i, box) in product(enumerate(people), enumerate(boxes))
    )
    known: dict[int, _Person] = {}
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
