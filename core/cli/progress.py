"""Lines on the terminal that say how far reading is and how long it will still take; nothing where nobody watches."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm

FORMAT = "{desc}  {bar:24}  {n_fmt} of {total_fmt} {unit}, {remaining} left"


@contextmanager
def bar(name: str, unit: str = "moments") -> Iterator[Callable[[int, int], None] | None]:
    """Gives what is to be called with the moments, or another unit, done and expected; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    with open_line(name, unit) as line:
        yield lambda found, expected: move(line, found, expected)


def open_line(name: str, unit: str = "moments", total: int | None = None, *, leave: bool = False) -> tqdm[None]:
    """Returns a line, taken away when it is closed unless it is to ``leave`` one; the time left is at its mean pace."""
    from tqdm import tqdm

    columns, rows = shutil.get_terminal_size()  # tqdm draws nothing where a terminal has no size
    size: dict[str, Any] = {"ncols": columns - 1, "nrows": rows}
    return tqdm(desc=name, total=total, unit=unit, leave=leave, bar_format=FORMAT, ascii="─━", smoothing=0, **size)


def move(line: tqdm[None], found: int, expected: int) -> None:
    """Draws how far a line is, now and then, and always at its end."""
    line.total = expected
    line.update(found - line.n)
    if found >= expected:
        line.refresh()


class Board:
    """A line for each file under way, and one that counts those that are read; it may be told from any thread."""

    def __init__(self, names: Sequence[str]) -> None:
        width = max(map(len, names))
        self.names = [name.ljust(width) for name in names]
        self.lines: dict[int, tqdm[None]] = {}
        self.turn = Lock()
        self.read = open_line("In all".ljust(width), "read", len(names), leave=True) if sys.stderr.isatty() else None

    def show(self, place: int, found: int, expected: int) -> None:
        """Draws how far the file at a place is."""
        with self.turn:
            if self.read is None:
                return
            if place not in self.lines:
                self.lines[place] = open_line(self.names[place])
            move(self.lines[place], found, expected)

    def end(self, place: int) -> None:
        """Takes away the line of a file that has ended and counts it."""
        with self.turn:
            if self.read is not None:
                if place in self.lines:
                    self.lines.pop(place).close()
                self.read.update()
                self.read.refresh()

    def close(self) -> None:
        """Takes the lines away, except the one that counts."""
        for line in (*self.lines.values(), self.read):
            if line is not None:
                line.close()
