"""Reading on a real Dask cluster: a scheduler and two worker processes on loopback, one of them killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.errors import JobError
from core.faces import backends, read_builtin
from core.host import timing
from core.model import Recipe, Scene, Step
from core.reading import dask_cluster, segments
from core.shelf import jobs, read_file, season
from core.store.scenes import Store
from tests.support import clips, dask_worker, films
from tests.support.films import FORCED, SLOW, UNEVEN
from tests.support.project import ROOT

pytestmark = pytest.mark.slow

pytest.importorskip("distributed", reason="requirements-dev.txt brings dask[distributed]")

PATIENCE_S = 240
MOMENTS = segments.BATCH
"""As short as a segment can be: many of them."""


class Dask(NamedTuple):
    """A cluster that is running."""

    address: str
    folder: Path
    workers: list[subprocess.Popen[bytes]]

    def start(self) -> None:
        """Start one more worker, of one thread, without a nanny that would replace it."""
        words = ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--preload", "tests.support.dask_worker"]
        self.workers.append(_started("worker", [self.address, *words], self.folder))

    def killed(self) -> None:
        """Kill one worker as the system would, and wait until it is gone."""
        self.workers[0].send_signal(signal.SIGKILL)
        self.workers.pop(0).wait()


def _started(what: str, words: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    own = {"PYTHONPATH": str(ROOT), "OUTTAKE_TEST_FOLDER": str(folder), "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "30s"}
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words]
    with (folder / f"{what}.log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, env=os.environ | own, stdout=log, stderr=log)


@contextmanager
def running(folder: Path, workers: int = 2) -> Iterator[Dask]:
    """A scheduler on a free port of loopback with so many workers, until the block ends."""
    words = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"]
    scheduler = _started("scheduler", [*words, "--scheduler-file", str(folder / "scheduler.json")], folder)
    here = Dask("", folder, [])
    try:
        here = here._replace(address=_address(folder))
        for _ in range(workers):
            here.start()
        yield here
    finally:
        for process in (*here.workers, scheduler):
            process.terminate()
            process.wait()


def _address(folder: Path) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        said = (folder / "scheduler.json").read_text() if (folder / "scheduler.json").exists() else ""
        if found := re.search(r'"address": "(tcp://[^"]+)"', said):
            return found[1]
        time.sleep(0.1)
    raise TimeoutError((folder / "scheduler.log").read_text())


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    with running(tmp_path_factory.mktemp("dask")) as started:
        yield started


@pytest.fixture(autouse=True)
def plain_tools(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same tools here as on the workers, and two workers again."""
    monkeypatch.setenv("OUTTAKE_TEST_FOLDER", str(dask.folder))
    monkeypatch.setattr(backends, "open_finder", dask_worker.finder)
    monkeypatch.setattr(backends, "open_readers", dask_worker.readers)
    monkeypatch.setenv(timing.VARIABLE, json.dumps({"cluster_s": PATIENCE_S}))
    for name in ("slow", "deadly", "poison"):
        (dask.folder / name).unlink(missing_ok=True)
    while len(dask.workers) < 2:
        dask.start()


def recipe(path: Path) -> Recipe:
    return Recipe(str(path), Step(40), finder=dask_worker.SQUARES, readers=(dask_worker.PIXELS,))


def seasons(folder: Path, episodes: int = 3) -> list[Recipe]:
    return [recipe(clips.film(folder / f"e{number}.mp4", 4.0, seed=number)) for number in range(episodes)]


def poisonous(path: Path) -> Recipe:
    """A film of grey pictures, one of them magenta all over."""

    def picture(number: int) -> np.ndarray:
        return np.full((108, 192, 3), (250, 10, 250) if number == 64 else (90, 90, 90 + number % 5), np.uint8)

    return recipe(films.film(path, range(0, 4000, 40), picture, options={"g": "25", "preset": "ultrafast"}))


def read(dask: Dask, recipes: Sequence[Recipe], **how: object) -> dict[int, season.Episode | BaseException]:
    with dask_cluster.connect(dask.address, read_builtin.fingerprint) as there:
        ends = season.read_season(
            recipes, there.executor, slots=there.threads, moments=MOMENTS, in_words=dask_cluster.translate_errors, **how
        )
        return dict(ends)


def here(recipes: Sequence[Recipe]) -> list[pd.DataFrame]:
    """The rows that one process gives."""
    return [read_file.read_recipe(each) for each in recipes]


def same(ends: dict[int, season.Episode | BaseException], expected: Sequence[pd.DataFrame]) -> None:
    assert sorted(ends) == list(range(len(expected)))
    for place, table in enumerate(expected):
        assert isinstance(ends[place], season.Episode), ends[place]
        pd.testing.assert_frame_equal(read_file.make_table(ends[place].samples, {}), table, check_exact=True)


def test_two_workers_give_the_rows_of_one_process(dask: Dask, tmp_path: Path) -> None:
    recipes = seasons(tmp_path)
    told: list[tuple[int, int, int]] = []
    ends = read(dask, recipes, progress=lambda *far: told.append(far))

    same(ends, here(recipes))
    assert {place for place, _, _ in told} == {0, 1, 2}
    for place in range(3):
        assert [found for at, found, _ in told if at == place][-1] == len(ends[place].samples)


def test_a_film_that_is_skimmed_gives_the_rows_of_one_process(dask: Dask, tmp_path: Path) -> None:
    path = films.film(tmp_path / "uneven.mp4", SLOW, options=FORCED, keys=UNEVEN)
    skim = replace(recipe(path), step=Step(2000), skim=True)

    same(read(dask, [skim]), here([skim]))


def test_a_worker_killed_in_the_middle_leaves_no_trace(dask: Dask, tmp_path: Path) -> None:
    recipes = seasons(tmp_path)
    expected = here(recipes)
    (dask.folder / "slow").touch()
    killed: list[int] = []

    def kill(place: int, found: int, total: int) -> None:
        if not killed and found < total / 2:
            killed.append(found)
            dask.killed()

    ends = read(dask, recipes, progress=kill)

    assert killed, "it was killed while there was work left"
    assert len(dask.workers) == 1
    same(ends, expected)


def test_a_poisonous_segment_fails_its_own_scene_after_two_retries(dask: Dask, tmp_path: Path) -> None:
    recipes = [*seasons(tmp_path, 1), poisonous(tmp_path / "poison.mp4")]
    ends = read(dask, recipes)

    assert isinstance(ends[0], season.Episode)
    assert "this picture is poison" in str(ends[1])
    assert len((dask.folder / "poison").read_text().split()) == 1 + dask_cluster.RETRIES


def test_a_segment_that_kills_its_workers_fails_its_own_scene_with_a_sentence(dask: Dask, tmp_path: Path) -> None:
    (dask.folder / "deadly").touch()
    while len(dask.workers) < 5:
        dask.start()
    ends = read(dask, [*seasons(tmp_path, 1), poisonous(tmp_path / "poison.mp4")])
    dask.workers[:] = [worker for worker in dask.workers if worker.poll() is None]

    assert isinstance(ends[0], season.Episode)
    assert isinstance(ends[1], JobError)
    assert "poison.mp4: each worker that read one of its segments died over it" in str(ends[1])


def test_the_command_line_reads_a_season_and_tells_which_episode_failed(
    dask: Dask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = seasons(tmp_path, 2), poisonous(tmp_path / "poison.mp4")
    files = [each.source for each in (*good, bad)]
    (tmp_path / "tables").mkdir()
    tools = ["--every", "40ms", "--finder", dask_worker.SQUARES, "--readers", dask_worker.PIXELS]
    code = main(["read", *files, "--scheduler", dask.address, "--out", str(tmp_path / "tables"), *tools])
    said = capsys.readouterr().err

    assert code == 2
    assert "http://127.0.0.1" in said
    assert "poison.mp4: Outtake made a mistake (ZeroDivisionError: this picture is poison)" in said
    assert "The other 2 are read." in said
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == ["e0.csv", "e1.csv"]
    assert len(pd.read_csv(tmp_path / "tables" / "e1.csv")) == len(here(good)[1])


@pytest.mark.clips
def test_the_real_networks_say_the_same_on_two_workers(dask: Dask, media: Path) -> None:
    asked = Recipe(str(media / "scene.mp4"), Step(200), 9000, 14_000, finder="mtcnn", readers=("builtin",))
    same(read(dask, [asked]), here([asked]))


def test_where_no_scheduler_answers_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(timing.VARIABLE, '{"scheduler_s": 0.5}')
    with (
        pytest.raises(JobError, match=r"No Dask scheduler answers at tcp://127.0.0.1:9.*dask scheduler"),
        dask_cluster.connect("tcp://127.0.0.1:9", read_builtin.fingerprint),
    ):
        pass


def test_workers_with_other_networks_are_refused(dask: Dask) -> None:
    with pytest.raises(JobError, match="other networks"), dask_cluster.connect(dask.address, os.getpid):
        pass


def test_the_app_reads_on_the_cluster_that_a_setting_names(
    dask: Dask, tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker as the page starts it, shut in but for the scheduler; its rows are those of this machine alone."""
    asked = Recipe(str(clips.film(tmp_path / "e.mp4", 3.0)), finder="mtcnn", readers=("builtin",))
    scene_id = store.add(asked, "An episode")
    monkeypatch.setenv("OUTTAKE_SCHEDULER", "tcp://127.0.0.1:9")
    jobs.start(scene_id, store)

    assert _ended(store, scene_id).state == "failed"
    assert store.scene(scene_id).error.startswith("No Dask scheduler answers at tcp://127.0.0.1:9")

    monkeypatch.setenv("OUTTAKE_SCHEDULER", dask.address.replace("127.0.0.1", "localhost"))
    jobs.retry(scene_id, store)

    assert _ended(store, scene_id).state == "done", store.scene(scene_id).error
    monkeypatch.delenv("OUTTAKE_SCHEDULER")
    here = store.add(replace(asked, budget=1000), "The same")
    jobs.run(here, store=store)
    assert store.samples(scene_id) == store.samples(here)


def _ended(store: Store, scene_id: int) -> Scene:
    until = time.monotonic() + PATIENCE_S
    while (scene := store.scene(scene_id)).state in ("queued", "reading") and time.monotonic() < until:
        time.sleep(0.2)
    return scene
