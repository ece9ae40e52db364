"""What keeps a long scene and a full shelf quick: tables made once, timelines loaded when needed, cards by page."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from core.analysis import tables
from core.model import Timeline
from core.store.scenes import Store
from core.ui import common
from core.ui.shelf import cards as ui_cards
from tests.support import seed
from tests.support.builders import strip
from tests.support.project import ROOT

pytestmark = pytest.mark.usefixtures("forgetful_pages")


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The scenes whose whole timelines were loaded, one by one."""
    loads: list[int] = []
    load = Store.timeline

    def counted(self: Store, scene_id: int) -> Timeline:
        loads.append(scene_id)
        return load(self, scene_id)

    monkeypatch.setattr(Store, "timeline", counted)
    return loads


def shown(view: str, **said: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=240)
    for name, value in {"view": view, **said}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_the_faces_of_a_timeline_are_tabled_once_and_nobody_changes_anothers() -> None:
    timeline = strip("nnhs")
    first = tables.faces(timeline, "builtin")
    first["happy"] = 2.0

    assert tables.faces(timeline, "builtin")["happy"].max() < 1
    assert tables._faces(tables._SamplesById(timeline.samples), "builtin") is tables._faces(
        tables._SamplesById(timeline.samples), "builtin"
    )
    assert len(tables.faces(strip("nn"), "builtin")) == 2, "another timeline is another table"


def test_a_full_shelf_shows_a_page_of_cards(store: Store) -> None:
    for number in range(ui_cards.PER_PAGE + 2):
        seed.scene(store, strip("nh"), f"Scene {number}")
    app = shown("shelf")
    cards = [button.key for button in app.button if str(button.key).startswith("open_")]

    assert len(cards) == ui_cards.PER_PAGE
    assert cards[0] == f"open_{ui_cards.PER_PAGE + 2}", "the newest first"
    assert len(app.get("pagination")) == 1


def test_no_timeline_is_loaded_for_cards_that_are_known(store: Store, loaded: list[int]) -> None:
    """More scenes than the timelines that are kept, so that a card that asked for its own would load it again."""
    for number in range(12):
        seed.scene(store, strip("nh"), f"Scene {number}")
    app = shown("shelf")
    assert sorted(set(loaded)) == list(range(1, 13))
    loaded.clear()
    app.run()

    assert loaded == []


def test_a_card_more_asks_the_database_for_nothing_more(store: Store) -> None:
    asked: list[str] = []
    for number in range(3):
        seed.scene(store, strip("nhnnh"), f"Scene {number}")
    app = shown("shelf")
    event.listen(common.whole_store()._db._engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    app.run()
    few = len(asked)
    for number in range(3, 9):
        seed.scene(store, strip("nhnnh"), f"Scene {number}")
    app.run()
    asked.clear()
    app.run()

    assert 0 < len(asked) == few


def test_a_scene_page_loads_its_timeline_once(store: Store, loaded: list[int]) -> None:
    scene_id = seed.scene(store, strip("nnhhn.ns|nn"))
    app = shown("scene", scene=str(scene_id))
    app.run()

    assert loaded == [scene_id]
