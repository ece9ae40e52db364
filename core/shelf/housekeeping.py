"""Keeps house beside the server: the queue goes on, and what has expired is deleted, whatever goes wrong meanwhile."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from typing import TypeVar

from core.errors import MissingSceneError
from core.host import home, limits
from core.host.timing import current_timing
from core.shelf import jobs
from core.store.scenes import Store

LOG = logging.getLogger(__name__)

T = TypeVar("T")

_lock = Lock()
_kept: set[str] = set()
"""Databases whose house this process keeps."""


def start(url: str) -> Thread | None:
    """Keeps the house of a database from now on and while this process lives; None where it does so already.

    The first round begins at once: what is overdue waits for no visitor.
    """
    with _lock:
        if url in _kept:
            return None
        _kept.add(url)
    thread = Thread(target=_keep_on, args=[url], name="housekeeping", daemon=True)
    thread.start()
    return thread


def keep_house(store: Store) -> None:
    """Does every chore once; one that fails is logged whole and stops no other."""
    for what, chore in CHORES.items():
        _attempt(what, partial(chore, store))


def delete_expired(store: Store) -> None:
    """Deletes what visitors added longer ago than it is kept, and clips that no scene needs any more."""
    shelf, kept_s = store.whole_shelf(), limits.current_limits().kept_s
    if kept_s is None:
        return
    for scene_id in shelf.expired_scenes(kept_s):
        _attempt(f"deleting scene {scene_id}", partial(_delete_scene, shelf, scene_id))
    jobs.empty_trash(shelf)
    home.delete_orphans(_needed_sources(shelf), older_s=current_timing().orphan_s)


def clear_unfinished(url: str) -> None:
    """Deletes, in a thread of its own, what downloads and uploads left that ended with their server or failed."""

    def clear() -> None:
        home.delete_orphans(_needed_sources(Store(url)), older_s=current_timing().orphan_s, fetched=False)

    Thread(target=_attempt, args=["clearing what is unfinished", clear], daemon=True).start()


def _needed_sources(shelf: Store) -> set[str]:
    """Returns what scenes are made of, those that can be brought back included."""
    return {scene.recipe.source for scene in (*shelf.scenes(), *shelf.trashed_scenes())}


def _delete_scene(shelf: Store, scene_id: int) -> None:
    with suppress(MissingSceneError):  # its visitor deleted it just now
        jobs.stop(scene_id, shelf)
        shelf.delete(scene_id)


CHORES: dict[str, Callable[[Store], object]] = {
    "starting the scenes that wait": jobs.start_waiting,
    "deleting what has expired": delete_expired,
}
"""What is done in each round, in this order."""


def _keep_on(url: str) -> None:
    store: Store | None = None
    while True:
        store = store or _attempt("opening the shelf", partial(Store, url))
        if store:
            keep_house(store)
        time.sleep(current_timing().housekeeping_s)


def _attempt(what: str, act: Callable[[], T]) -> T | None:
    """Returns what ``act`` gives; None, and its error whole in the log, where it fails: the next round comes anyway."""
    try:
        return act()
    except Exception:
        LOG.exception("Keeping house: %s failed", what)
        return None
