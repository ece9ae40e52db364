"""Where a person's curve of an emotion stands out: the peaks that a viewer would ask about."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from core.model import EMOTIONS, Face, Peak, Scores, Timeline

LEAST_HEIGHT = 0.25
"""A score below is no peak even on top: with seven emotions nobody sees it on the chart."""

RAISED_HEIGHT = 0.4
"""An emotion that is not on top still makes a peak from here on: two that share the face are both seen…"""

RAISED_BY = 0.3
"""…if this is so much above its usual score on the same track."""

DIP = 0.5
"""One sighting between two runs is bridged when it keeps this share of the lower one's height: the curve dips there,
it does not end."""


class Sighting(NamedTuple):
    """One person at one moment."""

    t_ms: int
    next_ms: int
    """When the next moment of the timeline is, with or without this person."""
    face: Face

    def scores(self, reader: str) -> Scores:
        """What ``reader`` said."""
        return self.face.readings[reader].scores


Run = Sequence[Sighting]
"""Consecutive sightings of one track."""


class Track(NamedTuple):
    """All sightings of one track, and what is the same for each of its peaks: worked out once, however long it is."""

    seen: Run
    times: Sequence[int]
    """Of the sightings, ms."""
    tops: Counter[str]
    """Emotion → at how many of them it is on top."""
    confidence: float
    """Median of the finder's."""

    @classmethod
    def from_sightings(cls, seen: Run, reader: str) -> Track:
        """Takes together what ``reader`` has read of one track, in time order."""
        tops = Counter(one.scores(reader).top for one in seen)
        return cls(seen, [one.t_ms for one in seen], tops, median(one.face.found.confidence for one in seen))

    def sightings_inside(self, start_ms: int, end_ms: int) -> Run:
        """Returns the sightings at ``start_ms`` ≤ t < ``end_ms``."""
        return self.seen[bisect_left(self.times, start_ms) : bisect_left(self.times, end_ms)]

    def sightings_around(self, start_ms: int, end_ms: int, reach_ms: int) -> Run:
        """Returns the sightings before and after a stretch, so far away at most; the very next moments at any distance.

        Moments of a long step, or of one that is skimmed, lie now nearer, now further.
        """
        first, end = bisect_left(self.times, start_ms), bisect_left(self.times, end_ms)
        before = bisect_left(self.times, start_ms - reach_ms)
        after = bisect_left(self.times, end_ms + reach_ms + 1)
        before -= before == first > 0 and self.seen[first - 1].next_ms == start_ms
        return [*self.seen[before:first], *self.seen[end:after]]


def sightings_by_track(timeline: Timeline, reader: str) -> dict[int, tuple[Sighting, ...]]:
    """Returns every track's sightings that ``reader`` has read, in time order; faces without a track are left out."""
    ends = [sample.t_ms for sample in timeline.samples[1:]]
    ends += [sample.t_ms + timeline.step_ms for sample in timeline.samples[-1:]]
    seen: dict[int, list[Sighting]] = {}
    for sample, next_ms in zip(timeline.samples, ends, strict=True):
        for face in sample.faces:
            if face.track is not None and reader in face.readings:
                seen.setdefault(face.track, []).append(Sighting(sample.t_ms, next_ms, face))
    return {track: tuple(run) for track, run in seen.items()}


def find_peaks(timeline: Timeline, reader: str) -> tuple[Peak, ...]:
    """Returns the peaks of every person and emotion but neutral, in time order; a held emotion is one long peak."""
    found = (
        peak
        for track, seen in sightings_by_track(timeline, reader).items()
        for peak in find_track_peaks(track, seen, reader)
    )
    return tuple(sorted(found, key=lambda peak: (peak.start_ms, peak.track, peak.emotion)))


def find_track_peaks(track: int, seen: Run, reader: str) -> Iterator[Peak]:
    """Yields one person's peaks."""
    distributions = [sighting.scores(reader) for sighting in seen]
    for place, emotion in enumerate(EMOTIONS):
        if emotion == "neutral":
            continue
        heights = [scores[place] for scores in distributions]
        usual = median(heights)
        inside = [_stands_out(scores, place, usual) for scores in distributions]
        for first, last in _find_runs(inside, heights):
            apex = max(range(first, last + 1), key=heights.__getitem__)
            if heights[apex] >= LEAST_HEIGHT:
                times = seen[first].t_ms, seen[last].next_ms, seen[apex].t_ms
                yield Peak(track, emotion, *times, heights[apex])


def _stands_out(scores: Scores, place: int, usual: float) -> bool:
    """Whether a moment belongs to a peak: the emotion is on top, or nearly as high and far above its usual score."""
    height = scores[place]
    return height >= max(scores) or height >= max(RAISED_HEIGHT, usual + RAISED_BY)


def _find_runs(inside: Sequence[bool], heights: Sequence[float]) -> list[tuple[int, int]]:
    """Returns first and last index of every run, those parted by a mere dip joined."""
    spans = []
    for stands, group in groupby(range(len(inside)), key=inside.__getitem__):
        if stands:
            places = list(group)
            spans.append((places[0], places[-1]))
    joined = spans[:1]
    for (_, end), (start, last) in pairwise(spans):
        before = joined[-1]
        lower = min(max(heights[before[0] : end + 1]), max(heights[start : last + 1]))
        if start - end == 2 and heights[end + 1] >= DIP * lower:
            joined[-1] = before[0], last
        else:
            joined.append((start, last))
    return joined
