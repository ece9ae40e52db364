"""Peaks of known truth: scenes are read as films are, and each peak's evidence is kept beside what was shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bench.scene_pictures import film, frame
from bench.scenes import Plant, Scene, scenes
from core import closer
from core.closer import Closer
from core.doubt_evidence import Evidence, evidence
from core.model import EMOTIONS, Peak, Read, Timeline
from core.peaks import sightings

WINDOW = 3
"""Moments on either side that the plain Hampel filter looks at: seven in all, its usual width."""


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
        seen = sightings(self.film.timeline, reader)[peak.track]
        at = next(place for place, one in enumerate(seen) if one.t_ms == peak.apex_ms)
        around = seen[max(0, at - WINDOW) : at + WINDOW + 1]
        heights = np.array([one.scores(reader)[EMOTIONS.index(peak.emotion)] for one in around])
        off = abs(peak.height - np.median(heights))
        return float(off / max(1.4826 * np.median(abs(heights - np.median(heights))), 1e-6))

    def without_second(self) -> Case:
        """The same peak where no other reader was asked."""
        return Case(self.film, replace(self.evidence, second=None))

    def with_closer(self, again: Closer) -> Case:
        """The same peak after a closer look."""
        return Case(self.film, replace(self.evidence, closer=again))


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
        yield Film(number + 100_000 * planted, scene, film(images, scene, readers))


def cases(some: Film, reader: str) -> Iterator[Case]:
    """Yield every peak of a reader, not yet looked at closely."""
    return (Case(some, one) for one in evidence(some.timeline, reader))


def look(images: NDArray[np.uint8], case: Case, read: Read) -> Closer:
    """Decode the frames around a peak and read them again, as the job does."""
    peak: Peak = case.evidence.peak
    scene, shot = case.film.scene, case.film.scene.shots[peak.track]
    wanted = {peak.apex_ms + offset for offset in (0, *closer.OFFSETS_MS)}
    times = sorted(t_ms for t_ms in wanted if shot.start_ms <= t_ms < shot.end_ms)
    seen = sightings(case.film.timeline, case.evidence.reader)[peak.track]
    faces = [(one.t_ms, one.face.found) for one in seen]
    return closer.look([frame(images, scene, shot, t_ms) for t_ms in times], faces, peak, read)
