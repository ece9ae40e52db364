"""Making the next things while the present one is looked at: decoding and reading take a core each."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

T = TypeVar("T")

END = object()


def read_ahead(items: Generator[T], depth: int = 4) -> Iterator[T]:
    """Yields what ``items`` yields, in its order; a thread makes up to ``depth`` of it beforehand.

    Whatever it raises is raised here, in its place. Closing this generator ends the thread and closes ``items``.
    """
    with closing(items), ThreadPoolExecutor(1, "ahead") as maker:
        waiting = deque(maker.submit(next, items, END) for _ in range(depth))
        try:
            while (item := waiting.popleft().result()) is not END:
                waiting.append(maker.submit(next, items, END))
                yield item  # type: ignore[misc]
        finally:
            for made in waiting:
                made.cancel()
