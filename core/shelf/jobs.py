"""A scene's worker seen from the page: start it, stop it, resume it, and tell what it died of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from core import settings
from core.errors import JobError, SceneError, StoreError
from core.host import home
from core.host import limits as hosting
from core.host.timing import current_timing
from core.model import State
from core.store.scenes import Store
from core.store.worker_token import not_on_shelf

ROOT = Path(__file__).parents[2]

THREADS = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
"""Limits for a worker's libraries: more threads than that only wait for each other on a small machine."""

ARROW_POOL = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Arrow's own pool asks for a gigabyte at its first string, and all of it counts against a worker's limit of memory."""

NO_VIDEO = "This scene came without its video, so it cannot be read again. Add the video itself."

OUTSIDE_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")
"""Signals that say nothing of the scene: going on may well succeed."""

_children: dict[int, subprocess.Popen[bytes]] = {}
"""This process's own workers by scene; those that another process started are known by their heartbeat alone."""


def start(scene_id: int, store: Store | None = None) -> None:
    """Reads a scene in a process of its own; nothing happens when it is being read or done."""
    shelf = store or Store()
    scene = shelf.scene(scene_id)
    if scene.alive or scene.waiting or scene.state == "done":
        return
    limits = hosting.current_limits()
    if limits.at_once is None:
        _start_worker(shelf, scene_id, shelf.announce_worker(scene_id))
    else:
        shelf.enqueue(scene_id, limits.waiting, limits.address_waiting)
        start_waiting(shelf)


def start_waiting(store: Store) -> None:
    """Starts the scenes whose turn it is, where only so many are read at one time."""
    shelf, at_once = store.whole_shelf(), hosting.current_limits().at_once
    while at_once and (called := shelf.dequeue(at_once)):
        _start_worker(shelf, *called)


def _start_worker(shelf: Store, scene_id: int, token: str) -> None:
    try:
        child = _spawn_process(scene_id, token, shelf.url)
    except OSError as error:
        sentence = f"The worker could not be started: {error.strerror}. Close other programs and try again."
        shelf.fail(scene_id, token, sentence)
        raise JobError(sentence) from error
    _children[scene_id] = child
    Thread(target=_watch_process, args=(child, shelf, scene_id, token), daemon=True).start()


def stop(scene_id: int, store: Store | None = None) -> None:
    """Stops a scene: what was read stays, and its worker ends within a moment."""
    (store or Store()).stop(scene_id)
    child = _children.get(scene_id)
    if child:
        Thread(target=_kill_if_late, args=(child,), daemon=True).start()


def retry(scene_id: int, store: Store | None = None) -> None:
    """Forgets what was read of a scene and reads it from its beginning."""
    shelf = store or Store()
    if settings.is_bundle(shelf.scene(scene_id).recipe.source):
        raise JobError(NO_VIDEO)
    stop(scene_id, shelf)
    shelf.clear(scene_id)
    start(scene_id, shelf)


def read_again(scene_id: int, store: Store | None = None) -> int:
    """Reads a scene from its beginning as a new one of the same title; ``restore`` brings the old one back for it."""
    shelf = store or Store()
    scene = shelf.scene(scene_id)
    if settings.is_bundle(scene.recipe.source):
        raise JobError(NO_VIDEO)
    if home.disk_nearly_full():  # there is no room for both
        retry(scene_id, shelf)
        return scene_id
    delete(scene_id, shelf)
    fresh = shelf.add(scene.recipe, scene.title)
    try:
        start(fresh, shelf)
    except JobError:
        shelf.delete(fresh)
        shelf.restore(scene_id)
        raise
    return fresh


def delete(scene_id: int, store: Store | None = None) -> None:
    """Takes a scene off the shelf and ends its worker; ``restore`` brings it back for ``Timing.undo_s`` seconds.

    On a disk that is nearly full it goes for good: whoever deletes there needs the room.
    """
    shelf = store or Store()
    stop(scene_id, shelf)
    if home.disk_nearly_full():
        shelf.delete(scene_id)
    else:
        shelf.discard(scene_id)
    empty_trash(shelf)


def restore(number: int, store: Store | None = None) -> None:
    """Brings a deleted scene back as it was; JobError when the shelf has no room for it."""
    shelf = store or Store()
    kept = hosting.current_limits().kept
    if kept is not None and len(shelf.scenes()) >= kept:
        raise JobError(f"Your shelf holds {kept} scenes, which is all it can. Delete one first.")
    shelf.restore(number)


def delete_for_good(number: int, store: Store | None = None) -> None:
    """Deletes for good what could still have been brought back to this shelf; StoreError when it is not there."""
    shelf = store or Store()
    if all(scene.id != number for scene in shelf.trashed_scenes()):
        raise not_on_shelf(number)
    shelf.whole_shelf().delete(number)


def empty_trash(store: Store) -> None:
    """Deletes for good what was deleted long ago; hosted, each visitor can bring back the last one only."""
    away = store.trashed_scenes()
    over = set(store.expired_trash(current_timing().undo_s))
    if hosting.is_hosted():
        newest = {scene.owner: scene.id for scene in reversed(away)}
        over |= {scene.id for scene in away} - set(newest.values())
    for number in over:
        with suppress(StoreError):  # brought back, or deleted for good, just now
            delete_for_good(number, store)


def run(scene_id: int, **settings: Any) -> None:
    """Is the worker of a scene; see ``worker.run``."""
    from core.shelf import worker  # loads decoder and pipeline, which a page that starts workers can do without

    worker.run(scene_id, **settings)


def _spawn_process(scene_id: int, token: str, url: str) -> subprocess.Popen[bytes]:
    """Starts the worker detached from this process: it outlives the page, and a signal to it reaches its children."""
    command = [sys.executable, "-m", "core", "run", str(scene_id), "--token", token]
    own = {"OUTTAKE_HOME": str(home.home()), "OUTTAKE_DB": url}
    with home.log_file(scene_id).open("wb") as log:
        return subprocess.Popen(  # noqa: S603  # our own program and a number
            command,
            cwd=ROOT,
            env=THREADS | ARROW_POOL | os.environ | own,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _watch_process(child: subprocess.Popen[bytes], shelf: Store, scene_id: int, token: str) -> None:
    """Waits for the worker's end, so that it leaves no zombie, and tells what it died of if it could not itself."""
    code = child.wait()
    if _children.get(scene_id) is child:
        del _children[scene_id]
    if code:
        with suppress(SceneError):  # told already, stopped, deleted, or nowhere left to tell it
            shelf.fail(scene_id, token, *_explain_exit(code, home.log_file(scene_id)))
    with suppress(SceneError):
        start_waiting(shelf)


def _explain_exit(code: int, log: Path) -> tuple[str, State]:
    """Returns the sentence and the state that an exit code other than 0 means."""
    name = signal.Signals(-code).name if code < 0 else ""
    if name == "SIGKILL":
        return "The worker was killed, most often for want of memory. Close other programs, then resume.", "stopped"
    if name == "SIGXCPU":
        return "Reading took more time than it may here. Add a shorter part, or choose a wider step.", "failed"
    if name in OUTSIDE_SIGNALS:
        return "The worker was ended from outside. Resume goes on where it stopped.", "stopped"
    if hosting.is_hosted():
        return "The worker ended before its time. Try again, or add another video.", "failed"
    if name:
        return f"The worker crashed ({name}), perhaps over a damaged file. What it was doing is in {log}.", "failed"
    said = log.read_text(errors="replace").strip().splitlines() if log.is_file() else []
    return f"The worker ended: {said[-1] if said else f'exit code {code}'}", "failed"


def _kill_if_late(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(current_timing().obey_s)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):  # it ended just now
            os.killpg(child.pid, signal.SIGKILL)
