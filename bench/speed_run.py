"""Runs a command and weighs it: wall and processor time, and the memory of it and all its children. Linux only."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

LOOK_S = 0.5
"""Between two looks at the memory: adding up what processes share takes milliseconds, from cores that are measured."""


class Used(NamedTuple):
    """What a finished command took."""

    wall_s: float
    cpu_s: float
    """Of it and of all its children that it waited for."""
    mb: float
    """Most memory of all its processes at once, what they share counted once (PSS)."""
    process_mb: float
    """Most resident memory that any one of its processes ever had."""


def weighed(command: Sequence[str], folder: Path, own: Mapping[str, str]) -> Used:
    """Run the command to its end, with ``own`` in its environment; SystemExit with its last words when it fails."""
    with (folder / "said.txt").open("wb") as said:
        began, over, peak = time.monotonic(), threading.Event(), _Peak()
        child = subprocess.Popen(command, env=os.environ | own, stdout=said, stderr=said)
        watcher = threading.Thread(target=peak.watch, args=[child.pid, over])
        watcher.start()
        _, status, used = os.wait4(child.pid, 0)
        wall_s = time.monotonic() - began
        over.set()
        watcher.join()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        last = (folder / "said.txt").read_text(errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}:\n{last}")
    return Used(wall_s, used.ru_utime + used.ru_stime, peak.mb, max(peak.process_mb, used.ru_maxrss / 1024))


class _Peak:
    """Remembers the most memory seen."""

    def __init__(self) -> None:
        self.mb = self.process_mb = 0.0

    def watch(self, root: int, over: threading.Event) -> None:
        """Look at the process and its children until it is over."""
        while not over.wait(LOOK_S):
            family = list(_family(root))
            self.mb = max(self.mb, sum(_kb(pid, "smaps_rollup", "Pss:") for pid in family) / 1024)
            self.process_mb = max([self.process_mb, *(_kb(pid, "status", "VmHWM:") / 1024 for pid in family)])


def _family(root: int) -> Iterator[int]:
    yield root
    for thread in Path(f"/proc/{root}/task").glob("*"):
        try:
            children = (thread / "children").read_text().split()
        except OSError:
            continue  # it ended while it was looked at
        for child in children:
            yield from _family(int(child))


def _kb(pid: int, file: str, name: str) -> int:
    """Return what /proc says of a process under that name, kB; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
