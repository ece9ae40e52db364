"""The way to the database: its troubles are sentences, and one program at a time writes."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from core import home as places
from core.adapters import connect
from core.adapters.store import Store
from core.errors import StoreError
from core.model import Recipe
from tests import make
from tests.test_store import begun, moment


def test_what_was_deleted_leaves_the_file(store: Store, scene_id: int) -> None:
    """A picture of somebody's face must not stay behind in free pages."""
    sample, _, crops = moment(0, make.face())
    store.append(scene_id, begun(store, scene_id), [(sample, b"PRIVATE" * 100_000, crops)])
    file = places.home() / "outtake.db"
    assert b"PRIVATE" in file.read_bytes()
    store.delete(scene_id)

    assert b"PRIVATE" not in file.read_bytes() and file.stat().st_size < 200_000
    assert [path.name for path in file.parent.glob("outtake.db-*")] == []


def test_a_file_that_is_no_database_is_told_in_a_sentence(home: Path) -> None:
    (places.home() / "outtake.db").write_bytes(b"not a database, but longer than its header would be" * 100)

    with pytest.raises(StoreError, match=r"not a database.*Move it away"):
        Store()


def test_a_damaged_database_is_told_in_a_sentence(store: Store, scene_id: int) -> None:
    store.append(scene_id, begun(store, scene_id), [moment(t_ms, make.face()) for t_ms in range(500)])
    file = places.home() / "outtake.db"
    data = bytearray(file.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    file.write_bytes(data)

    with pytest.raises(StoreError, match="damaged"):
        Store().samples(scene_id)


def test_a_lock_that_stays_is_told_in_a_sentence(store: Store, scene_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "BUSY_S", 0.2)
    impatient = Store()
    holder = sqlite3.connect(places.home() / "outtake.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="locked by another program"):
        impatient.rename(scene_id, "Never")
    assert impatient.scene(scene_id).title == "A clip"  # reading goes on under WAL
    holder.execute("ROLLBACK")
    holder.close()


def test_a_writer_waits_for_another_one(store: Store, scene_id: int) -> None:
    holder = sqlite3.connect(places.home() / "outtake.db", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, lambda: holder.execute("COMMIT")).start()

    store.rename(scene_id, "After a while")
    assert store.scene(scene_id).title == "After a while"
    holder.close()


@pytest.mark.parametrize("url", ["nonsense", "klingon://host/db", "sqlite:////nowhere/at/all/shelf.db"])
def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(url: str) -> None:
    with pytest.raises(StoreError, match=r"^The shelf's database .* cannot be (used|opened)"):
        Store(url)


def test_a_home_with_signs_of_a_url_in_its_name_is_a_home_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTTAKE_HOME", str(tmp_path / "100% ü?#&"))

    Store().add(Recipe("/clip.mp4"), "A clip")
    assert (tmp_path / "100% ü?#&" / "outtake.db").is_file()


def test_a_home_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("OUTTAKE_HOME", str(tmp_path / "file" / "home"))

    with pytest.raises(StoreError, match="OUTTAKE_HOME"):
        Store()
