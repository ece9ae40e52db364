"""The calm spans that a viewer chose for people: remarks beside the moments, which stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from core.model import Calm
from core.store import database
from core.store.schema import baselines, scenes
from core.store.worker_token import not_on_shelf


class Baselines:
    """The part of the store that holds them; see ``Store`` for what its methods raise."""

    _db: database.Database

    def set_baseline(self, scene_id: int, calm: Calm) -> None:
        """Write down a person's calm span, dated now; an older one of theirs waits. The scene's revision stays."""
        row = {"person": int(calm.person), "start_ms": int(calm.start_ms), "end_ms": int(calm.end_ms)}
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._db.begin_write() as db:
            if db.execute(sa.select(scenes.c.id).where(scenes.c.id == scene_id)).first() is None:
                raise not_on_shelf(scene_id)
            db.execute(sa.insert(baselines), [{"scene_id": scene_id, "at": at, **row}])

    def undo_baseline(self, scene_id: int, person: int) -> Calm | None:
        """Take back a person's newest calm span and return it, None when there is none; the one before counts again."""
        theirs = (baselines.c.scene_id == scene_id) & (baselines.c.person == person)
        newest = sa.select(baselines).where(theirs).order_by(baselines.c.id.desc()).limit(1)
        with self._db.begin_write() as db:
            row = db.execute(newest).mappings().first()
            if row is None:
                return None
            db.execute(sa.delete(baselines).where(baselines.c.id == row["id"]))
        return _calm(row)

    def baselines(self, scene_id: int) -> tuple[Calm, ...]:
        """Return the calm spans that count, one a person."""
        newest = sa.select(sa.func.max(baselines.c.id)).where(baselines.c.scene_id == scene_id)
        wanted = sa.select(baselines).where(baselines.c.id.in_(newest.group_by(baselines.c.person)))
        with self._db.begin_read() as db:
            return tuple(_calm(row) for row in db.execute(wanted.order_by(baselines.c.person)).mappings())


def forget(db: sa.Connection, scene_id: int) -> None:
    """Take all calm spans of a scene away: read again, its people may be others."""
    db.execute(sa.delete(baselines).where(baselines.c.scene_id == scene_id))


def _calm(row: Mapping[Any, Any]) -> Calm:
    return Calm(row["person"], row["start_ms"], row["end_ms"])
