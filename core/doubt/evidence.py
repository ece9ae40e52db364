"""What is known about a peak besides its score: its neighbours, the other readers, the picture, the closer look."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean, median

from core.doubt.peaks import Run, Sighting, Track, find_track_peaks, sightings_by_track
from core.model import EMOTIONS, Face, Landmarks, Peak, Scores, Timeline
from core.reading.closer_look import CloserLook, Key, log_lead, peak_key
from core.sampling import view_scale

Looks = Mapping[str, Mapping[Key, CloserLook]]
"""Reader → its closer looks at peaks, its own and others'."""

FLOOR = 0.01
"""Scores are held this far from 0 and 1 before they become logits: fer rounds to 0.01, and below nothing is known."""

NEIGHBOURS_MS = 5000
"""How far before and after a peak its neighbours are taken from: a person's usual face, not another mood's."""

SIDES_MS = 1000
"""How far "just before" and "just after" a peak reach: what a face shows on both sides it does not leave for long."""

LEAST_MOUTHS = 6
"""With fewer sightings a track has no usual mouth."""

LONGEST_MOMENT_MS = 1000
"""A moment stands for no more time than this: what lies between moments further apart nobody has looked at."""

Cut = tuple[int, int]  # the last moment before it and the first one after it, ms
LEAST_NEIGHBOURS = 3
"""With fewer of them there is no usual face to stand out from."""

MAD_FLOOR = 0.5
"""Least spread of the neighbours, in logits: readers waver by so much over a face that does not change, and a flat
series would make an outlier of everything."""

MEMBERS = 5
"""Most members that an ensemble is thought to have: of n values none is further from their mean than their deviation
times √(n − 1) (Samuelson), so that "all members agree" can be told from mean and deviation alone."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another reader says of the same peak."""

    name: str
    scores: Scores
    """Its mean over the peak's moments."""
    unanimous: bool
    """Whether all members of that ensemble have the same emotion on top; False where it has no members."""
    look: CloserLook | None = None
    """Its own closer look at the peak."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the rules look at."""

    peak: Peak
    reader: str
    scores: Scores
    """The reader's distribution at the apex."""
    mean: float
    """Its mean score of the emotion over the peak's moments, 0–1."""
    lead: float
    """Mean over the peak's moments of the logarithm of emotion to best other emotion."""
    sightings: int
    """Moments of the track."""
    saying: int
    """How many of them have the emotion on top."""
    moments: int
    """Moments of the peak."""
    step_ms: int
    neighbours: int
    """Moments of the same track around the peak."""
    distance: float
    """Robust distance of the apex from the neighbours: logits above their median, in their spreads."""
    usual: float
    """The neighbours' median score, 0–1; the apex's own where there are none."""
    between: Scores
    """Emotion by emotion the lower of its mean scores just before and just after the peak: what is shown on both sides
    of it; all 0 where one side is not seen."""
    spread: float | None
    """Standard deviation of the ensemble's members for the emotion, mean over the peak; None without members."""
    split: bool | None
    """Whether members may disagree about what is on top at the apex; None without members."""
    second: SecondOpinion | None
    closer: CloserLook | None
    width_px: int
    sharpness: float
    confidence: float
    usual_confidence: float
    """Median of the finder's confidence over the track."""
    turned: float
    """How far the nose is off the middle of the eyes, in eye distances; 0 faces the camera, unknown is 0."""
    at_edge: bool
    """Whether the face is cut by the picture's edge; False where the picture's size is not known."""
    to_cut_ms: int
    """Time from the apex to the nearest cut."""
    nose_low: float | None = None
    """Where the nose lies between eyes (0) and mouth (1), mean over the peak's moments; None without landmarks."""
    mouth_wider: float | None = None
    """How much wider the mouth is than usual on the track, in eye distances, mean over the peak; None where unknown."""
    shown_s: float = 0.0
    """Seconds for which the emotion is shown in the peak and ``NEIGHBOURS_MS`` around it: moments by their score."""

    @property
    def length_ms(self) -> int:
        """How long it may last: a step at least, nobody looked at what lies between moments."""
        return max(self.peak.span.length_ms, self.step_ms)


def gather_evidence(
    timeline: Timeline,
    reader: str,
    closer: Mapping[Key, CloserLook] | None = None,
    size: tuple[int, int] | None = None,
    others: Looks | None = None,
) -> Iterator[Evidence]:
    """Yields what is known about every peak of a reader.

    ``closer`` holds its own closer looks, ``others`` those of the other readers at the same peaks; ``size`` is the
    picture's width and height in px.
    """
    cuts = [(last.t_ms, first.t_ms) for last, first in pairwise(timeline.samples) if first.shot != last.shot]
    for track, seen in sightings_by_track(timeline, reader).items():
        sightings, mouth = Track.from_sightings(seen, reader), _usual_mouth(seen)
        for peak in find_track_peaks(track, seen, reader):
            one = _gather_peak(peak, sightings, reader, timeline.step_ms, cuts, size, mouth)
            yield replace(
                one, closer=(closer or {}).get(peak_key(peak)), second=_looked(one.second, peak, others or {})
            )


def _looked(second: SecondOpinion | None, peak: Peak, others: Looks) -> SecondOpinion | None:
    return second and replace(second, look=others.get(second.name, {}).get(peak_key(peak)))


def _gather_peak(
    peak: Peak,
    track: Track,
    reader: str,
    step_ms: int,
    cuts: Sequence[Cut],
    size: tuple[int, int] | None,
    usual_mouth: float | None,
) -> Evidence:
    place = EMOTIONS.index(peak.emotion)
    inside = track.sightings_inside(peak.start_ms, peak.end_ms)
    around = track.sightings_around(peak.start_ms, peak.end_ms, NEIGHBOURS_MS)
    apex = next(one for one in inside if one.t_ms == peak.apex_ms)
    usual = [one.scores(reader)[place] for one in around]
    face = apex.face
    return Evidence(
        peak=peak,
        reader=reader,
        scores=apex.scores(reader),
        mean=fmean(one.scores(reader)[place] for one in inside),
        lead=fmean(log_lead(one.scores(reader), place) for one in inside),
        sightings=len(track.seen),
        saying=track.tops[peak.emotion],
        moments=len(inside),
        step_ms=step_ms,
        neighbours=len(around),
        distance=_distance(peak.height, usual),
        usual=median(usual) if usual else peak.height,
        between=_scores_on_both_sides(peak, around, reader, SIDES_MS),
        spread=_spread(inside, reader, place),
        split=_members_may_differ(face, reader),
        second=_ask_second(inside, reader),
        closer=None,
        width_px=round(face.found.box.width / view_scale(size)) if size else face.found.box.width,
        sharpness=face.sharpness,
        confidence=face.found.confidence,
        usual_confidence=track.confidence,
        turned=_nose_offset(face),
        at_edge=_touches_edge(face, size),
        to_cut_ms=_time_to_cut(peak, cuts),
        nose_low=_nose_height([one.face for one in inside]),
        mouth_wider=None if usual_mouth is None or not (mouths := _mouths(inside)) else fmean(mouths) - usual_mouth,
        shown_s=sum(one.scores(reader)[place] * _seconds(one) for one in (*inside, *around)),
    )


def logit(score: float) -> float:
    """Returns a score's logit, finite: at most ±4.6."""
    held = min(max(score, FLOOR), 1 - FLOOR)
    return math.log(held / (1 - held))


def _distance(height: float, usual: Sequence[float]) -> float:
    """Returns Hampel's distance on the logit scale, the neighbours' spread held from below; 0 with too few of them."""
    if len(usual) < LEAST_NEIGHBOURS:
        return 0.0
    logits = [logit(score) for score in usual]
    middle = median(logits)
    spread = 1.4826 * median(abs(each - middle) for each in logits)
    return (logit(height) - middle) / max(spread, MAD_FLOOR)


def _scores_on_both_sides(peak: Peak, around: Run, reader: str, reach_ms: int) -> Scores:
    beside = [one for one in around if one.next_ms == peak.start_ms or 0 < peak.start_ms - one.t_ms <= reach_ms]
    before = [one.scores(reader) for one in beside]
    after = [one.scores(reader) for one in around if 0 <= one.t_ms - peak.end_ms < reach_ms]
    if not before or not after:
        return Scores()
    sides = zip(zip(*before, strict=True), zip(*after, strict=True), strict=True)
    return Scores(*(min(fmean(left), fmean(right)) for left, right in sides))


def _spread(inside: Run, reader: str, place: int) -> float | None:
    spreads = [one.face.readings[reader].spread for one in inside]
    known = [spread[place] for spread in spreads if spread is not None]
    return fmean(known) if known else None


def _members_may_differ(face: Face, reader: str) -> bool | None:
    spread = face.readings[reader].spread
    return None if spread is None else not _members_agree(face.readings[reader].scores, spread)


def _members_agree(scores: Scores, spread: Scores) -> bool:
    """Whether every member must have the same emotion on top, whatever the members said one by one."""
    reach = math.sqrt(MEMBERS - 1)
    top = EMOTIONS.index(scores.top)
    least = scores[top] - reach * spread[top]
    return all(least > scores[at] + reach * spread[at] for at in range(len(EMOTIONS)) if at != top)


def _ask_second(inside: Run, reader: str) -> SecondOpinion | None:
    """Returns the first other reader's opinion: readers are stored in order of preference."""
    name = next((other for other in inside[0].face.readings if other != reader), None)
    shared = [one for one in inside if name in one.face.readings]
    if name is None or not shared:
        return None
    scores = Scores(*(fmean(column) for column in zip(*(one.scores(name) for one in shared), strict=True)))
    return SecondOpinion(name, scores, _members_agree_throughout(shared, name))


def _members_agree_throughout(inside: Run, name: str) -> bool:
    """Whether at every moment of the peak all members of the second reader agree on one and the same emotion."""
    readings = [one.face.readings[name] for one in inside]
    agreed = all(reading.spread and _members_agree(reading.scores, reading.spread) for reading in readings)
    return agreed and len({reading.scores.top for reading in readings}) == 1


def _nose_offset(face: Face) -> float:
    points = face.found.landmarks
    if points is None:
        return 0.0
    eyes = complex(*points.right_eye) - complex(*points.left_eye)
    middle = (complex(*points.right_eye) + complex(*points.left_eye)) / 2
    across = (complex(*points.nose) - middle) * eyes.conjugate() / max(abs(eyes), 1e-9)
    return abs(across.real) / max(abs(eyes), 1.0)


def _nose_height(faces: Sequence[Face]) -> float | None:
    known = [_nose_between(points) for face in faces if (points := face.found.landmarks) is not None]
    return fmean(known) if known else None


def _nose_between(points: Landmarks) -> float:
    """Returns where the nose lies on the way from the eyes' middle (0) to the mouth's (1), the head tilted or not."""
    eyes = (complex(*points.left_eye) + complex(*points.right_eye)) / 2
    mouth = (complex(*points.mouth_left) + complex(*points.mouth_right)) / 2
    down = complex(*points.right_eye) - complex(*points.left_eye)
    down = 1j * down / max(abs(down), 1e-9)
    nose = ((complex(*points.nose) - eyes) * down.conjugate()).real
    return nose / max(((mouth - eyes) * down.conjugate()).real, 1.0)


def _mouths(run: Run) -> list[float]:
    """Returns how wide the mouth is, in eye distances, where landmarks are known."""
    found = [one.face.found.landmarks for one in run]
    return [
        math.dist(points.mouth_left, points.mouth_right) / max(math.dist(points.left_eye, points.right_eye), 1.0)
        for points in found
        if points is not None
    ]


def _usual_mouth(seen: Run) -> float | None:
    mouths = _mouths(seen)
    return median(mouths) if len(mouths) >= LEAST_MOUTHS else None


def _seconds(one: Sighting) -> float:
    return min(one.next_ms - one.t_ms, LONGEST_MOMENT_MS) / 1000


def _touches_edge(face: Face, size: tuple[int, int] | None) -> bool:
    if size is None:
        return False
    box = face.found.box
    return box.left <= 0 or box.top <= 0 or box.right >= size[0] or box.bottom >= size[1]


def _time_to_cut(peak: Peak, cuts: Sequence[Cut]) -> int:
    """Returns the time from a peak's apex to the nearest cut, 0 for the first moment after it and the last before."""
    after = bisect_right(cuts, peak.apex_ms, key=lambda cut: cut[1])
    away_ms = [peak.apex_ms - first_ms for _, first_ms in cuts[max(after - 1, 0) : after]]
    return min([*away_ms, *(last_ms - peak.apex_ms for last_ms, _ in cuts[after : after + 1])], default=NEIGHBOURS_MS)
