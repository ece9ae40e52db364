"""One task of a kind at a time, over threads and processes, from its first moment to its end, however that comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from core.errors import JobError
from core.export import film_task
from core.export.kinds import Choices
from core.host import tasks, turns
from core.shelf import alike_task
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import strip
from tests.support.project import ROOT
from tests.support.waiting import until

HOLD = """
import sys, time
from core.errors import JobError
from core.host import turns
try:
    with turns.take_turn("film", "busy"):
        print("has it", flush=True)
        sys.stdin.read()
except JobError:
    print("busy", flush=True)
"""


@pytest.fixture(autouse=True)
def hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")


def holder() -> subprocess.Popen[str]:
    """A process that asks for a turn and keeps it until it is ended."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", HOLD], cwd=ROOT, text=True, **pipes)


def first_word(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    return child.stdout.readline().strip()


def test_of_many_processes_that_ask_at_the_same_moment_one_has_the_turn_until_it_is_killed(home: Path) -> None:
    children = [holder() for _ in range(6)]
    said = [first_word(child) for child in children]
    assert sorted(said) == ["busy"] * 5 + ["has it"]

    children[said.index("has it")].kill()
    children[said.index("has it")].wait()
    with turns.take_turn("film", "busy"):
        pass
    for child in children:
        child.kill()
        child.wait()


def test_a_film_of_which_nothing_is_written_yet_counts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty-eight people press at once; the writer that began has said nothing but 0.0."""
    monkeypatch.setattr(film_task, "video_path", lambda scene: Path("/nothing.mp4"))
    monkeypatch.setattr(tasks, "ROOT", ROOT / "tests" / "support" / "idle")  # a `python -m core` that only waits
    scenes = [store.scene(seed.scene(store, strip("nnh."), f"Scene {number}")) for number in range(48)]
    together, ends = Barrier(len(scenes)), []

    def press(scene: object) -> None:
        together.wait()
        try:
            ends.append(film_task.start_film(scene, Choices(reader="builtin"), (), store.url).state)  # type: ignore[arg-type]
        except JobError as error:
            ends.append(str(error))

    threads = [Thread(target=press, args=[scene]) for scene in scenes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == [film_task.BUSY] * 47 + ["writing"]
    assert len(idle_processes()) == 1
    (writer,) = idle_processes()
    os.kill(writer, signal.SIGKILL)
    until(lambda: not idle_processes())
    with turns.take_turn("film", "busy"):
        pass


def test_the_comparison_of_faces_has_a_turn_of_its_own_while_its_process_lives(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "ROOT", ROOT / "tests" / "support" / "idle")
    first, second = (store.scene(seed.scene(store, strip("nnh."), title)) for title in "AB")
    alike_task.start(first, (), store.url)
    with pytest.raises(JobError, match="Faces of another scene"):
        alike_task.start(second, (), store.url)
    with turns.take_turn("film", "busy"):
        pass

    (process,) = idle_processes()
    os.kill(process, signal.SIGKILL)
    until(lambda: not idle_processes())
    alike_task.start(second, (), store.url)
    (process,) = idle_processes()
    os.kill(process, signal.SIGKILL)


def test_a_turn_is_waited_for_as_long_as_one_is_patient(home: Path) -> None:
    child = holder()
    assert first_word(child) == "has it"
    with pytest.raises(JobError, match=r"^busy$"), turns.take_turn("film", "busy", 0.3):
        pass
    Thread(target=child.kill).start()
    with turns.take_turn("film", "busy", 30):
        child.wait()


def test_on_your_own_machine_nobody_waits(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUTTAKE_HOSTED")
    with turns.take_turn("film", "busy"), turns.take_turn("film", "busy") as turn:
        assert turn == ()


def idle_processes() -> list[int]:
    """The processes of this test's home that only wait; those that have ended are not among them."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ended = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            mine = f"OUTTAKE_HOME={os.environ['OUTTAKE_HOME']}" in (entry / "environ").read_text().split("\0")
            if mine and not ended and "-m\0core" in (entry / "cmdline").read_text():
                found.append(int(entry.name))
        except OSError:
            continue
    return found
