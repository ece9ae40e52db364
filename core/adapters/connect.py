"""Short transactions on the shelf's database, and its troubles told as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc, pool

from core.adapters import schema
from core.errors import StoreError

BUSY_S = 10
"""How long a writer waits for another one: a batch takes milliseconds, so longer means a lock that is left over."""

SQLITE = "sqlite:///"

PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON")
"""Of every SQLite connection: pages read while a worker writes, and what was deleted is overwritten."""


class Database:
    """A database URL that hands out transactions; it keeps no connection to a file between them.

    Every error of the database leaves it as StoreError.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        with self._told():
            self._engine = _engine(url)
        self._upgrade()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one state of the database throughout."""
        with self._told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection that alone may write; what it did is kept when the block ends, undone when it raises."""
        with self._told(), self._engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    def _upgrade(self) -> None:
        """Bring the tables to this program's number, one transaction a step; several programs may try at once."""
        with self.reading() as connection:
            number = schema.version(connection)
        newest = len(schema.MIGRATIONS)
        if number > newest:
            raise StoreError(
                f"{self._name} was written by a newer Outtake ({number}, this one knows {newest}). Update."
            )
        for _ in range(number, newest):
            with self.writing() as connection:
                schema.migrate(connection)

    @property
    def _name(self) -> str:
        return self.url.removeprefix(SQLITE) if self.url.startswith(SQLITE) else self.url.rpartition("@")[2]

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (exc.DBAPIError, exc.ArgumentError, exc.InvalidRequestError, ImportError) as error:
            if isinstance(error, exc.IntegrityError | exc.ProgrammingError):
                raise  # our own mistake, not the database's state
            raise StoreError(_sentence(self._name, str(getattr(error, "orig", error)))) from error


def _sentence(name: str, said: str) -> str:
    for sign, sentence in TROUBLES:
        if sign in said:
            return sentence.format(name=name)
    return f"The shelf's database {name} cannot be used: {said.splitlines()[0].rstrip('.')}. Check OUTTAKE_DB."


TROUBLES = (
    ("locked", "The shelf's database {name} is locked by another program. Close that and try again."),
    ("malformed", "The shelf's database {name} is damaged. Move it away, and Outtake begins a new one."),
    ("not a database", "{name} is not a database of Outtake. Move it away, and Outtake begins a new one."),
    ("full", "The disk of {name} is full. Make room, then resume."),
    ("readonly", "The shelf's database {name} cannot be written. Give yourself the right, or set OUTTAKE_HOME."),
    ("unable to open", "The shelf's database {name} cannot be opened. Check the folder, or set OUTTAKE_HOME."),
    ("disk I/O", "The disk of {name} gives errors. Check it, or set OUTTAKE_HOME to another one."),
)
"""What SQLite says → what a person can do."""


def _engine(url: str) -> sa.Engine:
    if not url.startswith(SQLITE):
        return sa.create_engine(url)
    # The rest of the URL is taken as a path as it is: it may hold signs like ? and %.
    file = sa.URL.create("sqlite", database=url.removeprefix(SQLITE))
    engine = sa.create_engine(file, poolclass=pool.NullPool, connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, see _begin
    if connection.execute("PRAGMA page_count").fetchone() == (0,):
        connection.execute("PRAGMA auto_vacuum=FULL")  # only an empty file learns to shrink
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    # A writer takes its lock at once: one that reads first and then writes may be refused instead of waiting.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
