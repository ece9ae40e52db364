"""Room on the disk of a SQLite file: some is kept for deleting, since SQLite needs a little even to read."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

RESERVE_BYTES = 16 << 20
"""Deleting 32 moments writes 2 MB before it gives any back; the rest is for whoever fills the disk meanwhile."""

WATCH_BYTES = 2 << 30
"""A disk with more free than this needs no reserve yet."""

TIGHT_BYTES = 4 << 20
"""With less free than this, the reserve is given up: SQLite's own files take 32 kB and what is changed."""


class DiskRoom:
    """The reserve beside a database's file."""

    def __init__(self, database: Path) -> None:
        self.database, self.reserve = database, database.with_name(f"{database.name}-reserve")

    def keep(self) -> None:
        """Lays the reserve aside while the disk fills, and gives it up once it is nearly full."""
        free = self.free_bytes()
        if free < TIGHT_BYTES:
            self.reserve.unlink(missing_ok=True)
        elif 4 * RESERVE_BYTES < free < WATCH_BYTES and not self.reserve.exists():
            with suppress(OSError):  # somebody was quicker with what was free
                self.reserve.write_bytes(bytes(RESERVE_BYTES))

    def is_short(self) -> bool:
        """Whether so little is free that nothing new is to be kept, and deleting goes step by step."""
        return self.free_bytes() < 2 * RESERVE_BYTES

    def is_full(self) -> bool:
        """Whether nothing is free."""
        return self.free_bytes() < TIGHT_BYTES

    def free_bytes(self) -> int:
        """Returns what is free on the file's disk; a folder that is not there is no reason to be careful."""
        try:
            return shutil.disk_usage(self.database.parent).free
        except OSError:
            return WATCH_BYTES
