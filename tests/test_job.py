"""A scene's worker: what it writes, how it ends, and what the shelf says of it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from core import settings
from core.errors import JobError, ReaderError, VideoError
from core.host import home
from core.model import Found, Image, Recipe
from core.reading import tracks
from core.reading.pipeline import BATCH, read_frames
from core.shelf import jobs, read_file
from core.store.scenes import Store
from core.video import clip, stills
from tests.support import clips
from tests.support.cases import quick
from tests.support.project import ROOT


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clips.film(tmp_path_factory.mktemp("film") / "film.mp4", 8.0)


def add(store: Store, film: Path, **said: str | int) -> int:
    return store.add(settings.recipe(film, **said), "Film")


def until(truth: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until it is true, or fail."""
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def halting(after: int, how: Callable[[], None]) -> read_file.Equip:
    """Tools that do something to the worker at the picture of that number."""
    seen = 0

    def find(image: Image) -> tuple[Found, ...]:
        nonlocal seen
        seen += 1
        if seen == after:
            how()
        return clips.find(image)

    return lambda recipe: ("pixels", find, clips.equip(recipe)[2])


def broken(error: BaseException) -> Callable[[], None]:
    def how() -> None:
        raise error

    return how


def test_a_worker_writes_what_the_pipeline_says(store: Store, film: Path) -> None:
    scene_id = add(store, film)
    jobs.run(scene_id, store=store, equip=clips.equip)
    _, find, readers = clips.equip(Recipe(str(film)))
    seen = list(read_frames(clip.frames(film), find, readers))
    scene = store.scene(scene_id)

    assert store.samples(scene_id) == tuple(tracks.assign_tracks(each.sample for each in seen))
    assert (scene.state, scene.found, scene.expected, scene.alive) == ("done", 40, 40, False)
    assert (scene.finder, scene.readers, scene.video) == ("pixels", ("doubting", "certain"), clip.probe(film))
    thumb = stills.decode(store.thumb(scene_id, 200) or b"")
    assert thumb.shape == (clips.HEIGHT, clips.WIDTH, 3)
    faces = [(each.sample.t_ms, index) for each in seen for index in range(len(each.crops))]
    assert faces and set(store.crops(scene_id, faces)) == set(faces)


def test_a_wide_picture_is_kept_640_px_wide(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "WIDTH", 1280)
    scene_id = add(store, clips.film(tmp_path / "wide.mp4", 0.4, shots=1))
    jobs.run(scene_id, store=store, equip=clips.equip)

    assert stills.decode(store.thumb(scene_id, 0) or b"").shape == (54, 640, 3)


def test_progress_is_told_group_by_group(store: Store, film: Path) -> None:
    told: list[tuple[int, int]] = []
    jobs.run(add(store, film), store=store, equip=clips.equip, progress=lambda *now: told.append(now))

    assert told == [(10, 40), (20, 40), (30, 40), (40, 40)]


@pytest.mark.parametrize("after", quick([1, 8, 9, 20, 39, 40], 1, 20))
def test_a_worker_that_failed_at_any_moment_is_resumed_to_the_same_rows(store: Store, film: Path, after: int) -> None:
    whole = add(store, film)
    jobs.run(whole, store=store, equip=clips.equip)
    halted = add(store, film, smallest_face=25)
    with pytest.raises(OSError, match="unplugged"):
        jobs.run(halted, store=store, equip=halting(after, broken(OSError("unplugged"))))
    assert store.scene(halted).found < 40

    jobs.run(halted, store=store, equip=clips.equip)
    assert store.samples(halted) == store.samples(whole)
    assert store.scene(halted).state == "done"


def test_a_resumed_scene_is_read_on_with_what_it_began_with(store: Store, film: Path) -> None:
    scene_id = add(store, film)
    with pytest.raises(OSError, match="unplugged"):
        jobs.run(scene_id, store=store, equip=halting(20, broken(OSError("unplugged"))))
    asked: list[Recipe] = []

    def equip(recipe: Recipe) -> read_file.Tools:
        asked.append(recipe)
        return clips.equip(recipe)

    jobs.run(scene_id, store=store, equip=equip)
    assert (asked[0].finder, asked[0].readers) == ("pixels", ("doubting", "certain"))
    assert store.scene(scene_id).recipe.finder == "auto"


def test_a_file_that_changed_meanwhile_is_not_read_on(store: Store, tmp_path: Path) -> None:
    film = clips.film(tmp_path / "film.mp4", 4.0)
    scene_id = add(store, film)
    with pytest.raises(OSError, match="unplugged"):
        jobs.run(scene_id, store=store, equip=halting(12, broken(OSError("unplugged"))))
    clips.film(film, 5.0, seed=1)

    with pytest.raises(JobError, match="not the file it was"):
        jobs.run(scene_id, store=store, equip=clips.equip)
    assert store.scene(scene_id).state == "failed" and store.scene(scene_id).found == BATCH


@pytest.mark.parametrize(
    ("error", "state", "says"),
    [
        (ReaderError("The reader is not here."), "failed", "The reader is not here."),
        (MemoryError(), "stopped", "out of memory"),
        (KeyboardInterrupt(), "stopped", ""),
        (ZeroDivisionError("oops"), "failed", "Outtake made a mistake (ZeroDivisionError: oops)"),
    ],
)
def test_whatever_ends_a_worker_is_raised_and_told_on_the_shelf(
    store: Store, film: Path, error: BaseException, state: str, says: str
) -> None:
    scene_id = add(store, film)

    with pytest.raises(type(error)):
        jobs.run(scene_id, store=store, equip=halting(12, broken(error)))
    scene = store.scene(scene_id)
    assert (scene.state, scene.found, scene.alive) == (state, BATCH, False)
    assert says in scene.error


def test_a_file_that_is_no_video_fails_with_its_sentence(store: Store, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("words")
    scene_id = add(store, tmp_path / "text.mp4")

    with pytest.raises(VideoError):
        jobs.run(scene_id, store=store, equip=clips.equip)
    assert store.scene(scene_id).error.startswith("“Film” is text, not a video")


def test_a_span_without_a_picture_fails_with_its_sentence(store: Store, film: Path) -> None:
    scene_id = add(store, film, start="1:00")

    with pytest.raises(VideoError, match="no picture"):
        jobs.run(scene_id, store=store, equip=clips.equip)


def test_a_stopped_worker_ends_quietly_and_its_scene_can_be_resumed(store: Store, film: Path) -> None:
    scene_id = add(store, film)
    jobs.run(scene_id, store=store, equip=halting(22, lambda: jobs.stop(scene_id, store)))
    scene = store.scene(scene_id)

    assert (scene.state, scene.found, scene.error) == ("stopped", 2 * BATCH, "")
    jobs.run(scene_id, store=store, equip=clips.equip)
    assert store.scene(scene_id).state == "done"


@pytest.mark.slow
def test_a_worker_that_waits_for_a_slow_picture_hears_the_stop(store: Store, film: Path) -> None:
    """The sign of life notices, before the next group is written."""
    scene_id = add(store, film)
    running = threading.Thread(target=jobs.run, args=[scene_id], kwargs={"store": store, "equip": clips.slow(0.3)})
    running.start()
    until(lambda: store.scene(scene_id).found >= 8)
    jobs.stop(scene_id, store)

    running.join(timeout=8)
    assert not running.is_alive()


def test_a_scene_deleted_under_its_worker_is_gone_and_the_worker_ends(store: Store, film: Path) -> None:
    scene_id = add(store, film)
    jobs.run(scene_id, store=store, equip=halting(20, lambda: jobs.delete(scene_id, store)))

    assert store.scenes() == []


def test_a_second_worker_takes_over_and_the_first_one_ends(store: Store, film: Path) -> None:
    scene_id = add(store, film)
    whole = add(store, film, smallest_face=25)
    jobs.run(whole, store=store, equip=clips.equip)
    take_over = halting(20, lambda: jobs.run(scene_id, store=store, equip=clips.equip))
    jobs.run(scene_id, store=store, equip=take_over)

    assert store.samples(scene_id) == store.samples(whole)
    assert store.scene(scene_id).state == "done"


@pytest.mark.slow
def test_signs_of_life_come_while_a_picture_takes_long(store: Store, film: Path) -> None:
    scene_id = add(store, film, budget=8)
    seen: list[bool] = []

    def look() -> None:
        time.sleep(6)
        seen.append(store.scene(scene_id).alive)

    jobs.run(scene_id, store=store, equip=halting(3, look))
    assert seen == [True]


def real(store: Store, film: Path) -> int:
    """A scene for a real worker process with the real networks, long enough to be caught at work."""
    return add(store, film, every="40ms", finder="mtcnn", readers="builtin")


@pytest.fixture
def at_work(store: Store, tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A scene that a real worker process has written first rows of."""
    scene_id = real(store, clips.film(tmp_path / "long.mp4", 60.0))
    jobs.start(scene_id, store)
    child = jobs._children[scene_id]
    until(lambda: store.scene(scene_id).found > 0 or child.poll() is not None, 60)
    assert child.poll() is None, home.log_file(scene_id).read_text()
    yield scene_id, child
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def zombies() -> list[str]:
    """This process's children that ended and were not waited for."""
    told = [Path(f"/proc/{entry.name}/stat") for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    parts = [stat.read_text().rpartition(")")[2].split() for stat in told if stat.exists()]
    return [part[1] for part in parts if part[0] == "Z" and part[1] == str(os.getpid())]


def test_a_started_worker_reads_its_scene_to_the_end(store: Store, film: Path) -> None:
    scene_id = store.add(settings.recipe(film, every="1s", finder="mtcnn", readers="builtin"), "Film")
    jobs.start(scene_id, store)

    assert store.scene(scene_id).state in ("queued", "reading") and store.scene(scene_id).alive
    until(lambda: store.scene(scene_id).state not in ("queued", "reading"), 60)
    assert store.scene(scene_id).error == "" and store.scene(scene_id).found == 8
    until(lambda: scene_id not in jobs._children)
    assert zombies() == []
    jobs.start(scene_id, store)  # done is done
    assert store.scene(scene_id).state == "done" and scene_id not in jobs._children


@pytest.mark.slow
def test_a_killed_worker_is_seen_as_dead_and_says_what_to_do(
    store: Store, at_work: tuple[int, subprocess.Popen[bytes]]
) -> None:
    scene_id, child = at_work
    os.killpg(child.pid, signal.SIGKILL)

    until(lambda: store.scene(scene_id).state == "stopped", 10)
    scene = store.scene(scene_id)
    assert not scene.alive and scene.found % BATCH == 0
    assert "memory" in scene.error and "resume" in scene.error
    assert zombies() == []


@pytest.mark.slow
def test_a_killed_worker_is_seen_as_dead_within_ten_seconds_when_nobody_watched_it(store: Store, film: Path) -> None:
    """Its starter may be gone: the missing sign of life is enough."""
    scene_id = add(store, film)
    command = [sys.executable, "-m", "tests.support.slow_worker", store.url, str(scene_id), "0.2"]
    with subprocess.Popen(command, cwd=ROOT) as child:
        until(lambda: store.scene(scene_id).found > 0)
        child.kill()
        killed = time.monotonic()
    assert store.scene(scene_id).alive

    until(lambda: not store.scene(scene_id).alive, 10)
    assert time.monotonic() - killed > 2
    assert store.scene(scene_id).state == "reading"


@pytest.mark.slow
def test_a_worker_stuck_in_a_picture_ends_itself_when_it_was_stopped(store: Store, film: Path) -> None:
    """Also when the page that started it is gone and cannot kill it."""
    scene_id = add(store, film)
    command = [sys.executable, "-m", "tests.support.slow_worker", store.url, str(scene_id), "600"]
    with subprocess.Popen(command, cwd=ROOT) as child:
        until(lambda: store.scene(scene_id).finder == "pixels")
        store.stop(scene_id)
        assert child.wait(15) == 1
    assert store.scene(scene_id).state == "stopped"


@pytest.mark.slow
def test_a_crash_is_told_with_the_place_of_its_traces(
    store: Store, at_work: tuple[int, subprocess.Popen[bytes]]
) -> None:
    scene_id, child = at_work
    os.kill(child.pid, signal.SIGSEGV)

    until(lambda: store.scene(scene_id).state == "failed", 10)
    assert "SIGSEGV" in store.scene(scene_id).error
    assert "Segmentation fault" in home.log_file(scene_id).read_text()


@pytest.mark.slow
def test_a_stopped_worker_process_ends_within_a_moment(
    store: Store, at_work: tuple[int, subprocess.Popen[bytes]]
) -> None:
    scene_id, child = at_work
    jobs.stop(scene_id, store)

    assert store.scene(scene_id).state == "stopped"
    until(lambda: child.poll() is not None, 8)
    until(lambda: scene_id not in jobs._children)
    assert (store.scene(scene_id).state, store.scene(scene_id).error) == ("stopped", "")


def deafen(store: Store, child: subprocess.Popen[bytes]) -> None:
    """Make the worker as deaf as a process can be, but not while it holds the database."""
    while True:
        os.kill(child.pid, signal.SIGSTOP)
        file = store.url.removeprefix("sqlite:///")
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file, timeout=0.1)) as db:
            db.execute("BEGIN IMMEDIATE")
            return
        os.kill(child.pid, signal.SIGCONT)
        time.sleep(0.02)


@pytest.mark.slow
def test_a_worker_that_does_not_obey_is_killed(store: Store, at_work: tuple[int, subprocess.Popen[bytes]]) -> None:
    scene_id, child = at_work
    deafen(store, child)
    jobs.stop(scene_id, store)

    until(lambda: child.poll() is not None, 10)
    assert child.returncode == -signal.SIGKILL
    assert store.scene(scene_id).state == "stopped"


@pytest.mark.slow
def test_a_retry_begins_again_while_the_old_worker_is_still_dying(
    store: Store, at_work: tuple[int, subprocess.Popen[bytes]]
) -> None:
    scene_id, child = at_work
    deafen(store, child)
    jobs.retry(scene_id, store)

    fresh = jobs._children[scene_id]
    assert fresh is not child and store.scene(scene_id).found == 0
    until(lambda: child.poll() is not None, 10)
    until(lambda: store.scene(scene_id).found > 0, 60)
    assert store.scene(scene_id).state in ("reading", "done")
    jobs.stop(scene_id, store)
    until(lambda: fresh.poll() is not None, 10)


def test_a_worker_that_cannot_even_begin_is_told(store: Store, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "ROOT", film.parent)  # where there is no program
    scene_id = add(store, film)
    jobs.start(scene_id, store)

    until(lambda: store.scene(scene_id).state == "failed")
    assert "No module named core" in store.scene(scene_id).error


def test_an_interpreter_that_is_gone_is_told(store: Store, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    scene_id = add(store, film)

    with pytest.raises(JobError, match="could not be started"):
        jobs.start(scene_id, store)
    assert store.scene(scene_id).state == "failed"


@pytest.mark.slow
def test_a_scene_that_is_being_read_is_not_started_twice(
    store: Store, at_work: tuple[int, subprocess.Popen[bytes]]
) -> None:
    scene_id, child = at_work
    jobs.start(scene_id, store)

    assert jobs._children[scene_id] is child and store.scene(scene_id).state == "reading"


def test_the_page_loads_no_decoder_and_no_network_to_start_workers() -> None:
    code = "import sys, core.shelf.jobs; print(sorted({'av', 'cv2', 'onnxruntime', 'deepface'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
