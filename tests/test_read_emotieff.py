"""EmotiEff's adapter, on a stand-in with the inputs and outputs of the network that is downloaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.errors import ReaderError
from core.faces import backends, read_emotieff
from core.faces.read_emotieff import LABELS, WEIGHTS, to_seven
from core.model import CROP_PX, EMOTIONS, Crop
from tests.support import deepface_home

RED, GREEN, BLUE = (tuple(255 if place == channel else 0 for place in range(3)) for channel in range(3))


def graph(side: int = 224, faces: int | str = "n") -> bytes:
    """(n, 3, side, side) float32 → (n, 8) logits: what the mean red, green and blue say of anger, fear and joy."""
    says = np.zeros((3, len(LABELS)), np.float32)
    says[0, LABELS.index("angry")] = says[1, LABELS.index("fear")] = says[2, LABELS.index("happy")] = 1
    nodes = [
        helper.make_node("ReduceMean", ["input", "sides"], ["mean"], keepdims=0),
        helper.make_node("MatMul", ["mean", "says"], ["output"]),
    ]
    made = helper.make_graph(
        nodes,
        "emotieff",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [faces, 3, side, side])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [faces, len(LABELS)])],
        [numpy_helper.from_array(says, "says"), numpy_helper.from_array(np.array([2, 3]), "sides")],
    )
    return bytes(helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9).SerializeToString())


def put(content: bytes) -> Path:
    WEIGHTS.path.parent.mkdir(parents=True, exist_ok=True)
    WEIGHTS.path.write_bytes(content)
    return WEIGHTS.path


def flat(colour: tuple[int, ...]) -> Crop:
    return np.full((CROP_PX, CROP_PX, 3), colour, np.uint8)


def test_pixels_arrive_as_the_network_was_trained_on_them() -> None:
    """Red, green, blue, less ImageNet's mean, by its deviation: worked out by hand from the graph's three logits."""
    put(graph())

    (read,) = backends.open_readers(["emotieff"]).values()

    for colour in (RED, GREEN, BLUE, (120, 60, 30)):
        red, green, blue = (share / 255 for share in colour)
        logits = [(red - 0.485) / 0.229, 0, 0, (green - 0.456) / 0.224, (blue - 0.406) / 0.225, 0, 0, 0]
        angry, contempt, _, fear, happy, neutral, _, _ = np.exp(logits) / np.exp(logits).sum()
        (reading,) = read([flat(colour)])
        scores = reading.scores
        assert (scores.angry, scores.fear, scores.happy) == pytest.approx((angry, fear, happy), abs=1e-3)
        assert scores.neutral == pytest.approx(neutral + contempt, abs=1e-3) and sum(scores) == pytest.approx(1)


@pytest.mark.parametrize("faces", ["n", 1, 4])
def test_any_number_of_faces_is_read_in_its_order(faces: int | str) -> None:
    put(graph(faces=faces))
    crops = [flat((RED, GREEN, BLUE)[number % 3]) for number in range(20)]

    readings = backends.open_readers(["emotieff"])["emotieff"](crops)

    assert [reading.scores.top for reading in readings] == ["angry", "fear", "happy"] * 6 + ["angry", "fear"]


def test_a_face_of_mostly_contempt_claims_no_emotion() -> None:
    logits = np.zeros((1, 8), np.float32)
    logits[0, LABELS.index("contempt")] = 5

    (scores,) = to_seven(logits)

    assert scores.top == "neutral" and scores.neutral > 0.9
    assert sum(scores) == pytest.approx(1) and scores._fields == EMOTIONS


def test_it_is_downloaded_once_checked_and_its_hash_is_kept(internet) -> None:
    log = internet(graph())

    backends.open_readers(["emotieff"])
    backends.open_readers(["emotieff"])

    assert log.read_text().split() == [WEIGHTS.url]
    assert sorted(path.name for path in WEIGHTS.folder().iterdir()) == [
        "enet_b0_8_best_vgaf.onnx",
        "enet_b0_8_best_vgaf.sha256",
    ]


def test_a_page_that_says_not_found_never_lands(internet) -> None:
    internet(b"<html>Not Found</html>")

    with pytest.raises(ReaderError, match=r"could not be downloaded .* or choose “builtin”"):
        backends.open_readers(["emotieff"])
    assert not WEIGHTS.path.exists()


def test_a_failed_download_is_one_sentence_and_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    deepface_home.refuse_downloads(monkeypatch)
    with pytest.raises(ReaderError, match="EmotiEff's weights could not be downloaded"):
        backends.open_readers(["emotieff"])
    monkeypatch.setattr("core.faces.downloads.subprocess.run", lambda *_, **__: pytest.fail("it was tried again"))

    with pytest.raises(ReaderError, match=r"Put enet_b0_8_best_vgaf\.onnx into"):
        backends.open_readers(["emotieff"])


def test_weights_that_are_not_those_that_came_first_are_told() -> None:
    path = put(graph())
    backends.open_readers(["emotieff"])
    other = graph().replace(b"emotieff", b"emotiefg")
    put(other)

    with pytest.raises(
        ReaderError, match=r"is not the file that came first: its SHA-256 begins with \w{12}, the first"
    ):
        backends.open_readers(["emotieff"])
    path.with_suffix(".sha256").unlink()
    assert backends.open_readers(["emotieff"])


@pytest.mark.parametrize(
    ("content", "words"), [(b"no network", "missing or damaged"), (graph(side=112), "is not EmotiEffLib's network")]
)
def test_another_file_in_its_place_is_refused(content: bytes, words: str) -> None:
    put(content)

    with pytest.raises(ReaderError, match=rf"{words}.*Delete it, and it is downloaded again"):
        backends.open_readers(["emotieff"])


def test_automatic_never_downloads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    deepface_home.refuse_downloads(monkeypatch)
    monkeypatch.setattr(read_emotieff, "open_emotieff", lambda: pytest.fail("it was asked for"))

    assert list(backends.open_readers(["auto"])) == ["builtin"]
