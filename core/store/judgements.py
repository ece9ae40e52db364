"""What is remarked about a scene's peaks, beside its moments, which stay as they are: closer looks and verdicts."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.model import Verdict
from core.store import database
from core.store.schema import closer_looks, scenes, verdicts
from core.store.worker_token import not_on_shelf, update_as_worker

if TYPE_CHECKING:
    from core.reading.closer_look import CloserLook, Key

KEY = ("track", "emotion", "apex_ms")
FIGURES = tuple(column.name for column in closer_looks.c if column.name not in ("scene_id", "reader", *KEY))
JUDGED = (verdicts.c.reader, verdicts.c.track, verdicts.c.emotion, verdicts.c.start_ms)
"""What a verdict's peak is known by; the newest verdict about a peak is the one that counts."""


class Judgements:
    """The part of the store that holds them; see ``Store`` for what its methods raise."""

    _db: database.Database
    owner: str | None

    def add_verdicts(self, scene_id: int, decided: Sequence[Verdict]) -> None:
        """Write down verdicts, dated now, all of one call as one decision; older ones about the same peaks wait.

        The scene's revision stays: its rows do, and a page that keeps them need not load them again.
        """
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._db.begin_write() as db:
            if db.execute(sa.select(scenes.c.id).where(scenes.c.id == scene_id)).first() is None:
                raise not_on_shelf(scene_id)
            last = sa.select(sa.func.coalesce(sa.func.max(verdicts.c.decision), 0)).where(_of(scene_id))
            same = {"scene_id": scene_id, "decision": db.execute(last).scalar_one() + 1, "at": at}
            if decided:
                db.execute(sa.insert(verdicts), [same | verdict_row(one) for one in decided])

    def undo_newest_verdict(self, scene_id: int, *, together: bool = False) -> Verdict | None:
        """Take back the newest verdict and return it, None when there is none; the one before it counts again.

        With ``together``, take back all that were judged in the same call.
        """
        newest = sa.select(verdicts).where(_of(scene_id)).order_by(verdicts.c.id.desc()).limit(1)
        with self._db.begin_write() as db:
            row = db.execute(newest).mappings().first()
            if row is None:
                return None
            mine = (verdicts.c.decision == row["decision"]) if together else (verdicts.c.id == row["id"])
            db.execute(sa.delete(verdicts).where(_of(scene_id), mine))
        return _verdict(row)

    def undo_verdict(self, scene_id: int, verdict: Verdict) -> None:
        """Take back the newest verdict about this one's peak; the one before it counts again. Nothing if it is gone."""
        known = (verdict.reader, verdict.track, verdict.emotion, verdict.start_ms)
        same = sa.and_(_of(scene_id), *(column == value for column, value in zip(JUDGED, known, strict=True)))
        with self._db.begin_write() as db:
            newest = sa.select(sa.func.max(verdicts.c.id)).where(same).scalar_subquery()
            db.execute(sa.delete(verdicts).where(verdicts.c.id == newest))

    def verdicts(self, scene_id: int) -> tuple[Verdict, ...]:
        """Return the verdicts that count, one a peak, the oldest first."""
        newest = sa.select(sa.func.max(verdicts.c.id)).where(_of(scene_id)).group_by(*JUDGED)
        wanted = sa.select(verdicts).where(verdicts.c.id.in_(newest)).order_by(verdicts.c.id)
        with self._db.begin_read() as db:
            return tuple(_verdict(row) for row in db.execute(wanted).mappings())

    def verdicts_by_scene(self, wanted: Collection[int]) -> dict[int, tuple[Verdict, ...]]:
        """Return the same of several scenes at once, by scene; those about which nothing was decided are left out."""
        newest = sa.select(sa.func.max(verdicts.c.id)).where(verdicts.c.scene_id.in_(wanted))
        if self.owner is not None:
            mine = sa.select(scenes.c.id).where(scenes.c.owner == self.owner)
            newest = newest.where(verdicts.c.scene_id.in_(mine))
        newest = newest.group_by(verdicts.c.scene_id, *JUDGED)
        rows = sa.select(verdicts).where(verdicts.c.id.in_(newest)).order_by(verdicts.c.id)
        found: dict[int, tuple[Verdict, ...]] = {}
        with self._db.begin_read() as db:
            for row in db.execute(rows).mappings():
                found[row["scene_id"]] = (*found.get(row["scene_id"], ()), _verdict(row))
        return found

    def add_closer_looks(self, scene_id: int, token: str, reader: str, looks: Mapping[Key, CloserLook]) -> None:
        """Write a worker's closer looks at a reader's peaks; those that were there already are replaced."""
        made = [{"scene_id": scene_id, "reader": reader, **closer_row(key, one)} for key, one in looks.items()]
        with self._db.begin_write() as db:
            update_as_worker(db, scene_id, token, {"heartbeat": time.time()})
            for key in looks:
                same = (closer_looks.c[name] == value for name, value in zip(KEY, key, strict=True))
                db.execute(sa.delete(closer_looks).where(_looked(scene_id, reader), *same))
            if made:
                db.execute(sa.insert(closer_looks), made)

    def closer_looks(self, scene_id: int, reader: str) -> dict[Key, CloserLook]:
        """Return the closer looks taken at a reader's peaks; none of a scene that was read before there were any."""
        from core.reading.closer_look import Key

        with self._db.begin_read() as db:
            found = db.execute(sa.select(closer_looks).where(_looked(scene_id, reader))).mappings().all()
        return {Key(*(row[name] for name in KEY)): _closer(row) for row in found}


def forget(db: sa.Connection, scene_id: int) -> None:
    """Take all remarks of a scene away."""
    db.execute(sa.delete(closer_looks).where(closer_looks.c.scene_id == scene_id))
    db.execute(sa.delete(verdicts).where(_of(scene_id)))


def _of(scene_id: int) -> sa.ColumnElement[bool]:
    return verdicts.c.scene_id == scene_id


def _looked(scene_id: int, reader: str) -> sa.ColumnElement[bool]:
    return sa.and_(closer_looks.c.scene_id == scene_id, closer_looks.c.reader == reader)


def verdict_row(one: Verdict) -> dict[str, Any]:
    """Return a verdict as a row, without its scene, its decision and its date."""
    whole = {"track": int(one.track), "start_ms": int(one.start_ms), "end_ms": int(one.end_ms)}
    return whole | {"reader": one.reader, "emotion": one.emotion, "dropped": bool(one.dropped)}


def _verdict(row: Mapping[Any, Any]) -> Verdict:
    return Verdict(**{name: row[name] for name in Verdict.__match_args__})


def closer_row(key: Key, one: CloserLook) -> dict[str, Any]:
    """Return a closer look as a row, without its scene and its reader."""
    figures = {name: getattr(one, name) for name in FIGURES if name != "again"}
    place = {"track": int(key.track), "emotion": key.emotion, "apex_ms": int(key.apex_ms)}
    return place | figures | {"again": json.dumps(one.again)}


def _closer(row: Mapping[Any, Any]) -> CloserLook:
    from core.reading.closer_look import CloserLook

    again = tuple((t_ms, score) for t_ms, score in json.loads(row["again"]))
    return CloserLook(**{name: row[name] for name in FIGURES if name != "again"}, again=again)
