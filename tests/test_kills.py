"""Servers and workers killed under real pages and downloads, a few of the many kills of bench/kills.py."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from bench import kill_rounds
from bench.kill_rounds import Grounds
from core.store.scenes import Store
from tests.support import hostile

pytestmark = pytest.mark.slow

ROUNDS = 5
"""Tried at most until a worker is met at work: on a fast machine some are done first."""


@pytest.fixture
def grounds(store: Store, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grounds]:
    with hostile.site() as site:
        monkeypatch.setenv("OUTTAKE_TEST_SERVER", str(site.server_port))
        monkeypatch.setenv("PYTHONPATH", "")
        yield Grounds(store, home, site)


@pytest.mark.parametrize(
    ("database", "victim"), [("sqlite", "server"), ("postgresql", "machine")], indirect=["database"]
)
def test_a_scene_whose_server_was_killed_ends_with_the_rows_of_an_undisturbed_one(
    grounds: Grounds, victim: str
) -> None:
    """The worker reads on alone, or is killed with the server; a new server's page has it read to its end."""
    one = next(kill_rounds.servers(grounds, 1, victims=[victim], most=1, end_ms=5_000))

    assert not one.bad, one.told()


def test_a_scene_whose_worker_was_killed_while_it_fetched_and_read_ends_the_same(grounds: Grounds) -> None:
    for one in islice(kill_rounds.workers(grounds, 1, first=1, seconds=8), ROUNDS):
        assert not one.bad, one.told()
        if one.kills:
            return
    pytest.fail("every worker was done before it could be killed")
