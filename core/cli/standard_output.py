"""The two streams of a command line: closed ones are replaced, and one that cannot be written is told once."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress

FAILURES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
"""What happens to a stream that is full or closed."""


def replace_closed_streams() -> None:
    """Has standard output and standard error exist: writing to one that was closed fails as on a full disk."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = os.O_RDONLY if name == "stdout" else os.O_WRONLY
            setattr(sys, name, os.fdopen(os.open(os.devnull, mode), "w", encoding="utf-8"))


def discard_rest() -> None:
    """Has what is still to be written to standard output go nowhere, so that the end of the process says nothing."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def describe_failure(error: OSError) -> str:
    """Returns the sentence about a standard output that takes nothing."""
    why = error.strerror or type(error).__name__
    return f"Standard output cannot be written ({why}). Make room on the disk, or send it elsewhere."
