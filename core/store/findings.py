"""What was worked out of a scene's rows and is kept beside them: pages need not work it out again."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from core.store import database
from core.store.schema import findings, scenes


class Findings:
    """The part of the store that keeps them; see ``Store`` for what its methods raise."""

    _db: database.Database

    def save_findings(self, scene_id: int, revision: int, version: str, made: Mapping[str, bytes]) -> None:
        """Keeps what was found of a scene's rows as they were at a revision, in place of what was found before.

        ``version`` names what found it. Nothing is kept of a scene that is gone.
        """
        same = {"scene_id": scene_id, "revision": revision, "version": version}
        with self._db.begin_write() as db:
            db.execute(sa.delete(findings).where(findings.c.scene_id == scene_id))
            there = sa.select(sa.literal(1)).where(sa.exists().where(scenes.c.id == scene_id))
            if made and db.execute(there).scalar():
                db.execute(sa.insert(findings), [same | {"name": name, "data": data} for name, data in made.items()])

    def finding(self, scene_id: int, revision: int, version: str, name: str) -> bytes | None:
        """Returns what was found; None where it was not, of other rows, or by something else."""
        wanted = sa.select(findings.c.data).where(
            findings.c.scene_id == scene_id,
            findings.c.name == name,
            findings.c.revision == revision,
            findings.c.version == version,
        )
        with self._db.begin_read() as db:
            return db.execute(wanted).scalar()
