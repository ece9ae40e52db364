"""What is done to a scene from its card, and undone."""

from __future__ import annotations

import pytest

from core.host import home
from core.model import Verdict
from core.shelf import jobs
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import strip
from tests.support.pages import visit, words

pytestmark = pytest.mark.usefixtures("forgetful_pages")


def test_a_scene_is_deleted_at_once_and_undo_brings_it_back(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnhh"), "Diner")
    store.add_verdicts(scene_id, [Verdict("builtin", 0, "happy", 1000, 2000, True)])
    app = visit("shelf")
    app.menu_button(key="menu_1").click("Delete").run()

    assert store.scenes() == []
    assert "“Diner” is deleted" in words(app)

    app.button(key="back_1").click().run()

    assert not app.exception
    assert [scene.title for scene in store.scenes()] == ["Diner"]
    assert len(store.timeline(scene_id).samples) == 4 and len(store.verdicts(scene_id)) == 1
    assert "is deleted" not in words(app)


def test_what_is_deleted_for_good_leaves_the_page(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnhh"), "Diner")
    jobs.delete(scene_id, store)
    app = visit("shelf")
    app.button(key="erase_1").click().run()

    assert not app.exception
    assert store.trashed_scenes() == [] and store.samples(scene_id) == ()
    assert "is deleted" not in words(app)


def test_where_there_is_no_room_for_an_undo_deleting_asks_once_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "disk_nearly_full", lambda: True)
    seed.scene(store, strip("nnhh"), "Diner")
    app = visit("shelf")
    app.menu_button(key="menu_1").click("Delete").run()

    assert "this cannot be undone" in words(app)
    assert len(store.scenes()) == 1

    app.button(key="delete").click().run()

    assert not app.exception
    assert store.scenes() == store.trashed_scenes() == []
