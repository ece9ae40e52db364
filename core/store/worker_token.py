"""Changes of a scene's own row: in anybody's name, or in its worker's, whose token must fit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.errors import JobError, MissingSceneError, SceneError
from core.store.schema import scenes


def update_as_worker(db: sa.Connection, scene_id: int, token: str, values: dict[str, Any]) -> None:
    """Changes a scene in its worker's name; JobError, and nothing written, when its token is not the one."""
    mine = (scenes.c.id == scene_id) & (scenes.c.token == token)
    update_scene(db, mine, values, JobError(f"Scene {scene_id} was stopped, deleted or taken over by another worker."))


def update_scene(
    db: sa.Connection, which: sa.ColumnElement[bool], values: dict[str, Any], otherwise: SceneError
) -> None:
    """Changes the scene that ``which`` describes and count its revision up; raise ``otherwise`` when there is none."""
    changed = db.execute(sa.update(scenes).where(which).values(**values, revision=scenes.c.revision + 1))
    if changed.rowcount == 0:
        raise otherwise


def not_on_shelf(scene_id: int) -> MissingSceneError:
    """Returns the error about a scene that is not there."""
    return MissingSceneError(f"Scene {scene_id} is not on the shelf (any more). `list` shows what is.")
