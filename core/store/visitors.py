"""One visitor's part of the shelf, for a machine that strangers share."""

from __future__ import annotations

import inspect
import re
import secrets
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any

from core.errors import JobError
from core.host import limits
from core.model import Recipe
from core.store.rows import Stored
from core.store.scenes import Store
from core.store.worker_token import not_on_shelf

if TYPE_CHECKING:
    from core.export.bundle import Told

KEY = re.compile(r"[A-Za-z0-9_-]{22}")
"""128 bits from the system's source of randomness: nobody finds another's shelf by trying."""


def new_key() -> str:
    """Return the key of a new shelf."""
    return secrets.token_urlsafe(16)


def is_key(text: str) -> bool:
    """Whether this can be the key of a shelf."""
    return bool(KEY.fullmatch(text))


class VisitorStore(Store):
    """A store that knows the scenes of one visitor alone; about any other it says that it is not there."""

    def __init__(self, store: Store, owner: str) -> None:
        self.url, self._db, self.owner, self._is_whole = store.url, store._db, owner, store.whole_shelf()

    def whole_shelf(self) -> Store:
        """Return the shelf with every visitor's scenes on it, for those who keep house."""
        return self._is_whole

    def add(self, recipe: Recipe, title: str) -> int:
        """Put a scene on this visitor's shelf; JobError when no other has room on it."""
        self.check_room(recipe)
        return super().add(recipe, title)

    def import_scene(self, told: Told, stored: Iterable[Stored]) -> int:
        """Put a scene that was read elsewhere on this visitor's shelf; JobError when no other has room on it."""
        self.check_room(told.recipe)
        return super().import_scene(told, stored)

    def check_room(self, recipe: Recipe) -> None:
        """Raise JobError when the shelf is full, unless the scene is on it already."""
        kept, mine = limits.current_limits().kept, self.scenes()
        if kept is not None and len(mine) >= kept and all(scene.recipe != recipe for scene in mine):
            raise JobError(f"Your shelf holds {kept} scenes, which is all it can. Delete one first.")


def _of_the_owner(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def checked(self: VisitorStore, scene_id: int, *args: Any, **named: Any) -> Any:
        if Store.scene(self, scene_id).owner != self.owner:
            raise not_on_shelf(scene_id)
        return method(self, scene_id, *args, **named)

    return checked


for _name, _method in inspect.getmembers(Store, inspect.isfunction):
    if not _name.startswith("_") and list(inspect.signature(_method).parameters)[1:2] == ["scene_id"]:
        setattr(VisitorStore, _name, _of_the_owner(_method))  # each there is now and each that will be
