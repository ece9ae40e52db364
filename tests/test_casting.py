"""People from the command line: who is there, name, merge, split and undo, and what an export says of it."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from core.__main__ import main
from core.shelf import review
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import strip

Said = pytest.CaptureFixture[str]


@pytest.fixture
def scene(store: Store) -> str:
    """Three shots of half a second a moment, somebody in each."""
    return str(seed.scene(store, strip("nnhh|ss|.nnnn")))


def names(said: Said, *words: str) -> list[str]:
    """Who is there after these words, as a program is told."""
    assert main(["people", *words, "--json"]) == 0
    return [person["name"] for person in json.loads(said.readouterr().out)["people"]]


def test_people_are_named_merged_split_and_all_of_it_is_taken_back(scene: str, capsys: Said) -> None:
    assert names(capsys, scene) == ["Person 1", "Person 2", "Person 3"]
    assert names(capsys, scene, "--merge", "person 1", "2") == ["Person 1", "Person 2"]
    assert names(capsys, scene, "--name", "Person 1", "Anna") == ["Anna", "Person 2"]
    assert names(capsys, scene, "--split", "anna", "2") == ["Anna", "Person 2", "Person 3"]
    assert names(capsys, scene, "--split", "Anna", "0@0:01-2s") == ["Anna", "Person 4", "Person 2", "Person 3"]
    assert [len(names(capsys, scene, "--undo")) for _ in range(4)] == [3, 2, 2, 3]
    assert names(capsys, scene) == ["Person 1", "Person 2", "Person 3"]


def test_everybody_is_told_with_their_stretches_and_their_moments(scene: str, capsys: Said) -> None:
    main(["people", scene, "--merge", "Person 1", "Person 2", "--json"])

    first = json.loads(capsys.readouterr().out)["people"][0]
    assert (first["person"], first["tracks"], first["moments"]) == (0, [0, 1], 6)
    assert first["stretches"][1] == {"track": 1, "start_ms": 2000, "end_ms": 2501}


def test_the_list_has_a_line_for_everybody(scene: str, capsys: Said) -> None:
    assert main(["people", scene]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "from", "on", "screen", "tracks", "number"]
    assert lines[2].split() == ["Person", "2", "0:02.0", "0:00.4", "1", "1"]  # two moments of a step of 200 ms


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--undo"], "nothing to take back"),
        (["--name", "Clara", "Anna"], "called “Clara”"),
        (["--merge", "Person 1"], "two or more"),
        (["--split", "Person 1", "soon"], "no track"),
        (["--split", "Person 1", "0"], "would be left"),
        (["--merge", "Person 1", "99"], "number 99"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    store: Store, scene: str, words: list[str], sentence: str, capsys: Said
) -> None:
    assert main(["people", scene, *words]) == 2

    assert sentence in capsys.readouterr().err
    assert store.people_decisions(int(scene)) == ()


def test_a_scene_where_nobody_was_followed_says_so(store: Store, capsys: Said) -> None:
    assert main(["people", str(seed.scene(store, strip("...")))]) == 0
    assert "Nobody was followed" in capsys.readouterr().out


def test_an_export_ends_with_who_it_is_by_number_and_name(store: Store, scene: str) -> None:
    main(["people", scene, "--merge", "0", "2"])
    main(["people", scene, "--name", "0", "Anna"])

    table = review.table(store, store.scene(int(scene)))

    assert list(table.columns)[-2:] == ["person", "name"]
    assert table["track"].dropna().unique().tolist() == [0, 1, 2]
    assert table.loc[table["name"] == "Anna", "track"].unique().tolist() == [0, 2]
    assert table[["person", "name"]].isna().all(axis=1).tolist() == table["track"].isna().tolist()
    assert pd.api.types.is_integer_dtype(table["person"])


def test_peaks_are_told_by_the_name_that_was_given(store: Store, capsys: Said) -> None:
    scene = str(seed.scene(store, strip("nnnnnhnnnnn")))
    main(["people", scene, "--name", "Person 1", "Anna"])
    capsys.readouterr()

    assert main(["peaks", scene, "--all"]) == 0
    assert "Anna" in capsys.readouterr().out
