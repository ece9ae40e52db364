"""A cluster is started as the README says, by its own commands in the project's folder, and reads for Outtake."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.faces import read_builtin
from core.host import timing
from core.reading import dask_cluster
from tests.support.documents import section, shell_blocks
from tests.support.project import ROOT

pytestmark = pytest.mark.slow

pytest.importorskip("distributed", reason="requirements-dev.txt brings dask[distributed]")

PATIENCE_S = 240


def told(what: str) -> list[str]:
    """The README's command that starts a scheduler or a worker."""
    lines = "".join(shell_blocks(section("A season on a cluster"))).splitlines()
    command = next(line for line in lines if line.startswith(f"python -m dask {what}"))
    return [sys.executable, *shlex.split(command, comments=True)[1:]]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A scheduler and a worker; only ports, and how many workers, are the test's own."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    file = tmp_path / "scheduler.json"
    more = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(file)]
    started = [_started([*told("scheduler"), *more], own, tmp_path)]
    try:
        until = time.monotonic() + PATIENCE_S
        while not file.is_file() and time.monotonic() < until:
            time.sleep(0.1)
        worker = [word for word in told("worker") if not word.startswith("tcp://")]
        worker[worker.index("--nworkers") + 1] = "1"
        started.append(_started([*worker, "--no-dashboard", "--scheduler-file", str(file)], own, tmp_path))
        yield file.read_text().split('"address": "')[1].split('"')[0]
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def _started(command: list[str], own: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=own, stdout=log, stderr=log)


def test_a_cluster_that_is_started_as_the_readme_says_has_outtake_on_it(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(timing.VARIABLE, json.dumps({"cluster_s": PATIENCE_S}))
    with dask_cluster.connect(address, read_builtin.fingerprint) as found:
        assert found.threads == 1
        assert found.executor.submit(read_builtin.fingerprint).result(PATIENCE_S) == read_builtin.fingerprint()
