"""What annotation files and annotated pictures say: a scene's peaks as notes, and where its faces are in between."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.doubt import verdicts
from core.doubt.limits import LIMITS
from core.faces import region
from core.language import write_reason
from core.model import Box, Face, Person, Sample, Suspect, Timeline, Verdict

STEPS_HELD = 2.5
"""Moments further apart than so many steps are not joined: between them nobody looked."""


@dataclass(frozen=True, slots=True)
class Note:
    """One peak of one reader, with what is doubted and what was decided about it."""

    reader: str
    who: str
    emotion: str
    start_ms: int
    end_ms: int
    height: float
    """The score at its highest moment, 0–1."""
    doubt: float
    reasons: tuple[str, ...]
    dropped: bool | None
    """What was decided; None while nobody did."""

    @property
    def suspect(self) -> bool:
        """Whether it is open to doubt, or was dropped."""
        return bool(self.dropped) or (self.dropped is None and self.doubt >= LIMITS.suspect)

    @property
    def doubt_line(self) -> str:
        """The doubt in a line: ``doubt 0.93: lasts 0.2 s | the readers disagree (dropped)``."""
        why = f": {' | '.join(self.reasons)}" if self.reasons else ""
        decided = {True: " (dropped)", False: " (kept)", None: ""}[self.dropped]
        return f"doubt {self.doubt:.2f}{why}{decided}"


def peak_notes(
    suspects: Mapping[str, Iterable[Suspect]], decided: Sequence[Verdict], people: Sequence[Person]
) -> tuple[Note, ...]:
    """Every reader's peaks in time order; ``suspects`` are all peaks by reader."""
    who = _person_names(people)
    made = [
        Note(
            reader,
            who(one.peak.track, one.peak.apex_ms),
            one.peak.emotion,
            one.peak.start_ms,
            one.peak.end_ms,
            one.peak.height,
            one.doubt,
            tuple(write_reason(reason) for reason in one.reasons),
            found.dropped if (found := verdicts.find_verdict(decided, reader, one.peak)) else None,
        )
        for reader, every in suspects.items()
        for one in every
    ]
    return tuple(sorted(made, key=lambda note: (note.start_ms, note.end_ms, note.reader, note.who, note.emotion)))


def _person_names(people: Sequence[Person]) -> Callable[[int, int], str]:
    """A function from a track and a time, ms, to the name of whose face that is."""
    whole = {part: person.name for person in people for part in person.who if isinstance(part, int)}
    parts = [(part, person.name) for person in people for part in person.parts]

    def name(track: int, t_ms: int) -> str:
        shared = (name for part, name in parts if part.track == track and part.covers(t_ms))
        return next(shared, whole.get(track, f"Track {track}"))

    return name


class FaceFollower:
    """Where a scene's faces are at any time: at the moments as they were found, in between on the straight way."""

    def __init__(self, timeline: Timeline) -> None:
        self._times = [sample.t_ms for sample in timeline.samples]
        self._samples, self._step_ms = timeline.samples, max(timeline.step_ms, 1)

    def faces(self, t_ms: float) -> tuple[Face, ...]:
        """The faces at a time, ms, each as the moment before it says, its box on the way to where the next one is.

        A face is shown for half a step before and after where its neighbours do not have it; none crosses a cut.
        """
        place = bisect_right(self._times, t_ms) - 1
        if place < 0:
            return ()
        before = self._samples[place]
        after = self._samples[place + 1] if place + 1 < len(self._samples) else None
        if after is None or after.shot != before.shot or after.t_ms - before.t_ms > STEPS_HELD * self._step_ms:
            return before.faces if t_ms - before.t_ms <= self._step_ms / 2 else ()
        return self._moving(before, after, t_ms)

    @staticmethod
    def _moving(before: Sample, after: Sample, t_ms: float) -> tuple[Face, ...]:
        share = (t_ms - before.t_ms) / (after.t_ms - before.t_ms)
        there = {face.track: face for face in after.faces if face.track is not None}
        here = {face.track for face in before.faces if face.track is not None}
        stay = [_face_between(face, there[face.track], share) for face in before.faces if face.track in there]
        if share < 0.5:
            return (*stay, *(face for face in before.faces if face.track not in there))
        return (*stay, *(face for face in after.faces if face.track not in here))


def _face_between(face: Face, later: Face, share: float) -> Face:
    sides = zip(face.found.box, later.found.box, strict=True)
    box = Box(*(round(one + (other - one) * share) for one, other in sides))
    said = later if share >= 0.5 else face
    return replace(said, found=replace(said.found, box=box))


def scale_face(face: Face, share: float) -> Face:
    """Returns the face as it lies in a picture ``share`` times as wide as the source."""
    return replace(face, found=region.scale_face(face.found, share))
