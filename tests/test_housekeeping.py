"""Keeping house: it outlives every error, says each, and begins with the server."""

from __future__ import annotations

import logging
import os
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.host import home as places
from core.host import timing
from core.model import Recipe
from core.shelf import housekeeping
from core.store.scenes import Store
from core.store.visitors import VisitorStore, new_key
from tests.support import browser, seed
from tests.support.builders import strip
from tests.support.waiting import until

LONG_AGO_S = 7200.0


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")


def overdue(store: Store, title: str = "Old") -> int:
    """A visitor's scene whose day is over."""
    scene_id = seed.scene(VisitorStore(store, new_key()), strip("nn"), title)
    long_ago = (datetime.now(UTC) - timedelta(hours=25)).isoformat(timespec="seconds")
    with store._db.begin_write() as db:
        db.execute(sa.text("UPDATE scenes SET created = :at WHERE id = :id"), {"at": long_ago, "id": scene_id})
    return scene_id


def orphan(name: str, *, folder: bool = False) -> Path:
    """A clip that no scene needs, untouched for hours."""
    path = places.clips_folder() / name
    if folder:
        path.mkdir()
        (path / "video").write_bytes(b"x")
    else:
        path.write_bytes(b"x")
    os.utime(path, (time.time() - LONG_AGO_S,) * 2)
    return path


def test_a_clip_that_goes_while_the_house_is_kept_stops_nothing(
    store: Store, hosted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = orphan("a.mp4"), orphan("b.mp4")
    listed = Path.iterdir

    def and_one_goes(folder: Path) -> list[Path]:
        found = sorted(listed(folder))
        first.unlink(missing_ok=True)  # as another process does it, between the list and the look
        return found

    monkeypatch.setattr(Path, "iterdir", and_one_goes)
    housekeeping.delete_expired(store)

    assert not first.exists() and not other.exists()


def test_a_clip_that_cannot_be_deleted_is_logged_and_the_others_go(
    store: Store, hosted: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other, video = orphan("a.mp4"), orphan("b.mp4"), orphan("link-c", folder=True)
    gone = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == stuck:
            raise PermissionError(13, "Permission denied", str(path))
        gone(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    housekeeping.delete_expired(store)

    assert stuck.exists() and not other.exists() and not video.exists()
    assert "a.mp4" in caplog.text and "Permission denied" in caplog.text


def test_a_chore_that_fails_in_any_way_is_logged_whole_and_the_next_ones_are_done(
    store: Store, hosted: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def broken(_: Store) -> None:
        raise ZeroDivisionError("nobody foresaw this")

    monkeypatch.setattr(housekeeping, "CHORES", {"a": broken, "b": lambda _: done.append("next")})
    with caplog.at_level(logging.ERROR):
        housekeeping.keep_house(store)
        housekeeping.keep_house(store)

    assert done == ["next", "next"]
    assert "nobody foresaw this" in caplog.text and "Traceback" in caplog.text


def test_one_scene_that_cannot_be_deleted_stops_no_other(
    store: Store, hosted: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = overdue(store, "Stuck"), overdue(store, "Other")
    delete = Store.delete

    def deletes_all_but_one(self: Store, scene_id: int) -> None:
        if scene_id == stuck:
            raise OSError(5, "Input/output error")
        delete(self, scene_id)

    monkeypatch.setattr(Store, "delete", deletes_all_but_one)
    housekeeping.keep_house(store)

    assert [scene.id for scene in store.scenes()] == [stuck] and other != stuck
    assert "Input/output error" in caplog.text


def test_a_database_that_is_away_at_first_is_found_again(
    home: Path, hosted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(timing.VARIABLE, '{"housekeeping_s": 0.05}')
    later = home.parent / "later"
    housekeeping.start(f"sqlite:///{later / 'outtake.db'}")
    later.mkdir()
    store = Store(f"sqlite:///{later / 'outtake.db'}")
    overdue(store)

    until(lambda: not store.scenes())


def test_the_house_of_a_database_is_kept_by_one_thread(store: Store, hosted: None) -> None:
    assert housekeeping.start(store.url) is not None
    assert housekeeping.start(store.url) is None


@pytest.mark.slow
def test_overdue_scenes_go_and_the_queue_moves_before_anybody_visits(
    store: Store, home: Path, hosted: None, tmp_path: Path
) -> None:
    old, clip = overdue(store), orphan("a.mp4")
    waiting = VisitorStore(store, new_key())
    scene_id = waiting.add(Recipe(str(tmp_path / "gone.mp4")), "Waits")
    waiting.enqueue(scene_id)

    with browser.served(home):
        until(lambda: [scene.id for scene in store.scenes()] == [scene_id] and not clip.exists(), 60)
        until(lambda: waiting.scene(scene_id).state == "failed", 60)
    assert old != scene_id


def test_on_ones_own_machine_what_a_killed_server_left_unfinished_goes_with_the_next(store: Store) -> None:
    """Whole videos of links stay: the command line fetched them to be used again; so does what a scene waits for."""
    clips, link = places.clips_folder(), "https://archive.org/details/mine"
    waits = store.add(Recipe(link), "Mine")
    links = ("https://archive.org/a", "https://archive.org/b", link)
    broken, whole, mine = (places.fetched_video(one).parent for one in links)
    for folder, name in ((broken, "video.mp4.part"), (whole, "video"), (mine, "video.mp4.part")):
        folder.mkdir()
        (folder / name).write_bytes(b"x")
    (clips / "abc.mp4").write_bytes(b"an upload whose scene was never added")
    (clips / "new.mp4").write_bytes(b"one that is just being added")
    for path in (broken, whole, mine, clips / "abc.mp4"):
        os.utime(path, (0, 0))

    housekeeping.clear_unfinished(store.url)

    until(lambda: not broken.exists() and not (clips / "abc.mp4").exists())
    assert sorted(clips.iterdir()) == sorted([whole, mine, clips / "new.mp4"])
    assert store.scene(waits).title == "Mine"


def test_hosted_each_deletion_is_noted_without_what_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    scene_id = store.add(Recipe("/clip.mp4"), "A secret title")
    store.delete(scene_id)

    assert re.fullmatch(rf"20\S+T\S+ scene {scene_id}\n", (places.home() / places.ERASURES).read_text())
