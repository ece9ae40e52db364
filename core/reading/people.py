"""Who is who across shots: tracks gathered into people by what a viewer decided, and how one decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from core.errors import SettingError
from core.model import Gathering, Person, Span, Timeline, Who

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_NAME = 80
"""Signs of a name that are kept."""

_Owned = dict[int, list[tuple[int, int, int]]]
"""Track → its pieces in time order: first ms, the ms after the last, person."""


def track_spans(timeline: Timeline) -> tuple[Span, ...]:
    """Returns from when to when each track is seen, in order of appearance; the end is just after its last moment."""
    seen: dict[int, Span] = {}
    for sample in timeline.samples:
        for face in sample.faces:
            if face.track is not None:
                first_ms = seen[face.track].start_ms if face.track in seen else sample.t_ms
                seen[face.track] = Span(face.track, first_ms, sample.t_ms + 1)
    return sort_spans(seen.values())


def sort_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Returns spans in order of appearance."""
    return tuple(sorted(spans, key=lambda span: (span.start_ms, span.track, span.end_ms)))


def list_people(seen: Sequence[Span], decided: Iterable[Gathering] = ()) -> tuple[Person, ...]:
    """Returns the people of a scene, in order of appearance.

    ``seen`` are its tracks, as :func:`tracks` gives them, and ``decided`` what a viewer decided, the oldest first. A
    track that nobody decided on is a person; what is decided about tracks that are not there says nothing.
    """
    owned: _Owned = {span.track: [(span.start_ms, span.end_ms, span.track)] for span in seen}
    names = {span.track: f"Person {number}" for number, span in enumerate(seen, 1)}
    given: dict[int, str] = {}
    for one in decided:
        for part in one.parts:
            _give_part(owned, part, one.person)
        if one.kind == "name" or one.name:
            given[one.person] = one.name
    theirs: dict[int, list[Span]] = {}
    for track, pieces in owned.items():
        for start_ms, end_ms, person in pieces:
            theirs.setdefault(person, []).append(Span(track, start_ms, end_ms))
    found = [(sort_spans(spans), person) for person, spans in theirs.items()]
    found.sort(key=lambda each: (each[0][0].start_ms, each[0][0].track))
    whole = frozenset(seen)
    return tuple(
        Person(
            person,
            given.get(person) or names.get(person) or f"Person {len(seen) - person}",
            tuple(dict.fromkeys(span.track for span in spans)),
            tuple(span for span in spans if span not in whole),
        )
        for spans, person in found
    )


def _give_part(owned: _Owned, part: int | Span, person: int) -> None:
    """Has a track, or a stretch of it, be a person's; neighbouring pieces of one person become one."""
    track = part if isinstance(part, int) else part.track
    if not (pieces := owned.get(track)):
        return
    start_ms, end_ms = (pieces[0][0], pieces[-1][1]) if isinstance(part, int) else part[1:]
    owned[track] = []
    for first, end, whose in pieces:
        before, after = (first, min(end, start_ms), whose), (max(first, end_ms), end, whose)
        for low, high, owner in (before, (max(first, start_ms), min(end, end_ms), person), after):
            if low < high:
                joins = owned[track] and owned[track][-1][2] == owner
                owned[track].append((owned[track].pop()[0] if joins else low, high, owner))


def name_person(found: Sequence[Person], person: int, name: str) -> Gathering:
    """Returns the decision that somebody bears a name; an empty one takes theirs away."""
    return Gathering("name", _find_person(found, person).id, " ".join(name.split())[:LONGEST_NAME])


def merge_people(found: Sequence[Person], ids: Iterable[int], called: Collection[int] = ()) -> Gathering:
    """Returns the decision that several people are one: the first of them on screen takes the others in.

    ``called`` are those whom a viewer gave a name (:func:`ids_with_names`); the first such name is kept.
    """
    wanted = {_find_person(found, person).id for person in ids}
    if len(wanted) < 2:
        raise SettingError("One person alone cannot be merged. Choose two or more.")
    first, *others = (person for person in found if person.id in wanted)
    names = [person.name for person in (first, *others) if person.id in called]
    return Gathering("merge", first.id, next(iter(names), ""), tuple(part for one in others for part in one.who))


def ids_with_names(decided: Iterable[Gathering]) -> frozenset[int]:
    """Returns those whom a viewer gave a name."""
    names = {one.person: one.name for one in decided if one.kind == "name" or one.name}
    return frozenset(person for person, name in names.items() if name)


def split_person(seen: Sequence[Span], found: Sequence[Person], person: int, parts: Sequence[int | Span]) -> Gathering:
    """Returns the decision that tracks, or stretches of tracks, of a person are somebody else's.

    Who begins with them bears the number of the first of the tracks, or, where that is taken, a new one below 0.
    SettingError unless something of the person is split off and something stays.
    """
    whose = _find_person(found, person)
    own, off = stretches(seen, whose), set(intersect_spans(seen, whose, parts))
    if not off:
        raise SettingError(f"{whose.name} has nothing there that could be split off. Choose one of their stretches.")
    if off == set(own):
        raise SettingError(f"Nothing of {whose.name} would be left. Leave at least one of their stretches.")
    taken = {one.id for one in found}
    ids = [span.track for span in sort_spans(off) if span.track not in taken]
    whole = set(seen)  # a whole track goes as its number: it may go on when more is read
    given = tuple(span.track if span in whole else span for span in sort_spans(off))
    return Gathering("split", ids[0] if ids else min(-1, min(taken) - 1), "", given)


def stretches(seen: Sequence[Span], person: Person) -> tuple[Span, ...]:
    """Returns from when to when a person is seen on each of their tracks, in order of appearance."""
    extents = {span.track: span for span in seen}
    return sort_spans(extents[part] if isinstance(part, int) else part for part in person.who)


def first_meeting_ms(seen: Sequence[Span], one: Person, other: Person) -> int | None:
    """Returns when two people are first on screen at once (ms), as one person never is; None when they never are."""
    pairs = ((mine, theirs) for mine in stretches(seen, one) for theirs in stretches(seen, other))
    meets = (max(mine.start_ms, theirs.start_ms) for mine, theirs in pairs if mine.overlap_ms(theirs))
    return min(meets, default=None)


def intersect_spans(seen: Sequence[Span], person: Person, parts: Iterable[int | Span]) -> Iterator[Span]:
    """Yields what of the given tracks and stretches is the person's."""
    for own in stretches(seen, person):
        for part in parts:
            if isinstance(part, int):
                if part == own.track:
                    yield own
            elif part.track == own.track and own.overlap_ms(part):
                yield Span(own.track, max(own.start_ms, part.start_ms), min(own.end_ms, part.end_ms))


def _find_person(found: Iterable[Person], person: int) -> Person:
    for one in found:
        if one.id == person:
            return one
    raise SettingError(f"Nobody here has the number {person} (any more). Choose somebody who is there.")


def owner_lookup(found: Iterable[Person]) -> Callable[[int | None, int], Person | None]:
    """Returns what tells of a face's track and moment (ms) who it is."""
    whole: dict[int | None, Person] = {}
    shared: dict[int | None, list[tuple[Span, Person]]] = {}
    for person in found:
        for part in person.who:
            if isinstance(part, int):
                whole[part] = person
            else:
                shared.setdefault(part.track, []).append((part, person))

    def find(track: int | None, t_ms: int) -> Person | None:
        if track in whole or track not in shared:
            return whole.get(track)
        return next((whose for part, whose in shared[track] if part.covers(t_ms)), None)

    return find


def face_filter(who: Who) -> Callable[[int | None, int], bool]:
    """Returns what tells of a face's track and moment (ms) whether it is one of ``who``; each is of None."""
    if who is None:
        return lambda track, t_ms: True
    whole, parts = _split_parts(who)
    return lambda track, t_ms: track in whole or any(part.track == track and part.covers(t_ms) for part in parts)


def face_mask(who: Who, track: NDArray[np.int64], t_ms: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Returns which of the faces, by their tracks and moments (ms), are of ``who``: (n,), (n,) → (n,)."""
    import numpy as np

    if who is None:
        return np.ones(len(track), bool)
    whole, parts = _split_parts(who)
    found = np.isin(track, list(whole))
    for part in parts:
        found |= (track == part.track) & (t_ms >= part.start_ms) & (t_ms < part.end_ms)
    return found


def _split_parts(who: int | Collection[int | Span]) -> tuple[frozenset[int], tuple[Span, ...]]:
    """Returns whole tracks and stretches of tracks."""
    each = (who,) if isinstance(who, int) else who
    return frozenset(one for one in each if not isinstance(one, Span)), tuple(
        one for one in each if isinstance(one, Span)
    )
