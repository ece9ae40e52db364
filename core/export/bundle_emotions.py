"""A bundle's embeddings and emotions of one's own → values, every one of them looked at first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

import numpy as np

from core.doubt import verdicts
from core.emotions import emotion_file
from core.emotions.emotion import OwnEmotion
from core.emotions.readings import own_reader
from core.errors import SettingError
from core.export import bundle
from core.export.bundle import FILE
from core.export.bundle_values import LONGEST_MS, MOST_TRACKS
from core.faces import embedding
from core.model import Sample, Verdict
from core.store.imports import FacePlace

LONGEST_CODE = emotion_file.MOST_WEIGHTS + embedding.HEAD_BYTES

MOST_TAUGHT = 20
"""As many as a shelf holds."""

MOST_VALUES = MOST_TAUGHT * 10 * emotion_file.MOST_WEIGHTS + 30 * verdicts.MOST

LARGEST_BYTES = MOST_TAUGHT * emotion_file.LARGEST_BYTES


def read_code_bytes(manifest: bytes) -> int:
    """Return how many bytes a code has by a manifest that was looked at; 0 where the bundle holds none."""
    said = json.loads(manifest).get("embedding_bytes", 0)
    return FILE.whole(said, embedding.HEAD_BYTES + 1, LONGEST_CODE, "the length of its embeddings") if said != 0 else 0


def read_embeddings(data: bytes, size: int, samples: Iterable[Sample]) -> dict[FacePlace, bytes]:
    """Return the code of every face that has one."""
    places = [at for sample in samples for at in bundle.face_places(sample)]
    if len(data) != size * len(places):
        FILE.refuse(f"its embeddings are not {size} bytes for each of its {len(places)} faces")
    table = np.frombuffer(data, np.uint8).reshape(len(places), size)
    scales = table[:, embedding.TAG_BYTES : embedding.HEAD_BYTES].copy().view(embedding.CODED)
    if not (np.isfinite(scales) & (scales >= 0)).all():
        FILE.refuse("an embedding in it has a scale that is no number")
    return {at: row.tobytes() for at, row in zip(places, table, strict=True) if row.any()}


def read_emotions(data: bytes) -> tuple[dict[str, str], tuple[Verdict, ...]]:
    """Return the emotions of one's own, and what was decided about their peaks."""
    what = "its list of taught emotions"
    said = FILE.fields(FILE.parse(data, what, values=MOST_VALUES), ("emotions", "verdicts"), what)
    listing = FILE.items(said["emotions"], MOST_TAUGHT, what)
    found = {one.name: emotion_file.to_json(one) for one in map(_emotion, listing)}
    if len(found) < len(listing):
        FILE.refuse("a taught emotion is in it twice")
    judged = FILE.items(said["verdicts"], verdicts.MOST, "its verdicts about taught emotions")
    return found, tuple(_verdict(one, found) for one in judged)


def _verdict(said: object, names: Collection[str]) -> Verdict:
    what = "a verdict about a taught emotion"
    told = FILE.fields(said, bundle.VERDICT_FIELDS, what)
    if told["emotion"] not in names:
        FILE.refuse(f"{what} is about one that is not in it")
    start_ms = FILE.whole(told["start_ms"], 0, LONGEST_MS, what)
    return Verdict(
        own_reader(told["emotion"]),
        FILE.whole(told["track"], 0, MOST_TRACKS, what),
        told["emotion"],
        start_ms,
        FILE.whole(told["end_ms"], start_ms + 1, LONGEST_MS, what),
        FILE.truth(told["dropped"], what),
        FILE.date(told["at"], what) if told["at"] else "",
    )


def _emotion(said: object) -> OwnEmotion:
    named = FILE.fields(said, sorted(emotion_file.PARTS), "a taught emotion in it")
    try:
        return emotion_file.parse(json.dumps(named))
    except SettingError as error:
        raise SettingError(
            f"a taught emotion in it is not right ({error.what})",
            "This bundle cannot be imported:",
            "Have it exported again.",
        ) from error
