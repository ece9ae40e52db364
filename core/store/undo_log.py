"""What viewers decide about a scene, beside its moments, which stay as they are: appended, and undone from the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from core.store.schema import baselines, people, scenes, verdicts
from core.store.worker_token import not_on_shelf


class UndoLog:
    """A table of decisions in the order in which they were made.

    The newest decision about a subject counts, and once it is undone the one before it counts again; without columns
    that tell subjects apart every decision counts. The scene's revision stays as it is: its moments do, and a page that
    keeps them need not load them again.
    """

    def __init__(self, table: sa.Table, *subject: sa.Column[Any]) -> None:
        self.table, self.subject = table, subject

    def add(self, db: sa.Connection, scene_id: int, made: Sequence[Mapping[str, Any]]) -> None:
        """Appends rows, dated now, as one decision; StoreError when the scene is not on the shelf."""
        if db.execute(sa.select(scenes.c.id).where(scenes.c.id == scene_id)).first() is None:
            raise not_on_shelf(scene_id)
        same: dict[str, Any] = {"scene_id": scene_id, "at": datetime.now(UTC).isoformat(timespec="seconds")}
        if "decision" in self.table.c:
            last = sa.func.coalesce(sa.func.max(self.table.c.decision), 0)
            same["decision"] = db.execute(sa.select(last).where(self.table.c.scene_id == scene_id)).scalar_one() + 1
        if made:
            db.execute(sa.insert(self.table), [same | dict(row) for row in made])

    def undo(
        self, db: sa.Connection, scene_id: int, *about: sa.ColumnElement[bool], together: bool = False
    ) -> Mapping[Any, Any] | None:
        """Deletes the newest row of a scene, of those that ``about`` describes, and returns it; None without any.

        With ``together`` all rows of the same decision go.
        """
        mine = sa.and_(self.table.c.scene_id == scene_id, *about)
        newest = sa.select(self.table).where(mine).order_by(self.table.c.id.desc()).limit(1)
        row = db.execute(newest).mappings().first()
        if row is not None:
            at_once = together and row["decision"] is not None  # rows of before decisions were numbered have none
            same = self.table.c.decision == row["decision"] if at_once else self.table.c.id == row["id"]
            db.execute(sa.delete(self.table).where(mine, same))
        return row

    def rows(self, db: sa.Connection, scene_ids: Collection[int]) -> Iterable[Mapping[Any, Any]]:
        """Returns the rows that count of these scenes, the oldest first."""
        wanted = self.table.c.scene_id.in_(scene_ids)
        if self.subject:
            newest = sa.select(sa.func.max(self.table.c.id)).where(wanted)
            wanted = self.table.c.id.in_(newest.group_by(self.table.c.scene_id, *self.subject))
        return db.execute(sa.select(self.table).where(wanted).order_by(self.table.c.id)).mappings().all()


VERDICTS = UndoLog(verdicts, verdicts.c.reader, verdicts.c.track, verdicts.c.emotion, verdicts.c.start_ms)
PEOPLE = UndoLog(people)
BASELINES = UndoLog(baselines, baselines.c.person)


def delete_decisions(db: sa.Connection, scene_id: int) -> None:
    """Deletes all that was decided about a scene: read again, its tracks may be others."""
    for log in (VERDICTS, PEOPLE, BASELINES):
        db.execute(sa.delete(log.table).where(log.table.c.scene_id == scene_id))
