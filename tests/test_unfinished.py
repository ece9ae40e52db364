"""Files that are being written: whole under their name or not there, however the writer ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from core.host import unfinished
from core.host.unfinished import open_unfinished
from core.model import Recipe
from core.store.scenes import Store
from tests.support import clips, seed
from tests.support.builders import strip
from tests.support.project import ROOT


@pytest.mark.parametrize("nameless", [True, False])
def test_a_file_takes_the_place_of_the_one_before_once_it_is_kept(
    nameless: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not nameless:
        monkeypatch.setattr(unfinished, "OWN_FILES", tmp_path / "nowhere")
    target = tmp_path / "a.txt"
    target.write_text("before")

    with open_unfinished(target) as file:
        file.path.write_text("given up")
    assert target.read_text() == "before"
    with open_unfinished(target) as file:
        file.path.write_text("after")
        assert target.read_text() == "before"
        file.keep()
    assert target.read_text() == "after"
    with pytest.raises(RuntimeError), open_unfinished(target) as file:
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("nameless", [True, False])
def test_many_may_write_the_same_file_at_once(nameless: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not nameless:
        monkeypatch.setattr(unfinished, "OWN_FILES", tmp_path / "nowhere")
    target, together = tmp_path / "a.txt", Barrier(8)

    def write(number: int) -> None:
        for _ in range(20):
            with open_unfinished(target) as file:
                file.path.write_text(str(number) * 1000)
                together.wait()
                file.keep()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert len(set(target.read_text())) == 1 and list(tmp_path.iterdir()) == [target]


def test_a_kept_file_has_the_rights_that_every_new_file_has(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with open_unfinished(tmp_path / "kept") as file:
        file.keep()

    assert (tmp_path / "kept").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_unfinished(tmp_path / "gone" / "a.txt"):
        pass


def opens_in(pid: int, folder: Path) -> bool:
    """Whether the process has a file of the folder open, named or not."""
    links = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(entry.readlink()))
        except FileNotFoundError:
            continue
    return any(link.startswith(f"{folder}/") for link in links)


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("told", [False, True])
def test_a_film_whose_writer_is_killed_leaves_nothing(
    blow: signal.Signals, told: bool, store: Store, home: Path
) -> None:
    film = clips.film(home / "film.mp4", 60.0)
    scene_id = store.add(Recipe(str(film)), "Film")
    token = store.claim(scene_id)
    store.begin_reading(scene_id, token, seed.VIDEO, "mtcnn", ["builtin"], 4)
    store.append(scene_id, token, seed.stored(strip("nnhh")))
    store.finish(scene_id, token)
    folder = home / "out"
    folder.mkdir()
    words = ["export", str(scene_id), "--to=video", f"--out={folder / 'film.mp4'}", *(["--told"] if told else [])]

    writer = subprocess.Popen([sys.executable, "-m", "core", *words], cwd=ROOT, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and writer.poll() is None and not opens_in(writer.pid, folder):
        time.sleep(0.02)
    assert opens_in(writer.pid, folder)
    writer.send_signal(blow)

    assert writer.wait(30) in (-blow, 128 + blow)
    assert [path.name for path in folder.iterdir() if path.suffix != ".json"] == []
