"""DeepFace's weights: what is here, what comes within its limit, and what is not waited for twice."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.faces import deepface_weights, downloads
from core.faces.deepface_weights import EMOTION, YUNET
from core.faces.downloads import are_present, ensure_present
from core.host.home import models_folder
from tests.support import deepface_home
from tests.support.project import ROOT


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    deepface_home.refuse_downloads(monkeypatch)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch):
    with deepface_home.silent_server() as port:
        deepface_home.refuse_downloads(monkeypatch, port)
        yield


def left_over() -> list[str]:
    """Whatever lies where DeepFace keeps its things, but finished files."""
    known = {*YUNET.files, *EMOTION.files, "weights"}
    return [path.name for path in deepface_weights.weights_folder().parent.rglob("*") if path.name not in known]


def mark(model: str) -> Path:
    (path,) = (Path(os.environ["OUTTAKE_HOME"]) / "models").glob(f"{model}.*")
    return path


def test_nothing_is_here_in_a_new_home() -> None:
    assert not are_present(YUNET) and not are_present(EMOTION)


def test_yunet_is_known_by_its_hash() -> None:
    path = deepface_home.put_yunet()

    assert hashlib.sha256(path.read_bytes()).hexdigest() == YUNET.sha256
    assert are_present(YUNET)


def test_an_altered_yunet_is_not_taken_for_it(offline: None) -> None:
    path = deepface_home.put_yunet()
    path.write_bytes(path.read_bytes()[:-1])

    assert not ensure_present(YUNET)


def test_a_download_lands_whole_where_deepface_looks(internet) -> None:
    log = internet(deepface_home.graph())

    assert ensure_present(EMOTION)

    assert (deepface_weights.weights_folder() / EMOTION.files[0]).read_bytes() == deepface_home.graph()
    assert log.read_text().startswith("https://") and left_over() == []


def test_yunet_comes_without_loading_deepface(internet) -> None:
    path = deepface_home.put_yunet()
    log = internet(path.read_bytes())
    path.unlink()

    assert ensure_present(YUNET, limit_s=30)

    assert log.read_text().strip() == YUNET.url and left_over() == []


def test_yunets_address_is_the_one_that_deepface_knows() -> None:
    assert YUNET.url == deepface_weights.import_deepface("models.face_detection.YuNet").WEIGHTS_URL


def test_a_download_that_is_not_a_network_never_lands(internet) -> None:
    internet(b"<html>Not Found</html>")

    assert not ensure_present(EMOTION)
    assert not are_present(EMOTION) and left_over() == []


def test_a_yunet_with_another_hash_never_lands(internet) -> None:
    path = deepface_home.put_yunet()
    internet(path.read_bytes() + b"\0")
    path.unlink()

    assert not ensure_present(YUNET)
    assert not are_present(YUNET) and left_over() == []


@pytest.mark.slow
def test_half_a_download_is_gone_when_the_limit_is_over(internet) -> None:
    log = internet(deepface_home.graph(), size=100, seconds=600)

    started = time.monotonic()
    assert not ensure_present(EMOTION, limit_s=20 if os.environ.get("CI") else 12)

    assert time.monotonic() - started < 25
    assert log.read_text() and left_over() == []


def test_a_refused_download_is_remembered(offline: None) -> None:
    assert not ensure_present(EMOTION)
    started = time.monotonic()

    assert not ensure_present(EMOTION)

    assert time.monotonic() - started < 0.5


@pytest.mark.slow
def test_a_silent_network_is_waited_for_once_and_by_no_other_process(silent: None) -> None:
    started = time.monotonic()
    assert not ensure_present(YUNET, limit_s=3)
    assert 3 <= time.monotonic() - started < 5

    code = (
        "import time; from core.faces import deepface_weights, downloads; t = time.monotonic(); "
        "print(downloads.ensure_present(deepface_weights.YUNET), time.monotonic() - t < 0.5)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "True"]


def test_an_hour_later_it_is_tried_again(offline: None, internet) -> None:
    assert not ensure_present(EMOTION)
    log = internet(deepface_home.graph())

    assert not ensure_present(EMOTION)
    assert not log.read_text()

    an_hour_ago = time.time() - downloads.REMEMBERED_S - 1
    os.utime(mark("emotion"), (an_hour_ago, an_hour_ago))
    assert ensure_present(EMOTION)
    assert not list((Path(os.environ["OUTTAKE_HOME"]) / "models").iterdir())


def test_a_file_put_there_by_hand_is_taken_at_once(offline: None) -> None:
    assert not ensure_present(EMOTION)

    deepface_home.put_emotion()

    assert ensure_present(EMOTION)


@pytest.mark.slow
def test_two_who_want_the_same_download_share_it(internet) -> None:
    log = internet(deepface_home.graph(), seconds=1)

    with ThreadPoolExecutor(2) as both:
        results = list(both.map(lambda _: ensure_present(EMOTION), range(2)))

    assert results == [True, True]
    assert len(log.read_text().splitlines()) == 1


def test_an_attempt_that_was_killed_is_not_waited_for_beyond_its_limit() -> None:
    started = time.monotonic()
    (models_folder() / "yunet.unreachable").touch()

    assert not ensure_present(YUNET, limit_s=0.5)
    assert not ensure_present(YUNET, limit_s=0.5)

    assert time.monotonic() - started < 2


def test_importing_deepface_changes_neither_warnings_nor_the_environment_but_its_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DEEPFACE_BACKEND_ENGINE", raising=False)
    code = """
import cv2, os, requests, gdown, pandas, warnings
filters, environment = list(warnings.filters), dict(os.environ)
from core.faces import deepface_weights
deepface_weights.import_deepface("DeepFace")
print(warnings.filters == filters)
print({key for key in {*os.environ, *environment} if os.environ.get(key) != environment.get(key)})
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["True", "{'DEEPFACE_BACKEND_ENGINE'}"]


def test_what_a_block_changes_is_put_back() -> None:
    before, filters = dict(os.environ), list(warnings.filters)

    with deepface_weights.keep_environment():
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        os.environ["OUTTAKE_HOME"] = "elsewhere"
        warnings.filterwarnings("ignore")

    assert {**os.environ, "DEEPFACE_BACKEND_ENGINE": ""} == {**before, "DEEPFACE_BACKEND_ENGINE": ""}
    assert warnings.filters == filters
