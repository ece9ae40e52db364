"""What teaching needs of the shelf: the embeddings of a scene's faces, and the emotions that were taught."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from core.errors import StoreError
from core.store import database
from core.store.schema import embeddings, faces, scenes
from core.store.schema import taught as lessons
from core.store.worker_token import not_on_shelf, update_scene

if TYPE_CHECKING:
    pass

Place = tuple[int, int]
"""Where a face is in its scene: the moment, ms, and its index there."""

MOST_EMOTIONS = 20
"""Emotions on a shelf: no chart has room for more."""


class Emotions:
    """The part of the store that holds them; see ``Store`` for what its methods raise."""

    _db: database.Database
    owner: str | None

    def embeddings(self, scene_id: int, reader: str) -> dict[Place, bytes]:
        """Returns the codes of ``core.faces.embedding`` by moment and face, in that order, where there are any."""
        key = embeddings.c.t_ms, embeddings.c.face
        wanted = sa.select(*key, embeddings.c.code).where(_read_by(scene_id, reader)).order_by(*key)
        with self._db.begin_read() as db:
            return {(t_ms, face): code for t_ms, face, code in db.execute(wanted)}

    def replace_embeddings(self, scene_id: int, reader: str, codes: Mapping[Place, bytes]) -> None:
        """Writes a reader's embeddings of faces that were read before, in place of those that were there.

        Those of faces that are gone in the meantime are left out.
        """
        there = sa.select(faces.c.t_ms, faces.c.face).where(faces.c.scene_id == scene_id)
        with self._db.begin_write() as db:
            update_scene(db, scenes.c.id == scene_id, {}, not_on_shelf(scene_id))
            db.execute(sa.delete(embeddings).where(_read_by(scene_id, reader)))
            same = {"scene_id": scene_id, "reader": reader}
            made = [
                same | {"t_ms": t_ms, "face": face, "code": codes[t_ms, face]}
                for t_ms, face in db.execute(there)
                if (t_ms, face) in codes
            ]
            if made:
                db.execute(sa.insert(embeddings), made)

    def face_tracks(self, scene_id: int) -> dict[Place, int | None]:
        """Returns whose every face of a scene is, by moment and face, in that order."""
        key = faces.c.t_ms, faces.c.face
        wanted = sa.select(*key, faces.c.track).where(faces.c.scene_id == scene_id).order_by(*key)
        with self._db.begin_read() as db:
            return {(t_ms, face): track for t_ms, face, track in db.execute(wanted)}

    def emotions(self) -> tuple[str, ...]:
        """Returns the files of the emotions on this shelf, in the order in which they were taught."""
        wanted = sa.select(lessons.c.text).where(self._mine()).order_by(lessons.c.id)
        with self._db.begin_read() as db:
            return tuple(db.execute(wanted).scalars())

    def save_emotion(self, name: str, text: str) -> None:
        """Puts an emotion's file on the shelf, in place of one of the same name; StoreError when there is no room."""
        same = sa.and_(self._mine(), lessons.c.name == name)
        with self._db.begin_write() as db:
            # Visitors leave without a word: their emotions go with the last of their scenes.
            left = sa.and_(lessons.c.owner != "", lessons.c.owner != (self.owner or ""))
            db.execute(sa.delete(lessons).where(left, lessons.c.owner.not_in(sa.select(scenes.c.owner))))
            if db.execute(sa.update(lessons).where(same).values(text=text)).rowcount:
                return
            if db.execute(sa.select(sa.func.count()).where(self._mine())).scalar_one() >= MOST_EMOTIONS:
                raise StoreError(
                    f"This shelf holds {MOST_EMOTIONS} taught emotions, which is all it can. Delete one first."
                )
            db.execute(sa.insert(lessons).values(owner=self.owner or "", name=name, text=text))

    def delete_emotion(self, name: str) -> None:
        """Takes an emotion off the shelf; nothing when it is not there."""
        with self._db.begin_write() as db:
            db.execute(sa.delete(lessons).where(self._mine(), lessons.c.name == name))

    def _mine(self) -> sa.ColumnElement[bool]:
        return lessons.c.owner == (self.owner or "")


def import_emotions(db: sa.Connection, owner: str, brought: Mapping[str, str]) -> None:
    """Puts emotions' files, by name, that came with a scene on a shelf; those whose name is taken or for which there is
    no room are left out.
    """
    known = set(db.execute(sa.select(lessons.c.name).where(lessons.c.owner == owner)).scalars())
    new = [name for name in brought if name not in known][: max(MOST_EMOTIONS - len(known), 0)]
    rows = [{"owner": owner, "name": name, "text": brought[name]} for name in new]
    if rows:
        db.execute(sa.insert(lessons), rows)


def _read_by(scene_id: int, reader: str) -> sa.ColumnElement[bool]:
    return sa.and_(embeddings.c.scene_id == scene_id, embeddings.c.reader == reader)
