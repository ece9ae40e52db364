"""A line on the terminal that says how far reading is and how long it will still take."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.settings import clock

EVERY_S = 0.1
"""Between two drawings of the line."""

BAR = 24
"""Width of the bar in signs."""


@contextmanager
def bar(name: str, unit: str = "moments") -> Iterator[Callable[[int, int], None] | None]:
    """Give what is to be called with the moments, or another unit, done and expected; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    began = drawn = time.monotonic()

    def show(found: int, expected: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if found == expected or now - drawn >= EVERY_S:
            drawn = now
            _draw(line(name, found, expected, now - began, unit))

    _draw(f"{name}  …")
    try:
        yield show
    finally:
        _draw("")


def line(name: str, found: int, expected: int, seconds: float, unit: str = "moments") -> str:
    """Return the line: name, bar, moments, and the time left if the rest goes on as before."""
    done = round(BAR * found / max(expected, 1))
    left = round(seconds / max(found, 1) * (expected - found) * 1000)
    rest = clock(left, tenths=False)
    return f"{name}  {'━' * done}{'─' * (BAR - done)}  {found} of {expected} {unit}, {rest} left"


def _draw(text: str) -> None:
    """Overwrite the line; one that is too long would begin a new one each time."""
    width = shutil.get_terminal_size().columns - 1
    sys.stderr.write("\r\x1b[K" + text[-width:])
    sys.stderr.flush()
