"""Scenes that wait for a worker, in the order in which they came, and those whose time on the shelf is over."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from core.errors import JobError
from core.host.timing import current_timing
from core.store import database
from core.store.schema import scenes
from core.store.worker_token import not_on_shelf, update_as_worker, update_scene

WAITS = scenes.c.waiting.is_not(None)


class Queue:
    """The part of the store that keeps the queue; see ``Store`` for what its methods raise."""

    _db: database.Database

    def enqueue(self, scene_id: int, longest: int | None = None, of_address: int | None = None) -> None:
        """Puts a scene at the end of the queue; one that waits already keeps its place.

        Raises JobError when ``longest`` wait already, when ``of_address`` of the same address do, or when another scene
        of the same visitor waits or is being read.
        """
        last = {"state": "queued", "error": "", "token": None, "heartbeat": None}
        since = sa.func.coalesce(scenes.c.waiting, time.time())
        with self._db.begin_write() as db:
            owner = sa.select(scenes.c.owner).where(scenes.c.id == scene_id).scalar_subquery()
            mine = (scenes.c.owner == owner) & (scenes.c.owner != "") & (scenes.c.id != scene_id)
            if _count(db, mine & (_is_busy() | WAITS)):
                raise JobError("One scene at a time: the one before is still to be read. Wait for it, or stop it.")
            if longest is not None and _count(db, WAITS) >= longest:
                raise JobError("Too many scenes wait to be read just now. Try again in some minutes.")
            address = sa.select(scenes.c.address).where(scenes.c.id == scene_id).scalar_subquery()
            theirs = WAITS & (scenes.c.address == address) & (scenes.c.address != "") & (scenes.c.id != scene_id)
            if of_address is not None and _count(db, theirs) >= of_address:
                raise JobError(f"{of_address} scenes from your address wait already. Wait until one of them is read.")
            update_scene(db, scenes.c.id == scene_id, last | {"waiting": since}, not_on_shelf(scene_id))

    def dequeue(self, at_once: int) -> tuple[int, str] | None:
        """Takes the first scene out of the queue while fewer than ``at_once`` are at work: its id, and its token.

        Whoever is given them starts its worker; nobody else is given the same.
        """
        with self._db.begin_write() as db:
            first = sa.select(scenes.c.id).where(WAITS).order_by(scenes.c.waiting, scenes.c.id)
            scene_id = db.execute(first.limit(1)).scalar()
            if scene_id is None or _count(db, _is_busy()) >= at_once:
                return None
            token = secrets.token_hex(16)
            called = {"token": token, "heartbeat": time.time(), "waiting": None}
            update_scene(db, scenes.c.id == scene_id, called, not_on_shelf(scene_id))
            return int(scene_id), token

    def queue_place(self, scene_id: int) -> int:
        """Returns a scene's place in the queue, from 1; 0 when it does not wait."""
        mine = sa.select(scenes.c.waiting).where(scenes.c.id == scene_id)
        with self._db.begin_read() as db:
            since = db.execute(mine).scalar()
            if since is None:
                return 0
            earlier = (scenes.c.waiting < since) | ((scenes.c.waiting == since) & (scenes.c.id < scene_id))
            return 1 + _count(db, earlier)

    def expired_scenes(self, kept_s: float) -> list[int]:
        """Returns visitors' scenes that were added longer ago than they are kept."""
        until = (datetime.now(UTC) - timedelta(seconds=kept_s)).isoformat(timespec="seconds")
        old = sa.select(scenes.c.id).where(scenes.c.created < until, scenes.c.owner != "")
        with self._db.begin_read() as db:
            return list(db.execute(old).scalars())

    def record_download(self, scene_id: int, token: str, fetched: int, size: int) -> None:
        """Records how much of the link's video has come, in bytes, and how much is expected, 0 when nobody said."""
        with self._db.begin_write() as db:
            update_as_worker(
                db, scene_id, token, {"fetched": int(fetched), "size": int(size), "heartbeat": time.time()}
            )


def _is_busy() -> sa.ColumnElement[bool]:
    """Scenes that a worker holds which is alive, or was started just now."""
    held = scenes.c.state.in_(("queued", "reading")) & scenes.c.token.is_not(None)
    return held & (scenes.c.heartbeat > time.time() - current_timing().starting_s)


def _count(db: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    return int(db.execute(sa.select(sa.func.count()).select_from(scenes).where(which)).scalar_one())
