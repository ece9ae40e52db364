"""Who is who in a scene, as a viewer decided it: remarks beside the tracks, which stay as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from core.model import Gathering, Person, Span
from core.reading.people import list_people as gathered
from core.reading.people import sort_spans
from core.store import database, rows
from core.store.schema import faces, people, scenes
from core.store.worker_token import not_on_shelf


class PeopleDecisions:
    """The part of the store that holds them; see ``Store`` for what its methods raise."""

    _db: database.Database

    def add_people_decisions(self, scene_id: int, decided: Sequence[Gathering]) -> None:
        """Write down decisions about who is who, dated now, in their order; the revision stays, as the rows do."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        last = sa.select(sa.func.coalesce(sa.func.max(people.c.decision), 0)).where(people.c.scene_id == scene_id)
        with self._db.begin_write() as db:
            if db.execute(sa.select(scenes.c.id).where(scenes.c.id == scene_id)).first() is None:
                raise not_on_shelf(scene_id)
            same = {"scene_id": scene_id, "at": at, "decision": db.execute(last).scalar_one() + 1}
            if made := [{**same, **gathering_row(one)} for one in decided]:
                db.execute(sa.insert(people), made)

    def undo_people_decision(self, scene_id: int, *, together: bool = False) -> Gathering | None:
        """Take back the newest decision about who is who and return it, None when there is none.

        With ``together``, take back all that were decided in the same call.
        """
        newest = sa.select(people).where(people.c.scene_id == scene_id).order_by(people.c.id.desc()).limit(1)
        with self._db.begin_write() as db:
            row = db.execute(newest).mappings().first()
            if row is None:
                return None
            at_once = sa.and_(people.c.scene_id == scene_id, people.c.decision == row["decision"])
            mine = at_once if together and row["decision"] is not None else people.c.id == row["id"]
            db.execute(sa.delete(people).where(mine))
        return _gathering(row)

    def people_decisions(self, scene_id: int) -> tuple[Gathering, ...]:
        """Return what was decided about who is who, the oldest first."""
        with self._db.begin_read() as db:
            return _decided(db, scene_id)

    def people(self, scene_id: int) -> tuple[Person, ...]:
        """Return the people of a scene in order of appearance; one a track where nothing was decided."""
        seen = sa.select(faces.c.track, sa.func.min(faces.c.t_ms), sa.func.max(faces.c.t_ms) + 1)
        seen = seen.where(faces.c.scene_id == scene_id, faces.c.track.is_not(None)).group_by(faces.c.track)
        with self._db.begin_read() as db:
            return gathered(sort_spans(Span(*row) for row in db.execute(seen)), _decided(db, scene_id))


def forget(db: sa.Connection, scene_id: int) -> None:
    """Take all decisions about who is who in a scene away: read again, its tracks may be others."""
    db.execute(sa.delete(people).where(people.c.scene_id == scene_id))


def _decided(db: sa.Connection, scene_id: int) -> tuple[Gathering, ...]:
    wanted = sa.select(people).where(people.c.scene_id == scene_id).order_by(people.c.id)
    return tuple(_gathering(row) for row in db.execute(wanted).mappings())


def gathering_row(one: Gathering) -> dict[str, Any]:
    """Return a decision as a row, without its scene and its date."""
    parts = json.dumps([part if isinstance(part, int) else list(part) for part in one.parts])
    return {"kind": one.kind, "person": int(one.person), "name": rows.storable_text(one.name), "parts": parts}


def _gathering(row: Mapping[Any, Any]) -> Gathering:
    parts = tuple(part if isinstance(part, int) else Span(*part) for part in json.loads(row["parts"]))
    return Gathering(row["kind"], row["person"], row["name"], parts, row["at"])
