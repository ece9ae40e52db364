"""Whatever happens to the disk and the database under an open page: a sentence, never a broken page."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from core.host import home, timing
from core.shelf import jobs
from core.store.scenes import Store
from core.ui import common
from tests.support import doubtful, seed
from tests.support.builders import strip
from tests.support.pages import visit, words

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("forgetful_pages")]

DAMAGED = "Move it away, and Outtake begins a new one"

VIEWS = ("shelf", "scene", "review", "faces")


@pytest.fixture
def scene_id(store: Store, monkeypatch: pytest.MonkeyPatch) -> int:
    """A scene with something to doubt, and beside it one that was stopped and one that failed; none is ever read."""
    monkeypatch.setattr(jobs, "_start_worker", lambda *_: None)
    monkeypatch.setenv(timing.VARIABLE, '{"database_s": 0.1}')
    stopped = seed.scene(store, strip("nnhh"), "Stopped", done=False)
    store.stop(stopped)
    failed = seed.scene(store, strip("nnhh"), "Failed", done=False)
    store.fail(failed, store.claim(failed), "It failed.")
    return doubtful.scene(store)


@pytest.fixture
def held(scene_id: int) -> Iterator[sqlite3.Connection]:
    """Another program that holds the database for writing once it is told to."""
    with closing(sqlite3.connect(home.home() / "outtake.db", isolation_level=None, check_same_thread=False)) as other:
        yield other


def pressed(app: AppTest) -> Iterator[str]:
    """Press one button of each kind, one after the other, and yield its key; the page must stand each time."""
    kinds: set[str] = set()
    for key in [button.key for button in app.button if not button.disabled]:
        kind = re.sub(r"[\d.:]+", "", str(key))
        if kind in kinds or key not in [button.key for button in app.button]:
            continue
        kinds.add(kind)
        app.button(key=key).click().run()
        assert not app.exception, (key, app.exception[0].message)
        yield str(key)


@pytest.mark.parametrize("view", ["shelf", "scene", "review"])
def test_no_button_breaks_a_page_while_another_program_holds_the_database(
    view: str, scene_id: int, held: sqlite3.Connection
) -> None:
    app = visit(view, 120, scene=scene_id)
    held.execute("BEGIN IMMEDIATE")

    assert list(pressed(app))
    held.execute("ROLLBACK")


def test_a_resume_that_cannot_be_written_down_is_one_sentence(scene_id: int, held: sqlite3.Connection) -> None:
    app = visit("shelf", 120)
    held.execute("BEGIN IMMEDIATE")
    remedy = next(button for button in app.button if button.label == "Resume")
    remedy.click().run()

    assert not app.exception and "locked by another program" in words(app)
    held.execute("ROLLBACK")


def test_a_running_scene_that_cannot_be_stopped_is_one_sentence(store: Store, held: sqlite3.Connection) -> None:
    running = seed.scene(store, strip("nnhh"), "Running", done=False)
    store.announce_worker(running)  # counts as alive for as long as a page may take on a busy machine
    app = visit("shelf", 120)
    held.execute("BEGIN IMMEDIATE")
    app.button(key=f"stop_{running}").click().run()

    assert not app.exception and "locked by another program" in words(app)
    held.execute("ROLLBACK")
    app.button(key=f"stop_{running}").click().run()
    assert store.scene(running).state == "stopped"


def test_a_verdict_on_a_full_disk_is_one_sentence(scene_id: int) -> None:
    def no_room(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("INSERT"):
            raise sqlite3.OperationalError("database or disk is full")

    app = visit("review", 120, scene=scene_id)
    event.listen(common.whole_store()._db._engine, "before_cursor_execute", no_room)
    app.button(key="drop").click().run()

    assert not app.exception and "is full" in words(app)


@pytest.mark.parametrize("view", VIEWS)
def test_pages_stand_without_their_pictures(view: str, store: Store, scene_id: int) -> None:
    with store._db.begin_write() as db:
        for table in ("thumbs", "crops"):
            db.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608

    assert words(visit(view, 120, scene=scene_id))


@pytest.mark.parametrize("view", VIEWS)
def test_a_damaged_database_is_one_sentence_on_every_page(view: str, scene_id: int) -> None:
    damage(home.home() / "outtake.db")

    assert re.search("damaged|not a database", words(visit(view, 120, scene=scene_id)))


def damage(file: Path) -> None:
    """Leave the database's first page and nothing readable behind it."""
    size = file.stat().st_size
    with file.open("r+b") as data:
        data.seek(4096)
        data.write(bytes(size - 4096))


def test_a_page_that_was_open_tells_of_the_damage_and_goes_on_once_it_is_mended(scene_id: int) -> None:
    app = visit("scene", 120, scene=scene_id)
    file = home.home() / "outtake.db"
    whole = file.read_bytes()
    damage(file)
    app.run()
    assert not app.exception and DAMAGED in words(app)
    file.write_bytes(whole)
    app.run()

    assert not app.exception and DAMAGED not in words(app)
