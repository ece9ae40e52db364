"""Short transactions on the shelf's database, and its troubles told as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc, pool

from core.errors import StoreError
from core.host.timing import current_timing
from core.store import schema
from core.store.disk_room import DiskRoom

SQLITE = "sqlite:///"

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""Of every SQLite connection: pages read while a worker writes, what was told as kept outlives a power cut, and what
was deleted is overwritten."""

PRIVATE = 0o600
"""Rights of a SQLite file; those beside it that SQLite makes take them over."""

POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}
"""How hosts spell the address of a PostgreSQL server; it is reached through psycopg in any case."""

WRITERS = 0x0077A4E
"""The lock of a PostgreSQL database that each writer takes first, so that it alone may write, as in SQLite."""


class Database:
    """A database URL that hands out transactions; it keeps no connection to a file between them.

    Every error of the database leaves it as StoreError.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.room = DiskRoom(Path(url.removeprefix(SQLITE))) if url.startswith(SQLITE) else None
        """The disk of a SQLite file; a server looks after its own."""
        with self._translate_errors():
            self._engine = _engine(url, self.room)
        self._upgrade()

    @contextmanager
    def begin_read(self) -> Iterator[sa.Connection]:
        """Gives a connection that sees one state of the database throughout."""
        with self._translate_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def begin_write(self) -> Iterator[sa.Connection]:
        """Gives a connection that alone may write; what it did is kept when the block ends, undone when it raises."""
        with (
            self._translate_errors(),
            self._engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            yield connection

    def check_room(self) -> None:
        """Raises StoreError where the disk has only room left for deleting."""
        if self.room and self.room.is_short():
            raise StoreError(FULL.format(name=self._name))

    def close(self) -> None:
        """Gives up the connections that are kept to a server; the next transaction makes new ones."""
        self._engine.dispose()

    def _upgrade(self) -> None:
        """Brings the tables to this program's number, one transaction a step; several programs may try at once."""
        with self.begin_read() as connection:
            number = schema.schema_version(connection)
        newest = len(schema.MIGRATIONS)
        if number > newest:
            raise StoreError(
                f"{self._name} was written by a newer Outtake ({number}, this one knows {newest}). Update."
            )
        for _ in range(number, newest):
            with self.begin_write() as connection:
                schema.run_next_migration(connection)

    @property
    def _name(self) -> str:
        if self.url.startswith(SQLITE):
            return self.url.removeprefix(SQLITE)
        return self.url.rpartition("@")[2].partition("?")[0]  # without the password, wherever it stands

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except (exc.DBAPIError, exc.ArgumentError, exc.InvalidRequestError, exc.TimeoutError, ImportError) as error:
            cause = getattr(error, "orig", error)
            mistaken = isinstance(error, exc.IntegrityError | exc.ProgrammingError)
            if mistaken and getattr(cause, "sqlstate", None) not in SERVER_STATES:
                raise  # our own mistake, not the database's state
            if "disk I/O" in str(cause) and self.room and self.room.is_full():
                raise StoreError(FULL.format(name=self._name)) from error
            raise StoreError(_explain(self._name, str(cause))) from error


SERVER_STATES = ("42501", "42P01", "3F000")
"""PostgreSQL counts among a program's mistakes: no right to a table, a table or a schema that is not there."""


def _explain(name: str, said: str) -> str:
    for sign, sentence in TROUBLES:
        if sign in said:
            return sentence.format(name=name)
    return f"The shelf's database {name} cannot be used: {said.splitlines()[0].rstrip('.')}. Check OUTTAKE_DB."


AWAY = (
    "onnection refused",
    "connection failed",
    "connection to server",
    "connection is lost",
    "closed the connection",
    "terminating connection",
    "starting up",
    "shutting down",
    "too many clients",
    "timeout expired",
    "QueuePool limit",
)
"""What PostgreSQL, or the way to it, says while it cannot be used but may be again."""

FULL = "The disk of {name} is full. Make room, then resume."

TROUBLES = (
    ("lock timeout", "The shelf's database {name} is locked by another program. Close that and try again."),
    ("No space left", FULL),
    ("authentication failed", "The shelf's database {name} refuses this user or password. Check OUTTAKE_DB."),
    ("permission denied", "The shelf's database {name} gives this user no right to write. Check OUTTAKE_DB."),
    ("read-only transaction", "The shelf's database {name} cannot be written just now. Check its server."),
    *((sign, "The shelf's database {name} does not answer just now. Try again in a moment.") for sign in AWAY),
    ("locked", "The shelf's database {name} is locked by another program. Close that and try again."),
    ("malformed", "The shelf's database {name} is damaged. Move it away, and Outtake begins a new one."),
    ("not a database", "{name} is not a database of Outtake. Move it away, and Outtake begins a new one."),
    ("full", FULL),
    ("readonly", "The shelf's database {name} cannot be written. Give yourself the right, or set OUTTAKE_HOME."),
    ("unable to open", "The shelf's database {name} cannot be opened. Check the folder, or set OUTTAKE_HOME."),
    ("disk I/O", "The disk of {name} gives errors. Check it, or set OUTTAKE_HOME to another one."),
)
"""What the database says → what a person can do."""


def _engine(url: str, room: DiskRoom | None) -> sa.Engine:
    if room is None:
        return _server_engine(sa.make_url(url))
    # The rest of the URL is taken as a path as it is: it may hold signs like ? and %.
    file = sa.URL.create("sqlite", database=url.removeprefix(SQLITE))
    engine = sa.create_engine(file, poolclass=pool.NullPool, connect_args={"timeout": current_timing().database_s})
    event.listen(engine, "do_connect", lambda *_: _prepare_file(room))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_file(room: DiskRoom) -> None:
    """Makes the database's file its owner's alone, and sees to the room on its disk."""
    with suppress(OSError):  # SQLite says better what is wrong with the file or its folder
        if not room.database.exists():
            room.database.touch(PRIVATE)
        elif room.database.stat().st_mode & 0o077:
            room.database.chmod(PRIVATE)  # never opened and closed here: that would take SQLite's locks away
        room.keep()


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, see _begin
    if connection.execute("PRAGMA page_count").fetchone() == (0,):
        connection.execute("PRAGMA auto_vacuum=FULL")  # only an empty file learns to shrink
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    # A writer takes its lock at once: one that reads first and then writes may be refused instead of waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing(connection) else "BEGIN")


def _server_engine(address: sa.URL) -> sa.Engine:
    """Returns the engine of a PostgreSQL server; its connections are kept, and looked at before they are used again."""
    if address.drivername not in POSTGRESQL:
        raise exc.ArgumentError(f"“{address.drivername}” is neither sqlite nor postgresql+psycopg")
    # Prepared statements do not survive the poolers that hosts put before their servers.
    told = {"connect_timeout": max(1, round(current_timing().database_s)), "prepare_threshold": None}
    address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address, pool_pre_ping=True, pool_recycle=300, connect_args=told)
    event.listen(engine, "begin", _begin_on_server)
    return engine


def _begin_on_server(connection: sa.Connection) -> None:
    if not _writing(connection):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return
    timing = current_timing()
    for limit, seconds in (
        ("lock_timeout", timing.database_s),
        ("idle_in_transaction_session_timeout", timing.transaction_s),
    ):
        connection.exec_driver_sql(f"SET LOCAL {limit} = '{round(seconds * 1000)}ms'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")


def _writing(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("writing", False))
