"""What helpers of the tests are asked to do. Not a test itself."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time

from core.errors import VideoError
from core.reading import process_pool


def number() -> int:
    """Return which process this is."""
    return os.getpid()


def refuse(sentence: str) -> None:
    raise VideoError(sentence)


def mistake() -> None:
    raise ZeroDivisionError("oops")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def chatter(words: str) -> str:
    """Print, as a library may, and return the words."""
    print(words)
    return words


def reach() -> str:
    """Say what became of a connection to this machine."""
    try:
        socket.create_connection(("127.0.0.1", 9), 1)
    except OSError as error:
        return type(error).__name__
    return "reached"


def sleep() -> None:
    time.sleep(600)


if __name__ == "__main__":  # one who starts helpers, tells their numbers, and is killed over it
    from tests.support import crew_calls

    hands = process_pool.HelperPool(2)
    print(*{future.result() for future in [hands.submit(crew_calls.number) for _ in range(40)]}, flush=True)
    hands.submit(crew_calls.sleep)
    sys.stdin.read()
