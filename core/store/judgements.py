"""What is remarked about a scene's peaks, beside its moments, which stay as they are: closer looks and verdicts."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.model import Verdict
from core.store import database
from core.store.schema import closer_looks, scenes
from core.store.undo_log import VERDICTS
from core.store.worker_token import update_as_worker

if TYPE_CHECKING:
    from core.reading.closer_look import CloserLook, Key

KEY = ("track", "emotion", "apex_ms")
FIGURES = tuple(column.name for column in closer_looks.c if column.name not in ("scene_id", "reader", *KEY))


class Judgements:
    """The part of the store that holds them; see ``Store`` for what its methods raise."""

    _db: database.Database
    owner: str | None

    def add_verdicts(self, scene_id: int, decided: Sequence[Verdict]) -> None:
        """Stores verdicts as one decision; they count in place of older ones about the same peaks."""
        with self._db.begin_write() as db:
            VERDICTS.add(db, scene_id, [verdict_row(one) for one in decided])

    def undo_newest_verdict(self, scene_id: int, *, together: bool = False) -> Verdict | None:
        """Takes back the newest verdict and returns it, None when there is none; the one before it counts again.

        With ``together`` all that were stored in the same call are taken back.
        """
        with self._db.begin_write() as db:
            row = VERDICTS.undo(db, scene_id, together=together)
        return _verdict(row) if row else None

    def undo_verdict(self, scene_id: int, verdict: Verdict) -> None:
        """Takes back the newest verdict about this one's peak, if there is one; the one before it counts again."""
        peak = (verdict.reader, verdict.track, verdict.emotion, verdict.start_ms)
        with self._db.begin_write() as db:
            VERDICTS.undo(
                db, scene_id, *(column == value for column, value in zip(VERDICTS.subject, peak, strict=True))
            )

    def verdicts(self, scene_id: int) -> tuple[Verdict, ...]:
        """Returns the verdicts that count, one a peak, the oldest first."""
        with self._db.begin_read() as db:
            return tuple(map(_verdict, VERDICTS.rows(db, [scene_id])))

    def verdicts_by_scene(self, wanted: Collection[int]) -> dict[int, tuple[Verdict, ...]]:
        """Returns the same of several scenes of this shelf, by scene; those without a verdict are left out."""
        mine = sa.select(scenes.c.id).where(scenes.c.id.in_(wanted))
        if self.owner is not None:
            mine = mine.where(scenes.c.owner == self.owner)
        found: dict[int, tuple[Verdict, ...]] = {}
        with self._db.begin_read() as db:
            for row in VERDICTS.rows(db, db.execute(mine).scalars().all()):
                found[row["scene_id"]] = (*found.get(row["scene_id"], ()), _verdict(row))
        return found

    def add_closer_looks(self, scene_id: int, token: str, reader: str, looks: Mapping[Key, CloserLook]) -> None:
        """Writes a worker's closer looks at a reader's peaks; those that were there already are replaced."""
        made = [{"scene_id": scene_id, "reader": reader, **closer_row(key, one)} for key, one in looks.items()]
        with self._db.begin_write() as db:
            update_as_worker(db, scene_id, token, {"heartbeat": time.time()})
            for key in looks:
                same = (closer_looks.c[name] == value for name, value in zip(KEY, key, strict=True))
                db.execute(sa.delete(closer_looks).where(_is_look(scene_id, reader), *same))
            if made:
                db.execute(sa.insert(closer_looks), made)

    def closer_looks(self, scene_id: int, reader: str) -> dict[Key, CloserLook]:
        """Returns the closer looks taken at a reader's peaks; none of a scene that was read before there were any."""
        from core.reading.closer_look import Key

        with self._db.begin_read() as db:
            found = db.execute(sa.select(closer_looks).where(_is_look(scene_id, reader))).mappings().all()
        return {Key(*(row[name] for name in KEY)): _closer(row) for row in found}


def _is_look(scene_id: int, reader: str) -> sa.ColumnElement[bool]:
    return sa.and_(closer_looks.c.scene_id == scene_id, closer_looks.c.reader == reader)


def verdict_row(one: Verdict) -> dict[str, Any]:
    """Returns a verdict as a row, without its scene, its decision and its date."""
    whole = {"track": int(one.track), "start_ms": int(one.start_ms), "end_ms": int(one.end_ms)}
    return whole | {"reader": one.reader, "emotion": one.emotion, "dropped": bool(one.dropped)}


def _verdict(row: Mapping[Any, Any]) -> Verdict:
    return Verdict(**{name: row[name] for name in Verdict.__match_args__})


def closer_row(key: Key, one: CloserLook) -> dict[str, Any]:
    """Returns a closer look as a row, without its scene and its reader."""
    figures = {name: getattr(one, name) for name in FIGURES if name != "again"}
    place = {"track": int(key.track), "emotion": key.emotion, "apex_ms": int(key.apex_ms)}
    return place | figures | {"again": json.dumps(one.again)}


def _closer(row: Mapping[Any, Any]) -> CloserLook:
    from core.reading.closer_look import CloserLook

    again = tuple((t_ms, score) for t_ms, score in json.loads(row["again"]))
    return CloserLook(**{name: row[name] for name in FIGURES if name != "again"}, again=again)
