"""The command line where its output goes nowhere, or somebody stops it: a sentence or silence, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import clips
from tests.support.project import ROOT

READ = ("--finder", "mtcnn", "--readers", "builtin")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return clips.film(tmp_path / "a.mp4", 2.0)


def run(words: list[str], ends: str) -> subprocess.CompletedProcess[str]:
    """A command with what a shell puts behind it."""
    line = [sys.executable, "-m", "core", *words]
    return subprocess.run(
        ["sh", "-c", f'"$@" {ends}', "sh", *line], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("ends", "why"), [("> /dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
@pytest.mark.parametrize("command", ["list", "read", "peaks"])
def test_an_output_that_takes_nothing_is_one_sentence(film, command, ends, why):
    done = run([command, *([] if command == "list" else [str(film), *READ])], ends)

    assert done.returncode == 2
    assert done.stderr == f"Standard output cannot be written ({why}). Make room on the disk, or send it elsewhere.\n"


def test_without_any_stream_there_is_silence_and_a_code(film):
    assert run(["read", str(film), *READ], ">&- 2>&-").returncode == 2
    done = run(["read", str(film), *READ], "| true")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.7, 1.5])
def test_somebody_who_stops_it_reads_one_word(tmp_path, after_s):
    """Helpers that read for it are stopped by the same key, and say nothing."""
    path = clips.film(tmp_path / "long.mp4", 120.0)
    line = [sys.executable, "-m", "core", "read", str(path), *READ, "--out", str(tmp_path / "x.csv")]
    child = subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    time.sleep(after_s)
    os.killpg(child.pid, signal.SIGINT)
    said = child.communicate(timeout=60)[1]

    assert (child.returncode, said) == (130, "Stopped.\n")
    assert not (tmp_path / "x.csv").exists()
