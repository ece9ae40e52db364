"""Values of the model ↔ plain rows of the database; floats and bytes come back equal."""

from __future__ import annotations

import gc
import hashlib
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from core import settings
from core.host.timing import current_timing
from core.model import Box, Face, Found, Landmarks, Point, Reading, Recipe, Sample, Scene, Scores, Step, Video
from core.store import schema
from core.video.remarks import parse_video, write_video

Row = dict[str, Any]
Stored = tuple[Sample, bytes, Sequence[bytes]]
"""A moment, its thumb, and one crop per face, the pictures as JPEG."""


TABLES = ("samples", "faces", "readings", "embeddings", "thumbs", "crops")
"""What a moment is written into, parents before their children."""


def recipe_text(recipe: Recipe) -> str:
    """Returns the recipe as JSON, the same for the same recipe; what came later stands there only where it is used."""
    said = asdict(recipe)
    for name in ("region", "skim"):
        if not said[name]:
            del said[name]
    return json.dumps(said, sort_keys=True)


def recipe_key(text: str) -> str:
    """Returns the digest by which a recipe is found again."""
    return hashlib.sha256(text.encode()).hexdigest()


def storable_text(text: str) -> str:
    """Returns text that any database takes: zeros, and bytes of a file's name that are no letters, become “?”."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


TURNING_SIGNS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs without a shape that turn the letters after them around, so that a name reads as another."""


def storable_line(text: str) -> str:
    """Returns a title or a name as it is kept: one line that any database takes, without signs that nobody sees."""
    line = storable_text(TURNING_SIGNS.sub("", settings.one_line(text))).strip()
    return line or ("?" if text else "")


@lru_cache(maxsize=4096)  # a shelf of five hundred is told at every look at it
def _recipe(text: str) -> Recipe:
    said = json.loads(text)
    region = Box(*said["region"]) if said.get("region") else None
    return Recipe(**said | {"step": Step(*said["step"]), "readers": tuple(said["readers"]), "region": region})


@lru_cache(maxsize=4096)
def _video(text: str) -> Video:
    return parse_video(json.loads(text))


def video_text(video: Video) -> str:
    """Returns what the probe said as JSON."""
    return json.dumps(write_video(video))


def make_scene(row: Mapping[str, Any], now: float | None = None) -> Scene:
    """Returns a row of ``scenes`` as a Scene; ``now`` decides whether its worker is alive."""
    timing = current_timing()
    age = (time.time() if now is None else now) - (row["heartbeat"] or 0)
    same = ("id", "title", "state", "error", "expected", "found", "revision", "finder", "created")
    visit = ("owner", "fetched", "size")
    return Scene(
        **{name: row[name] for name in (*same, *visit)},
        recipe=_recipe(row["recipe"]),
        video=_video(row["video"]) if row["video"] else None,
        readers=tuple(json.loads(row["readers"])),
        waiting=row["waiting"] is not None,
        alive=abs(age) < {"reading": timing.alive_s, "queued": timing.starting_s}.get(row["state"], 0.0),
    )


def rows_by_table(scene_id: int, stored: Iterable[Stored]) -> dict[str, list[Row]]:
    """Returns what to insert for these moments: table's name → rows, parents before their children."""
    made: dict[str, list[Row]] = {name: [] for name in TABLES}
    for sample, thumb, crops in stored:
        key = {"scene_id": scene_id, "t_ms": int(sample.t_ms)}
        made["samples"].append(key | {"shot": sample.shot, "dropped": sample.dropped, "look": sample.look})
        made["thumbs"].append(key | {"jpeg": thumb})
        for index, (face, crop) in enumerate(zip(sample.faces, crops, strict=True)):
            mine = key | {"face": index}
            made["faces"].append(mine | _face_row(face))
            made["readings"] += [mine | row for row in _reading_rows(face)]
            made["embeddings"] += [
                mine | {"reader": reader, "code": reading.embedding}
                for reader, reading in face.readings.items()
                if reading.embedding is not None
            ]
            made["crops"].append(mine | {"jpeg": crop})
    return made


def _face_row(face: Face) -> Row:
    found = face.found
    points = [float(value) for point in found.landmarks for value in point] if found.landmarks else [None] * 10
    return {
        **dict(zip(("x0", "y0", "x1", "y1"), map(int, found.box), strict=True)),
        **dict(zip(schema.LANDMARKS, points, strict=True)),
        "confidence": float(found.confidence),
        "sharpness": float(face.sharpness),
        "track": None if face.track is None else int(face.track),
    }


def _reading_rows(face: Face) -> Iterator[Row]:
    for place, (reader, reading) in enumerate(face.readings.items()):
        spread = map(float, reading.spread) if reading.spread else [None] * len(schema.SPREADS)
        yield {
            "place": place,
            "reader": reader,
            **dict(zip(schema.SCORES, map(float, reading.scores), strict=True)),
            **dict(zip(schema.SPREADS, spread, strict=True)),
        }


Plain = Sequence[Any]
"""A row as it comes from the database, its columns in the order of the table without ``scene_id``."""

_new: Callable[..., Any] = tuple.__new__
"""Fills a named tuple twice as fast as its class does: an hour of film is 400,000 of them."""


def join_samples(moments: Iterable[Plain], faces: Iterable[Plain], readings: Iterable[Plain]) -> tuple[Sample, ...]:
    """Joins the three tables' rows, each in the order of its key, into samples in time order."""
    opinions: dict[tuple[int, int], dict[str, Reading]] = defaultdict(dict)
    for row in readings:
        spread = _new(Scores, row[11:18]) if row[11] is not None else None
        opinions[row[0], row[1]][row[3]] = Reading(_new(Scores, row[4:11]), spread)
    seen: dict[int, list[Face]] = defaultdict(list)
    for row in faces:
        seen[row[0]].append(_face(row, opinions.get((row[0], row[1]), {})))
    return tuple(Sample(row[0], tuple(seen.get(row[0], ())), row[1], row[3], row[2]) for row in moments)


def _face(row: Plain, readings: dict[str, Reading]) -> Face:
    points = tuple(_new(Point, row[at : at + 2]) for at in range(7, 17, 2)) if row[7] is not None else None
    found = Found(_new(Box, row[2:6]), row[6], _new(Landmarks, points) if points else None)
    return Face(found, row[17], row[18], readings)


@contextmanager
def pause_gc() -> Iterator[None]:
    """Pauses the garbage collector: it would look through all these small lasting values again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
