"""The closer look: a peak's face read again, its crop moved, scaled and mirrored, and in the frames in between.

The seam. Once a scene's moments are read, ``plan`` says which parts of the video to decode again at full rate, and for
which peaks; whoever has the video calls ``look`` for each of them with the span's frames and the reader that said so.
What it returns is stored per reader, track, emotion and apex_ms (the columns are ``Closer``'s fields; ``again`` as JSON
pairs), and handed to ``doubts.suspects`` as ``{closer.key(peak): Closer}``. A peak without a row is weighed without a
closer look.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from core.faces import pixels
from core.model import EMOTIONS, Box, Crop, Found, Frame, Landmarks, Peak, Point, Read, Scores, Suspect

OFFSETS_MS = (-400, -200, -80, 80, 200, 400)
"""Where around the apex frames are read again: close by for a glitch of a frame or two, and as far as a real smile
lasts on one side at least. With the moved crops it costs about what finding the faces of two moments does."""

REACH_MS = max(OFFSETS_MS)
"""How far before and after the apex frames are wanted."""

SHIFT = 4 / 96
"""How far a crop is moved, as a share of the face: 4 px of a crop, two of the pixels that a network sees. A finder's
own landmarks differ as much from one look to the next."""

ZOOM = 1.08
"""How much a crop is made wider and tighter."""

LEAST_DOUBT = 0.08
"""Peaks that are believed more firmly than this without a closer look are not looked at again."""

MOMENTS_PER_LOOK = 18
"""One peak may be looked at for so many moments read: that keeps the closer look under 20 % of the reading time
(``python -m bench.closer``)."""

TOGETHER_MS = 2000
"""Spans less far apart are decoded in one go: seeking back to a keyframe costs more than the frames between."""


MOUTH = slice(58, 92), slice(22, 74)
"""Rows and columns of a crop in which the mouth lies, with the chin below it."""

MOUTH_BLUR_PX, MOUTH_NOISE = 1.5, 4.0
"""What is blurred away before mouths are compared, and the grey levels by which a flat mouth wavers anyway."""

LEAST_MOUTHS = 4
"""Fewer frames do not tell whether a mouth moves."""


class Move(NamedTuple):
    """Another crop of the same face: moved by shares of its size, scaled, mirrored."""

    right: float = 0.0
    down: float = 0.0
    scale: float = 1.0
    mirrored: bool = False


MOVES = (Move(right=SHIFT), Move(right=-SHIFT), Move(down=SHIFT), Move(scale=ZOOM), Move(scale=1 / ZOOM, mirrored=True))


class Key(NamedTuple):
    """What a closer look belongs to, besides its reader."""

    track: int
    emotion: str
    apex_ms: int


class Part(NamedTuple):
    """A part of the video to decode at full rate, and the peaks to look at in it."""

    start_ms: int
    end_ms: int
    peaks: tuple[Peak, ...]


@dataclass(frozen=True, slots=True)
class CloserLook:
    """What a peak's second look gave."""

    survives_crops: float
    """Share of the moved crops at the apex in which the emotion is still on top, 0–1."""
    crops_score: float
    """Mean score of the emotion in them, 0–1."""
    crops_lead: float
    """Mean logarithm of how many times its score is the best other one's there; below 0 another one leads."""
    survives_ms: int
    """How long the emotion stays on top without a break around the apex, in the frames read."""
    window_ms: int
    """Time between the first and the last frame read: ``survives_ms`` cannot be longer."""
    again_score: float
    """Mean score of the emotion over the frames in between, 0–1."""
    light: float
    """Mean grey of the face at the apex, 0–255: below about 40 it is dark."""
    again: tuple[tuple[int, float], ...] = ()
    """(t_ms, score of the emotion) of every frame read, in time order: the chart of the closer look."""
    mouth_moves: float | None = None
    """How much the mouth changes over those frames, as a share of its contrast; see ``measure_mouth``."""


def peak_key(peak: Peak) -> Key:
    """Returns what a peak's closer look is stored by."""
    return Key(peak.track, peak.emotion, peak.apex_ms)


def plan_spans(suspects: Iterable[Suspect], moments: int) -> tuple[Part, ...]:
    """Returns what to decode for a closer look, in time order: the most open peaks that ``moments`` pay for.

    ``suspects`` are all peaks with what is doubted about them before any closer look, ``moments`` those read in all.
    Those nearest to a doubt of one half come first: what is clear already, a closer look seldom turns.
    """
    worth = sorted((one for one in suspects if one.doubt >= LEAST_DOUBT), key=lambda one: abs(one.doubt - 0.5))
    chosen = [one.peak for one in worth[: math.ceil(moments / MOMENTS_PER_LOOK)]]
    spans: list[Part] = []
    for peak in sorted(chosen, key=lambda peak: peak.apex_ms):
        start_ms, end_ms = max(0, peak.apex_ms - REACH_MS), peak.apex_ms + REACH_MS + 1
        if spans and start_ms - spans[-1].end_ms < TOGETHER_MS:
            spans[-1] = Part(spans[-1].start_ms, end_ms, (*spans[-1].peaks, peak))
        else:
            spans.append(Part(start_ms, end_ms, (peak,)))
    return tuple(spans)


def look_closer(frames: Sequence[Frame], faces: Sequence[tuple[int, Found]], peak: Peak, read: Read) -> CloserLook:
    """Reads a peak again.

    ``frames`` are those of the peak's span, in time order, one of them near the apex; ``faces`` are the times and
    places at which the person was found, in time order. Frames before the first of these or after the last may belong
    to another shot: they are not looked at.
    """
    apex = min(frames, key=lambda frame: abs(frame.t_ms - peak.apex_ms))
    frames = [frame for frame in frames if faces[0][0] <= frame.t_ms <= faces[-1][0]] or [apex]
    there = interpolate_face(faces, apex.t_ms)
    others = _pick_frames(frames, apex)
    crops = [move_crop(apex, there, move) for move in (Move(), *MOVES)]
    crops += [pixels.crop(frame.image, interpolate_face(faces, frame.t_ms)) for frame in others]
    said = [reading.scores for reading in read(crops)]
    shaken, later = said[1 : 1 + len(MOVES)], said[1 + len(MOVES) :]
    place = EMOTIONS.index(peak.emotion)
    moments = sorted([(apex.t_ms, said[0]), *((f.t_ms, s) for f, s in zip(others, later, strict=True))])
    return CloserLook(
        survives_crops=float(np.mean([log_lead(scores, place) > 0 for scores in shaken])),
        crops_score=float(np.mean([scores[place] for scores in shaken])),
        crops_lead=float(np.mean([log_lead(scores, place) for scores in shaken])),
        survives_ms=_time_on_top_ms(moments, place, apex.t_ms),
        window_ms=moments[-1][0] - moments[0][0],
        again_score=float(np.mean([scores[place] for _, scores in moments])),
        light=float(crops[0].mean()),
        again=tuple((t_ms, scores[place]) for t_ms, scores in moments),
        mouth_moves=measure_mouth([crops[0], *crops[1 + len(MOVES) :]]),
    )


def measure_mouth(crops: Sequence[Crop]) -> float | None:
    """Returns how much the mouth differs between crops of one face; None of too few.

    It is the standard deviation of a pixel from crop to crop, mean over the mouth, as a share of that of the mouth's
    grey levels: about 0.15 where a face is held, 0.5 where it speaks or grimaces.
    """
    if len(crops) < LEAST_MOUTHS:
        return None
    greys = [cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32) for crop in crops]
    mouths = np.stack([cv2.GaussianBlur(grey, (0, 0), MOUTH_BLUR_PX)[MOUTH] for grey in greys])
    mouths -= mouths.mean(axis=(1, 2), keepdims=True)
    return float(mouths.std(axis=0).mean() / (mouths.std() + MOUTH_NOISE))


def log_lead(scores: Scores, place: int) -> float:
    """Returns the logarithm of how many times an emotion's score is the best other one's; at most ±7 or so."""
    rest = max(score for other, score in enumerate(scores) if other != place)
    return math.log((scores[place] + 1e-3) / (rest + 1e-3))


def interpolate_face(faces: Sequence[tuple[int, Found]], t_ms: int) -> Found:
    """Returns where a face is at a time, on the straight line between its sightings before and after."""
    before = max((one for one in faces if one[0] <= t_ms), default=faces[0], key=lambda one: one[0])
    after = min((one for one in faces if one[0] >= t_ms), default=faces[-1], key=lambda one: one[0])
    if before[0] >= after[0]:
        return before[1]
    share, one, other = (t_ms - before[0]) / (after[0] - before[0]), before[1], after[1]
    landmarks = None
    if one.landmarks and other.landmarks:
        pairs = zip(one.landmarks, other.landmarks, strict=True)
        landmarks = Landmarks(*(Point(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)) for a, b in pairs))
    edges = (round(a + share * (b - a)) for a, b in zip(one.box, other.box, strict=True))
    return Found(Box(*edges), min(one.confidence, other.confidence), landmarks)


def move_crop(frame: Frame, found: Found, move: Move) -> Crop:
    """Returns the face's crop, its box and landmarks moved and scaled in the source frame's px before it is cut."""
    size = max(found.box.width, found.box.height)
    right, down = move.right * size, move.down * size
    x, y = (found.box.left + found.box.right) / 2, (found.box.top + found.box.bottom) / 2

    def put(point_x: float, point_y: float) -> Point:
        return Point(x + right + (point_x - x) * move.scale, y + down + (point_y - y) * move.scale)

    corners = put(found.box.left, found.box.top), put(found.box.right, found.box.bottom)
    box = Box(*(round(value) for corner in corners for value in corner))
    landmarks = found.landmarks and Landmarks(*(put(*point) for point in found.landmarks))
    crop = pixels.crop(frame.image, Found(box, found.confidence, landmarks))
    return cv2.flip(crop, 1) if move.mirrored else crop


def _pick_frames(frames: Sequence[Frame], apex: Frame) -> list[Frame]:
    """Returns the frames nearest to the offsets from the apex, each once; where the shot has ended there are fewer."""
    first, last = frames[0].t_ms, frames[-1].t_ms
    wanted = [apex.t_ms + offset for offset in OFFSETS_MS if first <= apex.t_ms + offset <= last]
    nearest = {(frame := min(frames, key=lambda one: abs(one.t_ms - t_ms))).t_ms: frame for t_ms in wanted}
    return [frame for t_ms, frame in sorted(nearest.items()) if t_ms != apex.t_ms]


def _time_on_top_ms(moments: Sequence[tuple[int, Scores]], place: int, apex_ms: int) -> int:
    """Returns how long the emotion stays on top around the apex, frame after frame; 0 if it is not at the apex."""
    at = next(index for index, (t_ms, _) in enumerate(moments) if t_ms == apex_ms)
    first = last = at
    if log_lead(moments[at][1], place) <= 0:
        return 0
    while first > 0 and log_lead(moments[first - 1][1], place) > 0:
        first -= 1
    while last < len(moments) - 1 and log_lead(moments[last + 1][1], place) > 0:
        last += 1
    return moments[last][0] - moments[first][0]
