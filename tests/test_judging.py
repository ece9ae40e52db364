"""The command line about doubts: peaks for people and for programs, verdicts out and in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import main
from core.model import Recipe, Verdict
from core.reading.closer_look import CloserLook, Key
from core.store.scenes import Store
from tests.support import clips, seed
from tests.support.builders import strip

OURS = ["--finder", "mtcnn", "--readers", "builtin"]
DROP = Verdict("builtin", 0, "happy", 800, 1000, True)
GONE = CloserLook(
    0.0, 0.08, -2.2, 0, 800, 0.15, 120.0, ((400, 0.02), (720, 0.04), (800, 0.88), (880, 0.05), (1200, 0.02))
)
"""A closer look in which the smile is there for one frame only."""


@pytest.fixture
def store() -> Store:
    """A lone smile that a closer look denies, and a lasting sadness."""
    store = Store()
    scene_id = seed.scene(store, strip("nnnnhnnnn|nnnnssssssnnnn", 200), done=False)
    token = store.claim(scene_id)
    store.add_closer_looks(scene_id, token, "builtin", {Key(0, "happy", 800): GONE})
    store.finish(scene_id, token)
    return store


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command that succeeds prints."""

    def run(*words: str | Path) -> str:
        assert main(list(map(str, words))) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The one sentence of a command that fails."""

    def run(*words: str | Path) -> str:
        assert main(list(map(str, words))) == 2
        out, error = capsys.readouterr()
        assert out == "" and error.count("\n") == 1 and error.endswith(".\n")
        return error

    return run


def test_peaks_shows_the_suspects_with_their_strongest_reason(store: Store, said: Callable[..., str]) -> None:
    head, line, rest = said("peaks", "1").splitlines()

    assert head.split() == ["doubt", "what", "to", "do", "from", "to", "who", "emotion", "height", "why"]
    told = ["do", "not", "believe", "0:00.8", "0:01.0", "Person", "1", "happy", "0.88"]
    assert line.split()[1:10] == told and line.endswith(".")
    assert rest == "1 more peak is believed; --all shows them too."
    assert len(said("peaks", "1", "--all").splitlines()) == 3


def test_peaks_of_a_calm_scene_are_none(store: Store, said: Callable[..., str]) -> None:
    seed.scene(store, strip("nnnn"), "Calm")

    assert said("peaks", "2") == "No doubt found.\n"


def test_peaks_for_programs_has_every_peak_with_its_reasons_and_verdict(store: Store, said: Callable[..., str]) -> None:
    store.add_verdicts(1, [DROP])
    told = json.loads(said("peaks", "1", "--json"))

    assert (told["clip"], told["reader"], told["step_ms"], told["suspect_from"]) == ("Diner", "builtin", 200, 0.5)
    smile, sadness = told["peaks"]
    assert (smile["start_ms"], smile["suspect"], smile["dropped"]) == (800, True, True)
    assert {"rule", "kind", "figures", "text", "strength"} == set(smile["reasons"][0])
    assert (sadness["emotion"], sadness["suspect"], sadness["dropped"]) == ("sad", False, None)


def test_peaks_of_a_file_are_read_and_weighed_without_a_shelf(
    tmp_path: Path, said: Callable[..., str], home: Path
) -> None:
    film = clips.film(tmp_path / "film.mp4", 1.0)
    told = json.loads(said("peaks", film, "--json", "--every", "0.5s", *OURS))

    assert told == {
        "clip": "film.mp4", "finder": "mtcnn", "reader": "builtin", "step_ms": 500,
        "suspect_from": 0.5, "disbelieve_from": 0.8, "peaks": [], "groups": [],
    }  # fmt: skip
    assert not (home / "outtake.db").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["peaks", "9"], "not on the shelf"),
        (["peaks", "2"], "has not been read yet"),
        (["peaks", "1", "--every", "2s"], "--every is for files"),
        (["peaks", "1", "--reader", "deepface"], "did not read it. Choose builtin"),
        (["peaks", "gone.mp4"], "gone.mp4"),
        (["verdicts", "9"], "not on the shelf"),
        (["verdicts", "2"], "has not been read yet"),
        (["verdicts", "1", "--out", "x.csv"], "should end in .json"),
        (["verdicts", "1", "--out", "nowhere/x.json"], "no folder"),
        (["verdicts", "1", "--load", "gone.json"], "is not a file"),
        (["verdicts", "1", "--load", "."], "is not a file"),
        (["verdicts", "1", "--out", "a.json", "--load", "b.json"], "not allowed with"),
    ],
)
def test_a_mistake_is_one_sentence(words: list[str], says: str, store: Store, refused: Callable[..., str]) -> None:
    store.add(Recipe("/unread.mp4"), "Unread")

    assert says in refused(*words)


def test_verdicts_go_out_and_into_a_second_copy(store: Store, said: Callable[..., str], tmp_path: Path) -> None:
    seed.scene(store, store.timeline(1), "Copy")
    store.add_verdicts(1, [DROP, Verdict("builtin", 5, "fear", 0, 200, True)])
    file = tmp_path / "verdicts.json"

    assert said("verdicts", "1", "--out", file) == ""
    assert file.read_text("utf-8") == said("verdicts", "1")
    assert said("verdicts", "2", "--load", file) == "1 verdict loaded; 1 more fit no peak of this scene.\n"
    assert [(one.emotion, one.dropped) for one in store.verdicts(2)] == [("happy", True)]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{}", b"{" * 3_000_000, b'{"outtake": "verdicts"}', b"\0" * 99])
def test_a_file_that_is_none_of_ours_is_one_sentence(
    content: bytes, store: Store, refused: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "f.json").write_bytes(content)

    assert "Choose a file that Outtake saved" in refused("verdicts", "1", "--load", tmp_path / "f.json")
    assert store.verdicts(1) == ()


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_every_format_of_export_carries_the_doubt(
    kind: str, store: Store, said: Callable[..., str], tmp_path: Path
) -> None:
    store.add_verdicts(1, [DROP])
    said("export", "1", "--out", tmp_path / f"scene.{kind}")
    table = {"csv": pd.read_csv, "json": pd.read_json, "parquet": pd.read_parquet}[kind](tmp_path / f"scene.{kind}")

    (row,) = table[table["dropped"].astype(bool)].itertuples()
    assert row.t_ms == 800 and row.doubt > 0.5 and "Only this one moment" in row.reasons
