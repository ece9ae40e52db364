"""Damaged files, a few of the thousands of bench/mutants.py: rows or a sentence, never anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import mutants
from tests.support.cases import quick

SEEDS = (range(40), range(40, 120))
"""The first take a second of the processor, the others by default none; a nightly run takes thousands."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutants")


@pytest.mark.parametrize("seeds", quick(SEEDS, SEEDS[0]), ids=str)
def test_damaged_files_are_rows_or_a_sentence(folder: Path, seeds: range) -> None:
    outcomes = list(mutants.read(seeds, folder))

    assert [one for one in outcomes if mutants.wrong(one)] == []
    assert {one.what for one in outcomes} == {"rows", "sentence"}
    assert list(folder.glob("mutant-*")) == []


@pytest.mark.parametrize("seed", [4737])
def test_damage_that_once_was_no_sentence_is_one_now(folder: Path, seed: int) -> None:
    """4737: a stream that is announced halfway through the file."""
    [outcome] = mutants.read(range(seed, seed + 1), folder)

    assert not mutants.wrong(outcome)


def test_the_same_seed_is_the_same_file(folder: Path) -> None:
    parents = mutants.parents_of(folder)

    assert [mutants.mutant(seed, parents) for seed in range(50)] == [
        mutants.mutant(seed, parents) for seed in range(50)
    ]
    assert len({mutants.mutant(seed, parents) for seed in range(50)}) == 50


def test_a_crash_and_a_hang_are_noticed() -> None:
    assert mutants.wrong(mutants.Outcome(1, "crash", 0.1)) and mutants.wrong(mutants.Outcome(1, "MemoryError", 0.1))
    assert mutants.wrong(mutants.Outcome(1, "rows", 21.0)) and not mutants.wrong(mutants.Outcome(1, "rows", 1.0))
