"""The closer look at a scene that has been read: which of its peaks, the frames around them, and what they give."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence

import cv2
import numpy as np

from core.doubt import rules, weights
from core.doubt.peaks import sightings_by_track
from core.errors import ReaderError, VideoError
from core.faces.region import scale_face
from core.model import CROP_PX, Box, Found, Frame, Image, Landmarks, Peak, Point, Read, Span, Step, Timeline, Video
from core.reading import closer_look
from core.reading.closer_look import OFFSETS_MS, REACH_MS, CloserLook, Key, Part
from core.sampling import view_scale
from core.video import clip as video

FARTHEST_FRAME_MS = 100
"""A peak without a frame this close to its apex is not looked at: the file does not give the same pictures again."""

LARGEST_PX = 2 * CROP_PX
"""Faces twice as large or larger are kept shrunk until they are read: their crops are no larger than this by far."""

MARGIN = 0.6
"""What is kept around a face, in its sizes: more than any crop of it sees, however it is turned."""

Faces = Sequence[tuple[int, Found]]
"""When and where a person was found, in time order."""


def take_looks(
    clip: Video,
    timeline: Timeline,
    readers: Mapping[str, Read],
    known: Mapping[Key, CloserLook] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[str, Key, CloserLook]]:
    """Yields the closer looks that the scene's length pays for, those ``known`` left out; end early when ``stopped``.

    The peaks are the first reader's; the second is asked as well, just before it, so that what the first one said is
    ``known`` only when all is. A part of the file that cannot be read again gives none: its peaks are weighed without.
    The doubts that choose the peaks are those before any closer look, so that whoever goes on later chooses the same.
    """
    reader = next(iter(readers))
    pair = dict(reversed(list(readers.items())[:2]))
    faces = {
        track: [(one.t_ms, scale_face(one.face.found, 1 / view_scale((clip.width, clip.height)))) for one in run]
        for track, run in sightings_by_track(timeline, reader).items()
    }
    for part in plan_parts(clip, timeline, reader, known or {}):
        try:
            yield from _look_at_part(clip, part, faces, pair, stopped)
        except (VideoError, ReaderError):
            continue  # a doubt without a closer look is a weaker one; the scene's own moments are whole


def plan_parts(clip: Video, timeline: Timeline, reader: str, known: Mapping[Key, CloserLook]) -> list[Part]:
    """Returns which parts of the video to decode again, and for which peaks."""
    try:
        model = weights.load_model()
    except ReaderError:
        return []
    first = rules.find_suspects(timeline, reader, model, size=(clip.width, clip.height))
    made = []
    for span in closer_look.plan_spans(first, len(timeline.samples)):
        missing = tuple(peak for peak in span.peaks if closer_look.peak_key(peak) not in known)
        if missing:
            apexes = [peak.apex_ms for peak in missing]
            made.append(Part(max(0, min(apexes) - REACH_MS), max(apexes) + REACH_MS + 1, missing))
    return made


def _look_at_part(
    clip: Video, part: Part, faces: Mapping[int, Faces], readers: Mapping[str, Read], stopped: Callable[[], bool]
) -> Iterator[tuple[str, Key, CloserLook]]:
    waiting = [Window(peak, faces[peak.track]) for peak in sorted(part.peaks, key=lambda peak: peak.apex_ms)]
    for frame in video.frames(clip.path, Step(1, "frames"), start_ms=part.start_ms, end_ms=part.end_ms):
        if stopped():
            return
        while waiting and waiting[0].span.end_ms <= frame.t_ms:
            yield from _read_window(waiting.pop(0), readers)
        for window in waiting:
            window.take(frame)
    for window in waiting:
        yield from _read_window(window, readers)


def _read_window(window: Window, readers: Mapping[str, Read]) -> Iterator[tuple[str, Key, CloserLook]]:
    return ((name, key, look) for name, read in readers.items() for key, look in window.look(read))


class Window:
    """The frames around one peak, no more of them and no more of each than its closer look asks for.

    What it gives depends on the peak alone, not on which others are looked at in the same go.
    """

    def __init__(self, peak: Peak, faces: Faces) -> None:
        self.peak = peak
        first_ms, last_ms = max(peak.apex_ms - REACH_MS, faces[0][0]), min(peak.apex_ms + REACH_MS, faces[-1][0])
        self.span = Span(peak.track, first_ms, last_ms + 1)
        self.targets = [peak.apex_ms + offset for offset in (0, *OFFSETS_MS)]
        self.faces = _faces_around(faces, self.span)
        self.region, self.factor = _region([found.box for _, found in self.faces])
        self.frames: list[Frame] = []

    def take(self, frame: Frame) -> None:
        """Keeps the frame if it may be one that the look will read; let go those that it is nearer than."""
        if not self.span.covers(frame.t_ms):
            return
        times = [one.t_ms for one in self.frames] + [frame.t_ms]
        nearest = {min(times, key=lambda t_ms: abs(t_ms - target)) for target in self.targets}
        needed = nearest | {times[0], times[-1]}
        self.frames = [one for one in self.frames if one.t_ms in needed]
        self.frames.append(Frame(frame.t_ms, _crop_region(frame.image, self.region, self.factor)))

    def look(self, read: Read) -> Iterator[tuple[Key, CloserLook]]:
        """Yields the closer look; nothing where the file gave no frame near the apex."""
        if any(abs(frame.t_ms - self.peak.apex_ms) <= FARTHEST_FRAME_MS for frame in self.frames):
            faces = [(t_ms, _move_into_region(found, self.region, self.factor)) for t_ms, found in self.faces]
            yield closer_look.peak_key(self.peak), closer_look.look_closer(self.frames, faces, self.peak, read)


def _faces_around(faces: Faces, span: Span) -> Faces:
    """Returns the sightings of a stretch, with the last before it and the first after it."""
    first = bisect_right(faces, span.start_ms, key=lambda face: face[0]) - 1
    last = bisect_left(faces, span.end_ms - 1, key=lambda face: face[0])
    return faces[max(0, first) : last + 1]


def _region(boxes: Sequence[Box]) -> tuple[Box, int]:
    """Returns the part of the picture that holds these faces with a margin, and by how much it may be shrunk."""
    sizes = [max(box.width, box.height) for box in boxes]
    around = round(MARGIN * max(sizes))
    left, top = min(box.left for box in boxes) - around, min(box.top for box in boxes) - around
    right, bottom = max(box.right for box in boxes) + around, max(box.bottom for box in boxes) + around
    return Box(max(0, left), max(0, top), right, bottom), max(1, min(sizes) // LARGEST_PX)


def _crop_region(image: Image, region: Box, factor: int) -> Image:
    part = image[region.top : region.bottom, region.left : region.right]
    if factor == 1:
        return part.copy()  # a view would keep the whole picture
    height, width = part.shape[0] // factor, part.shape[1] // factor
    whole = np.ascontiguousarray(part[: height * factor, : width * factor])
    return cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)


def _move_into_region(found: Found, region: Box, factor: int) -> Found:
    """Returns a face in the px of what was cut out."""
    edges = zip(found.box, (region.left, region.top) * 2, strict=True)
    box = Box(*(round((edge - start) / factor) for edge, start in edges))
    if found.landmarks is None:
        return Found(box, found.confidence)
    # A pixel's centre lies at +0.5, so halves go in before shrinking and come out after it.
    half = 0.5 / factor - 0.5
    points = (Point((x - region.left) / factor + half, (y - region.top) / factor + half) for x, y in found.landmarks)
    return Found(box, found.confidence, Landmarks(*points))
