"""The calm spans that a viewer chose for people, whose means are subtracted from their scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.model import Calm
from core.store import database
from core.store.schema import baselines
from core.store.undo_log import BASELINES


class Baselines:
    """The part of the store that holds them; see ``Store`` for what its methods raise."""

    _db: database.Database

    def set_baseline(self, scene_id: int, calm: Calm) -> None:
        """Stores a person's calm span; it counts in place of an older one of theirs."""
        row = {"person": int(calm.person), "start_ms": int(calm.start_ms), "end_ms": int(calm.end_ms)}
        with self._db.begin_write() as db:
            BASELINES.add(db, scene_id, [row])

    def undo_baseline(self, scene_id: int, person: int) -> Calm | None:
        """Takes back a person's newest calm span and returns it, None when there is none; the one before counts."""
        with self._db.begin_write() as db:
            row = BASELINES.undo(db, scene_id, baselines.c.person == person)
        return _calm(row) if row else None

    def baselines(self, scene_id: int) -> tuple[Calm, ...]:
        """Returns the calm spans that count, one a person, by person."""
        with self._db.begin_read() as db:
            rows = BASELINES.rows(db, [scene_id])
        return tuple(sorted(map(_calm, rows), key=lambda calm: calm.person))


def _calm(row: Mapping[Any, Any]) -> Calm:
    return Calm(row["person"], row["start_ms"], row["end_ms"])
