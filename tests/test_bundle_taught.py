"""A bundle carries embeddings and emotions of one's own: the same curves elsewhere; what does not fit is refused."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.emotions import emotion_file
from core.emotions.readings import own_reader
from core.errors import SceneError
from core.export import bundle_exchange, bundle_read
from core.export.kinds import Choices, export_scene
from core.faces import read_builtin
from core.model import Verdict
from core.shelf import emotions
from core.store.emotions import MOST_EMOTIONS
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import strip
from tests.support.bundles import SMALL, Bad, Files, Spoil, holds, lacks, text, zipped
from tests.support.emotions import emotion, examples, lift, view_with_own

DROPPED = Verdict("taught.glee", 1, "glee", 5500, 6500, True)


@pytest.fixture
def scene_id(store: Store) -> int:
    """A scene with embeddings, an emotion taught from it, and a verdict about that."""
    return taught_scene(store)


def taught_scene(store: Store) -> int:
    scene_id = seed.scene(store, strip("nnhhh.nn|nnhhnn|nhnn|hhhn"))
    lift(store, scene_id)
    emotions.save_emotion(store, emotions.learn(store, "glee", *examples(store, scene_id)))
    store.add_verdicts(scene_id, [DROPPED])
    return scene_id


def packed(store: Store, scene_id: int) -> bytes:
    return export_scene(store, store.scene(scene_id), "bundle", Choices(taught=emotions.usable_emotions(store)))


def test_the_importer_sees_the_same_curves_means_and_doubts(store: Store, scene_id: int, elsewhere: Store) -> None:
    said: list[str] = []
    there = bundle_exchange.import_bundle(elsewhere, io.BytesIO(packed(store, scene_id)), said.append)
    mine, theirs = view_with_own(store, scene_id), view_with_own(elsewhere, there)
    decided = store.verdicts(scene_id)

    assert said == ["“glee”, an emotion taught elsewhere, is on your shelf now."]
    assert elsewhere.verdicts(there) == decided and decided[0].emotion == "glee"
    assert elsewhere.embeddings(there, "builtin") == store.embeddings(scene_id, "builtin")
    pd.testing.assert_frame_equal(theirs.curve(), mine.curve(), check_exact=True)
    pd.testing.assert_frame_equal(theirs.means(), mine.means(), check_exact=True)
    assert theirs.suspects == mine.suspects
    assert export_scene(
        elsewhere, elsewhere.scene(there), "csv", Choices(taught=emotions.usable_emotions(elsewhere))
    ) == export_scene(store, store.scene(scene_id), "csv", Choices(taught=emotions.usable_emotions(store)))


def test_what_was_judged_goes_along_unasked_and_what_nobody_uses_stays(store: Store, scene_id: int) -> None:
    emotions.save_emotion(store, emotion("unused", read_builtin.embedding_width(), emotions.network()))
    with zipfile.ZipFile(io.BytesIO(bundle_exchange.export_bundle(store, store.scene(scene_id)))) as bundle:
        said = json.loads(bundle.read("taught.json"))

    assert [one["name"] for one in said["emotions"]] == ["glee"]
    assert [one["emotion"] for one in said["verdicts"]] == ["glee"]


def test_an_emotion_of_the_same_name_stays_as_the_importer_taught_it(
    store: Store, scene_id: int, elsewhere: Store
) -> None:
    own = emotion("glee", read_builtin.embedding_width(), emotions.network())
    emotions.save_emotion(elsewhere, own)
    said: list[str] = []
    bundle_exchange.import_bundle(elsewhere, io.BytesIO(packed(store, scene_id)), said.append)

    assert emotions.list_emotions(elsewhere) == (own,)
    assert "left out" in said[0]


def test_a_full_shelf_takes_the_scene_and_leaves_the_emotion(store: Store, scene_id: int, elsewhere: Store) -> None:
    for number in range(MOST_EMOTIONS):
        elsewhere.save_emotion(f"n{number}", emotion_file.to_json(emotion(f"n{number}")))
    there = bundle_exchange.import_bundle(elsewhere, io.BytesIO(packed(store, scene_id)))

    assert elsewhere.scene(there).state == "done"
    assert len(elsewhere.emotions()) == MOST_EMOTIONS


def test_a_bundle_of_the_first_version_is_still_taken(store: Store, scene_id: int, elsewhere: Store) -> None:
    files = opened(packed(store, scene_id))
    said = json.loads(files["manifest.json"]) | {"version": 1}
    del said["embedding_bytes"], said["outtake_version"]
    old = {name: data for name, data in files.items() if name not in ("taught.json", "embeddings.u8")}
    there = bundle_exchange.import_bundle(
        elsewhere, io.BytesIO(zipped(old | {"manifest.json": json.dumps(said).encode()}))
    )

    assert elsewhere.samples(there) == store.samples(scene_id)
    assert elsewhere.embeddings(there, "builtin") == {} and elsewhere.emotions() == ()
    assert "before there were embeddings" in emotions.why_no_embeddings(elsewhere, elsewhere.scene(there))
    assert emotions.embed(elsewhere, there) == len(store.face_tracks(scene_id))


def test_a_scene_without_embeddings_leaves_without_them(store: Store, elsewhere: Store) -> None:
    scene_id = seed.scene(store, strip("nhn"))
    data = bundle_exchange.export_bundle(store, store.scene(scene_id))

    assert "embeddings.u8" not in opened(data)
    assert elsewhere.scene(bundle_exchange.import_bundle(elsewhere, io.BytesIO(data))).found == 3


def opened(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


# --- what nobody exported ---------------------------------------------------------------------------------------------


def lesson(change: Callable[[dict[str, Any]], object]) -> Spoil:
    """Change the first taught emotion."""

    def spoil(files: Files) -> Files:
        said = json.loads(files["taught.json"])
        change(said["emotions"][0])
        return files | {"taught.json": json.dumps(said).encode()}

    return spoil


def judged(**changes: object) -> Spoil:
    """Change the verdict about it."""

    def spoil(files: Files) -> Files:
        said = json.loads(files["taught.json"])
        return files | {"taught.json": json.dumps(said | {"verdicts": [said["verdicts"][0] | changes]}).encode()}

    return spoil


def twice(files: Files) -> Files:
    said = json.loads(files["taught.json"])
    return files | {"taught.json": json.dumps(said | {"emotions": said["emotions"] * 2}).encode()}


def codes(change: Callable[[bytes], bytes]) -> Spoil:
    return lambda files: files | {"embeddings.u8": change(files["embeddings.u8"])}


def endless(data: bytes) -> bytes:
    """The first scale is infinite."""
    return data[:6] + np.array(np.inf, "<f2").tobytes() + data[8:]


BAD = {
    "an embedding too short": Bad(codes(lambda data: data[:-1]), "not 328 bytes for each of its 21 faces"),
    "an embedding too many": Bad(codes(lambda data: data + data[:328]), "not 328 bytes"),
    "no embeddings though promised": Bad(lacks("embeddings.u8"), "do not fit each other"),
    "embeddings that nobody promised": Bad(text("manifest.json", embedding_bytes=0), "do not fit each other"),
    "embeddings of another length": Bad(text("manifest.json", embedding_bytes=164), "not 164 bytes"),
    "embeddings of no length": Bad(text("manifest.json", embedding_bytes=3), "length of its embeddings"),
    "embeddings as long as a film": Bad(text("manifest.json", embedding_bytes=10**9), "length of its embeddings"),
    "a length that is true": Bad(text("manifest.json", embedding_bytes=True), "length of its embeddings"),
    "a length that nobody says": Bad(
        lambda files: files | {"manifest.json": files["manifest.json"].replace(b"embedding_bytes", b"embedding_bites")},
        "embedding_bytes",
    ),
    "an endless scale": Bad(codes(endless), "no number"),
    "embeddings that unpack to megabytes": Bad(holds("embeddings.u8", b"0" * 5_000_000), "larger than"),
    "embeddings in a first version": Bad(text("manifest.json", version=1), "does not know"),
    "a lesson that is no JSON": Bad(holds("taught.json", b"{"), "no JSON"),
    "a lesson that is a list": Bad(holds("taught.json", b"[]"), "not an object"),
    "a lesson with a program": Bad(lesson(lambda said: said.update(run="rm")), "does not know"),
    "a lesson without weights": Bad(lesson(lambda said: said.update(weights=[])), "not right .*weights"),
    "a lesson with text for a weight": Bad(lesson(lambda said: said.update(bias="1")), "not right .*bias"),
    "a lesson called happy": Bad(lesson(lambda said: said.update(name="happy")), "not right"),
    "a lesson of another reader": Bad(
        lesson(lambda said: said["reader"].update(name="deepface")), "not the built-in one"
    ),
    "a lesson of no examples": Bad(lesson(lambda said: said.update(yes=[])), "its yes"),
    "a lesson twice": Bad(twice, "twice"),
    "a lesson of another time": Bad(lesson(lambda said: said.update(version=9)), "another version"),
    "NaN for a weight": Bad(
        lambda files: files | {"taught.json": files["taught.json"].replace(b'"bias": ', b'"bias": NaN, "x": ')},
        "no JSON",
    ),
    "a verdict about another emotion": Bad(judged(emotion="panic"), "not in it"),
    "a verdict about no time": Bad(judged(end_ms=5500), "verdict about a taught emotion"),
    "a verdict that is neither": Bad(judged(dropped="yes"), "neither true nor false"),
    "too many lessons": Bad(holds("taught.json", b" " * 4_100_000), "larger than"),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What is in a bundle with embeddings and a taught emotion."""
    shelf = Store(f"sqlite:///{tmp_path_factory.mktemp('shelf') / 'shelf.db'}")
    return opened(packed(shelf, taught_scene(shelf)))


def test_the_bundle_that_is_spoilt_was_good(good: Files) -> None:
    told = bundle_read.read(io.BytesIO(zipped(good)), SMALL).told

    assert list(told.emotions) == ["glee"] and len(told.embeddings or {}) == 21
    assert [one.reader for one in told.own_verdicts] == [own_reader("glee")]


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_nobody_exported_is_refused_with_its_sentence_and_nothing_is_written(
    bad: Bad, good: Files, store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = bad.spoil(dict(good))
    monkeypatch.setattr(bundle_exchange, "import_limits", lambda: SMALL)

    with pytest.raises(SceneError, match=bad.said) as caught:
        bundle_exchange.import_bundle(store, io.BytesIO(spoilt if isinstance(spoilt, bytes) else zipped(spoilt)))

    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)
    assert store.scenes() == [] and store.emotions() == ()
