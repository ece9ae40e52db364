"""A scene in one zip, without its video: what another person imports to see, review and compare it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from core import __version__
from core.doubt import verdicts
from core.host.strict_json import StrictJson
from core.model import Face, Recipe, Sample
from core.reading.closer_look import CloserLook
from core.store.imports import BundledScene, FacePlace, LookPlace
from core.video.remarks import write_video

FILE = StrictJson("This bundle cannot be imported:", "Have it exported again.")

VERSION = 4
"""Since 2 with the faces' embeddings, and with emotions of one's own; since 3 with the version of Outtake; since 4 with
how much a mouth moves in a closer look."""

MANIFEST, MOMENTS, CLOSER, VERDICTS, PEOPLE = (
    "manifest.json",
    "moments.jsonl",
    "closer.json",
    "verdicts.json",
    "people.json",
)
TEXTS = (MANIFEST, MOMENTS, CLOSER, VERDICTS, PEOPLE)

TAUGHT, EMBEDDINGS = "taught.json", "embeddings.u8"
"""What a bundle of version 1 does not hold; the second one only where there are any."""

VERDICT_FIELDS = ("emotion", "track", "start_ms", "end_ms", "dropped", "at")
"""What is said of a verdict about an emotion of one's own."""

LONGEST_NAME = 120

WHEN = (1980, 1, 1, 0, 0, 0)
"""The date of every entry: the same scene gives the same bytes."""

Picture = tuple[str, bytes]
"""Name of an entry and its JPEG."""


def pack(told: BundledScene, samples: Sequence[Sample], pictures: Iterable[Picture]) -> bytes:
    """Return the zip; ``pictures`` are drawn from one by one, with names as ``thumb`` and ``crop`` give them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        _write(packed, MANIFEST, json.dumps(_manifest(told), indent=2, ensure_ascii=False))
        _write(packed, MOMENTS, "".join(f"{json.dumps(_moment(sample))}\n" for sample in samples))
        _write(packed, CLOSER, json.dumps([_look(place, look) for place, look in (told.closer or {}).items()]))
        _write(packed, VERDICTS, verdicts.format_verdicts(told.title, told.video, told.recipe, told.verdicts))
        _write(packed, PEOPLE, json.dumps([asdict(one) for one in told.people], ensure_ascii=False))
        _write(packed, TAUGHT, json.dumps(_taught(told), ensure_ascii=False))
        if told.embeddings:
            _write(packed, EMBEDDINGS, _codes(told.embeddings, samples))
        for name, jpeg in pictures:
            _write(packed, name, jpeg, zipfile.ZIP_STORED)
    return buffer.getvalue()


def _taught(told: BundledScene) -> dict[str, Any]:
    emotions = [json.loads(text) for text in told.emotions.values()]
    judged = [{name: getattr(one, name) for name in VERDICT_FIELDS} for one in told.own_verdicts]
    return {"emotions": emotions, "verdicts": judged}


def _codes(embeddings: Mapping[FacePlace, bytes], samples: Iterable[Sample]) -> bytes:
    """Every face's code in the order of moments and faces; zeros where it has none."""
    nothing = bytes(code_bytes(embeddings))
    return b"".join(embeddings.get(at, nothing) for sample in samples for at in face_places(sample))


def code_bytes(embeddings: Mapping[FacePlace, bytes] | None) -> int:
    """Bytes of a code; 0 where there is none."""
    return len(next(iter(embeddings.values()))) if embeddings else 0


def face_places(sample: Sample) -> Iterator[FacePlace]:
    """The places of a moment's faces."""
    yield from ((sample.t_ms, index) for index in range(len(sample.faces)))


def thumb_name(t_ms: int) -> str:
    """The entry of a moment's picture."""
    return f"thumbs/{t_ms}.jpg"


def crop_name(t_ms: int, face: int) -> str:
    """The entry of a face's picture, by its index in the moment."""
    return f"crops/{t_ms}-{face}.jpg"


def picture_names(sample: Sample) -> Iterator[str]:
    """The entries of a moment's pictures."""
    yield thumb_name(sample.t_ms)
    yield from (crop_name(sample.t_ms, index) for index in range(len(sample.faces)))


def without_path(recipe: Recipe) -> Recipe:
    """The recipe with the video's bare name for its source: a path, or a link with what it carries, may be a secret."""
    name = recipe.source.replace("\\", "/").split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return replace(recipe, source=name[:LONGEST_NAME] or "video")


def _write(packed: zipfile.ZipFile, name: str, data: str | bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, WHEN)
    entry.compress_type, entry.external_attr = how, 0o644 << 16
    packed.writestr(entry, data)


def _manifest(told: BundledScene) -> dict[str, Any]:
    video = write_video(told.video) | {"path": ""}
    head = {
        "outtake": "scene",
        "version": VERSION,
        "outtake_version": __version__,
        "title": told.title,
        "created": told.created,
    }
    read: dict[str, Any] = {"finder": told.finder, "readers": list(told.readers), "moments": told.moments}
    read["embedding_bytes"] = code_bytes(told.embeddings)
    recipe = asdict(without_path(told.recipe))
    if not told.recipe.skim:
        del recipe["skim"]  # as before there was any: versions that know of none take the bundle
    return head | {"recipe": recipe, "video": video} | read


def _moment(sample: Sample) -> dict[str, Any]:
    faces = [_face(face) for face in sample.faces]
    return {"t_ms": sample.t_ms, "shot": sample.shot, "dropped": sample.dropped, "faces": faces}


def _face(face: Face) -> dict[str, Any]:
    found = face.found
    return {
        "box": list(found.box),
        "confidence": found.confidence,
        "landmarks": [list(point) for point in found.landmarks] if found.landmarks else None,
        "sharpness": face.sharpness,
        "track": face.track,
        "readings": [
            {"reader": name, "scores": list(one.scores), "spread": list(one.spread) if one.spread else None}
            for name, one in face.readings.items()
        ],
    }


def _look(place: LookPlace, look: CloserLook) -> dict[str, Any]:
    reader, key = place
    return {"reader": reader, **key._asdict(), **asdict(look)}
