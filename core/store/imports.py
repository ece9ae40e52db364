"""Scenes that come onto the shelf already read: from a bundle, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.store import database, emotions, judgements, rows, schema
from core.store.people import people_row
from core.store.schema import closer_looks, embeddings, people, scenes, verdicts

if TYPE_CHECKING:
    from core.model import Gathering, Recipe, Verdict, Video
    from core.reading.closer_look import CloserLook, Key

FacePlace = tuple[int, int]
"""A face's moment, ms, and its index there."""

LookPlace = tuple[str, "Key"]
"""A closer look's reader and peak."""

AT_ONCE = 100
"""Moments that are held with their pictures while they are written."""

CODES_AT_ONCE = 2000
"""Embeddings that are written at one time."""


@dataclass(frozen=True, slots=True)
class BundledScene:
    """What a bundle says of a scene besides its moments."""

    title: str
    recipe: Recipe
    """Its source is the video's name alone: where it lay is nobody's business."""
    video: Video
    finder: str
    readers: tuple[str, ...]
    created: str
    moments: int
    verdicts: tuple[Verdict, ...] = ()
    closer: Mapping[LookPlace, CloserLook] | None = None
    people: tuple[Gathering, ...] = ()
    emotions: Mapping[str, str] = field(default_factory=dict)
    """Files of the emotions of one's own that are drawn or were judged in it, by name."""
    own_verdicts: tuple[Verdict, ...] = ()
    """What was decided about their peaks; ``verdicts`` are about the seven."""
    embeddings: Mapping[FacePlace, bytes] | None = None
    """Codes of ``core.faces.embedding``, all of one length."""
    embedder: str = "builtin"
    """The reader whose embeddings they are."""


class Imports:
    """The part of the store that takes them in; see ``Store`` for what its methods raise."""

    _db: database.Database
    owner: str | None
    address: str

    def _check_counts(self, db: sa.Connection) -> None:
        raise NotImplementedError

    def import_scene(self, told: BundledScene, stored: Iterable[rows.Stored]) -> int:
        """Puts a scene with all that was read and decided on the shelf, in one transaction, and returns its id.

        The same recipe is the same scene: one that is there already stays as it is.
        """
        self._db.check_room()
        text = rows.recipe_text(told.recipe)
        key = rows.recipe_key(text + (self.owner or ""))
        with self._db.begin_write() as db:
            known = db.execute(sa.select(scenes.c.id).where(scenes.c.recipe_key == key)).scalar()
            if known is not None:
                return int(known)
            self._check_counts(db)
            row = {
                "recipe_key": key,
                "recipe": text,
                "owner": self.owner or "",
                "address": self.address,
                **_scene(told),
            }
            scene_id = int(db.execute(sa.insert(scenes).values(row)).inserted_primary_key[0])  # type: ignore[index]
            rest = iter(stored)
            while some := list(islice(rest, AT_ONCE)):
                for name, lines in rows.rows_by_table(scene_id, some).items():
                    if lines:
                        db.execute(sa.insert(schema.metadata.tables[name]), lines)
            _remarks(db, scene_id, told)
            _embeddings(db, scene_id, told)
            emotions.import_emotions(db, self.owner or "", told.emotions)
        return scene_id


def _scene(told: BundledScene) -> dict[str, Any]:
    read = {"finder": told.finder, "readers": json.dumps(list(told.readers)), "video": rows.video_text(told.video)}
    counts = {"expected": told.moments, "found": told.moments, "revision": 1}
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return read | counts | {"title": rows.storable_line(told.title), "state": "done", "error": "", "created": created}


def _remarks(db: sa.Connection, scene_id: int, told: BundledScene) -> None:
    """Writes closer looks, verdicts with their own dates, and who is who."""
    looks = [
        {"scene_id": scene_id, "reader": reader, **judgements.closer_row(key, look)}
        for (reader, key), look in (told.closer or {}).items()
    ]
    judged = [
        {"scene_id": scene_id, "decision": number, "at": one.at, **judgements.verdict_row(one)}
        for number, one in enumerate((*told.verdicts, *told.own_verdicts), start=1)
    ]
    named = [{"scene_id": scene_id, "at": one.at, **people_row(one)} for one in told.people]
    for table, lines in ((closer_looks, looks), (verdicts, judged), (people, named)):
        if lines:
            db.execute(sa.insert(table), lines)


def _embeddings(db: sa.Connection, scene_id: int, told: BundledScene) -> None:
    rest = iter((told.embeddings or {}).items())
    while some := list(islice(rest, CODES_AT_ONCE)):
        same = {"scene_id": scene_id, "reader": told.embedder}
        db.execute(sa.insert(embeddings), [same | {"t_ms": at[0], "face": at[1], "code": code} for at, code in some])
