"""The command line: tables out of files, exit code 0, or 2 with one sentence."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, redirect_stderr, suppress
from pathlib import Path

import pandas as pd
import pytest

import core
from core import settings
from core.__main__ import main
from core.analysis import tables
from core.cli import progress
from core.store.scenes import Store
from tests.support import browser, clips, tab, traps
from tests.support.cases import quick
from tests.support.dropping import Dropper, session_of
from tests.support.project import ROOT

OURS = ["--finder", "mtcnn", "--readers", "builtin"]
"""What every machine has; other networks may have to be fetched first."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clips.film(tmp_path_factory.mktemp("film") / "film.mp4", 2.0, shots=2)


def outtake(*words: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a program."""
    command = [sys.executable, "-m", "core", *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, timeout=120, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )


def sentence(code: int, out: str, said: str) -> str:
    """What a failed command says, which has to be one line and nothing else."""
    assert (code, out) == (2, ""), said
    assert said.count("\n") == 1 and said.rstrip().endswith("."), said
    return said.rstrip()


def test_read_prints_the_table_and_nothing_else(film: Path) -> None:
    done = outtake("read", film, "--every", "500ms", *OURS)

    assert (done.returncode, done.stderr) == (0, b"")
    table = pd.read_csv(io.BytesIO(done.stdout))
    assert list(table.columns) == [*tables.ROW_TYPES, "outtake_version"]
    assert table["t_ms"].tolist() == [0, 520, 1000, 1520]


@pytest.mark.parametrize("suffix", ["csv", "parquet", "json"])
def test_read_writes_the_format_that_the_name_says(suffix: str, film: Path, tmp_path: Path) -> None:
    target = tmp_path / f"film.{suffix}"
    assert main(["read", str(film), "--every-frames", "25", "--out", str(target), *OURS]) == 0

    readers = {"csv": pd.read_csv, "parquet": pd.read_parquet, "json": pd.read_json}
    assert readers[suffix](target)["t_ms"].tolist() == [0, 1000]


def test_every_setting_reaches_the_reading(film: Path, tmp_path: Path) -> None:
    words = ["--every", "0.1s", "--start", "0:00.5", "--end", "1.5", "--budget", "4", "--smallest-face", "30", *OURS]
    assert main(["read", str(film), "--out", str(tmp_path / "a.csv"), *words]) == 0

    times = pd.read_csv(tmp_path / "a.csv")["t_ms"]
    assert times.min() >= 500 and times.max() < 1500 and 3 <= times.nunique() <= 4


def test_several_files_get_a_table_each_in_a_folder(film: Path, tmp_path: Path) -> None:
    second = shutil.copy(film, tmp_path / "second.mp4")
    assert main(["read", str(film), str(second), "--every", "1s", "--out", str(tmp_path), *OURS]) == 0

    tables_made = [(tmp_path / name).read_bytes() for name in ("film.csv", "second.csv")]
    assert tables_made[0] == tables_made[1] and tables_made[0].count(b"\n") == 3


def test_from_python_it_is_one_call(film: Path) -> None:
    table = core.read(film, every="1s", finder="mtcnn", readers="builtin")

    assert table["t_ms"].tolist() == [0, 1000]
    assert table.attrs["readers"] == ["builtin"]


def test_adding_listing_exporting_and_adding_again(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list"]) == 0
    assert "The shelf is empty" in capsys.readouterr().out
    for _ in range(2):
        assert main(["add", str(film), "--title", "The film", "--every", "1s", *OURS]) == 0
        row = capsys.readouterr().out.splitlines()[1]
        assert re.fullmatch(r"1 +done +2 +0:02 +1000 ms +The film", row)

    assert main(["list"]) == 0
    assert row in capsys.readouterr().out
    assert main(["export", "1", "--out", str(tmp_path / "a.json")]) == 0
    assert [row["t_ms"] for row in json.loads((tmp_path / "a.json").read_text())] == [0, 1000]


def test_export_gives_what_read_gives_and_what_is_doubted(film: Path, tmp_path: Path) -> None:
    assert main(["add", str(film), *OURS]) == 0
    assert main(["export", "1", "--out", str(tmp_path / "exported.csv")]) == 0
    assert main(["read", str(film), "--out", str(tmp_path / "read.csv"), *OURS]) == 0

    exported = pd.read_csv(tmp_path / "exported.csv")
    known = [*tables.ROW_TYPES, *tables.REMARK_TYPES]
    assert list(exported.columns)[: len(known)] == known
    read = pd.read_csv(tmp_path / "read.csv")
    pd.testing.assert_frame_equal(exported[list(tables.ROW_TYPES)], read[list(tables.ROW_TYPES)])


def test_the_list_tells_the_length_of_the_stretch_that_was_read(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", str(film), "--every", "500ms", "--start", "0:00.5", "--end", "0:01.5", *OURS]) == 0
    assert re.search(r"1 +done +2 +0:01 +500 ms", capsys.readouterr().out)


@pytest.mark.slow
@pytest.mark.clips
def test_the_list_tells_how_far_a_broken_file_could_be_read(media: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", str(media / "traps" / "corrupt_bytes.mp4"), "--every", "1s", *OURS]) == 0
    added = capsys.readouterr().out

    assert re.search(r"1 +done +6 +0:05 of 0:22 +1000 ms", added)
    assert main(["list"]) == 0
    assert capsys.readouterr().out == added


def test_run_is_the_worker_of_a_scene(film: Path) -> None:
    store = Store()
    scene_id = store.add(settings.recipe(film, every="1s", finder="mtcnn", readers="builtin"), "Film")
    done = outtake("run", str(scene_id))

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert store.scene(scene_id).state == "done"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["read", "gone.mp4"], "gone.mp4"),
        (["read", "{film}", "--every", "0ms"], "every 0ms"),
        (["read", "{film}", "--every", "1s", "--every-frames", "5"], "Choose one"),
        (["read", "{film}", "--start", "0:10"], "no picture between 0:10"),
        (["read", "{film}", "--start", "5", "--end", "0:03"], "not after the start"),
        (["read", "{film}", "--finder", "crystal-ball"], "crystal-ball"),
        (["read", "{film}", "--readers", "tea-leaves"], "tea-leaves"),
        (["read", "{film}", "--out", "film.xls"], ".csv, .parquet, .json or .xlsx"),
        (["read", "{film}", "--out", "nowhere/film.csv"], "nowhere"),
        (["read", "{film}", "{film}"], "--out"),
        (["read", "{film}", "{film}", "--out", "."], "Two of the files"),
        (["read", "{film}", "gone.mp4", "--out", "."], "gone.mp4"),
        (["read"], "file"),
        (["read", "{film}", "--loudly"], "--loudly"),
        (["export", "7"], "Scene 7 is not on the shelf"),
        (["export", "seven"], "seven"),
        (["export", "9" * 30], "9" * 30),
        (["run", "7"], "Scene 7 is not on the shelf"),
        (["dance"], "dance"),
        ([], "command"),
    ],
)
def test_a_mistake_is_one_sentence_and_leaves_no_file(
    words: list[str],
    says: str,
    film: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    code = main([word.format(film=film) for word in words])
    assert says in sentence(code, *capfd.readouterr())
    assert [each for each in tmp_path.iterdir() if each.name != "home"] == []


def test_a_mistake_ends_the_program_with_code_2(tmp_path: Path) -> None:
    done = outtake("read", "gone.mp4", cwd=tmp_path)

    assert "gone.mp4" in sentence(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_shelf_that_cannot_be_opened_is_one_sentence(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "outtake.db").write_bytes(b"no database at all, whatever its name" * 99)

    assert "not a database" in sentence(main(["list"]), *capfd.readouterr())


@pytest.mark.parametrize("command", ["read", "add", "peaks", "list", "export", "verdicts", "run"])
def test_every_command_has_help(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])

    assert ended.value.code == 0 and "usage" in capfd.readouterr().out


def test_a_reader_that_stops_listening_is_no_error(film: Path) -> None:
    command = (
        f"{sys.executable} -m core read '{film}' --every 40ms {' '.join(OURS)} | head -n 1; exit ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, timeout=120)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"t_ms,shot")


def test_a_terminal_shows_how_far_it_is_and_is_left_clean(film: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "core", "read", str(film), *OURS]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs) as child:
        os.close(theirs)
        assert child.stdout and child.stdout.read().startswith(b"t_ms")
        assert child.wait(60) == 0
    shown = os.read(ours, 65536).decode()
    os.close(ours)

    assert "film.mp4" in shown and "10 of 10 moments" in shown
    assert re.search(r"\r *\r$", shown)  # overwritten with spaces


def on_terminal(draw: Callable[[], None]) -> str:
    """Return what a call shows on a terminal that is its standard error."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal, redirect_stderr(terminal):
        draw()
    parts = []
    with suppress(OSError):  # how a terminal ends whose other side is closed
        while part := os.read(ours, 65536):
            parts.append(part)
    os.close(ours)
    return b"".join(parts).decode()


def test_the_progress_line_says_moments_and_time_left() -> None:
    def draw() -> None:
        with progress.bar("film.mp4") as show:
            assert show
            show(30, 120)
            show(120, 120)

    assert f"film.mp4  {'━' * 24}  120 of 120 moments, 00:00 left" in on_terminal(draw)


def test_a_board_has_a_line_for_each_file_and_counts_those_that_are_read() -> None:
    def draw() -> None:
        with closing(progress.Board(["one.mp4", "another.mp4"])) as board:
            board.show(0, 10, 10)
            board.show(1, 5, 5)
            board.end(0)

    shown = on_terminal(draw)
    assert "one.mp4      " in shown and "10 of 10 moments" in shown and "5 of 5 moments" in shown
    assert "1 of 2 read" in shown


@pytest.mark.clips
def test_the_table_of_traps_is_complete(media: Path) -> None:
    assert set(traps.TRAPS) == {path.name for path in (media / "traps").iterdir()}


@pytest.mark.clips
@pytest.mark.parametrize("name", quick(traps.TRAPS, "empty.mp4", "one_frame.mp4", "text_named.mp4", "trunc_half.webm"))
def test_a_trap_gives_a_table_or_one_sentence_and_no_file(
    name: str, media: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever FFmpeg thinks of a damaged file stays off the terminal."""
    target = tmp_path / "trap.csv"
    code = main(["read", str(media / "traps" / name), "--every", "1s", "--out", str(target), *OURS])
    out, said = capfd.readouterr()

    match traps.TRAPS[name]:
        case traps.Reads(last_ms=last_ms):
            assert (code, out) == (0, "")
            assert not said if name != "corrupt_bytes.mp4" else said.startswith(f"{name}: Parts of it are damaged")
            assert pd.read_csv(target)["t_ms"].nunique() == last_ms // 1000 + 1
        case traps.Refused(words):
            assert name in sentence(code, out, said) and words in said
            assert not target.exists()


@pytest.mark.slow
def test_one_command_serves_visitors_with_every_limit_in_force(home: Path) -> None:
    """It becomes the server: the same process answers, hosted, and takes no larger file than hosted mode does."""
    port = browser.free_port()
    own = {name: value for name, value in os.environ.items() if name != "OUTTAKE_HOSTED"}
    server = subprocess.Popen([sys.executable, "-m", "core", "host", f"--port={port}"], cwd=ROOT, env=own)
    try:
        address = browser.answering(port)
        dropper = Dropper(address)
        with tab.opened(address) as page:
            seen = page.ask()
            assert "a scene is deleted after 24 hours" in seen.text() and page.shelf
            assert dropper.drop(session_of(seen), b"x" * 51_000_000) == 413
            assert dropper.drop(session_of(seen), b"x" * 1000) == 204
    finally:
        server.terminate()
        server.wait(20)
