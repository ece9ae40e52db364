"""An address whose scene is not here says so and leads back, on every page; another scene is not what was asked for."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.shelf import jobs
from core.store.scenes import Store
from core.store.visitors import VisitorStore, new_key
from core.ui import common
from tests.support import seed
from tests.support.builders import strip
from tests.support.cases import quick
from tests.support.pages import visit, words

pytestmark = pytest.mark.usefixtures("forgetful_pages")

PAGES = ("scene", "review", "faces", "teach")


def leads_back(app: AppTest) -> bool:
    """Whether there is a way to the shelf on the page."""
    return any(link.proto.label == "To the shelf" for link in app.get("page_link"))


@pytest.fixture
def here(store: Store) -> int:
    """A scene that nobody asked for."""
    return seed.scene(store, strip("nnhh"), "Diner")


@pytest.mark.parametrize("view", PAGES)
@pytest.mark.parametrize("asked", quick(["999", "abc", "²", "-1", "9" * 400], "999", "²"))
def test_a_scene_that_never_was_is_not_another_one(view: str, asked: str, here: int) -> None:
    app = visit(view, scene=asked)

    assert app.title[0].value == "This scene is not here"
    assert "There is no scene “" in words(app) and "Diner" not in words(app) and len(words(app)) < 600
    assert leads_back(app)


@pytest.mark.parametrize("view", PAGES)
def test_a_deleted_scene_is_called_by_its_name_and_can_be_brought_back(view: str, here: int, store: Store) -> None:
    gone = seed.scene(store, strip("ssss"), "Rain")
    jobs.delete(gone, store)
    app = visit(view, scene=gone)

    assert app.title[0].value == "This scene is not here"
    assert "“Rain” was deleted" in words(app) and leads_back(app)


def test_another_visitors_scene_is_one_that_is_not_here(
    here: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = VisitorStore(store, new_key())
    monkeypatch.setattr(common, "store", lambda: mine)
    app = visit("scene", scene=here)

    assert app.title[0].value == "This scene is not here" and "Diner" not in words(app)


def test_compare_says_which_of_its_scenes_are_missing_and_shows_the_others(here: int) -> None:
    app = visit("compare", scenes=f"{here},999")
    assert app.title[0].value == "Compare" and "There is no scene “999” on this shelf" in words(app)
    assert leads_back(app)

    app = visit("compare", scenes="999,abc")
    assert app.title[0].value == "These scenes are not here" and leads_back(app)
    assert "Diner" not in words(app)


def test_an_address_that_names_none_shows_the_newest_as_before(here: int) -> None:
    assert visit("scene").title[0].value == "Diner"
    assert visit("compare").title[0].value == "Compare"


def stopped(store: Store) -> int:
    """A scene whose reading was stopped after four of eight moments."""
    scene_id = seed.scene(store, strip("nnhh", 200), "Diner", done=False)
    store.begin_reading(scene_id, store.claim(scene_id), seed.VIDEO, "mtcnn", ["builtin"], 8)
    store.stop(scene_id)
    return scene_id


def test_a_stopped_scene_says_so_counts_what_was_read_and_goes_on_from_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene_id = stopped(store)
    started: list[int] = []
    monkeypatch.setattr(jobs, "start", lambda scene, shelf: started.append(scene))
    app = visit("scene", scene=scene_id)

    assert "Reading stopped at 0\\:00\\.6" in words(app)
    assert "read as far as 0:00.6 of 0:10.0 · 4 moments" in words(app)

    app.button(key="resume").click().run()
    assert started == [scene_id]


def test_a_scene_that_was_read_whole_has_no_such_line(here: int) -> None:
    assert "Reading stopped" not in words(visit("scene", scene=here))
