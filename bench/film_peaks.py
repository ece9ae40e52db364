"""The judged peaks of film, as the product finds them: read once, kept in the cache of the benchmarks.

The clips, their truth and what may be done with them: ``README.md`` in their own folder. What is kept of them here are
times, boxes, scores and closer looks; no picture.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import environments
from bench.film_faces import LEAST_OVERLAP, NEAR_MS, overlap
from core import settings
from core.doubt import peaks
from core.doubt.closer_looks import Window
from core.doubt.evidence import Evidence, gather_evidence
from core.doubt.model import Model
from core.faces import backends, find_mtcnn, read_builtin
from core.model import EMOTIONS, Box, Found, Peak, Step, Suspect, Timeline, Video
from core.reading import closer_look, segments, tracks
from core.reading.closer_look import CloserLook, Key
from core.video import clip as video

READER = "builtin"

NEAR_PEAK_MS, LEAST_PEAK_OVERLAP = 150, 0.25
"""A judged peak is the product's where emotion, time (so near) and the box at its apex (IoU) are the same."""

MOST_OTHERS, LEAST_SAME = 0.3, 0.7
"""Where nobody judged a peak, its faces did: it is false if at most so many of them show its emotion, true if at least
so many do. Such peaks are fitted to, and never counted."""


@dataclass(frozen=True, slots=True)
class ReadClip:
    """What the product makes of one clip."""

    name: str
    video: Video
    timeline: Timeline
    looks: Mapping[Key, CloserLook]
    """At every peak, also those that a job does not look at."""


@dataclass(frozen=True, slots=True)
class FilmPeak:
    """One peak of a clip and what the judges say of it."""

    clip: str
    evidence: Evidence
    """With a closer look where a job takes one."""
    false: bool
    judged: bool
    """Whether somebody judged the peak itself; else its faces were."""
    speaking: bool
    """Whether both judges call one of its faces speaking."""
    looking_down: bool
    no_face: bool


def read_clips(folder: Path) -> list[ReadClip]:
    """Returns the clips in ``folder`` as read every 200 ms; anew only where what reads them has changed."""
    sources = (closer_look, find_mtcnn, read_builtin, segments, tracks, peaks)
    way = b"".join(Path(str(one.__file__)).read_bytes() for one in sources) + read_builtin.fingerprint().encode()
    kept = environments.cache() / f"film-peaks-{hashlib.sha256(way).hexdigest()[:16]}"
    kept.mkdir(parents=True, exist_ok=True)
    made = []
    for path in sorted((folder / "clips").iterdir()):
        file = kept / f"{path.stem}.pickle"
        if not file.exists():
            file.write_bytes(pickle.dumps(_read_clip(path)))
        made.append(pickle.loads(file.read_bytes()))  # noqa: S301 - this very function wrote it
    return made


def _read_clip(path: Path) -> ReadClip:
    recipe = settings.recipe(str(path), finder="mtcnn", readers=READER)
    clip = video.probe(str(path))
    _, find, readers = backends.open_tools(recipe)
    read = segments.read_moments(recipe, find, readers, segments.whole_segment(recipe))
    samples = tuple(tracks.assign_tracks(moment.sample for moment in read))
    timeline = Timeline(settings.USUAL_STEP.every, samples)
    faces = _faces(timeline)
    windows = [Window(peak, faces[peak.track]) for peak in peaks.find_peaks(timeline, READER)]
    for frame in video.frames(str(path), Step(1, "frames")) if windows else ():
        for window in windows:
            window.take(frame)
    looks = dict(pair for window in windows for pair in window.look(readers[READER]))
    return ReadClip(path.stem, clip, timeline, looks)


def _faces(timeline: Timeline) -> dict[int, list[tuple[int, Found]]]:
    seen = peaks.sightings_by_track(timeline, READER)
    return {track: [(one.t_ms, one.face.found) for one in run] for track, run in seen.items()}


def judged_peaks(folder: Path, clips: Sequence[ReadClip], model: Model) -> list[FilmPeak]:
    """Returns the peaks about which the judges say something, with the closer looks that a job with ``model`` takes."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    return [one for clip in clips for one in _peaks_of(clip, truth[clip.name], model)]


def _peaks_of(clip: ReadClip, truth: dict[str, Any], model: Model) -> Iterator[FilmPeak]:
    size = clip.video.width, clip.video.height
    plain = list(gather_evidence(clip.timeline, READER, size=size))
    suspects = [Suspect(one.peak, model.doubt(one)) for one in plain]
    chosen = {
        closer_look.peak_key(peak)
        for part in closer_look.plan_spans(suspects, len(clip.timeline.samples))
        for peak in part.peaks
    }
    faces = _faces(clip.timeline)
    for one in plain:
        key = closer_look.peak_key(one.peak)
        look = clip.looks.get(key) if key in chosen else None
        seen = _faces_in(one.peak, faces[one.peak.track], truth["faces"])
        judged = _verdict(one.peak, faces[one.peak.track], truth["peaks"])
        false = _false_by_faces(one.peak, seen) if judged is None else _FALSE[judged]
        if false is not None:
            notes = " ".join(note for face in seen for note in face["notes"])
            yield FilmPeak(
                clip.name,
                replace(one, closer=look),
                false,
                judged is not None,
                any(face["speaking"] for face in seen),
                any(words in notes for words in ("looking down", "eyes cast down", "eyes down")),
                judged == "no face" or any(face["a"] == face["b"] == "noface" for face in seen),
            )


_FALSE = {"true": False, "false": True, "no face": True, "cannot be told": None}


def _verdict(peak: Peak, faces: Sequence[tuple[int, Found]], judged: Sequence[dict[str, Any]]) -> str | None:
    """Returns what was said of the judged peak that shares most time with this one; None where there is none."""
    shared = [
        (min(one["end_ms"], peak.end_ms) - max(one["start_ms"], peak.start_ms), one["verdict"])
        for one in judged
        if one["emotion"] == peak.emotion
        and one["start_ms"] < peak.end_ms + NEAR_PEAK_MS
        and one["end_ms"] > peak.start_ms - NEAR_PEAK_MS
        and overlap(closer_look.interpolate_face(faces, one["apex_ms"]).box, Box(*one["box"])) > LEAST_PEAK_OVERLAP
    ]
    return max(shared)[1] if shared else None


def _faces_in(peak: Peak, faces: Sequence[tuple[int, Found]], judged: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    first, last = faces[0][0] - NEAR_MS, faces[-1][0] + NEAR_MS
    return [
        one
        for one in judged
        if peak.start_ms - NEAR_MS <= one["t_ms"] < peak.end_ms + NEAR_MS
        and first <= one["t_ms"] <= last
        and overlap(closer_look.interpolate_face(faces, one["t_ms"]).box, Box(*one["box"])) >= LEAST_OVERLAP
    ]


def _false_by_faces(peak: Peak, seen: Sequence[dict[str, Any]]) -> bool | None:
    agreed = [one["a"] for one in seen if one["a"] == one["b"]]
    if agreed and all(label == "noface" for label in agreed):
        return True
    shown = [label == peak.emotion for label in agreed if label in EMOTIONS]
    share = sum(shown) / len(shown) if shown else 0.5
    return None if MOST_OTHERS < share < LEAST_SAME else share <= MOST_OTHERS
