"""How much room a scene takes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from core.store import database
from core.store.schema import crops, embeddings, thumbs

KEPT = {"frames": thumbs.c.jpeg, "faces": crops.c.jpeg, "embeddings": embeddings.c.code}
"""What is told apart; the numbers are little beside these."""


class Sizes:
    """The part of the store that weighs it; see ``Store`` for what its methods raise."""

    _db: database.Database

    def sizes(self, scene_id: int) -> dict[str, int]:
        """Returns how many bytes of a scene are kept as frames, as faces and as embeddings of faces."""
        with self._db.begin_read() as db:
            return {name: int(db.execute(sum_bytes(column, [scene_id])).scalar_one()) for name, column in KEPT.items()}


def sum_bytes(column: sa.Column[bytes], scene_ids: Sequence[int] | sa.Select[int]) -> sa.Select[int]:
    """Returns the question how many bytes of scenes a column holds; none of them is loaded, databases know."""
    every = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(column)), 0))
    return every.where(column.table.c.scene_id.in_(scene_ids))
