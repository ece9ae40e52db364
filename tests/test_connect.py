"""The way to the database, SQLite's and PostgreSQL's: troubles are sentences, one program at a time writes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import StoreError
from core.host import home as places
from core.host import timing
from core.model import Recipe
from core.store.scenes import Store
from tests.support import builders
from tests.support.rows import begin, moment


def test_what_was_deleted_leaves_the_file(store: Store, scene_id: int) -> None:
    """A picture of somebody's face must not stay behind in free pages."""
    sample, _, crops = moment(0, builders.face())
    store.append(scene_id, begin(store, scene_id), [(sample, b"PRIVATE" * 100_000, crops)])
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
    store.append(scene_id, begin(store, scene_id), [moment(t_ms, builders.face()) for t_ms in range(500)])
    file = places.home() / "outtake.db"
    data = bytearray(file.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    file.write_bytes(data)

    with pytest.raises(StoreError, match="damaged"):
        Store().samples(scene_id)


def test_a_lock_that_stays_is_told_in_a_sentence(store: Store, scene_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(timing.VARIABLE, '{"database_s": 0.2}')
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


@pytest.mark.databases
def test_a_batch_that_is_being_written_is_seen_by_nobody_and_waited_for_by_writers(
    store: Store, scene_id: int, database: str
) -> None:
    other = Store(database)
    with store._db.begin_write() as db:
        db.execute(sa.text("UPDATE scenes SET title = 'Half'"))
        assert other.scene(scene_id).title == "A clip"
        late = threading.Thread(target=other.rename, args=(scene_id, "Late"))
        late.start()
        late.join(0.3)
        assert late.is_alive()
    late.join(10)

    assert store.scene(scene_id).title == "Late"
    other.close()


@pytest.mark.databases
def test_who_reads_sees_one_state_however_much_is_written_meanwhile(store: Store, scene_id: int, database: str) -> None:
    other, title = Store(database), sa.text("SELECT title FROM scenes")
    with store._db.begin_read() as db:
        before = db.execute(title).scalar()
        other.rename(scene_id, "Another")
        assert db.execute(title).scalar() == before

    assert store.scene(scene_id).title == "Another"
    other.close()


@pytest.mark.databases
def test_a_writer_that_holds_on_is_told_in_a_sentence(
    store: Store, scene_id: int, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(timing.VARIABLE, '{"database_s": 1}')
    impatient = Store(database)
    with store._db.begin_write(), pytest.raises(StoreError, match="locked by another program"):
        impatient.rename(scene_id, "Never")
    impatient.close()


def postgres_only(test: Callable[..., None]) -> Callable[..., None]:
    """Run this test on PostgreSQL alone."""
    return pytest.mark.parametrize("database", ["postgresql"], indirect=True)(test)


PID = sa.text("SELECT pg_backend_pid()")


def end(url: str, pid: int) -> None:
    """Have the server end a connection, as when it is restarted."""
    other = Store(url)
    with other._db.begin_read() as db:
        db.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    other.close()


@postgres_only
def test_a_connection_that_died_is_replaced(store: Store, scene_id: int, database: str) -> None:
    with store._db.begin_read() as db:
        pid = db.scalar(PID)
    end(database, pid)

    assert store.scene(scene_id).title == "A clip"


@postgres_only
def test_a_connection_that_dies_at_work_is_told_and_nothing_is_written(
    store: Store, scene_id: int, database: str
) -> None:
    def rename() -> None:
        with store._db.begin_write() as db:
            db.execute(sa.text("UPDATE scenes SET title = 'Half'"))
            end(database, db.scalar(PID))
            db.execute(sa.text("UPDATE scenes SET title = 'Whole'"))

    with pytest.raises(StoreError, match="does not answer just now"):
        rename()
    assert store.scene(scene_id).title == "A clip"


@postgres_only
def test_the_ways_in_which_hosts_spell_the_address_all_lead_there(scene_id: int, database: str) -> None:
    for kind in ("postgres", "postgresql"):
        same = Store(database.replace("postgresql+psycopg", kind))
        assert same.scene(scene_id).title == "A clip"
        same.close()


@postgres_only
def test_a_table_that_somebody_dropped_is_told_in_a_sentence(store: Store, database: str) -> None:
    with store._db.begin_write() as db:
        db.execute(sa.text("DROP TABLE verdicts"))

    with pytest.raises(StoreError, match=r"cannot be used.*verdicts"):
        store.verdicts(1)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:geheim@127.0.0.1:1/outtake",
        "postgresql://me:geheim@127.0.0.1:1/outtake?sslmode=disable&password=geheim",
        "postgresql+psycopg://me:geheim@/outtake?host=/nowhere",
    ],
)
def test_a_server_that_is_not_there_is_told_without_the_password(url: str) -> None:
    with pytest.raises(StoreError, match=r"^The shelf's database .*outtake does not answer just now") as told:
        Store(url)
    assert "geheim" not in str(told.value)


def test_another_kind_of_database_is_told_in_a_sentence() -> None:
    with pytest.raises(StoreError, match="neither sqlite nor postgresql"):
        Store("mysql://me@host/outtake")
