"""How much is kept, of one address and of everybody, and clips that nobody needs."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

import sqlalchemy as sa

from core.host import home
from core.store import database, sizes
from core.store.schema import scenes

LOCK_PATIENCE_S = 1.0
"""How long a clip's lock is waited for: a process has begun within milliseconds, and whoever adds deletes it later."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a shelf, an address or everybody; scenes that can be brought back are among it."""

    scenes: int
    waiting: int
    """Of them, those in the queue."""
    unread: int
    """Of them, those that are still to be read, or are just being read."""


class Budgets:
    """The part of the store that counts; see ``Store`` for what its methods raise."""

    _db: database.Database

    def count_kept(self, address: str | None = None) -> Kept:
        """Returns what is kept of an address, as ``addresses`` counts it, or of everybody."""
        with self._db.begin_read() as db:
            return count_kept(db, address)

    def kept_bytes(self, address: str) -> int:
        """Returns the bytes of an address's clips on this disk and of its scenes' pictures."""
        mine = sa.select(scenes.c.id).where(scenes.c.address == address)
        with self._db.begin_read() as db:
            pictures = sum(
                int(db.execute(sizes.sum_bytes(column, mine)).scalar_one()) for column in sizes.KEPT.values()
            )
            recipes = db.execute(sa.select(scenes.c.recipe).where(scenes.c.address == address)).scalars()
            sources = {json.loads(text)["source"] for text in recipes}
        return pictures + sum(map(home.clip_bytes, sources))

    def delete_unused_clip(self, source: str) -> None:
        """Deletes a clip that lies here unless a scene is made of it, also one that can be brought back.

        One that somebody is just adding stays as well: it is locked, see ``home.lock_clip``. A lock is waited for a
        moment, since a process that is just being started has a copy of it until it has begun.
        """
        until = time.monotonic() + LOCK_PATIENCE_S
        while not self._delete_clip(source) and time.monotonic() < until:
            time.sleep(LOCK_PATIENCE_S / 20)

    def _delete_clip(self, source: str) -> bool:
        """Deletes it unless it is used, and returns whether there is nothing more to do."""
        with self._db.begin_write() as db:
            used = any(
                json.loads(text)["source"] == source for text in db.execute(sa.select(scenes.c.recipe)).scalars()
            )
            return used or home.delete_unlocked_clip(source)


def count_kept(db: sa.Connection, address: str | None) -> Kept:
    """Returns the same within a transaction."""
    whose = sa.true() if address is None else scenes.c.address == address
    unread = sa.case((scenes.c.state.in_(("queued", "reading")), 1))
    counts = sa.func.count(), sa.func.count(scenes.c.waiting), sa.func.count(unread)
    every = sa.select(*counts).select_from(scenes).where(whose)
    return Kept(*(int(count) for count in db.execute(every).one()))
