"""Who is who: shots begin at hard cuts, and inside a shot a face is followed from moment to moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, product

from core.model import Box, Face, Sample
from core.reading.cuts import CutFinder

GAP_MS = 1000
"""A person unseen for longer is a new track, unless the samples themselves lie further apart."""

REACH = 0.8
"""How far a face may move between two sightings, in its own widths: nearer than any neighbour can sit."""

STRIDE = 1.5
"""How far a moving face is expected from where it was seen last, at most, in its own widths."""

GROWTH = 1.6
"""By which factor its width may change meanwhile."""


@dataclass(slots=True)
class _Sighting:
    track: int
    box: Box
    t_ms: int
    moment: int
    speed: complex = 0j
    """px per ms, across and down, between the last two sightings."""

    def expected_shift(self, t_ms: int) -> complex:
        """Return how far it has moved by then if it goes on as it did, px."""
        shift, most = self.speed * (t_ms - self.t_ms), STRIDE * self.box.width
        return shift if abs(shift) <= most else shift * most / abs(shift)

    def see(self, box: Box, t_ms: int, moment: int) -> None:
        """Note where it is now."""
        if t_ms > self.t_ms:
            self.speed = (_middle(box) - _middle(self.box)) / (t_ms - self.t_ms)
        self.box, self.t_ms, self.moment = box, t_ms, moment


@dataclass(slots=True)
class _Past:
    """What the fold remembers of the past: everything follows from the samples it has seen."""

    shot: int = 0
    cuts: CutFinder = field(default_factory=CutFinder)
    people: list[_Sighting] = field(default_factory=list)


def assign_tracks(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Yield the samples, in time order, with shot and track set.

    Each depends on earlier samples only: feeding the stored ones again and then new ones continues as if never stopped.
    """
    past, numbers = _Past(), count()
    for moment, sample in enumerate(samples):
        if past.cuts.begins_shot(sample):
            past.shot, past.people = past.shot + 1, []
        faces = _link_faces(past, sample, moment, numbers)
        yield replace(sample, shot=past.shot, faces=faces)


def _link_faces(past: _Past, sample: Sample, moment: int, numbers: Iterator[int]) -> tuple[Face, ...]:
    """Give every face the track of the nearest person of the running shot, or a new one."""
    past.people = [one for one in past.people if moment - one.moment <= 1 or sample.t_ms - one.t_ms <= GAP_MS]
    known = _match_nearest(past.people, [face.found.box for face in sample.faces], sample.t_ms)
    linked = []
    for index, face in enumerate(sample.faces):
        person = known.get(index) or _Sighting(next(numbers), face.found.box, sample.t_ms, moment)
        if index not in known:
            past.people.append(person)
        person.see(face.found.box, sample.t_ms, moment)
        linked.append(replace(face, track=person.track))
    return tuple(linked)


def _match_nearest(people: Sequence[_Sighting], boxes: Sequence[Box], t_ms: int) -> dict[int, _Sighting]:
    """Return box index → person, the nearest pairs first, each used once.

    Near is what lies where a person was seen last or is expected by now; who is nearest is told by where they are
    expected, so that people who pass each other keep their tracks.
    """
    pairs = []
    for (p, person), (i, box) in product(enumerate(people), enumerate(boxes)):
        seen = _distance(person.box, box)
        expected = _distance(person.box, box, person.expected_shift(t_ms))
        if min(seen, expected) <= REACH:
            pairs.append((expected, i, p))
    known: dict[int, _Sighting] = {}
    taken: set[int] = set()
    for _, index, who in sorted(pairs):
        if index not in known and who not in taken:
            known[index] = people[who]
            taken.add(who)
    return known


def _distance(one: Box, other: Box, shift: complex = 0j) -> float:
    """Return how far two boxes' middles lie apart in widths of a face; infinite where the sizes do not fit.

    The first one is taken as moved by ``shift`` px.
    """
    width, wider = sorted((max(one.width, 1), max(other.width, 1)))
    if wider > GROWTH * width:
        return float("inf")
    return abs(_middle(one) + shift - _middle(other)) / wider


def _middle(box: Box) -> complex:
    return complex(box.left + box.right, box.top + box.bottom) / 2
