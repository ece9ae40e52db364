"""DeepFace's emotion model behind our seam, on a graph of the same inputs and outputs whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from core.errors import ReaderError
from core.faces import backends, deepface_weights, read_deepface
from core.faces.read_deepface import BATCH, open_deepface
from core.host import home
from core.model import CROP_PX, EMOTIONS, Crop, Recipe
from core.store.scenes import Store
from core.ui.scene import head
from tests.support import deepface_home


def flat(*colour: int) -> Crop:
    return np.full((CROP_PX, CROP_PX, 3), colour, np.uint8)


@pytest.fixture(autouse=True)
def emotion() -> None:
    deepface_home.put_emotion()


def test_the_scores_are_the_models_for_a_grey_of_0_to_1_under_their_own_names() -> None:
    (reading,) = open_deepface()([flat(204, 204, 204)])

    assert np.allclose(reading.scores, deepface_home.expected(0.8), atol=1e-5)
    assert reading.scores.top == "happy" and reading.spread is None
    assert tuple(deepface_weights.import_deepface("models.demography.DemographyUtils").EMOTION_LABELS) == EMOTIONS


def test_red_is_read_as_red() -> None:
    """OpenCV's grey is 0.299 of red and 0.114 of blue: the wrong way round, red would be darker."""
    (red,) = open_deepface()([flat(255, 0, 0)])
    (blue,) = open_deepface()([flat(0, 0, 255)])

    assert np.allclose(red.scores, deepface_home.expected(0.299), atol=1e-3)
    assert np.allclose(blue.scores, deepface_home.expected(0.114), atol=1e-3)


@pytest.mark.parametrize("count", [0, 1, 2, BATCH, BATCH + 1, 2 * BATCH + 3])
def test_a_batch_of_any_size_comes_back_in_its_order(count: int) -> None:
    greys = np.linspace(0.1, 1, count)

    readings = open_deepface()([flat(*[round(255 * grey)] * 3) for grey in greys])

    assert len(readings) == count
    assert all(abs(sum(reading.scores) - 1) < 1e-6 for reading in readings)
    assert np.allclose(
        [reading.scores for reading in readings], [deepface_home.expected(g) for g in greys] or [], atol=0.01
    )


def test_a_black_crop_is_read_too() -> None:
    (reading,) = open_deepface()([flat(0, 0, 0)])

    assert np.allclose(reading.scores, 1 / 7)


def test_it_says_what_deepface_itself_would_say_of_the_crop() -> None:
    crop = np.ascontiguousarray(data.astronaut()[70 : 70 + CROP_PX, 175 : 175 + CROP_PX])
    analyze = deepface_weights.import_deepface("DeepFace").analyze

    (said,) = analyze(crop[..., ::-1], actions=["emotion"], detector_backend="skip", align=False, silent=True)
    (reading,) = open_deepface()([crop])

    assert np.allclose([said["emotion"][name] / 100 for name in EMOTIONS], reading.scores, atol=1e-4)


@pytest.mark.parametrize("content", [b"", b"half a file", deepface_home.graph(64)], ids=["empty", "half", "other"])
def test_a_file_that_is_not_the_model_is_told_with_what_to_do(content: bytes) -> None:
    path = deepface_weights.weights_folder() / deepface_weights.EMOTION.files[0]
    path.write_bytes(content)

    with pytest.raises(ReaderError, match="Delete it, and it is downloaded again") as told:
        open_deepface()

    assert str(path) in str(told.value)


def test_weights_that_are_not_to_be_had_are_told_with_where_to_put_them(monkeypatch: pytest.MonkeyPatch) -> None:
    (deepface_weights.weights_folder() / deepface_weights.EMOTION.files[0]).unlink()
    deepface_home.refuse_downloads(monkeypatch)

    with pytest.raises(ReaderError) as told:
        open_deepface()

    assert str(deepface_weights.weights_folder() / "") in str(told.value) + "/" and deepface_weights.EMOTION.files[
        0
    ] in str(told.value)


def test_the_model_runs_on_one_core_since_the_others_are_the_helpers() -> None:
    assert read_deepface._load_client().model.get_session_options().intra_op_num_threads == 1


def test_weights_that_are_not_those_that_were_opened_first_are_refused_and_the_scene_says_so(store: Store) -> None:
    path = deepface_weights.EMOTION.path
    open_deepface()
    assert list(backends.open_readers(["auto"])) == ["deepface", "builtin"]
    path.write_bytes(path.read_bytes().replace(b"emotion", b"emotiom"))

    with pytest.raises(
        ReaderError, match=r"is not the file that came first: its SHA-256 begins with \w{12}, the first"
    ):
        open_deepface()
    assert list(backends.open_readers(["auto"])) == ["builtin"]
    scene = store.scene(store.add(Recipe("/clip.mp4", readers=("auto",)), "A clip"))
    assert "is not the file that came first, so only the built-in" in head.missing_reader(scene)
    (home.models_folder() / f"{path.stem}.sha256").unlink()
    assert open_deepface()


def test_a_file_that_could_not_be_opened_is_not_remembered_as_the_first() -> None:
    path = deepface_weights.EMOTION.path
    path.write_bytes(b"half a file")
    with pytest.raises(ReaderError, match="Delete it"):
        open_deepface()
    path.unlink()
    deepface_home.put_emotion()

    assert open_deepface()
