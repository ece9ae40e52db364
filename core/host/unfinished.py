"""A file while it is written: it has its name once it is whole, and a process that is killed before leaves nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

OWN_FILES = Path("/proc/self/fd")
"""Where Linux gives names to what a process has open."""


class Unfinished(NamedTuple):
    """A file that is not whole yet."""

    path: Path
    """Where this process writes it; others need not find it there."""
    keep: Callable[[], None]
    """Gives it its name, in the place of whatever had it."""


@contextmanager
def open_unfinished(target: Path) -> Iterator[Unfinished]:
    """Gives a file to write beside ``target``; unless it is kept, nothing stays of it.

    Raises OSError where it cannot be made. Where the system knows files without a name, nothing stays even when this
    process is killed.
    """
    file = _open_nameless(target.parent)
    if file is not None:
        try:
            yield Unfinished(OWN_FILES / str(file), lambda: _give_name(file, target))
        finally:
            os.close(file)
        return
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    beside.touch()

    def keep() -> None:
        beside.replace(target)

    try:
        yield Unfinished(beside, keep)
    finally:
        beside.unlink(missing_ok=True)


def _open_nameless(folder: Path) -> int | None:
    """Returns the descriptor of a file that no folder lists; None where the system, or this disk, knows none."""
    if hasattr(os, "O_TMPFILE") and OWN_FILES.is_dir():
        with suppress(OSError):  # where nothing can be written at all, the ordinary way says so
            return os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o666)
    return None


def _give_name(file: int, target: Path) -> None:
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}")  # threads may write the same file at once
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        # The folder is only named so that Python follows the link to the file instead of copying the link.
        os.link(OWN_FILES / str(file), beside, src_dir_fd=folder, follow_symlinks=True)
        beside.replace(target)
    finally:
        os.close(folder)
        beside.unlink(missing_ok=True)
