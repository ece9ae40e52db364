"""Who is who in a scene, as a viewer decided it: remarks beside the tracks, which stay as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.model import Gathering, Person, Span
from core.reading.people import list_people as gathered
from core.reading.people import sort_spans
from core.store import database, rows
from core.store.schema import faces
from core.store.undo_log import PEOPLE


class PeopleDecisions:
    """The part of the store that holds them; see ``Store`` for what its methods raise."""

    _db: database.Database

    def add_people_decisions(self, scene_id: int, decided: Sequence[Gathering]) -> None:
        """Stores decisions about who is who, in their order, as one decision."""
        with self._db.begin_write() as db:
            PEOPLE.add(db, scene_id, [people_row(one) for one in decided])

    def undo_people_decision(self, scene_id: int, *, together: bool = False) -> Gathering | None:
        """Takes back the newest decision about who is who and returns it, None when there is none.

        With ``together`` all that were stored in the same call are taken back.
        """
        with self._db.begin_write() as db:
            row = PEOPLE.undo(db, scene_id, together=together)
        return _decision(row) if row else None

    def people_decisions(self, scene_id: int) -> tuple[Gathering, ...]:
        """Returns what was decided about who is who, the oldest first."""
        with self._db.begin_read() as db:
            return tuple(map(_decision, PEOPLE.rows(db, [scene_id])))

    def people(self, scene_id: int) -> tuple[Person, ...]:
        """Returns the people of a scene in order of appearance; one a track where nothing was decided."""
        seen = sa.select(faces.c.track, sa.func.min(faces.c.t_ms), sa.func.max(faces.c.t_ms) + 1)
        seen = seen.where(faces.c.scene_id == scene_id, faces.c.track.is_not(None)).group_by(faces.c.track)
        with self._db.begin_read() as db:
            return gathered(
                sort_spans(Span(*row) for row in db.execute(seen)), map(_decision, PEOPLE.rows(db, [scene_id]))
            )


def people_row(one: Gathering) -> dict[str, Any]:
    """Returns a decision as a row, without its scene and its date."""
    parts = json.dumps([part if isinstance(part, int) else list(part) for part in one.parts])
    return {"kind": one.kind, "person": int(one.person), "name": rows.storable_line(one.name), "parts": parts}


def _decision(row: Mapping[Any, Any]) -> Gathering:
    parts = tuple(part if isinstance(part, int) else Span(*part) for part in json.loads(row["parts"]))
    return Gathering(row["kind"], row["person"], row["name"], parts, row["at"])
