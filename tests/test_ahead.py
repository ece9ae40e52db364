"""Making things ahead changes neither what comes nor how it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator

import pytest

from core.video.prefetch import read_ahead


def counting(log: list[str], upto: int, error: BaseException | None = None) -> Generator[int]:
    try:
        for number in range(upto):
            log.append(f"made {number}")
            yield number
        if error:
            raise error
    finally:
        log.append("closed")


@pytest.fixture
def others() -> set[threading.Thread]:
    """The threads that were there before: an error that some test keeps holds its maker."""
    return set(threading.enumerate())


def makers(others: set[threading.Thread]) -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name.startswith("ahead") and one not in others]


@pytest.mark.parametrize("upto", [0, 1, 3, 200])
def test_the_same_things_come_in_the_same_order(others: set[threading.Thread], upto: int) -> None:
    log: list[str] = []

    assert list(read_ahead(counting(log, upto))) == list(range(upto))
    assert log[-1] == "closed" and not makers(others)


def test_no_more_than_the_depth_is_made_beforehand() -> None:
    log: list[str] = []
    items = read_ahead(counting(log, 100), depth=3)

    assert next(items) == 0
    time.sleep(0.2)

    assert log == [f"made {number}" for number in range(1 + 3)]
    items.close()  # type: ignore[attr-defined]


def test_things_are_made_while_another_is_looked_at() -> None:
    log: list[str] = []
    items = read_ahead(counting(log, 100))
    next(items)
    until = time.monotonic() + 10

    while "made 1" not in log and time.monotonic() < until:
        time.sleep(0.01)

    assert "made 1" in log
    items.close()  # type: ignore[attr-defined]


def test_an_error_comes_in_its_place_after_everything_before_it(others: set[threading.Thread]) -> None:
    log: list[str] = []
    items, got = read_ahead(counting(log, 5, ValueError("torn"))), list[int]()

    with pytest.raises(ValueError, match="torn"):
        got.extend(items)

    assert got == [0, 1, 2, 3, 4] and log[-1] == "closed" and not makers(others)


def test_who_stops_early_leaves_no_thread_and_nothing_open(others: set[threading.Thread]) -> None:
    log: list[str] = []
    items = read_ahead(counting(log, 1000))
    next(items)

    items.close()  # type: ignore[attr-defined]

    assert log[-1] == "closed" and not makers(others) and len(log) < 20
