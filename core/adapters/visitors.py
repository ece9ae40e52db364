"""One visitor's part of the shelf, for a machine that strangers share."""

from __future__ import annotations

import inspect
import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from core.adapters.signing import gone
from core.adapters.store import Store

KEY = re.compile(r"[A-Za-z0-9_-]{22}")
"""128 bits from the system's source of randomness: nobody finds another's shelf by trying."""


def new_key() -> str:
    """Return the key of a new shelf."""
    return secrets.token_urlsafe(16)


def is_key(text: str) -> bool:
    """Whether this can be the key of a shelf."""
    return bool(KEY.fullmatch(text))


class Shelf(Store):
    """A store that knows the scenes of one visitor alone; about any other it says that it is not there."""

    def __init__(self, store: Store, owner: str) -> None:
        self.url, self._db, self.owner = store.url, store._db, owner


def _of_the_owner(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def checked(self: Shelf, scene_id: int, *args: Any, **named: Any) -> Any:
        if Store.scene(self, scene_id).owner != self.owner:
            raise gone(scene_id)
        return method(self, scene_id, *args, **named)

    return checked


for _name, _method in inspect.getmembers(Store, inspect.isfunction):
    if not _name.startswith("_") and list(inspect.signature(_method).parameters)[1:2] == ["scene_id"]:
        setattr(Shelf, _name, _of_the_owner(_method))  # each there is now and each that will be
