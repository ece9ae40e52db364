"""The shelf's database: scenes, their moments and pictures; one worker writes a scene, anybody reads."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from core import sampling
from core.host import home, limits
from core.model import Recipe, Sample, Scene, State, Timeline, Video
from core.store import (
    baselines,
    budgets,
    database,
    emotions,
    findings,
    imports,
    judgements,
    people,
    rows,
    schema,
    sizes,
    trash,
)
from core.store import queue as waiting
from core.store.schema import closer_looks, crops, faces, readings, samples, scenes, thumbs
from core.store.undo_log import delete_decisions
from core.store.worker_token import not_on_shelf, update_as_worker, update_scene

CHUNK = 400
"""Keys asked for in one statement, well under every database's limit of parameters."""

FEW_MOMENTS = 32
"""Deleted at a time on a disk with hardly any room: with their pictures 1 MB."""


class Store(
    judgements.Judgements,
    waiting.Queue,
    emotions.Emotions,
    people.PeopleDecisions,
    imports.Imports,
    trash.Trash,
    baselines.Baselines,
    sizes.Sizes,
    budgets.Budgets,
    findings.Findings,
):
    """The shelf at a database URL; every call is a short transaction, from any thread.

    Every method raises StoreError with one sentence when the database cannot be used; those of a worker, which hold
    its token, raise JobError and write nothing once the scene was stopped, deleted or taken over.
    """

    owner: str | None = None
    """The visitor whose shelf alone this is; None sees every scene."""
    address: str = ""
    """Where this visitor comes from, as ``core.host.addresses`` counts it."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url or home.database_url()
        self._db = database.Database(self.url)

    def close(self) -> None:
        """Gives up whatever connections are kept; the next call makes new ones."""
        self._db.close()

    def whole_shelf(self) -> Store:
        """Returns the shelf with every visitor's scenes on it, for those who keep house."""
        return self

    def add(self, recipe: Recipe, title: str) -> int:
        """Puts a scene on the shelf and returns its id; the same recipe is the same scene and keeps its title."""
        text = rows.recipe_text(recipe)
        key = rows.recipe_key(text + (self.owner or ""))
        new = {"recipe_key": key, "recipe": text, "title": rows.storable_line(title), "state": "queued"}
        empty: dict[str, Any] = {
            "owner": self.owner or "",
            "address": self.address,
            "error": "",
            "finder": "",
            "readers": "[]",
        }
        empty |= dict.fromkeys(("expected", "found", "revision"), 0)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        with self._db.begin_write() as db:
            known = db.execute(sa.select(scenes.c.id).where(scenes.c.recipe_key == key)).scalar()
            if known is not None:
                return int(known)
            self._check_counts(db)
            added = db.execute(sa.insert(scenes).values(**new, **empty, created=created))
            return int(added.inserted_primary_key[0])  # type: ignore[index]  # an insert of one row has one

    def check_room(self, recipe: Recipe | None = None, size: int = 0) -> None:
        """Raises JobError where one more scene, of so many bytes, has no room; on a machine of one's own it has."""

    def _check_counts(self, db: sa.Connection) -> None:
        """Raises JobError where no scene has room; on the whole shelf every one has."""

    def scenes(self, only: int | None = None) -> list[Scene]:
        """Returns the whole shelf, the newest scene first; or only that scene of it, or nothing."""
        wanted = sa.select(scenes).where(trash.HERE).order_by(scenes.c.id.desc())
        if self.owner is not None:
            wanted = wanted.where(scenes.c.owner == self.owner)
        if only is not None:
            wanted = wanted.where(scenes.c.id == only)
        with self._db.begin_read() as db:
            return [rows.make_scene(dict(row)) for row in db.execute(wanted).mappings()]

    def scene(self, scene_id: int) -> Scene:
        """Returns one scene as it is now; StoreError when it is not on the shelf."""
        with self._db.begin_read() as db:
            row = db.execute(sa.select(scenes).where(scenes.c.id == scene_id, trash.HERE)).mappings().first()
        if row is None:
            raise not_on_shelf(scene_id)
        return rows.make_scene(dict(row))

    def rename(self, scene_id: int, title: str) -> None:
        """Gives a scene another title."""
        self._set(scene_id, title=rows.storable_line(title))

    def delete(self, scene_id: int) -> None:
        """Deletes a scene for good, with all its rows, its log, and its clip when no other scene uses it.

        On a disk with hardly any room its moments go first, a few at a time: all at once needs more than there is.
        """
        while self._db.room and self._db.room.is_short() and self._delete_some_moments(scene_id):
            continue
        with self._db.begin_write() as db:
            recipe = db.execute(sa.select(scenes.c.recipe).where(scenes.c.id == scene_id)).scalar()
            if recipe is None:
                raise not_on_shelf(scene_id)
            db.execute(sa.delete(scenes).where(scenes.c.id == scene_id))
        home.delete_scene_files(scene_id)
        if limits.is_hosted():
            home.log_erasure(scene_id)
        self.delete_unused_clip(json.loads(recipe)["source"])

    def _delete_some_moments(self, scene_id: int) -> bool:
        """Deletes the first moments that are left of a scene; returns whether there were any."""
        first = sa.select(samples.c.t_ms).where(samples.c.scene_id == scene_id).order_by(samples.c.t_ms)
        with self._db.begin_write() as db:
            times = list(db.execute(first.limit(FEW_MOMENTS)).scalars())
            db.execute(sa.delete(samples).where(samples.c.scene_id == scene_id, samples.c.t_ms.in_(times)))
        return bool(times)

    def clear(self, scene_id: int) -> None:
        """Forgets everything that was read of a scene and decided about it, and takes its worker's token away."""
        with self._db.begin_write() as db:
            delete_decisions(db, scene_id)
            for table in (closer_looks, samples):
                db.execute(sa.delete(table).where(table.c.scene_id == scene_id))
            fresh = {"state": "queued", "error": "", "token": None, "heartbeat": None, "waiting": None}
            unread = {"found": 0, "expected": 0, "video": None, "finder": "", "readers": "[]"}
            update_scene(db, scenes.c.id == scene_id, fresh | unread, not_on_shelf(scene_id))

    def announce_worker(self, scene_id: int) -> str:
        """Announces that a worker is being started and returns the token it is to claim the scene with."""
        return self._hand_out(scene_id, "queued")

    def claim(self, scene_id: int, token: str | None = None) -> str:
        """Begins to read: returns the token that writing needs from now on, so that no older worker's fits any more.

        With the ``token`` of ``queue``, claim only what it still stands for.
        """
        if token is None:
            return self._hand_out(scene_id, "reading")
        self._signed(scene_id, token, {"state": "reading", "heartbeat": time.time(), "error": "", "waiting": None})
        return token

    def _hand_out(self, scene_id: int, state: State) -> str:
        token = secrets.token_hex(16)
        self._set(scene_id, state=state, error="", token=token, heartbeat=time.time(), waiting=None)
        return token

    def begin_reading(
        self, scene_id: int, token: str, video: Video, finder: str, readers: Sequence[str], expected: int
    ) -> None:
        """Records what is being read, with which finder and readers, and how many moments it should give."""
        names = json.dumps(list(readers))
        made = {"video": rows.video_text(video), "finder": finder, "readers": names, "expected": expected}
        self._signed(scene_id, token, made | {"heartbeat": time.time()})

    def record_heartbeat(self, scene_id: int, token: str) -> bool:
        """Gives a sign of life; False when the scene was stopped, deleted or taken over."""
        mine = (scenes.c.id == scene_id) & (scenes.c.token == token)
        with self._db.begin_write() as db:
            return db.execute(sa.update(scenes).where(mine).values(heartbeat=time.time())).rowcount == 1

    def append(self, scene_id: int, token: str, stored: Sequence[rows.Stored]) -> None:
        """Writes moments with their pictures, all or none; moments that were there already are replaced."""
        self._db.check_room()
        made = rows.rows_by_table(scene_id, stored)
        times = [row["t_ms"] for row in made["samples"]]
        of_scene = samples.c.scene_id == scene_id
        with self._db.begin_write() as db:
            update_as_worker(db, scene_id, token, {"heartbeat": time.time()})
            for some in _chunks(times):
                db.execute(sa.delete(samples).where(of_scene, samples.c.t_ms.in_(some)))
            for name, lines in made.items():
                if lines:
                    db.execute(sa.insert(schema.metadata.tables[name]), lines)
            found = sa.select(sa.func.count()).select_from(samples).where(of_scene).scalar_subquery()
            db.execute(sa.update(scenes).where(scenes.c.id == scene_id).values(found=found))

    def finish(self, scene_id: int, token: str) -> None:
        """Says that every moment has been read."""
        self._signed(scene_id, token, {"state": "done", "error": "", "token": None})

    def fail(self, scene_id: int, token: str, sentence: str, state: State = "failed") -> None:
        """Says why reading ended before its time; ``state`` is "stopped" when going on may well succeed."""
        self._signed(scene_id, token, {"state": state, "error": rows.storable_text(sentence), "token": None})

    def stop(self, scene_id: int) -> None:
        """Stops a scene that is queued or being read: its worker's token fits no more, and it ends by itself."""
        running = (scenes.c.id == scene_id) & scenes.c.state.in_(("queued", "reading"))
        with self._db.begin_write() as db:
            halted = {"state": "stopped", "token": None, "waiting": None, "revision": scenes.c.revision + 1}
            db.execute(sa.update(scenes).where(running).values(halted))

    def samples(self, scene_id: int) -> tuple[Sample, ...]:
        """Returns the stored moments in time order."""
        with rows.pause_gc():
            with self._db.begin_read() as db:
                stored = [_plain(db, table, scene_id) for table in (samples, faces, readings)]
            return rows.join_samples(*stored)

    def timeline(self, scene_id: int) -> Timeline:
        """Returns the stored moments with their step; a counted or widened step is told by the moments themselves."""
        recipe, stored = self.scene(scene_id).recipe, self.samples(scene_id)
        return Timeline(sampling.spacing_ms(recipe, [sample.t_ms for sample in stored]), stored)

    def thumb(self, scene_id: int, t_ms: int) -> bytes | None:
        """Returns the JPEG of a moment, at most 640 px wide."""
        wanted = sa.select(thumbs.c.jpeg).where(thumbs.c.scene_id == scene_id, thumbs.c.t_ms == t_ms)
        with self._db.begin_read() as db:
            return db.execute(wanted).scalar()

    def crops(self, scene_id: int, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """Returns the JPEGs of faces, by moment and index of the face in it; unknown ones are left out."""
        key = sa.tuple_(crops.c.t_ms, crops.c.face)
        wanted = sa.select(crops.c.t_ms, crops.c.face, crops.c.jpeg).where(crops.c.scene_id == scene_id)
        with self._db.begin_read() as db:
            parts = [db.execute(wanted.where(key.in_(some))).all() for some in _chunks(list(keys))]
        return {(t_ms, index): jpeg for part in parts for t_ms, index, jpeg in part}

    def poster(self, scene_id: int) -> bytes | None:
        """Returns the thumb of the moment whose faces are largest and surest, else that of the middle one."""
        seen = sa.func.sum(faces.c.confidence * (faces.c.y1 - faces.c.y0))
        best = sa.select(faces.c.t_ms).where(faces.c.scene_id == scene_id).group_by(faces.c.t_ms)
        times = sa.select(samples.c.t_ms).where(samples.c.scene_id == scene_id).order_by(samples.c.t_ms)
        with self._db.begin_read() as db:
            t_ms = db.execute(best.order_by(seen.desc(), faces.c.t_ms).limit(1)).scalar()
            if t_ms is None:
                every = db.execute(times).scalars().all()
                t_ms = every[len(every) // 2] if every else -1
        return self.thumb(scene_id, t_ms)

    def _set(self, scene_id: int, **values: Any) -> None:
        with self._db.begin_write() as db:
            update_scene(db, scenes.c.id == scene_id, values, not_on_shelf(scene_id))

    def _signed(self, scene_id: int, token: str, values: dict[str, Any]) -> None:
        with self._db.begin_write() as db:
            update_as_worker(db, scene_id, token, values)


def _plain(db: sa.Connection, table: sa.Table, scene_id: int) -> list[Any]:
    """Returns every row of a scene in the order of the key, without the scene's id."""
    columns = [column for column in table.c if column.name != "scene_id"]
    key = [column for column in table.primary_key if column.name != "scene_id"]
    return list(db.execute(sa.select(*columns).where(table.c.scene_id == scene_id).order_by(*key)).all())


def _chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
