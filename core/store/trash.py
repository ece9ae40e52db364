"""Scenes that were deleted and can still be brought back: off every shelf, with all that belongs to them."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from core.model import Scene
from core.store import database, rows
from core.store.schema import scenes
from core.store.worker_token import not_on_shelf, update_scene

AWAY = scenes.c.discarded.is_not(None)
HERE = scenes.c.discarded.is_(None)


class Trash:
    """The part of the store that keeps them; see ``Store`` for what its methods raise."""

    owner: str | None
    _db: database.Database

    def discard(self, scene_id: int) -> None:
        """Takes a scene off the shelf so that it can be brought back; its worker's token fits no more."""
        with self._db.begin_write() as db:
            found = db.execute(sa.select(scenes).where(scenes.c.id == scene_id, HERE)).mappings().first()
            if found is None:
                raise not_on_shelf(scene_id)
            _move_to_trash(db, found)

    def trashed_scenes(self) -> list[Scene]:
        """Returns what can be brought back to this shelf, what was deleted last first."""
        wanted = (
            sa.select(scenes).where(AWAY, _is_owned(self.owner)).order_by(scenes.c.discarded.desc(), scenes.c.id.desc())
        )
        with self._db.begin_read() as db:
            return [rows.make_scene(dict(row)) for row in db.execute(wanted).mappings()]

    def restore(self, number: int) -> None:
        """Brings a deleted scene back as it was; if it was added again meanwhile, the new one goes for it."""
        which = sa.and_(scenes.c.id == number, AWAY, _is_owned(self.owner))
        with self._db.begin_write() as db:
            found = db.execute(sa.select(scenes).where(which)).mappings().first()
            if found is None:
                raise not_on_shelf(number)
            key = rows.recipe_key(found["recipe"] + found["owner"])
            again = db.execute(sa.select(scenes).where(scenes.c.recipe_key == key)).mappings().first()
            if again is not None:
                _move_to_trash(db, again)
            update_scene(db, which, {"discarded": None, "recipe_key": key}, not_on_shelf(number))

    def expired_trash(self, kept_s: float) -> list[int]:
        """Returns the scenes of this shelf that were deleted longer ago than they are kept."""
        old = sa.select(scenes.c.id).where(AWAY, _is_owned(self.owner), scenes.c.discarded < time.time() - kept_s)
        with self._db.begin_read() as db:
            return list(db.execute(old).scalars())


def _is_owned(owner: str | None) -> sa.ColumnElement[bool]:
    """Scenes of one visitor's shelf; of all of them for None."""
    return sa.true() if owner is None else scenes.c.owner == owner


def _move_to_trash(db: sa.Connection, row: Any) -> None:
    """Frees the recipe for a scene of the same, and stops what goes on."""
    state = "stopped" if row["state"] in ("queued", "reading") else row["state"]
    halted = {"state": state, "token": None, "heartbeat": None, "waiting": None}
    away = {"recipe_key": f"{row['recipe_key']} {row['id']}", "discarded": time.time()}
    update_scene(db, scenes.c.id == row["id"], halted | away, not_on_shelf(row["id"]))
