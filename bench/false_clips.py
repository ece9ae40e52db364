"""The clips of known truth: which happy peaks are false, and which of them the doubt catches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from core.doubt.limits import LIMITS
from core.doubt.model import Model
from core.doubt.peaks import sightings_by_track
from core.doubt.rules import find_suspects
from core.faces.find_mtcnn import open_mtcnn
from core.model import Peak, Read, Step, Suspect, Timeline
from core.reading import closer_look, tracks
from core.reading.closer_look import CloserLook, Key
from core.reading.pipeline import read_frames
from core.video import clip

STEP_MS = 200

Truth = Callable[[Peak], bool | None]
"""Whether a happy peak is false; None where the clip's truth does not say."""


def _after_the_tears(peak: Peak) -> bool | None:
    if peak.end_ms <= 9000:
        return True
    return False if peak.start_ms >= 9600 else None


CLIPS: dict[str, Truth] = {
    "crying_to_laughing.mp4": _after_the_tears,
    "scene.mp4": lambda peak: peak.start_ms >= 5160,
    "smiling_man.gif": lambda peak: False,
}
"""Clip → what its README says of joy: after the tears; in the first shot only; throughout."""

WAYS = (("fer", True), ("fer", False), ("builtin", False), ("builtin", True))


def clips(media: Path, readers: Mapping[str, Read], model: Model) -> Iterator[str]:
    """One line per clip and way of reading."""
    yield "Clips whose truth is known: a peak of joy is false before the tears have dried (`crying_to_laughing.mp4`),"
    yield "after the first shot (`scene.mp4`), never (`smiling_man.gif`). The mean is of joy where none is shown.\n"
    yield "| Happy in clips | Reader | False | Caught | True | Doubted | Mean without joy | Without suspects |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, truth in CLIPS.items():
        path = media / name
        timeline = _read(path, readers)
        for reader, asked in WAYS:
            seen = timeline if asked else _only(timeline, reader)
            found = weighed(path, seen, reader, readers if asked else {reader: readers[reader]}, model)
            yield _line(name, f"{reader}{'' if asked else ' alone'}", seen, reader, found, truth)
    yield ""


def weighed(
    path: Path, timeline: Timeline, reader: str, readers: Mapping[str, Read], model: Model
) -> tuple[Suspect, ...]:
    """Return a clip's peaks as they stand after the closer looks, by all readers, that its length pays for."""
    size = clip.probe(path)
    first = find_suspects(timeline, reader, model, size=(size.width, size.height))
    seen = sightings_by_track(timeline, reader)
    looks: dict[str, dict[Key, CloserLook]] = {name: {} for name in readers}
    for span in closer_look.plan_spans(first, len(timeline.samples)):
        frames = list(clip.frames(path, Step(1, "frames"), start_ms=span.start_ms, end_ms=span.end_ms))
        for peak in span.peaks:
            faces = [(one.t_ms, one.face.found) for one in seen[peak.track]]
            for name, read in readers.items():
                looks[name][closer_look.peak_key(peak)] = closer_look.look_closer(frames, faces, peak, read)
    return find_suspects(timeline, reader, model, closer=looks[reader], others=looks, size=(size.width, size.height))


def _read(path: Path, readers: Mapping[str, Read]) -> Timeline:
    seen = read_frames(clip.frames(path, Step(STEP_MS)), open_mtcnn(24), readers)
    return Timeline(STEP_MS, tuple(tracks.assign_tracks(moment.sample for moment in seen)))


def _only(timeline: Timeline, reader: str) -> Timeline:
    """The timeline as if nobody but ``reader`` had read it."""
    samples = tuple(
        replace(sample, faces=tuple(replace(f, readings={reader: f.readings[reader]}) for f in sample.faces))
        for sample in timeline.samples
    )
    return Timeline(timeline.step_ms, samples)


def _line(name: str, who: str, timeline: Timeline, reader: str, found: Sequence[Suspect], truth: Truth) -> str:
    happy = [(one, truth(one.peak)) for one in found if one.peak.emotion == "happy"]
    false = [one for one, is_false in happy if is_false]
    true = [one for one, is_false in happy if is_false is False]
    caught, doubted = ([one for one in some if one.doubt >= LIMITS.suspect] for some in (false, true))
    everything, rest = (_mean_happy(timeline, reader, gone, truth) for gone in ([], caught + doubted))
    means = ("–" if math.isnan(mean) else f"{mean:.3f}" for mean in (everything, rest))
    cells = [name, who, len(false), len(caught), len(true), len(doubted), *means]
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _mean_happy(timeline: Timeline, reader: str, gone: Sequence[Suspect], truth: Truth) -> float:
    """Mean score of happy over the faces of moments in which joy is not shown, those of dropped peaks left out."""
    dropped = {
        (one.t_ms, track)
        for suspect in gone
        for track, run in sightings_by_track(timeline, reader).items()
        if track == suspect.peak.track
        for one in run
        if suspect.peak.start_ms <= one.t_ms < suspect.peak.end_ms
    }
    scores = [
        face.readings[reader].scores.happy
        for sample in timeline.samples
        if truth(Peak(0, "happy", sample.t_ms, sample.t_ms + STEP_MS, sample.t_ms, 1.0))
        for face in sample.faces
        if (sample.t_ms, face.track) not in dropped
    ]
    return fmean(scores) if scores else float("nan")
