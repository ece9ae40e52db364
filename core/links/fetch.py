"""Links: what a link leads to before anything is fetched, and its video as a local file, through a guarded process."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import FetchError
from core.host import home, sandbox
from core.host.limits import MB, Limits, check_link, current_limits, site_name
from core.host.pasted_links import read_start
from core.host.timing import current_timing
from core.links.ytdlp_refusals import SENTENCES, WORTH_RETRYING

Progress = Callable[[int, int], None]
"""Called with the bytes that came so far and those expected, 0 where the site does not say."""

ROOT = Path(__file__).parents[2]
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of the environment, what the process is told: no address of a database, no secret, no proxy."""
MOST_ANSWER_BYTES = 8_000_000
"""Bytes that the process may say in all."""

allowed: tuple[sandbox.Address, ...] = ()
"""Private addresses that may be reached after all: those of a server that a test has started. Nothing here sets it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a link leads to."""

    link: str
    title: str
    duration_ms: int
    """0 where the site does not say."""
    site: str
    size_bytes: int = 0
    """Of the stream that would be fetched; 0 where the site does not say."""
    picture: bytes = b""
    """JPEG, at most 320 px wide."""
    start_ms: int = 0
    """Where the link says that it begins."""


class StoppedError(Exception):
    """Whoever asked for the video does not want it any more; what has come is kept."""


def preview_link(link: str, limits: Limits | None = None) -> Preview:
    """Returns what a link leads to, without fetching it; FetchError says why it cannot be fetched."""
    limits = limits or current_limits()
    address = check_link(link, limits)
    said = _run_errand("look", address, home.clips_folder(), limits)
    return Preview(
        address,
        "".join(sign for sign in str(said["title"]) if sign.isprintable())[:200] or site_name(address),
        int(said["duration_ms"]),
        site_name(address),
        int(said["size_bytes"]),
        base64.b64decode(said["picture"]),
        read_start(link),
    )


def fetch_video(
    link: str,
    *,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
    limits: Limits | None = None,
) -> Path:
    """Returns the link's video as a local file, fetched now unless it was before, going on with what came earlier.

    Raises FetchError with one sentence; StoppedError once ``stopped`` says so.
    """
    limits = limits or current_limits()
    address = check_link(link, limits)
    video = home.fetched_video(address)
    with _lock_folder(video.parent, stopped):
        if not video.is_file():
            _download(address, video.parent, limits, progress, stopped)
    return video


def _download(
    address: str, folder: Path, limits: Limits, progress: Progress | None, stopped: Callable[[], bool]
) -> None:
    try:
        _run_errand("fetch", address, folder, limits, progress, stopped)
    except FetchError as error:
        if str(error) not in WORTH_RETRYING:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _run_errand(
    task: str,
    address: str,
    folder: Path,
    limits: Limits,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Has the errand done in a process of its own and returns its last answer."""
    errand = json.dumps(_describe_errand(task, address, folder, limits)).encode() + b"\n"
    pace = _Pace(limits, limits.look_s if task == "look" else limits.fetch_s)
    with _start_process() as child:
        _send_errand(child, errand)
        for said in _read_answers(child, pace, stopped):
            if said["what"] == "refused":
                raise FetchError(str(said["sentence"]))
            if said["what"] != "progress":
                return said
            pace.record(int(said["done"]))
            if progress:
                progress(int(said["done"]), int(said["total"]))
        code = child.wait()
    raise FetchError(SENTENCES["LATE" if -code == getattr(signal, "SIGXCPU", 0) else "CRASHED"])


def _describe_errand(task: str, address: str, folder: Path, limits: Limits) -> dict[str, Any]:
    bounds = replace(limits.fetching, file_bytes=limits.most_bytes + MB)
    return {
        "task": task,
        "link": address,
        "folder": str(folder),
        "extractors": ["default"] if limits.sites is None else [site.extractors for site in limits.sites],
        "needs_length": limits.hosted,
        "longest_ms": limits.longest_ms,
        "most_bytes": limits.most_bytes,
        "ports": limits.ports,
        "bounds": asdict(bounds),
        "allowed": allowed,
    }


class _Pace:
    """Whether the errand takes longer than it may, or hardly moves."""

    def __init__(self, limits: Limits, most_s: float) -> None:
        self.limits, self.ends = limits, time.monotonic() + most_s
        self.mark, self.mark_at = 0, time.monotonic()
        self.done = 0

    def record(self, done: int) -> None:
        """Notes how many bytes have come."""
        if not self.done:
            self.mark, self.mark_at = done, time.monotonic()
        self.done = done

    def check(self) -> None:
        """Raises FetchError when it is late or slow; before its first byte a download is only late."""
        now = time.monotonic()
        if now > self.ends:
            raise FetchError(SENTENCES["LATE"])
        if self.done and now - self.mark_at > self.limits.patience_s:
            if self.done - self.mark < self.limits.slowest_bps * self.limits.patience_s:
                raise FetchError(SENTENCES["SLOW"])
            self.mark, self.mark_at = self.done, now


@contextmanager
def _start_process() -> Iterator[subprocess.Popen[bytes]]:
    """Starts the process that speaks with the site; when the block ends, it and all that it started are gone."""
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "core.links.fetch_process"],
            cwd=ROOT,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise FetchError(SENTENCES["CRASHED"]) from error
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()


def _send_errand(child: subprocess.Popen[bytes], errand: bytes) -> None:
    """Writes the errand; the pipe stays open, and its end tells the process that nobody waits any more."""
    if child.stdin:
        with suppress(BrokenPipeError):  # it ended already, and its exit code says why
            child.stdin.write(errand)
            child.stdin.flush()


def _read_answers(child: subprocess.Popen[bytes], pace: _Pace, stopped: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    """Yields what the process says, looking every moment whether it is still wanted and in time."""
    if child.stdout is None:
        return
    source, said, most = child.stdout.fileno(), b"", MOST_ANSWER_BYTES
    while True:
        if stopped():
            raise StoppedError
        pace.check()
        if not select.select([source], [], [], current_timing().poll_s)[0]:
            continue
        part = os.read(source, 1 << 16)
        most -= len(part)
        if not part or most < 0:
            return
        *lines, said = (said + part).split(b"\n")
        yield from map(json.loads, lines)


@contextmanager
def _lock_folder(folder: Path, stopped: Callable[[], bool]) -> Iterator[None]:
    """Holds a link's folder: two scenes of one link wait for one download."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError), (folder / "lock").open("w") as lock, suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(lock.fileno()).st_nlink:  # else whoever held it before has deleted the folder
                yield
                return
        if stopped():
            raise StoppedError
        time.sleep(current_timing().poll_s)
