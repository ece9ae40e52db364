"""What is kept: of what was worked out, for all sessions; of what was asked for, while a page is drawn."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

_asked: ContextVar[dict[Hashable, Any] | None] = ContextVar("asked", default=None)


@contextmanager
def drawing() -> Iterator[None]:
    """Draw a page, or a part of it, within: what ``once`` is asked for is asked for once until the block ends."""
    before = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(before)


def once_per_page(key: Hashable, ask: Callable[[], T]) -> T:
    """What ``ask`` gives; while a page is drawn, what it gave for ``key`` before. Callbacks ask anew each time."""
    found = _asked.get()
    if found is None:
        return ask()
    if key not in found:
        found[key] = ask()
    return found[key]


class LruCache:
    """The things that were asked for last, by what they were worked out from; together they weigh ``most`` or less.

    What weighs more than that by itself is kept alone. Without ``weigh`` each of them weighs 1.

    They are handed out as they are, so nobody changes them. Unlike Streamlit's caches it compares what things were
    worked out from instead of writing all of it out: the people of an hour are ten thousand values.
    """

    def __init__(self, most: int, weigh: Callable[[Any], int] = lambda _: 1) -> None:
        self._most, self._weigh = most, weigh
        self._lock = Lock()
        self._found: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._weights: dict[Hashable, int] = {}
        self._total = 0

    def get(self, key: Hashable, make: Callable[[], T], weight: int | None = None) -> T:
        """Return what ``make`` gives for ``key``; who asks while another session makes it waits for that one.

        ``weight`` is what it weighs, where whoever asks knows that better than ``weigh``.
        """
        while True:
            mine: Future[T] = Future()
            found = self._other(key, mine)
            if found is None:
                return self._made(key, make, mine, weight)
            if found.exception() is None:  # else whoever made it was told; it is tried anew
                return found.result()

    def _other(self, key: Hashable, mine: Future[T]) -> Future[T] | None:
        """Return what another one made or is making; None puts ``mine`` there."""
        with self._lock:
            found = self._found.get(key)
            if found is None:
                self._found[key] = mine
            else:
                self._found.move_to_end(key)
            return found

    def _made(self, key: Hashable, make: Callable[[], T], mine: Future[T], weight: int | None) -> T:
        try:
            made = make()
        except BaseException as error:
            with self._lock:
                if self._found.get(key) is mine:
                    del self._found[key]
            mine.set_exception(error)
            raise
        mine.set_result(made)
        with self._lock:
            weighs = self._weigh(made) if weight is None else weight
            self._total += weighs - self._weights.get(key, 0)
            self._weights[key] = weighs
            while self._total > self._most and len(self._weights) > 1:
                oldest = next(one for one in self._found if one in self._weights)
                self._total -= self._weights.pop(oldest)
                del self._found[oldest]
        return made
