"""Helpers do what they are told, no more than they may, and never outlive who told them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import settings
from core.errors import VideoError
from core.host import sandbox
from core.model import Recipe
from core.reading import process_pool, scheduler, segments
from core.reading.process_pool import HelperDiedError, HelperPool
from tests.support import clips, crew_calls
from tests.support.project import ROOT


def lives(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def gone(pid: int, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while lives(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not lives(pid)


def test_helpers_answer_what_they_are_asked_and_refuse_in_sentences() -> None:
    with HelperPool(1) as hands:
        assert hands.submit(crew_calls.chatter, "words").result(60) == "words"
        with pytest.raises(VideoError, match="torn"):
            hands.submit(crew_calls.refuse, "It is torn.").result(60)
        helper = hands.submit(crew_calls.number).result(60)
        assert helper != os.getpid() and hands.submit(crew_calls.number).result(60) == helper

    assert gone(helper)


def test_a_helper_that_dies_is_told_and_replaced() -> None:
    with HelperPool(1) as hands:
        first = hands.submit(crew_calls.number).result(60)
        for fatal in (crew_calls.die, crew_calls.mistake):
            with pytest.raises(HelperDiedError):
                hands.submit(fatal).result(60)

        assert hands.submit(crew_calls.number).result(60) != first


def test_who_leaves_early_leaves_no_helper_at_work() -> None:
    with HelperPool(1) as hands:
        helper = hands.submit(crew_calls.number).result(60)
        late = hands.submit(crew_calls.sleep)
        never = hands.submit(crew_calls.sleep)
        while not late.running():
            time.sleep(0.01)
        began = time.monotonic()

    assert gone(helper) and time.monotonic() - began < 60
    assert isinstance(late.exception(1), HelperDiedError) and never.cancelled()


def test_a_crew_grows_and_sends_home_who_was_called_too_early() -> None:
    with HelperPool() as hands:
        assert not hands.threads and not hands.running
        hands.resize(1)
        helper = hands.submit(crew_calls.number).result(60)
        hands.resize(0)
        assert gone(helper) and hands.helpers == 0
        hands.resize(2)
        others = {future.result(60) for future in [hands.submit(crew_calls.number) for _ in range(9)]}

    assert helper not in others and all(map(gone, others))


@pytest.mark.parametrize(
    ("every", "size", "cores", "helpers"),
    [
        ("200ms", 5 << 20, 2, 1),
        ("200ms", 5 << 20, 8, 1),
        ("200ms", 5 << 20, 1, 0),
        ("200ms", 900, 2, 0),
        ("5s", 5 << 20, 2, 0),
    ],
)
def test_a_helper_is_called_at_once_for_a_large_file_read_densely(
    every: str, size: int, cores: int, helpers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_pool, "available_cores", lambda: cores)
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0" * size)

    assert process_pool.guess_helpers(settings.recipe(film, every=every)) == helpers


@pytest.mark.parametrize("name", ["", "missing.mp4", "n" * 5000, "a\0b", "https://example.org/film"])
def test_a_file_that_is_not_there_calls_nobody(name: str) -> None:
    assert process_pool.guess_helpers(Recipe(name)) == 0


def test_helpers_end_with_one_who_is_killed() -> None:
    command = [sys.executable, "-m", "tests.support.crew_calls"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        helpers = [int(number) for number in child.stdout.readline().split()]
        child.send_signal(signal.SIGKILL)

    assert helpers and all(gone(helper) for helper in helpers)


def test_a_helper_of_a_sealed_process_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    with HelperPool(1) as hands:
        assert hands.submit(crew_calls.reach).result(60) == "ConnectionRefusedError"
    monkeypatch.setattr(sandbox, "_sealed", [True])
    with HelperPool(1) as hands:
        assert hands.submit(crew_calls.reach).result(60) == "RefusedError"


@pytest.mark.parametrize(
    ("moments", "workers", "cores", "helpers"),
    [(114, None, 8, 0), (570, None, 2, 1), (570, None, 1, 0), (18_000, None, 4, 3), (114, 3, 2, 2), (18_000, 1, 8, 0)],
)
def test_helpers_are_as_many_as_pay(
    moments: int, workers: int | None, cores: int, helpers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_pool, "available_cores", lambda: cores)

    assert process_pool.choose_helpers(moments, workers) == helpers


def test_a_containers_share_of_the_cores_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_pool, "CPU_MAX", tmp_path / "cpu.max")
    every = process_pool.available_cores()
    process_pool.CPU_MAX.write_text("100000 100000\n")

    assert every >= 1 and process_pool.available_cores() == 1


def pixels_segment(recipe: Recipe, segment: segments.Segment, pictures: bool) -> list[segments.Group]:
    """Read a segment in a helper, with tools that look at pixels."""
    _, find, readers = clips.equip(recipe)
    return list(
        segments.group_rows(segments.read_moments(recipe, find, readers, segment, alone=False), pictures=pictures)
    )


def deadly_segment(recipe: Recipe, segment: segments.Segment, pictures: bool) -> list[segments.Group]:
    """Read a segment in a helper that dies over every other one."""
    if segment.first_slot // 40 % 2:
        crew_calls.die()
    return pixels_segment(recipe, segment, pictures)


@pytest.mark.parametrize(
    ("helpers", "how"),
    [
        pytest.param(1, pixels_segment, marks=pytest.mark.slow),
        pytest.param(3, pixels_segment, marks=pytest.mark.slow),
        pytest.param(2, deadly_segment, marks=pytest.mark.slow),
    ],
)
def test_any_number_of_helpers_reads_the_same_rows_dying_ones_too(
    helpers: int, how: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = settings.recipe(clips.film(tmp_path / "film.mp4", 24.0, shots=7), every="40ms")
    tools = clips.equip(recipe)
    whole = list(scheduler.read_groups(recipe, tools, total=600))
    before = [sample for group in whole[:9] for sample, *_ in group]
    monkeypatch.setattr(segments, "read_segment", how)

    with HelperPool(helpers) as hands:
        made = list(scheduler.read_groups(recipe, tools, hands=hands, total=600))
        rest = list(scheduler.read_groups(recipe, tools, before, hands=hands, total=510))

    assert [group for group in made if group] == whole
    assert [group for group in rest if group] == whole[9:]


def test_segments_grow_shorter_and_the_last_ones_are_not_cut() -> None:
    sizes, done = [], 0
    while (size := scheduler._size(600 - done, 2)) <= 600 - done:
        sizes.append(size)
        done += size

    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) > 3
    assert min(sizes) >= segments.LEAST_MOMENTS > 0 and 600 - done < 3 * segments.LEAST_MOMENTS
