"""Taught emotions in scenes: columns, curves and means beside the seven, peaks and doubts; the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.analysis import tables
from core.doubt import weights
from core.doubt.limits import LIMITS
from core.emotions import doubts, emotion_file
from core.emotions import tables as taught_tables
from core.emotions.emotion import Example
from core.emotions.readings import own_reader
from core.errors import SettingError
from core.faces import embedding, read_builtin
from core.language import write_reason
from core.model import EMOTIONS, Verdict
from core.shelf import emotions, review
from core.store.scenes import Store
from tests.support import builders, seed
from tests.support.emotions import emotion, examples, lift, view_with_own


@pytest.fixture
def scene_id(store: Store) -> int:
    """A scene of which "happy" faces have one embedding and all others another."""
    scene_id = seed.scene(store, builders.strip(drawing="nnhhh.nn|nnhhnn|nhnn|hhhn"))
    lift(store, scene_id)
    return scene_id


def test_an_emotion_is_learned_from_faces_of_the_shelf_and_scores_them(store: Store, scene_id: int) -> None:
    yes, no = examples(store, scene_id)
    one = emotions.learn(store, "glee", yes, no)
    said = taught_tables.scores(emotions.embeddings_of(store, scene_id), [one])
    high = {Example(scene_id, row.t_ms, row.index) for row in said.itertuples() if row.glee > 0.5}

    assert high == set(yes)
    assert one.figures.yes_tracks == 4
    assert one.figures.recall is not None and one.figures.recall.low < one.figures.recall.value


def test_a_face_that_is_not_there_is_named(store: Store, scene_id: int) -> None:
    yes, no = examples(store, scene_id)

    with pytest.raises(SettingError, match=f"{scene_id}:99:0 is no face"):
        emotions.learn(store, "glee", [*yes, Example(scene_id, 99, 0)], no)
    with pytest.raises(SettingError, match="is among both"):
        emotions.learn(store, "glee", yes, [*no, yes[0]])


def test_a_scene_without_embeddings_says_what_to_do_and_does_it_from_its_stored_faces(store: Store) -> None:
    scene_id = seed.scene(store, builders.strip(drawing="nhn.s"))
    scene = store.scene(scene_id)

    assert "Embed its stored faces, or read it again." in emotions.why_no_embeddings(store, scene)
    with pytest.raises(SettingError, match=f"core embed {scene_id}"):
        emotions.add_columns(review.table(store, scene), store, scene, [emotion()])
    assert emotions.embed(store, scene_id) == 4
    assert emotions.why_no_embeddings(store, store.scene(scene_id)) == ""
    assert len(emotions.embeddings_of(store, scene_id)) == 4


def test_embeddings_of_another_version_of_the_reader_are_not_used(store: Store, scene_id: int) -> None:
    old = embedding.pack(np.ones((1, read_builtin.embedding_width()), np.float32), "00" * 32)[0]
    store.replace_embeddings(scene_id, "builtin", dict.fromkeys(store.face_tracks(scene_id), old))

    assert emotions.embeddings_of(store, scene_id) == {}
    assert "another version of the reader" in emotions.why_no_embeddings(store, store.scene(scene_id))


def test_an_emotion_of_another_version_is_taught_again_from_its_examples(store: Store, scene_id: int) -> None:
    yes, no = examples(store, scene_id)
    now = emotions.learn(store, "glee", yes, no)
    old = replace(now, network="00" * 32, weights=(0.0,) * len(now.weights))

    assert emotions.learn_again(store, old) == now
    store.delete(scene_id)
    with pytest.raises(SettingError, match="not all on this shelf"):
        emotions.learn_again(store, old)


def test_on_another_shelf_the_scene_is_known_by_its_video(store: Store, tmp_path: Path) -> None:
    """There it has another number."""
    seed.scene(store, builders.strip(drawing="n"), "Another")
    scene_id = seed.scene(store, builders.strip(drawing="nnhhh.nn|nnhhnn|nhnn|hhhn"), "Diner")
    lift(store, scene_id)
    one = emotions.learn(store, "glee", *examples(store, scene_id))
    theirs = Store(f"sqlite:///{tmp_path / 'theirs.db'}")
    number = seed.scene(theirs, builders.strip(drawing="nnhhh.nn|nnhhnn|nhnn|hhhn"), "Their diner")
    lift(theirs, number)

    assert number != scene_id
    assert emotions.learn_again(theirs, one).weights == one.weights


def test_rows_get_a_column_for_each_emotion_at_their_end_and_the_seven_stay(store: Store, scene_id: int) -> None:
    scene, plain = store.scene(scene_id), review.table(store, store.scene(scene_id))
    one = emotions.learn(store, "glee", *examples(store, scene_id))
    table = emotions.add_columns(plain, store, scene, [one], embeddings=True)

    assert list(table.columns) == [*plain.columns, "glee", "embedding"]
    pd.testing.assert_frame_equal(table[plain.columns], plain)
    assert np.allclose(table[list(EMOTIONS)].sum(axis=1)[table["reader"].notna()], 1)
    assert table["glee"].isna().equals(table["reader"].isna())
    assert len(table["embedding"].dropna().iloc[0]) == read_builtin.embedding_width()


def test_a_taught_curve_has_the_moments_and_the_runs_of_the_seven(store: Store, scene_id: int) -> None:
    view = view_with_own(store, scene_id, [emotions.learn(store, "glee", *examples(store, scene_id))])
    seven, both = tables.curve(view.timeline, "builtin"), view.curve()
    curve = both[both["emotion"] == "glee"].reset_index(drop=True)
    happy = seven[seven["emotion"] == "happy"].reset_index(drop=True)

    pd.testing.assert_frame_equal(both[both["emotion"] != "glee"], seven)

    assert list(curve.columns) == list(seven.columns)
    pd.testing.assert_frame_equal(curve[["t_ms", "t_s", "shot", "run"]], happy[["t_ms", "t_s", "shot", "run"]])
    assert (curve["score"] > 0.5).equals(happy["score"] > 0.5)
    assert curve["score"].isna().equals(happy["score"].isna())


def test_what_was_dropped_of_a_taught_emotion_leaves_its_curve_and_mean_alone(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [Verdict(own_reader("glee"), 0, "glee", 1000, 2500, True)])
    view = view_with_own(store, scene_id, [emotions.learn(store, "glee", *examples(store, scene_id))])
    whole, less = (view.curve_of(view.channel("glee"), whole=every) for every in (True, False))
    row = view.means().set_index("emotion").loc["glee"]

    assert less["score"].isna().sum() == whole["score"].isna().sum() + 3
    assert row["yours"] < row["everything"]


def test_a_lone_moment_of_a_taught_emotion_is_doubted_in_its_own_name(store: Store) -> None:
    """One happy moment of twelve is a glitch, and so is one of what was taught from happy faces."""
    scene_id = seed.scene(store, builders.strip(drawing="nnnnnnhnnnnnn|hhhhhhhh|nnnn|hhhh", step_ms=200))
    lift(store, scene_id)
    view = view_with_own(store, scene_id, [emotions.learn(store, "glee", *examples(store, scene_id))])
    found = view.suspects_of(view.channel("glee"))
    lone = next(one for one in found if one.peak.track == 0)

    assert {one.peak.emotion for one in found} == {"glee"}
    assert lone is found[0]
    assert lone.doubt > max(one.doubt for one in found if one is not lone)
    sentences = [write_reason(reason) for reason in lone.reasons]
    assert sentences and not any("surprise" in sentence.lower() for sentence in sentences)
    assert any("glee" in sentence.lower() for sentence in sentences)


def test_the_command_line_teaches_writes_the_file_and_reads_it_into_tables(
    store: Store, scene_id: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.__main__ import main

    yes, no = (list(map(str, side)) for side in examples(store, scene_id))
    file, table = tmp_path / "glee.json", tmp_path / "glee.parquet"

    assert main(["teach", "glee", "--yes", *yes, "--no", *no, "--out", str(file)]) == 0
    assert "are found" in capsys.readouterr().out
    assert emotion_file.parse(file.read_text("utf-8")) == emotions.list_emotions(store)[0]
    for how in (str(file), "glee"):
        assert main(["export", str(scene_id), "--with", how, "--out", str(table)]) == 0
        assert (pd.read_parquet(table)["glee"] > 0.5).sum() == len(yes)
    assert main(["teach", "glee", "--again", str(file)]) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["teach", "happy", "--yes", "1:0:0", "--no", "1:500:0"], "means something else"),
        (["teach", "glee"], "Too few examples"),
        (["teach", "glee", "--yes", "nonsense"], "names no face"),
        (["teach", "glee", "--yes", "7:0:0"], "not on the shelf"),
        (["teach", "glee", "--yes", "1:0:0", "--out", "glee.txt"], "should end in .json"),
        (["teach", "glee", "--again", "nowhere.json"], "cannot be read"),
        (["export", "1", "--with", "nothing"], "No emotion “nothing”"),
        (["embed", "7"], "not on the shelf"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_in_one_sentence(
    words: list[str], told: str, scene_id: int, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.__main__ import main

    assert main(words) == 2
    said = capsys.readouterr().err.strip()
    assert told in said and len(said.splitlines()) == 1
    assert store.emotions() == ()


def test_a_file_of_another_version_is_refused_by_every_command(
    tmp_path: Path, scene_id: int, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.__main__ import main

    file = tmp_path / "old.json"
    file.write_text(emotion_file.to_json(emotion("old", network="00" * 32)), "utf-8")

    assert main(["export", str(scene_id), "--with", str(file)]) == 2
    assert "another version of the reader" in capsys.readouterr().err
    assert json.loads(file.read_text())["name"] == "old"


def test_the_player_is_told_of_every_face_in_a_byte(store: Store) -> None:
    """As many faces as each moment has, then hundredths in their order; what is not known is 255."""
    timeline = builders.strip(drawing="nh.n")
    said = pd.DataFrame({"t_ms": [0, 500], "index": [0, 0], "glee": [0.126, 1.0]})
    counts, (scores,) = taught_tables.hundredths(timeline, said)

    assert list(counts) == [1, 1, 0, 1]
    assert list(scores) == [13, 100, 255]


def test_a_doubt_about_a_taught_emotion_always_says_why(store: Store, scene_id: int) -> None:
    """Also where it is neither high nor low, for which the seven have other words."""
    timeline = store.timeline(scene_id)
    known = emotions.embeddings_of(store, scene_id)
    said = pd.DataFrame(list(known), columns=["t_ms", "index"]).assign(glee=0.3)
    said.loc[said["t_ms"].between(1000, 2000), "glee"] = 0.55
    found = doubts.suspects(timeline, said, "glee", weights.load_model())

    assert found
    assert all(one.reasons for one in found if one.doubt >= LIMITS.suspect)
    assert "neutral" not in str(found)


def test_embeddings_count_in_the_size_of_a_scene_and_the_command_line_says_so(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.__main__ import main

    scene_id = seed.scene(store, builders.strip(drawing="nhn.s"))
    before = store.sizes(scene_id)
    thumbs = sum(len(store.thumb(scene_id, sample.t_ms) or b"") for sample in store.samples(scene_id))
    assert main(["embed", str(scene_id)]) == 0

    assert before["embeddings"] == 0 and before["frames"] == thumbs and before["faces"] > 0
    assert store.sizes(scene_id) == before | {"embeddings": 4 * (read_builtin.embedding_width() + embedding.HEAD_BYTES)}
    assert "4 faces embedded: 0.00 MB beside 0.0" in capsys.readouterr().out
