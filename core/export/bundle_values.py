"""A bundle's texts → values of the model, every one of them looked at first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields as fields_of
from typing import Any

from core.doubt import verdicts
from core.errors import SettingError
from core.export import bundle
from core.export.bundle import FILE
from core.model import (
    EMOTIONS,
    Box,
    Face,
    Found,
    Gathering,
    Landmarks,
    Point,
    Reading,
    Recipe,
    Sample,
    Scores,
    Span,
    Step,
    Verdict,
    Video,
)
from core.reading.closer_look import CloserLook, Key
from core.store.imports import BundledScene, LookPlace
from core.video.remarks import SELDOM

LONGEST_MS = 6 * 3_600_000 + 3_600_000
"""No video that Outtake reads is longer than six hours, and no step longer than one."""

LOOK_BYTES = 400
"""Of the closer looks, for each moment: one takes 700 bytes, and fewer than every second moment gets one."""

FACE_VALUES = 200
"""Numbers, texts, lists and objects of a face that eight readers read, and of what a moment says besides."""

LOOK_VALUES = 1_000
"""The same of a closer look, whose frames are a few dozen."""

MOMENT = ("t_ms", "shot", "dropped", "faces")

WIDEST_PX = 16_384
MOST_FACES, MOST_READERS, MOST_LOOKS, MOST_TRACKS, MOST_GATHERINGS = 256, 8, 100_000, 10**9, 10_000
MOST_JOINS = 10_000

HEAD = ("outtake", "version", "title", "created", "recipe", "video", "finder", "readers", "moments")
LATER = (("embedding_bytes", 2), ("outtake_version", 3))
"""What a manifest says besides since which version of bundles."""

LATER_LOOK = {"mouth_moves"}
"""What a closer look says since version 4, where it is known."""


def read_manifest(data: bytes, most_moments: int) -> BundledScene:
    """What the manifest says; SettingError where it is of another kind or version, or says what cannot be."""
    said = FILE.parse(data, "its manifest", values=1_000)
    version = said.get("version") if isinstance(said, dict) and said.get("outtake") == "scene" else None
    if type(version) is not int or version < 1:
        FILE.refuse("it is not a scene that Outtake exported")
    if version > bundle.VERSION:
        raise SettingError(
            f"This bundle was made by a newer Outtake (bundles of version {version}; this one knows "
            f"{bundle.VERSION}). Bring this one up to date, then import it."
        )
    said = FILE.fields(said, (*HEAD, *(name for name, since in LATER if version >= since)), "its manifest")
    FILE.text(said.get("outtake_version", ""), 40, "its Outtake's version")
    readers = [
        FILE.name(one, "a reader's name") for one in FILE.items(said["readers"], MOST_READERS, "its list of readers")
    ]
    if len(set(readers)) < len(readers):
        FILE.refuse("it names a reader twice")
    return BundledScene(
        title=FILE.text(said["title"], 200, "its title"),
        recipe=_recipe(said["recipe"]),
        video=_video(said["video"]),
        finder=FILE.name(said["finder"], "its finder's name"),
        readers=tuple(readers),
        created=FILE.date(said["created"], "its date"),
        moments=FILE.whole(said["moments"], 1, most_moments, "its number of moments"),
    )


def _recipe(value: object) -> Recipe:
    known = [one.name for one in fields_of(Recipe)]
    later = ["region", "skim"]  # what bundles of older versions do not say
    said = FILE.fields(value, [one for one in known if one not in later], "its recipe", later)
    every, unit = FILE.items(said["step"], 2, "its step", 2)
    if unit not in ("ms", "frames"):
        FILE.refuse("its step is counted in nothing that Outtake knows")
    region = said.get("region")
    more: dict[str, Any] = {} if region is None or "region" not in known else {"region": _box(region, "its region")}
    end_ms, budget = said["end_ms"], said["budget"]
    source = FILE.text(said["source"], bundle.LONGEST_NAME, "its video's name")
    if "/" in source or "\\" in source:
        FILE.refuse("its video's name is a path")
    return Recipe(
        source=source,
        step=Step(FILE.whole(every, 1, 3_600_000, "its step"), unit),
        start_ms=FILE.whole(said["start_ms"], 0, LONGEST_MS, "its start"),
        end_ms=None if end_ms is None else FILE.whole(end_ms, 1, LONGEST_MS, "its end"),
        budget=None if budget is None else FILE.whole(budget, 1, 10**9, "its budget"),
        finder=FILE.name(said["finder"], "its recipe's finder"),
        readers=tuple(
            FILE.name(one, "its recipe's reader") for one in FILE.items(said["readers"], MOST_READERS, "its readers")
        ),
        smallest_face_px=FILE.whole(said["smallest_face_px"], 1, WIDEST_PX, "its smallest face"),
        thorough=FILE.truth(said["thorough"], "whether it was read thoroughly"),
        skim=FILE.truth(said.get("skim", False), "whether it was skimmed"),
        **more,
    )


def _video(value: object) -> Video:
    said = FILE.fields(value, [one.name for one in fields_of(Video) if one.name not in SELDOM], "its video", SELDOM)
    joins, shapes = (FILE.items(said.get(name, []), MOST_JOINS, "its video's parts") for name in SELDOM[:2])
    return Video(
        path="",
        duration_ms=FILE.whole(said["duration_ms"], 0, LONGEST_MS, "its video's length"),
        width=FILE.whole(said["width"], 1, WIDEST_PX, "its video's width"),
        height=FILE.whole(said["height"], 1, WIDEST_PX, "its video's height"),
        fps=FILE.number(said["fps"], 0, 10_000, "its video's pictures a second"),
        codec=FILE.text(said["codec"], 40, "its video's codec"),
        joins_ms=tuple(FILE.whole(t_ms, 0, LONGEST_MS, "where its video is joined") for t_ms in joins),
        shapes=tuple(_shape(shape) for shape in shapes),
        brightness=FILE.text(said.get("brightness", ""), 40, "its video's brightness"),
    )


def _shape(value: object) -> tuple[int, int, int]:
    t_ms, width, height = FILE.items(value, 3, "its video's shape", 3)
    sides = [FILE.whole(side, 1, WIDEST_PX, "its video's shape") for side in (width, height)]
    return FILE.whole(t_ms, 0, LONGEST_MS, "its video's shape"), sides[0], sides[1]


def read_samples(lines: Iterable[bytes], head: BundledScene, most_faces: int) -> Iterator[Sample]:
    """Yield the moments in time order: no more than the manifest promises, with no more faces than there are crops."""
    last_ms, shot = -1, 0
    for place, line in enumerate(lines, start=1):
        which = f"moment {place}"
        if place > head.moments:
            FILE.refuse(f"its manifest promises {head.moments} moments, and it holds more")
        said = FILE.fields(FILE.parse(line, which, values=FACE_VALUES * (most_faces + 1)), MOMENT, which)
        most_faces -= len(FILE.items(said["faces"], MOST_FACES, f"{which}'s faces"))
        if most_faces < 0:
            FILE.refuse("a moment or a face in it has no picture")
        t_ms = FILE.whole(said["t_ms"], 0, LONGEST_MS, f"{which}'s time")
        if t_ms <= last_ms:
            FILE.refuse(f"{which} is not after the one before it")
        last_ms, shot = t_ms, FILE.whole(said["shot"], shot, shot + 1, f"{which}'s shot")
        faces = tuple(_face(one, which, head) for one in FILE.items(said["faces"], MOST_FACES, f"{which}'s faces"))
        tracks = [face.track for face in faces if face.track is not None]
        if len(set(tracks)) < len(tracks):
            FILE.refuse(f"{which} has one person twice")
        yield Sample(t_ms, faces, shot, b"", FILE.whole(said["dropped"], 0, 10**9, f"{which}'s dropped pictures"))


def _face(value: object, which: str, head: BundledScene) -> Face:
    said = FILE.fields(value, ("box", "confidence", "landmarks", "sharpness", "track", "readings"), f"{which}'s face")
    found = Found(
        _box(said["box"], f"{which}'s box"),
        FILE.number(said["confidence"], 0, 1.001, f"{which}'s confidence"),
        _landmarks(said["landmarks"], which),
    )
    track = None if said["track"] is None else FILE.whole(said["track"], 0, MOST_TRACKS, f"{which}'s track")
    readings: dict[str, Reading] = {}
    for one in FILE.items(said["readings"], MOST_READERS, f"{which}'s readings"):
        reading = FILE.fields(one, ("reader", "scores", "spread"), f"{which}'s reading")
        reader = FILE.name(reading["reader"], f"{which}'s reader")
        if reader not in head.readers or reader in readings:
            FILE.refuse(f"{which} was read by a reader that the manifest does not name, or twice by one")
        readings[reader] = Reading(_scores(reading["scores"], which), _spread(reading["spread"], which))
    return Face(found, FILE.number(said["sharpness"], 0, 1e9, f"{which}'s sharpness"), track, readings)


def _box(value: object, what: str) -> Box:
    sides = [FILE.whole(side, -WIDEST_PX, 2 * WIDEST_PX, what) for side in FILE.items(value, 4, what, 4)]
    box = Box(*sides)
    if box.width < 1 or box.height < 1:
        FILE.refuse(f"{what} has no inside")
    return box


def _landmarks(value: object, which: str) -> Landmarks | None:
    if value is None:
        return None
    what = f"{which}'s landmarks"
    points = [FILE.numbers(point, 2, -WIDEST_PX, 2 * WIDEST_PX, what) for point in FILE.items(value, 5, what, 5)]
    return Landmarks(*(Point(*point) for point in points))


def _scores(value: object, which: str) -> Scores:
    scores = Scores(*FILE.numbers(value, len(EMOTIONS), 0, 1, f"{which}'s score"))
    if abs(sum(scores) - 1) > 0.01:
        FILE.refuse(f"{which}'s scores do not sum to 1")
    return scores


def _spread(value: object, which: str) -> Scores | None:
    return None if value is None else Scores(*FILE.numbers(value, len(EMOTIONS), 0, 1, f"{which}'s spread"))


def read_closer_looks(data: bytes, head: BundledScene) -> dict[LookPlace, CloserLook]:
    """The closer looks by reader and peak."""
    made: dict[LookPlace, CloserLook] = {}
    named = {one.name for one in fields_of(CloserLook)}
    what, most = "its list of closer looks", min(MOST_LOOKS, head.moments)
    for one in FILE.items(FILE.parse(data, what, values=LOOK_VALUES * most), most, what):
        said = FILE.fields(one, ("reader", *Key._fields, *(named - LATER_LOOK)), "a closer look", LATER_LOOK)
        if said["reader"] not in head.readers or said["emotion"] not in EMOTIONS:
            FILE.refuse("a closer look is about a reader or an emotion that it does not name")
        key = Key(
            FILE.whole(said["track"], 0, MOST_TRACKS, "a closer look's track"),
            said["emotion"],
            FILE.whole(said["apex_ms"], 0, LONGEST_MS, "a closer look's time"),
        )
        if (said["reader"], key) in made:
            FILE.refuse("a closer look is there twice")
        made[said["reader"], key] = _look({field: said.get(field) for field in named})
    return made


def _look(said: dict[str, Any]) -> CloserLook:
    frames = [
        FILE.items(one, 2, "a closer look's frame", 2)
        for one in FILE.items(said["again"], 1000, "a closer look's frames")
    ]
    again = tuple(
        (FILE.whole(t_ms, 0, LONGEST_MS, "a frame's time"), FILE.number(score, 0, 1, "a frame's score"))
        for t_ms, score in frames
    )
    times = {
        one: FILE.whole(said[one], 0, LONGEST_MS, f"a closer look's {one}") for one in ("survives_ms", "window_ms")
    }
    names = [one for one in said if one not in ("again", *times) and not (one in LATER_LOOK and said[one] is None)]
    figures: dict[str, Any] = {one: FILE.number(said[one], -1000, 1000, f"a closer look's {one}") for one in names}
    return CloserLook(**figures, **times, again=again)


def read_people(data: bytes) -> tuple[Gathering, ...]:
    """What was decided about who is who."""
    what = "its list of people"
    listing = FILE.items(FILE.parse(data, what, values=40 * MOST_GATHERINGS), MOST_GATHERINGS, what)
    return tuple(_gathering(one) for one in listing)


def _gathering(value: object) -> Gathering:
    what = "a decision about who is who"
    said = FILE.fields(value, [one.name for one in fields_of(Gathering)], what)
    if said["kind"] not in ("name", "merge", "split"):
        FILE.refuse(f"{what} is of no kind that Outtake knows")
    return Gathering(
        said["kind"],
        FILE.whole(said["person"], -MOST_TRACKS, MOST_TRACKS, what),
        FILE.text(said["name"], 80, what),
        tuple(_part(part, what) for part in FILE.items(said["parts"], MOST_GATHERINGS, what)),
        FILE.date(said["at"], what) if said["at"] else "",
    )


def _part(value: object, what: str) -> int | Span:
    if not isinstance(value, list):
        return FILE.whole(value, 0, MOST_TRACKS, what)
    track, start_ms, end_ms = (FILE.whole(one, 0, MOST_TRACKS, what) for one in FILE.items(value, 3, what, 3))
    if end_ms <= start_ms:
        FILE.refuse(f"{what} is about no time")
    return Span(track, start_ms, end_ms)


def read_verdicts(data: bytes, head: BundledScene) -> tuple[Verdict, ...]:
    """The verdicts."""
    try:
        return verdicts.parse_verdicts(data.decode(), head.video)
    except (SettingError, UnicodeDecodeError) as error:
        why = error.what if isinstance(error, SettingError) else "they are not text"
        raise SettingError(
            f"its verdicts are not right ({why})", "This bundle cannot be imported:", "Have it exported again."
        ) from error
