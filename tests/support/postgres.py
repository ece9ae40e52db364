"""A PostgreSQL server for the time of a command: python -m tests.support.postgres python -m pytest tests/test_store.py

It is a private one, in a folder of its own and without a port; the command finds its URL in OUTTAKE_TEST_POSTGRES.
Needs Debian's package ``postgresql``, or another installation whose programs are on the PATH.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

VARIABLE = "OUTTAKE_TEST_POSTGRES"
"""Where tests look for the URL of a server on which they may make schemas."""

DEBIAN = Path("/usr/lib/postgresql")
NOBODY = "postgres"
"""Debian's user for it: the server refuses to be run by root."""

CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB", "max_connections=80")
"""A database that nobody needs after the command may be quick."""

PATIENCE_S = 30.0


def programs() -> Path | None:
    """Return the folder of the newest ``initdb`` and ``postgres`` on this machine, None where there are none."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = next((folder for folder in folders if (folder / "initdb").exists()), None)
    on_path = shutil.which("initdb")
    return found or (Path(on_path).resolve().parent if on_path else None)


@contextmanager
def server() -> Iterator[str]:
    """Run a new empty server until the block ends; yields its URL. FileNotFoundError where none is installed."""
    bin_ = programs()
    if bin_ is None:
        raise FileNotFoundError("PostgreSQL is not installed. On Debian: apt-get install postgresql")
    user = NOBODY if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="outtake-pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        quiet = {"user": user, "extra_groups": [] if user else None, "cwd": folder, "stdout": subprocess.DEVNULL}
        make = ["--username=outtake", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D", "data"]
        subprocess.run([bin_ / "initdb", *make], check=True, **quiet)
        settings = [word for setting in CARELESS for word in ("-c", setting)]
        words = [bin_ / "postgres", "-D", "data", "-k", str(folder), "-c", "listen_addresses=", *settings]
        with subprocess.Popen(words, stderr=(folder / "log").open("wb"), **quiet) as running:
            try:
                _wait(folder, running)
                yield f"postgresql+psycopg://outtake@/postgres?host={quote(str(folder), safe='')}"
            finally:
                running.send_signal(signal.SIGQUIT)  # at once, whoever is still connected
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def schema(url: str) -> Iterator[str]:
    """Make a new empty schema on the server at ``url`` until the block ends; yields the URL that leads into it."""
    import psycopg

    name = f"test_{uuid4().hex}"
    plain = url.replace("+psycopg", "", 1)
    with psycopg.connect(plain, autocommit=True) as server:
        server.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{url}{'&' if '?' in url else '?'}options={quote(f'-csearch_path={name}', safe='')}"
        finally:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
            )
            server.execute(f"DROP SCHEMA {name} CASCADE")


def _wait(folder: Path, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while b"ready to accept connections" not in (folder / "log").read_bytes():
        if running.poll() is not None or time.monotonic() > until:
            raise ChildProcessError((folder / "log").read_text(errors="replace"))
        time.sleep(0.05)


def main(words: list[str]) -> int:
    """Run the command beside a server and return its exit code; without one it runs too, and the code is not 0."""
    try:
        with server() as url:
            return subprocess.call(words, env=os.environ | {VARIABLE: url})
    except (FileNotFoundError, ChildProcessError, subprocess.CalledProcessError) as error:
        print(f"No PostgreSQL: {error}", file=sys.stderr)
        return subprocess.call(words) or 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
