"""Whose turn it is: so many tasks of a kind at one time, over all processes that share this home."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from core.errors import JobError
from core.host import home, limits
from core.host.timing import current_timing

FILE_PATIENCE_S = 60.0
"""So long whoever reads or makes a file waits for the files of others: one takes seconds."""


@contextmanager
def take_turn(kind: str, busy: str, patience_s: float = 0.0) -> Iterator[tuple[int, ...]]:
    """Holds one of the turns of a kind of task; JobError with ``busy`` where others have them all for so long.

    Yields the descriptors that hold it, none where tasks are not counted. The system counts by them: a process that
    inherits them has the turn until it ends, however it ends, and no file says so after its death.
    """
    most, until = limits.current_limits().tasks_at_once, time.monotonic() + patience_s
    if most is None:
        yield ()
        return
    while (held := _take_free_turn(kind, most)) is None:
        if time.monotonic() >= until:
            raise JobError(busy)
        time.sleep(current_timing().poll_s)
    try:
        yield (held,)
    finally:
        os.close(held)


def _take_free_turn(kind: str, most: int) -> int | None:
    """Returns the descriptor of a turn that nobody has; None where all are taken."""
    for number in range(most):
        file = os.open(home.turn_file(kind, number), os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        os.close(file)
    return None
