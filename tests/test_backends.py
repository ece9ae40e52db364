"""Which finder and which readers a name stands for, with and without DeepFace's weights."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest
from skimage import data

from core.errors import FinderError, ReaderError
from core.faces import backends
from tests.support import deepface_home
from tests.support.project import ROOT


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    deepface_home.refuse_downloads(monkeypatch)


def test_the_automatic_finder_is_yunet_where_its_file_is_here(offline: None) -> None:
    deepface_home.put_yunet()

    name, find = backends.open_finder("auto", 24)

    assert name == "yunet" and len(find(data.astronaut())) == 1


def test_the_automatic_finder_is_mtcnn_where_yunet_is_not_to_be_had(offline: None) -> None:
    name, find = backends.open_finder("auto", 24)

    assert name == "mtcnn" and len(find(data.astronaut())) == 1


@pytest.mark.slow
def test_a_yunet_that_is_not_to_be_had_is_not_waited_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    with deepface_home.silent_server() as port:
        deepface_home.refuse_downloads(monkeypatch, port)
        backends.open_finder("auto", 24)
        started = time.monotonic()

        name, _ = backends.open_finder("auto", 24)

        assert name == "mtcnn" and time.monotonic() - started < 3


def test_a_finder_asked_for_by_its_name_is_that_one(offline: None) -> None:
    deepface_home.put_yunet()

    assert backends.open_finder("mtcnn", 24)[0] == "mtcnn"
    assert backends.open_finder("yunet", 24)[0] == "yunet"


def test_the_smallest_face_reaches_mtcnn() -> None:
    picture = np.full((360, 640, 3), 90, np.uint8)
    picture[:256, :256] = data.astronaut()[::2, ::2]

    assert len(backends.open_finder("mtcnn", 24)[1](picture)) == 1
    assert backends.open_finder("mtcnn", 200)[1](picture) == ()


@pytest.mark.parametrize("name", ["yunet", "retinaface", "nonsense"])
def test_a_finder_asked_for_by_its_name_is_not_replaced_by_another(offline: None, name: str) -> None:
    with pytest.raises(FinderError, match=f"“{name}”"):
        backends.open_finder(name, 24)


def test_the_automatic_readers_are_deepface_and_beside_it_the_builtin(offline: None) -> None:
    deepface_home.put_emotion()

    assert list(backends.open_readers(["auto"])) == ["deepface", "builtin"]


def test_the_automatic_reader_is_the_builtin_where_deepfaces_weights_are_not_to_be_had(offline: None) -> None:
    assert list(backends.open_readers(["auto"])) == ["builtin"]


@pytest.mark.parametrize("names", [["builtin"], ["deepface"], ["builtin", "deepface"], ["deepface", "builtin"]])
def test_readers_asked_for_by_name_come_in_that_order(offline: None, names: list[str]) -> None:
    deepface_home.put_emotion()

    assert list(backends.open_readers(names)) == names


def test_deepface_asked_for_by_name_is_not_left_out(offline: None) -> None:
    with pytest.raises(ReaderError, match=r"facial_expression_model_weights\.onnx"):
        backends.open_readers(["deepface", "builtin"])


def test_an_unknown_reader_is_refused_with_the_names_of_the_known() -> None:
    with pytest.raises(ReaderError, match=r"no reader “fer”.* deepface, builtin"):
        backends.open_readers(["fer"])


def test_no_reader_at_all_is_refused() -> None:
    with pytest.raises(ReaderError, match="No reader was asked for"):
        backends.open_readers([])


def test_knowing_the_names_loads_no_runtime() -> None:
    heavy = {"deepface", "onnxruntime", "cv2", "onnx"}
    code = f"import sys; from core.faces import backends; print({{*sys.modules}} & {heavy})"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
