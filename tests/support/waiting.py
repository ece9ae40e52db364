"""Waiting for something that another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(truth: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until it is true, or fail."""
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)
