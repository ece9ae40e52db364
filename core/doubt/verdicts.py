"""What a viewer decided about peaks: which of them count, and the small JSON in which they go to another person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from core import __version__, settings
from core.errors import SettingError
from core.host.strict_json import StrictJson
from core.model import EMOTIONS, Peak, Recipe, Suspect, Verdict, Video

FILE = StrictJson("These verdicts cannot be loaded:", "Choose a file that Outtake saved.")

VERSION = 1

LARGEST_BYTES = 1_000_000
"""A file with the most verdicts is smaller; anything larger is not one."""

MOST = 4000
"""Verdicts in a file: nobody decides about more peaks of one clip."""

LENGTH_TOLERANCE_MS = 100
"""Two copies of a clip may differ by so much in length: containers round a frame or two differently."""

FPS_TOLERANCE = 0.02

LEAST_OVERLAP = 0.5
"""A peak read at another step is the same one if it shares this part of the shorter of both."""


PeakKey = tuple[int, str, int]
"""What a peak of a reader is known by: track, emotion, first moment in ms."""


def peak_key(of: Peak | Verdict) -> PeakKey:
    """Returns what a peak, or the peak of a verdict, is known by."""
    return of.track, of.emotion, of.start_ms


def matches(verdict: Verdict, reader: str, peak: Peak) -> bool:
    """Whether the verdict is about this peak of this reader."""
    return verdict.reader == reader and peak_key(verdict) == peak_key(peak)


def select_dropped(verdicts: Iterable[Verdict], reader: str) -> tuple[Verdict, ...]:
    """Returns the verdicts that say not to believe a peak of this reader."""
    return tuple(verdict for verdict in verdicts if verdict.dropped and verdict.reader == reader)


def find_verdict(verdicts: Iterable[Verdict], reader: str, peak: Peak) -> Verdict | None:
    """Returns the verdict about a peak, None while nobody decided; of several the last one."""
    found = [verdict for verdict in verdicts if matches(verdict, reader, peak)]
    return found[-1] if found else None


def select_undecided(suspects: Iterable[Suspect], verdicts: Iterable[Verdict], reader: str) -> tuple[Suspect, ...]:
    """Returns the suspects about which nobody has decided, in the order given."""
    decided = {peak_key(one) for one in verdicts if one.reader == reader}
    return tuple(one for one in suspects if peak_key(one.peak) not in decided)


def make_verdict(reader: str, peak: Peak, *, drop: bool) -> Verdict:
    """Returns the decision about a peak, not dated yet."""
    return Verdict(reader, peak.track, peak.emotion, peak.start_ms, peak.end_ms, drop)


def fit_to_peaks(verdicts: Iterable[Verdict], reader: str, peaks: Sequence[Peak]) -> tuple[Verdict, ...]:
    """Returns a reader's verdicts as verdicts about these peaks; those that fit none are left out.

    A verdict fits its own peak. The same clip read at another step has other peaks and numbers people otherwise: then
    it fits those of the same emotion that it overlaps most, all of them one person's.
    """
    made: dict[PeakKey, Verdict] = {}
    for one in (one for one in verdicts if one.reader == reader):
        same = [peak for peak in peaks if matches(one, reader, peak)] or _find_overlapping(one, peaks)
        for peak in same:
            key = peak_key(peak)
            made.pop(key, None)
            made[key] = Verdict(reader, *key, peak.end_ms, one.dropped, one.at)
    return tuple(made.values())


def _find_overlapping(one: Verdict, peaks: Iterable[Peak]) -> list[Peak]:
    shared_ms = {peak: one.span.overlap_ms(peak.span) for peak in peaks if peak.emotion == one.emotion}
    near = [peak for peak, ms in shared_ms.items() if ms >= LEAST_OVERLAP * _shorter_ms(one, peak)]
    shared = {track: sum(shared_ms[p] for p in near if p.track == track) for track in {p.track for p in near}}
    whose = max(shared, key=lambda track: (shared[track], track == one.track, -track), default=None)
    return [peak for peak in near if peak.track == whose]


def _shorter_ms(one: Verdict, peak: Peak) -> int:
    return max(1, min(one.span.length_ms, peak.span.length_ms))


def format_verdicts(scene_title: str, video: Video, recipe: Recipe, verdicts: Iterable[Verdict]) -> str:
    """Returns verdicts as JSON with what their clip is and how it was read; no path of this machine is in it.

    Those about emotions that were taught stay behind: another shelf need not know these.
    """
    clip = {"duration_ms": video.duration_ms, "width": video.width, "height": video.height, "fps": video.fps}
    step = f"{recipe.step}, at the nearest keyframes" if recipe.skim else str(recipe.step)
    span = {"step": step, "start_ms": recipe.start_ms, "end_ms": recipe.end_ms}
    read = span | {"finder": recipe.finder, "readers": list(recipe.readers)}
    head = {
        "outtake": "verdicts",
        "version": VERSION,
        "outtake_version": __version__,
        "title": scene_title,
        "clip": clip,
        "read": read,
    }
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    each = ",\n".join(f"    {json.dumps(asdict(one))}" for one in verdicts if one.emotion in EMOTIONS)
    return "\n".join(["{", *lines, '  "verdicts": [', *([each] if each else []), "  ]", "}", ""])


def parse_verdicts(text: str, video: Video) -> tuple[Verdict, ...]:
    """Returns the verdicts of a file written for this clip; SettingError with a sentence for anything else."""
    said = FILE.mapping(FILE.parse(text, "it", LARGEST_BYTES, 30 * MOST), "it")
    version = said.get("version")
    if said.get("outtake") != "verdicts" or type(version) is not int:
        FILE.refuse("it is not a file of verdicts")
    if version != VERSION:
        raise SettingError("These verdicts were written by another version of Outtake. Bring this one up to date.")
    _check_clip(FILE.mapping(said.get("clip"), "its clip"), video)
    listed = FILE.items(said.get("verdicts"), MOST, "its list of verdicts")
    return tuple(_parse_verdict(f"verdict {number}", one, video) for number, one in enumerate(listed, start=1))


def _check_clip(clip: dict[str, Any], video: Video) -> None:
    """Refuses what was decided about another clip."""
    length_ms, width, height = (
        FILE.whole(clip.get(name), 0, 10**9, f"its clip's {name}") for name in ("duration_ms", "width", "height")
    )
    fps = FILE.number(clip.get("fps"), 0, 10_000, "its clip's fps")
    same_length = abs(length_ms - video.duration_ms) <= LENGTH_TOLERANCE_MS
    if same_length and (width, height) == (video.width, video.height) and abs(fps - video.fps) <= FPS_TOLERANCE:
        return
    theirs = f"{settings.clock(length_ms)} long, {width}×{height}, {fps:.2f} fps"
    mine = f"{settings.clock(video.duration_ms)} long, {video.width}×{video.height}, {video.fps:.2f} fps"
    raise SettingError(
        f"These verdicts are about another clip ({theirs}; this one is {mine}). Choose the file of this."
    )


def _parse_verdict(which: str, value: object, video: Video) -> Verdict:
    said = FILE.mapping(value, which)
    latest_ms = video.duration_ms + settings.LONGEST_STEP_MS  # a peak ends at the moment after it
    start_ms = FILE.whole(said.get("start_ms"), 0, latest_ms, f"{which}: start_ms")
    return Verdict(
        FILE.name(said.get("reader"), f"{which}: reader"),
        FILE.whole(said.get("track"), 0, 10**9, f"{which}: track"),
        FILE.text(said.get("emotion"), 40, f"{which}: emotion", EMOTIONS.__contains__),
        start_ms,
        FILE.whole(said.get("end_ms"), start_ms + 1, latest_ms, f"{which}: end_ms"),
        FILE.truth(said.get("dropped"), f"{which}: dropped"),
        FILE.date(said["at"], f"{which}: at") if said.get("at", "") != "" else "",
    )
