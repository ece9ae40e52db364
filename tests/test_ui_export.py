"""The Export popover and the bundle on the shelf, as a visitor meets them."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import language as words
from core.charts import fonts
from core.errors import SettingError
from core.export import bundle_exchange, film_task
from core.export.kinds import KINDS, Choices
from core.host import tasks
from core.shelf import jobs
from core.store.scenes import Store
from core.ui.scene import export
from tests.support import doubtful
from tests.support.pages import visit
from tests.support.pages import words as said_on

pytestmark = pytest.mark.usefixtures("forgetful_pages")


@pytest.fixture
def scene_id(store: Store) -> int:
    return doubtful.scene(store)


def offered(app: AppTest) -> set[str]:
    """The kinds of file that can be taken just now."""
    return {one.key.removeprefix("export_") for one in app.get("download_button") if one.key.startswith("export_")}


def choose(app: AppTest, group: str) -> AppTest:
    app.segmented_control(key="export_what").set_value(group).run()
    assert not app.exception
    return app


def test_everything_that_a_scene_can_leave_as_is_offered(scene_id: int) -> None:
    app = visit("scene", scene=scene_id)
    found = set()
    for group in export.GROUPS:
        found |= offered(choose(app, group))

    assert found == {*KINDS, "all_csv", "all_xlsx"}


def test_an_unwritable_language_is_said_and_nothing_is_offered(scene_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(language: words.Language, more: str = "") -> fonts.Font:
        raise SettingError(f"This machine has no font that can write {language.name}.")

    app = choose(visit("scene", scene=scene_id), "Pictures")
    assert "frames" in offered(app)
    monkeypatch.setattr(fonts, "find_font", none)
    app.selectbox(key="pictures_language").set_value("ja").run()
    assert "frames" not in offered(app) and "no font that can write 日本語" in said_on(app)


def test_a_film_whose_video_is_gone_says_so(scene_id: int) -> None:
    app = choose(visit("scene", scene=scene_id), "Film")
    app.button(key="film_start").click().run()

    assert not app.exception and "not on this machine any more" in said_on(app)


def test_a_film_that_cannot_be_started_says_so_and_can_be_tried_again(
    scene_id: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(film_task, "video_path", lambda scene: tmp_path)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    app = choose(visit("scene", scene=scene_id), "Film")
    app.button(key="film_start").click().run()

    assert not app.exception
    assert "The film could not be started" in said_on(app).replace("\\", "") and "Close other programs" in said_on(app)
    assert "film_start" in [one.key for one in app.button]


def test_a_film_being_written_shows_how_far_it_is_and_can_be_stopped(store: Store, scene_id: int) -> None:
    paths = [
        film_task.film_status(store.scene(scene_id), Choices(reader="builtin", theme=theme)).path
        for theme in ("dark", "light")
    ]
    for path in paths:
        tasks.write_status(path.with_suffix(".json"), "writing", share=0.4)
    app = choose(visit("scene", scene=scene_id), "Film")

    assert "film_start" not in [one.key for one in app.button]
    app.button(key="film_stop").click().run()
    assert "film_start" in [one.key for one in app.button] and not app.exception


def test_a_bundle_dropped_on_the_shelf_is_a_scene_to_see_review_and_compare(store: Store, scene_id: int) -> None:
    data = bundle_exchange.export_bundle(store, store.scene(scene_id))
    store.rename(scene_id, "Mine")
    app = visit("shelf")
    app.file_uploader[0].upload("diner.outtake.zip", data, "application/zip")
    next(
        one for one in app.button if (one.key and one.key.startswith("FormSubmitter")) or one.label == "Read it"
    ).click().run()
    assert not app.exception

    theirs = next(scene for scene in store.scenes() if scene.id != scene_id)
    assert (theirs.title, theirs.state, theirs.found) == ("Diner", "done", 24)
    for view in ("scene", "review", "faces"):
        assert "Nothing of this scene" not in said_on(visit(view, scene=theirs.id))
    with pytest.raises(Exception, match="without its video"):
        jobs.retry(theirs.id, store)


def test_a_bad_bundle_is_one_quiet_sentence_and_no_scene(store: Store) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("../../outtake.db", b"x")
    app = visit("shelf")
    app.file_uploader[0].upload("evil.zip", buffer.getvalue(), "application/zip")
    next(one for one in app.button if one.label == "Read it").click().run()

    assert not app.exception and "leads out of it" in said_on(app)
    assert store.scenes() == []


def test_ones_own_words_stay_while_one_looks_at_something_else(scene_id: int) -> None:
    app = choose(visit("scene", scene=scene_id), "Story")
    app.text_input(key=f"story_{scene_id}_title").set_value("He bared his teeth").run()
    choose(choose(app, "Tables"), "Story")

    assert app.text_input(key=f"story_{scene_id}_title").value == "He bared his teeth"
