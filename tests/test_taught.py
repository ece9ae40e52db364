"""A taught emotion's file comes back as it was written, and whatever Outtake did not write is refused whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.emotions import emotion as taught
from core.emotions import emotion_file
from core.errors import SettingError
from core.faces import embedding
from core.shelf import emotions
from core.store.scenes import Store
from tests.support.emotions import emotion


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    said = json.loads(emotion_file.to_json(emotion()))
    change(said)
    return json.dumps(said)


def put(*path: Any) -> Callable[[dict[str, Any]], None]:
    """A change that puts the last of ``path`` where the others lead."""
    *way, last, value = path

    def change(said: dict[str, Any]) -> None:
        for step in way:
            said = said[step]
        said[last] = value

    return change


MALFORMED: dict[str, str | Callable[[dict[str, Any]], object]] = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "a word": '"panic"',
    "deep": "[" * 100_000,
    "NaN": '{"outtake": "emotion", "version": NaN}',
    "a key twice": '{"outtake": "emotion", "outtake": "emotion"}',
    "too large": '"' + "a" * 300_000 + '"',
    "another file of Outtake": put("outtake", "verdicts"),
    "no version": lambda said: said.pop("version"),
    "a version of another kind": put("version", True),
    "a later version": put("version", 2),
    "a part missing": lambda said: said.pop("bias"),
    "a part too many": put("code", "import os"),
    "a name that is none": put("name", 7),
    "a name of signs": put("name", "<script>"),
    "a name with a line in it": put("name", "a\nb"),
    "one of the seven": put("name", "happy"),
    "a column's name": put("name", "t_ms"),
    "a name that is too long": put("name", "a" * 31),
    "another reader": put("reader", "name", "deepface"),
    "a hash that is none": put("reader", "network", "44380160"),
    "a hash in capitals": put("reader", "network", "A" * 64),
    "weights that are no list": put("weights", "0.1"),
    "no weights": put("weights", []),
    "too many weights": put("weights", [0] * 5000),
    "a weight that is text": put("weights", 0, "0.1"),
    "a weight that is true": put("weights", 0, True),
    "a weight without end": lambda said: put("weights", 0, 10**400)(said),
    "a weight beyond reason": put("weights", 0, 1e9),
    "another width": put("weights", [0.1] * 5),
    "a bias that is none": put("bias", None),
    "too few examples": put("yes", ["3:0:0"]),
    "an example that is none": put("no", 0, "3:0"),
    "an example that is a number": put("no", 0, 3),
    "an example below zero": put("no", 0, "3:-1:0"),
    "an example twice": lambda said: put("no", 0, said["no"][1])(said),
    "a face on both sides": lambda said: put("no", 0, said["yes"][0])(said),
    "a clip missing": put("clips", {}),
    "a clip too many": put("clips", "4", {"duration_ms": 1, "width": 1, "height": 1, "fps": 1}),
    "a clip without a size": lambda said: said["clips"]["3"].pop("width"),
    "a clip's size that is none": put("clips", "3", "width", 1.5),
    "figures missing": put("figures", None),
    "a figure beyond 1": put("figures", "recall", [1.5, 0.1, 2]),
    "a figure outside its interval": put("figures", "precision", [0.1, 0.4, 0.9]),
    "an interval without its ends": put("figures", "recall", [0.5]),
    "a caution with a line in it": put("figures", "caution", "a\nb"),
    "counts that are none": put("figures", "yes", -1),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_file_is_refused_with_a_sentence_and_nothing_is_written(kind: str, store: Store) -> None:
    made = MALFORMED[kind]
    said = made if isinstance(made, str) else changed(made)

    with pytest.raises(SettingError) as refused:
        emotions.import_file(store, said.encode())
    assert str(refused.value).endswith(".") and len(str(refused.value)) < 300
    assert store.emotions() == ()


@pytest.mark.parametrize("said", [b"\xff\xfe\x00", b"\x80\x04\x95 pickle", b"\x00" * 10])
def test_bytes_that_are_no_text_are_refused(said: bytes, store: Store) -> None:
    with pytest.raises(SettingError, match="cannot be loaded"):
        emotions.import_file(store, said)
    assert store.emotions() == ()


@pytest.mark.parametrize("name", ["panic", "the Michael Scott look", "Grübeln", "笑い", "so-so"])
def test_an_emotion_comes_back_from_its_file_as_it_was_written(name: str) -> None:
    one = emotion(name)

    assert emotion_file.parse(emotion_file.to_json(one)) == one
    assert len(emotion_file.to_json(one)) < 20_000


def test_an_emotion_of_another_version_of_the_reader_is_refused_with_what_to_do(store: Store) -> None:
    said = emotion_file.to_json(emotion(network="00" * 32))

    with pytest.raises(SettingError, match=r"another version of the reader.*Teach it again from its examples"):
        emotions.import_file(store, said.encode())
    assert store.emotions() == ()


def test_a_taught_score_is_the_logistic_of_weights_and_embedding() -> None:
    one = emotion(width=4)
    codes = embedding.pack(np.eye(4, dtype=np.float32), one.network)
    expected = 1 / (1 + np.exp(-(np.array(one.weights) - 1.5)))

    assert one.scores(codes) == pytest.approx(expected, abs=0.01)
    assert len(one.scores([])) == 0


def test_an_emotion_whose_numbers_do_not_fit_a_face_says_so() -> None:
    with pytest.raises(SettingError, match="Teach it again"):
        emotion(width=5).scores(embedding.pack(np.ones((1, 4), np.float32), emotions.network()))


@pytest.mark.parametrize("text", ["", "3", "3:4", "a:1:2", "3:4:5:6", "3:4:-1", "3 : 4 : 5", "9" * 40 + ":1:1"])
def test_what_names_no_face_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="names no face"):
        taught.parse_example(text)


def test_a_face_is_named_as_it_is_read() -> None:
    assert str(taught.parse_example("3:2600:0")) == "3:2600:0"


def test_emotions_stay_on_the_shelf_until_they_are_deleted_and_come_back_when_that_is_undone(store: Store) -> None:
    for name in ("panic", "smirk"):
        emotions.save_emotion(store, emotion(name))
    emotions.save_emotion(store, emotion("panic"))
    assert [one.name for one in emotions.list_emotions(store)] == ["panic", "smirk"]

    store.delete_emotion("panic")
    assert [one.name for one in emotions.usable_emotions(store)] == ["smirk"]
    emotions.save_emotion(store, emotion("panic"))
    assert {one.name for one in emotions.usable_emotions(store)} == {"panic", "smirk"}


def test_a_shelf_holds_so_many_emotions_and_no_more(store: Store) -> None:
    from core.errors import StoreError
    from core.store.emotions import MOST_EMOTIONS

    text = emotion_file.to_json(emotion())
    for number in range(MOST_EMOTIONS):
        store.save_emotion(f"mood {number}", text)
    with pytest.raises(StoreError, match="Delete one first"):
        store.save_emotion("one more", text)


def test_visitors_see_their_own_emotions_alone(store: Store) -> None:
    from core.store.visitors import VisitorStore, new_key

    one, other = VisitorStore(store, new_key()), VisitorStore(store, new_key())
    emotions.save_emotion(one, emotion("panic"))

    assert [len(emotions.list_emotions(shelf)) for shelf in (one, other, store)] == [1, 0, 0]
