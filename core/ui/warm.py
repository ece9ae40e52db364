"""What a server has at hand before its first visitor comes: its newest scenes, as their pages ask for them first."""

from __future__ import annotations

import logging
from functools import partial
from threading import Thread

from core.errors import SceneError
from core.host import limits
from core.model import Scene
from core.shelf.scene_view import SceneView, StoredScene
from core.ui import common, views

LOG = logging.getLogger(__name__)

NEWEST = 2
"""Scenes that are loaded: an hour of film takes a second, which a browser needs to load its scripts."""


def start_loading() -> Thread:
    """Loads them beside the server's start; whoever comes meanwhile waits for what is under way, not for it anew."""
    thread = Thread(target=_load_newest, name="warm", daemon=True)
    thread.start()
    return thread


def _load_newest() -> None:
    try:
        done = [scene for scene in common.whole_store().scenes() if scene.state == "done" and scene.readers]
        for scene in done[:NEWEST]:
            load_scene(scene)
    except SceneError as error:  # the first visitor is told the same
        LOG.warning("The newest scenes are not loaded ahead: %s", limits.public_message(error))


def load_scene(scene: Scene) -> SceneView:
    """Has the caches hold what a scene's page shows in its first part, by the reader that is shown first."""
    store = common.whole_store()
    view = SceneView(
        scene,
        scene.readers[0],
        StoredScene(store, scene),
        store.verdicts(scene.id),
        remember=partial(views.remember, scene),
    )
    _ = view.timeline, view.suspects, view.people, view.faces()
    view.curve_of(view.channels[0])
    return view
