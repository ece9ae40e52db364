"""Scenes as pages look at them: what is computed of a scene is kept for all sessions until its rows change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeVar

from core.emotions.emotion import OwnEmotion
from core.model import Gathering, Scene, Verdict
from core.shelf import emotions
from core.shelf.scene_view import TIMELINE, Key, SceneView, StoredScene
from core.ui import choices, common
from core.ui.cache import once_per_page

MOST_DRAWN = 4
"""Emotions of one's own beside the seven: there are no more dashes to tell them apart by."""

T = TypeVar("T")


class PageScene(StoredScene):
    """A scene of the store whose people are asked for once while a page is drawn."""

    def gatherings(self) -> tuple[Gathering, ...]:
        return once_per_page(("gatherings", self.scene.id), lambda: self.store.people_decisions(self.scene.id))


class OwnHere(NamedTuple):
    """The emotions of one's own that can be shown in a scene."""

    emotions: tuple[OwnEmotion, ...] = ()
    why: str = ""
    """Why they cannot be shown, with the remedy; empty where they can, or where there are none."""


def scene_view(scene: Scene, reader: str = "") -> SceneView:
    """Return the view of a scene, by the reader that the address names where none is given, as decided until now."""
    return _view(scene, reader or choices.pick_reader(scene), common.store().verdicts(scene.id))


def chosen_view(scene: Scene) -> SceneView:
    """Return the same with the peaks of those emotions of one's own that are chosen on the page."""
    return list_chosen(scene_view(scene))


def list_chosen(view: SceneView) -> SceneView:
    """Return the view with the peaks of the chosen emotions of one's own: all, unless the address says fewer."""
    chosen = choices.pick_emotions(view.names)
    return replace(view, listed=tuple(name for name in view.names if name in chosen))


def scene_views(scenes: Sequence[Scene], reader: Callable[[Scene], str] = choices.pick_reader) -> list[SceneView]:
    """Return the views of several scenes, whose verdicts are asked for at once."""
    decided = common.store().verdicts_by_scene([scene.id for scene in scenes]) if scenes else {}
    return [_view(one, reader(one), decided.get(one.id, ())) for one in scenes]


def _view(scene: Scene, reader: str, verdicts: tuple[Verdict, ...]) -> SceneView:
    source, own = PageScene(common.store(), scene), own_here(scene).emotions
    return SceneView(scene, reader, source, verdicts, own, remember=partial(remember, scene))


def remember(scene: Scene, key: Key, make: Callable[[], T]) -> T:
    """Timelines have a cache of their own: how many are kept depends on how long they are."""
    return common.timeline(scene) if key == TIMELINE else common.remember(scene, key, make)  # type: ignore[return-value]


def own_here(scene: Scene) -> OwnHere:
    """Return the emotions on the shelf that fit this version of the reader, as far as the scene's faces let them."""
    texts = once_per_page("emotions", lambda: common.store().emotions())

    def make() -> OwnHere:
        shelf = common.store()
        usable = emotions.usable_emotions(shelf)[-MOST_DRAWN:]
        why = emotions.why_no_embeddings(shelf, scene) if usable else ""
        fit = usable and not why and emotions.embeddings_of(shelf, scene.id)
        return OwnHere(usable if fit else (), why)

    return common.remember(scene, ("own emotions", texts), make) if texts and scene.found else OwnHere()


def explain_missing(scene: Scene) -> None:
    """Say in one quiet line why emotions of one's own cannot be shown in a scene, with what to do."""
    if why := own_here(scene).why:
        common.say(f"Your own emotions are not shown here. {why}", icon="school")
