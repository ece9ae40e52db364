"""A season on Dask: one worker process against two, on this machine. python -m bench.season [--write]

Episodes are scene.mp4 enlarged to 720p and shown five times over; a moment every 200 ms, the built-in ensemble. The
workers are there before the clock starts and have read one episode, so that networks are loaded: a season is long.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from bench import environments, results
from bench.environments import cache
from bench.speed_clips import clip
from bench.speed_peers import ROOT
from core.faces import read_builtin
from core.model import Recipe
from core.reading import dask_cluster
from core.shelf import season

FASTER = 1.7
"""The aim for two workers, where there are cores for them and for who hands out the work."""


class Run(NamedTuple):
    """What reading the season took."""

    workers: int
    wall_s: float
    worker_cpu_s: float
    other_cpu_s: float
    """Of the scheduler and of the program that asked, which sees to cuts and tracks."""
    rows: int


def main() -> int:
    """Print the table; put it into RESULTS.md with --write. Exit code 1 when two workers miss the aim."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--episodes", type=int, default=2)
    made.add_argument("--times", type=int, default=5, help="how often an episode shows scene.mp4")
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    asked = made.parse_args()
    os.environ["OUTTAKE_HOME"] = str(environments.cache() / "home")
    recipes = [episode(number, asked.times) for number in range(asked.episodes)]
    load = os.getloadavg()[0]
    runs = [measured(count, recipes) for count in (1, 2)]
    text = report(runs, asked.episodes, asked.times, load)
    print(text)
    if asked.write:
        results.write("season", text)
    return int(runs[0].wall_s / runs[1].wall_s < FASTER)


def episode(number: int, times: int) -> Recipe:
    """Return the recipe of an episode; each is a file of its own."""
    path = cache() / "clips" / f"episode-{times}-{number}.mp4"
    if not path.exists():
        path.hardlink_to(clip(720, times))
    return Recipe(str(path), finder="mtcnn", readers=("builtin",))


def measured(workers: int, recipes: Sequence[Recipe]) -> Run:
    """Read the season on so many workers."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), workers) as (address, scheduler, processes):
        read(address, [episode(number, 1) for number in range(2 * workers)], workers)
        own, others = psutil.Process(), [psutil.Process(process.pid) for process in processes]
        before = [spent(other) for other in others], spent(own) + spent(scheduler)
        began = time.monotonic()
        rows = read(address, recipes)
        wall_s = time.monotonic() - began
        after = [spent(other) for other in others], spent(own) + spent(scheduler)
        return Run(workers, wall_s, sum(after[0]) - sum(before[0]), after[1] - before[1], rows)


def read(address: str, recipes: Sequence[Recipe], workers: int = 1) -> int:
    """Read all of it and return how many moments there are."""
    with dask_cluster.connect(address, read_builtin.fingerprint, workers) as there:
        ends = dict(
            season.read_season(recipes, there.executor, slots=there.threads, in_words=dask_cluster.translate_errors)
        )
    if broken := [end for end in ends.values() if isinstance(end, BaseException)]:
        raise broken[0]
    return sum(len(end.samples) for end in ends.values() if isinstance(end, season.Episode))


@contextmanager
def running(folder: Path, workers: int) -> Iterator[tuple[str, psutil.Process, list[subprocess.Popen[bytes]]]]:
    """A scheduler on loopback with so many workers of one thread: its address, its process, and theirs."""
    file = folder / "scheduler.json"
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    processes = [_started("scheduler", words)]
    try:
        while not (file.exists() and file.read_text().endswith("}")):
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        words = [address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]
        processes += [_started("worker", words) for _ in range(workers)]
        yield address, psutil.Process(processes[0].pid), processes[1:]
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def _started(what: str, words: Sequence[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words]
    own = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def spent(process: psutil.Process) -> float:
    """Return the processor time of a process so far, s."""
    times = process.cpu_times()
    return float(times.user + times.system)


def report(runs: Sequence[Run], episodes: int, times: int, load: float) -> str:
    """Markdown: both runs, and what the processor time says about their ratio."""
    one, two = runs
    cores, faster = len(os.sched_getaffinity(0)), one.wall_s / two.wall_s
    used = (two.worker_cpu_s + two.other_cpu_s) / two.wall_s
    lines = [
        "## A season on Dask\n",
        f"{episodes} episodes of {22.8 * times:.0f} s, 720p, a moment every 200 ms, on a real scheduler and worker "
        f"processes of one thread on loopback, {cores} cores in all, load before {load:.1f} "
        f"(`python -m bench.season`). Networks were loaded before.\n",
        "| workers | wall | moments/s | CPU of the workers | CPU of scheduler and client | cores used |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for run in runs:
        cpu = run.worker_cpu_s + run.other_cpu_s
        lines.append(
            f"| {run.workers} | {run.wall_s:.1f} s | {run.rows / run.wall_s:.0f} | {run.worker_cpu_s:.1f} s | "
            f"{run.other_cpu_s:.1f} s | {cpu / run.wall_s:.2f} |"
        )
    said = "holds" if faster >= FASTER else "**does not hold**"
    lines.append(f"\nTwo workers are {faster:.2f} times as fast as one (asked: {FASTER}; {said}).")
    if faster < FASTER:
        lines.append(
            f"They used {used:.2f} of {cores} cores; one worker already used "
            f"{(one.worker_cpu_s + one.other_cpu_s) / one.wall_s:.2f}, since decoding runs beside reading in each."
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
