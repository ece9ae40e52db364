"""Who may be the same person: pairs that look alike and never meet, by SFace's graph or one of the same shape."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from core.__main__ import main
from core.analysis import alike
from core.errors import ReaderError
from core.faces import deepface_weights, downloads, identify_deepface
from core.host import home
from core.model import CROP_PX, Crop, Person, Sample, Span
from core.reading import people
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import face, strip

SEEN = (Span(0, 0, 1000), Span(1, 0, 1000), Span(2, 2000, 3000), Span(3, 4000, 5000))
FOUND = people.list_people(SEEN)


def towards(*angles: float) -> NDArray[np.float64]:
    """Faces as directions, degrees."""
    return np.array([[np.cos(np.radians(angle)), np.sin(np.radians(angle))] for angle in angles])


def known(codes: dict[int, NDArray[np.float64]], seen: tuple[Span, ...] = SEEN) -> alike.Distances:
    return alike.measure_distances({span: codes[span.track] for span in seen if span.track in codes})


def told(codes: dict[int, NDArray[np.float64]], found: tuple[Person, ...] = FOUND) -> list[tuple[int, int]]:
    return [(pair.one.id, pair.other.id) for pair in alike.find_pairs(SEEN, found, known(codes))]


def grouped(codes: dict[int, NDArray[np.float64]], found: tuple[Person, ...] = FOUND) -> list[list[int]]:
    return [[person.id for person in group.people] for group in alike.find_groups(SEEN, found, known(codes))]


def put_graph(side: int = identify_deepface.INPUT_PX) -> None:
    """Put a graph where SFace belongs that turns a picture's mean red, green and blue into 128 numbers."""
    mixed = np.concatenate([np.eye(3, dtype=np.float32), np.zeros((3, 125), np.float32)], axis=1)
    nodes = [
        helper.make_node("ReduceMean", ["faces"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["mean", "mixed"], ["codes"]),
    ]
    takes = helper.make_tensor_value_info("faces", TensorProto.FLOAT, [1, 3, side, side])
    gives = helper.make_tensor_value_info("codes", TensorProto.FLOAT, [1, 128])
    graph = helper.make_graph(nodes, "alike", [takes], [gives], [numpy_helper.from_array(mixed, "mixed")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path = deepface_weights.weights_folder() / deepface_weights.SFACE.files[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph of known answers where SFace belongs; the real one is known by its hash."""
    monkeypatch.setattr(deepface_weights, "SFACE", replace(deepface_weights.SFACE, sha256=""))
    put_graph()


def flat(*colour: int) -> Crop:
    return np.full((CROP_PX, CROP_PX, 3), colour, np.uint8)


def test_those_who_look_alike_are_told_the_most_alike_first() -> None:
    assert told({0: towards(0), 2: towards(20), 3: towards(50, 50)}) == [(0, 2), (2, 3), (0, 3)]
    assert told({0: towards(0), 2: towards(80)}) == []


def test_two_who_share_the_frame_are_not_told_however_alike_they_look() -> None:
    assert told({0: towards(0), 1: towards(0)}) == []
    merged = people.list_people(SEEN, [people.merge_people(FOUND, [1, 2])])
    assert told({0: towards(0), 1: towards(0), 3: towards(90)}, merged) == []


def test_who_has_no_face_kept_is_left_out() -> None:
    assert told({0: towards(0), 2: np.zeros((0, 2))}) == []


def test_groups_are_of_people_who_are_all_alike_and_nobody_is_in_two() -> None:
    assert grouped({0: towards(0), 2: towards(20), 3: towards(90)}) == [[0, 2]]
    assert grouped({0: towards(0), 2: towards(38), 3: towards(80)}) == [[0, 2]], "3 is like 2, but not like 0"
    assert grouped({0: towards(0), 1: towards(90), 2: towards(5), 3: towards(92)}) == [[1, 3], [0, 2]]
    assert grouped({}) == grouped({0: towards(0)}) == []


def test_no_group_has_two_who_share_the_frame() -> None:
    assert grouped({0: towards(0), 1: towards(1), 2: towards(0.2)}) == [[0, 2]]


def test_a_person_of_several_strips_is_as_far_as_they_are_on_average_and_split_ones_wait_for_a_new_look() -> None:
    merged = people.list_people(SEEN, [people.merge_people(FOUND, [0, 2])])
    codes = {0: towards(0), 2: towards(80), 3: towards(70)}
    (pair,) = alike.find_pairs(SEEN, merged, known(codes))
    assert pair.distance == pytest.approx(1 - (np.cos(np.radians(70)) + np.cos(np.radians(10))) / 2)

    split = people.list_people(SEEN, [people.split_person(SEEN, FOUND, 0, [Span(0, 0, 500)])])
    assert grouped({0: towards(0), 2: towards(0)}, split) == [], "what was compared were other strips"


def test_of_very_many_strips_the_longest_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MOST_STRETCHES", 2)
    seen = (Span(0, 0, 200), Span(1, 300, 900), Span(2, 1000, 1900))
    assert alike.select_stretches(seen, people.list_people(seen)) == seen[1:]


@pytest.mark.usefixtures("graph")
def test_a_face_is_numbers_of_length_one_and_red_is_red() -> None:
    codes = identify_deepface.open_sface()([flat(255, 0, 0), flat(0, 0, 9), flat(100, 100, 100)])

    assert codes.shape == (3, 128)
    assert np.allclose(codes[:2, :3], [[1, 0, 0], [0, 0, 1]])
    assert np.allclose(np.linalg.norm(codes, axis=1), 1)
    assert identify_deepface.open_sface()([]).shape == (0, 128)


def test_another_file_in_its_place_is_no_sface() -> None:
    put_graph()

    assert not identify_deepface.is_downloaded()


def test_another_graph_in_its_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deepface_weights, "SFACE", replace(deepface_weights.SFACE, sha256=""))
    put_graph(side=64)

    with pytest.raises(ReaderError, match="is not DeepFace's SFace"):
        identify_deepface.open_sface()


def test_without_weights_one_sentence_says_what_to_do(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    scene_id = seed.scene(store, strip("nn|hh"))
    mark = home.models_folder() / "sface.unreachable"
    mark.write_text(downloads.FAILED)

    assert main(["people", str(scene_id), "--alike"]) == 2

    said = capsys.readouterr().err
    assert "39 MB" in said and "or merge by hand" in said


@pytest.mark.usefixtures("graph")
def test_the_command_names_pairs_and_merges_nothing(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    beside = (face("happy"), face("happy", left=220, track=1))
    timeline = strip("n|n|h")
    samples = (Sample(0, beside), *(replaced(sample, 1000) for sample in timeline.samples[1:]))
    scene_id = seed.scene(store, type(timeline)(500, samples))

    assert main(["people", str(scene_id), "--alike"]) == 0

    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    assert "Look at their faces" in lines[-1][0]
    named = {(cells[-2].strip(), cells[-1].strip()) for cells in lines[1:-1]}
    assert ("Person 1", "Person 4") in named and ("Person 1", "Person 2") not in named
    assert store.people_decisions(scene_id) == ()


def replaced(sample: Sample, later_ms: int) -> Sample:
    """The moment later, its face on a track of its own."""
    return Sample(
        sample.t_ms + later_ms, tuple(face("happy", track=sample.shot + 1) for _ in sample.faces), sample.shot
    )
