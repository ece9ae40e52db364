"""The shipped networks are the ones that the model card describes, keep their contract, and read as well as before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.project import SHARED, skip_or_fail
from training import data, evaluate, measure, shipped

FACES = SHARED / "data" / "ferplus"
FLOOR = 0.78
"""Accuracy on the first 500 faces of valid at the shipped operating point; several points below what they give."""

MEMBERS = [pytest.param(path, id=path.stem) for path in shipped.files(shipped.card())]


def grey(count: int) -> np.ndarray:
    return np.random.default_rng(3).uniform(0, 255, (count, 48, 48)).astype(np.float32)


def test_every_shipped_file_is_the_one_that_the_card_names() -> None:
    text = (shipped.MODELS / "MODEL_CARD.md").read_text()

    for member in shipped.card()["members"]:
        assert member["sha256"] == shipped.sha256(shipped.MODELS / member["file"])
        assert member["file"] in text
        assert member["sha256"] in text


def test_no_network_lies_in_models_that_the_reader_does_not_use() -> None:
    assert sorted(shipped.MODELS.glob("*.onnx")) == sorted(shipped.files(shipped.card()))


def test_all_networks_together_stay_under_twelve_megabytes() -> None:
    assert sum(path.stat().st_size for path in shipped.files(shipped.card())) < 12e6


@pytest.mark.parametrize("path", MEMBERS)
def test_a_network_takes_crops_and_gives_logits_and_an_embedding(path: Path) -> None:
    session = shipped.session(path)
    (crops,), (logits, embedding) = session.get_inputs(), session.get_outputs()

    assert (crops.name, crops.type, crops.shape[1:]) == ("crops", "tensor(float)", [48, 48])
    assert (logits.name, logits.shape[1:]) == ("logits", [len(data.LABELS)])
    assert (embedding.name, len(embedding.shape)) == ("embedding", 2)


@pytest.mark.parametrize("path", MEMBERS)
def test_a_batch_of_eight_reads_as_eight_faces_alone(path: Path) -> None:
    session, crops = shipped.session(path), grey(8)
    together = session.run(["logits", "embedding"], {"crops": crops})
    alone = [session.run(["logits", "embedding"], {"crops": crop[None]}) for crop in crops]

    for place, whole in enumerate(together):
        assert np.isfinite(whole).all()
        assert np.allclose(whole, np.concatenate([one[place] for one in alone]), atol=1e-3)


def test_five_hundred_faces_of_valid_are_read_as_well_as_before() -> None:
    if not (FACES / "valid.npz").is_file():
        skip_or_fail(str(FACES / "valid.npz"))
    faces = data.load(FACES, "valid").seven()
    first = data.Faces(faces.images[:500], faces.targets[:500], faces.labels[:500])
    found = measure.figures(evaluate.read(first).told, first.labels)

    assert found.accuracy >= FLOOR
    assert found.happy_recall >= 0.85


def test_lone_votes_and_unclear_pictures_are_left_out(tmp_path: Path) -> None:
    votes = np.zeros((3, 10), np.uint8)
    votes[0, [1, 0]] = 8, 1  # eight happy, a lone neutral
    votes[1, [8, 1]] = 6, 4  # most do not know
    votes[2, [6, 2]] = 5, 5  # as many fear as surprise: the column that comes first wins
    np.savez(tmp_path / "valid.npz", images=np.zeros((3, 48, 48), np.uint8), votes=votes)
    faces = data.load(tmp_path, "valid")

    assert [data.LABELS[label] for label in faces.labels] == ["happy", "surprise"]
    assert faces.targets[0, data.LABELS.index("happy")] == 1
    assert faces.targets[1].max() == 0.5


def test_a_bias_lifts_what_is_rare_and_keeps_sums() -> None:
    told = np.array([[0.3, 0.2, 0, 0.4, 0, 0, 0, 0.1]])

    plain = measure.seven(told, 1.0, np.zeros(7))
    lifted = measure.seven(told, 1.0, np.log([1.0, 4.0, 1, 1, 1, 1, 1]))
    assert plain[0, 3] == pytest.approx(0.4 / 0.9, abs=1e-6)
    assert lifted[0].sum() == pytest.approx(1)
    assert lifted[0, 1] / lifted[0, 0] == pytest.approx(0.2 / 0.3 * 4)


def test_a_reader_that_is_always_sure_and_half_right_is_half_wrong_about_itself() -> None:
    told = np.eye(7)[[0, 1]] * 0.94 + 0.06 / 7

    assert measure.figures(told, np.array([0, 2])).ece == pytest.approx(0.4486, abs=1e-3)
