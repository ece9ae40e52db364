"""One visitor's part of the shelf, for a machine that strangers share."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.errors import JobError, StoreError
from core.host import home, limits
from core.model import Recipe
from core.store.budgets import count_kept
from core.store.imports import BundledScene
from core.store.rows import Stored
from core.store.scenes import Store
from core.store.worker_token import not_on_shelf

ADDRESS_FULL = "The shelves of your address hold all they can."
MACHINE_FULL = "All shelves together hold all they can here. Try again in some hours, when the oldest scenes have gone."

KEY = re.compile(r"[A-Za-z0-9_-]{22}")
"""128 bits from the system's source of randomness: nobody finds another's shelf by trying."""


def new_key() -> str:
    """Returns the key of a new shelf."""
    return secrets.token_urlsafe(16)


def is_key(text: str) -> bool:
    """Whether this can be the key of a shelf."""
    return bool(KEY.fullmatch(text))


ONE_SCENE = frozenset(
    (
        *("scene", "rename", "delete", "clear", "announce_worker", "claim", "begin_reading", "record_heartbeat"),
        *("append", "finish", "fail", "stop", "samples", "timeline", "thumb", "crops", "poster", "sizes", "discard"),
        *("add_closer_looks", "closer_looks", "add_verdicts", "undo_newest_verdict", "undo_verdict", "verdicts"),
        *("enqueue", "queue_place", "record_download", "embeddings", "replace_embeddings", "face_tracks"),
        *("add_people_decisions", "undo_people_decision", "people_decisions", "people"),
        *("save_findings", "finding"),
        *("set_baseline", "undo_baseline", "baselines"),
    )
)
"""Methods of the store that take a scene's id first: a visitor's must be on their own shelf."""

OWN_ROWS = frozenset(
    (
        *("scenes", "add", "import_scene", "verdicts_by_scene", "trashed_scenes", "restore", "expired_trash"),
        *("emotions", "save_emotion", "delete_emotion"),
    )
)
"""Methods that ask for the rows of ``owner`` themselves."""

HARMLESS = frozenset(("close", "whole_shelf", "check_room", "delete_unused_clip"))
"""Methods that touch no row, or are only for those who keep house and say so."""

HOUSEKEEPING = frozenset(("dequeue", "expired_scenes", "count_kept", "kept_bytes"))
"""Methods about everybody's scenes: no visitor's store has them."""


class VisitorStore(Store):
    """A store that knows the scenes of one visitor alone; about any other it says that it is not there.

    It fails closed: a method of the store that none of the lists above names raises StoreError.
    """

    def __init__(self, store: Store, owner: str, address: str = "") -> None:
        self.url, self._db, self._is_whole = store.url, store._db, store.whole_shelf()
        self.owner, self.address = owner, address

    def whole_shelf(self) -> Store:
        """Returns the shelf with every visitor's scenes on it, for those who keep house."""
        return self._is_whole

    def add(self, recipe: Recipe, title: str) -> int:
        """Puts a scene on this visitor's shelf; JobError when no other has room on it."""
        self.check_room(recipe)
        return super().add(recipe, title)

    def import_scene(self, told: BundledScene, stored: Iterable[Stored]) -> int:
        """Puts a scene that was read elsewhere on this visitor's shelf; JobError when no other has room on it."""
        self.check_room(told.recipe)
        return super().import_scene(told, stored)

    def check_room(self, recipe: Recipe | None = None, size: int = 0) -> None:
        """Raises JobError when one more scene has no room, of so many bytes, unless its recipe is on the shelf already.

        Asked before a byte of it is kept: room on the shelf, from this address, of everybody, and on the disk.
        """
        within, mine = limits.current_limits(), self.scenes()
        if any(scene.recipe == recipe for scene in mine):
            return
        if within.kept is not None and len(mine) >= within.kept:
            raise JobError(f"Your shelf holds {within.kept} scenes, which is all it can. Delete one first.")
        with self._db.begin_read() as db:
            self._check_counts(db)
        if self.address and within.address_bytes is not None:
            mine_bytes = self._is_whole.kept_bytes(self.address) + size
            if mine_bytes > within.address_bytes:
                raise JobError(f"{ADDRESS_FULL} Delete a scene there first.")
        coming = size + limits.SCENE_BYTES * (self._is_whole.count_kept().unread + 1)
        if within.disk_bytes is not None and home.used_bytes() + coming > within.disk_bytes:
            raise JobError(MACHINE_FULL)

    def _check_counts(self, db: sa.Connection) -> None:
        within = limits.current_limits()
        most = within.address_scenes if self.address else None
        if most is not None and count_kept(db, self.address).scenes >= most:
            raise JobError(f"{ADDRESS_FULL} Delete a scene there first.")
        if within.scenes is not None and count_kept(db, None).scenes >= within.scenes:
            raise JobError(MACHINE_FULL)

    if not TYPE_CHECKING:  # what it returns has the types of the store's own methods

        def __getattribute__(self, name: str) -> Any:
            found = super().__getattribute__(name)
            if name.startswith("_") or not callable(found) or name in OWN_ROWS | HARMLESS:
                return found
            if name not in ONE_SCENE:
                raise StoreError(f"`{name}` is about everybody's scenes, and this is one visitor's shelf.")

            @wraps(found)
            def checked(scene_id: int, *args: Any, **named: Any) -> Any:
                if Store.scene(self, scene_id).owner != self.owner:
                    raise not_on_shelf(scene_id)
                return found(scene_id, *args, **named)

            return checked
