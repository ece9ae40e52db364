"""The worker's side of a scene: claim it, read what is missing, write it down group by group, say how it ended."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread

from core import settings
from core.doubt import closer_looks
from core.errors import JobError, SceneError, StoreError, VideoError
from core.faces.backends import Equip, open_tools
from core.host import home, limits
from core.host.timing import current_timing
from core.links import local_copy
from core.model import Recipe, Scene, State
from core.reading import process_pool, scheduler
from core.shelf import findings, season
from core.shelf.read_file import Progress, expected_moments, no_picture_error
from core.store.scenes import Store
from core.video import clip as video


def run(
    scene_id: int,
    *,
    store: Store | None = None,
    token: str | None = None,
    equip: Equip = open_tools,
    progress: Progress | None = None,
    alone: bool = False,
) -> None:
    """Reads a scene from its last stored moment to its end; returns early when it is stopped or taken over.

    ``token`` is from ``Store.announce_worker``. With ``alone`` the process is the worker's
    own, and is ended when it does not obey a stop. Raises SceneError; whatever is raised is told on the shelf before.
    """
    shelf = store or Store()
    token = shelf.claim(scene_id, token)
    try:
        with _send_heartbeats(shelf, scene_id, token, alone) as stopped, suppress(local_copy.StoppedError):
            scene = shelf.scene(scene_id)
            try:
                _read(shelf, scene, token, equip, progress, stopped)
            except VideoError as error:  # people know the clip by its title: an upload has a file name of its own
                raise error.about(f"“{scene.title}”") from error
    except BaseException as error:
        try:
            shelf.fail(scene_id, token, *_explain_failure(error))
        except JobError:  # the scene is no longer this worker's: others have the word
            if isinstance(error, JobError):
                return
        raise


def _explain_failure(error: BaseException) -> tuple[str, State]:
    match error:
        case StoreError():  # a full or locked disk says nothing of the scene: what is read stays, the rest can follow
            return str(error), "stopped"
        case SceneError():
            return str(error), "failed"
        case KeyboardInterrupt():
            return "", "stopped"
        case MemoryError():
            return "The worker ran out of memory. Close other programs, then resume.", "stopped"
        case _ if limits.is_hosted():
            return "Outtake made a mistake over this video. Try another.", "failed"
        case _:
            return f"Outtake made a mistake ({type(error).__name__}: {error}). Please report it.", "failed"


def _read(shelf: Store, scene: Scene, token: str, equip: Equip, progress: Progress | None, stopped: Event) -> None:
    """Reads what is missing of a scene, its video fetched first if it is a link's."""
    recipe, within = _fetch_video(shelf, scene, token, stopped), limits.current_limits()
    in_time, clip = _TimeLimit(within.read_s), video.probe(recipe.source)
    if clip.duration_ms > within.longest_ms:
        most = settings.clock(within.longest_ms, tenths=False)
        raise VideoError(f"This video is longer than the {most} that are read here. Cut out the scene and add that.")
    before = shelf.samples(scene.id)
    if before and scene.video != clip:
        at = settings.clock(clip.duration_ms)
        what = f"is not the file it was ({at} long now)"
        raise JobError(what, f"“{scene.title}”", "Use “Read again” to read it afresh.")
    if before:  # with what the recipe came to mean at the first start: half a scene read otherwise would be a lie
        recipe = replace(recipe, finder=scene.finder, readers=scene.readers)
    total, found = expected_moments(recipe, clip), len(before)
    address = home.scheduler_address() if equip is open_tools else ""
    helpers = process_pool.choose_helpers(total - found) if equip is open_tools and not address else 0
    with process_pool.HelperPool(helpers) as hands:
        finder, _, readers = equipped = equip(recipe)
        shelf.begin_reading(scene.id, token, clip, finder, tuple(readers), total)
        groups = (
            season.read_on_cluster(recipe, equipped, before, address)
            if address
            else scheduler.read_groups(recipe, equipped, before, hands=hands, total=total - found)
        )
        for group in groups:
            if group:
                shelf.append(scene.id, token, group)
                found += len(group)
                if progress:
                    progress(found, max(total, found))
            in_time.check()
            if stopped.is_set():
                return
    if not found:
        raise no_picture_error(recipe)
    known, timeline = shelf.closer_looks(scene.id, next(iter(readers))), shelf.timeline(scene.id)
    for reader, key, look in closer_looks.take_looks(clip, timeline, readers, known, stopped.is_set):
        shelf.add_closer_looks(scene.id, token, reader, {key: look})
    if stopped.is_set():
        return
    shelf.finish(scene.id, token)
    findings.work_out(shelf, scene.id)
    if settings.is_link(scene.recipe.source) and not within.keeps_source:
        home.delete_clip(scene.recipe.source)


class _TimeLimit:
    """Counts the time that reading one scene may take."""

    def __init__(self, most_s: float | None) -> None:
        self.most_s, self.began = most_s, time.monotonic()

    def check(self) -> None:
        """Raises JobError when it has run out."""
        if self.most_s is not None and time.monotonic() - self.began > self.most_s:
            most = settings.clock(round(self.most_s * 1000), tenths=False)
            raise JobError(
                f"Reading took longer than the {most} that it may here. Add a shorter part, or a wider step."
            )


def _fetch_video(shelf: Store, scene: Scene, token: str, stopped: Event) -> Recipe:
    """Returns the recipe with its source on this disk, fetched now if it is a link; the shelf is told how far it is."""
    told = 0.0

    def tell(fetched: int, size: int) -> None:
        nonlocal told
        if time.monotonic() - told > current_timing().heartbeat_s:
            told = time.monotonic()
            shelf.record_download(scene.id, token, fetched, size)

    return local_copy.make_local(scene.recipe, progress=tell, stopped=stopped.is_set)


@contextmanager
def _send_heartbeats(shelf: Store, scene_id: int, token: str, alone: bool) -> Iterator[Event]:
    """Gives signs of life from a thread; the event given is set when the scene is no longer to be read."""
    stopped, ended = Event(), Event()

    def beat() -> None:
        while not ended.wait(current_timing().heartbeat_s):
            wanted = True
            with suppress(StoreError):  # a missed beat; if the database stays away, writing will meet the same error
                wanted = shelf.record_heartbeat(scene_id, token)
            if not wanted:
                stopped.set()
                if alone and not ended.wait(current_timing().grace_s):
                    os._exit(1)  # it hangs in a network or a decoder; every group that was written is whole
                return

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield stopped
    finally:
        ended.set()
        thread.join()
