"""Odd numbers, killed exports, half requests, few descriptors for many pages, and whose the files are."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote

from bench.hostile.ground import ROOT, Ground, until
from core.model import Recipe
from core.player import routes
from core.store.visitors import VisitorStore, new_key
from tests.support import clips, doubtful, seed
from tests.support.builders import strip

SESSIONS, DESCRIPTORS = 60, 256


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    yield from _numbers(ground)
    yield from _half_requests(ground)
    yield from _killed_exports(ground)
    yield from _private_files(ground)
    yield from _few_descriptors(ground)


def _numbers(ground: Ground) -> Iterator[str]:
    key = new_key()
    scene_id = doubtful.scene(VisitorStore(ground.store, key))
    proof = routes.film_address(ground.store.scene(scene_id)).rpartition("/")[2]
    for number in ("9" * 20, "9" * 5000, "²", "-1"):
        for path in (f"{number}/{proof}/video", f"{scene_id}/{proof}/still/{number}", f"1/{proof}/moments/{number}/1"):
            status = ground.ask(f"/film/{quote(path)}")[0]
            if status != 404:
                yield f"/film/{path[:60]} is answered {status}"
    with ground.visit() as page:
        page.ask()
        for odd in ("%C2%B2", "9" * 20, "%00", "-1"):
            more = f"t={odd}&who={odd}&face={odd}&span={odd}-{odd}&page={odd}&peak={odd}"
            for view in ("scene", "faces", "review", "compare"):
                seen = page.ask(f"shelf={key}&view={view}&scene={scene_id}&{more}")
                if any(message.delta.new_element.WhichOneof("type") == "exception" for message in seen.messages):
                    yield f"the page {view} breaks on {odd}"


def _half_requests(ground: Ground) -> Iterator[str]:
    halves = (b"", b"GET / HT", b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nx")
    with ExitStack() as open_:
        sockets = [open_.enter_context(socket.create_connection(("127.0.0.1", ground.port))) for _ in halves]
        began = time.monotonic()
        for one, half in zip(sockets, halves, strict=True):
            one.sendall(half)
        for one, half in zip(sockets, halves, strict=True):
            one.settimeout(max(35 - (time.monotonic() - began), 0.1))
            try:
                while one.recv(1000):
                    continue
            except TimeoutError:
                yield f"{half[:20]!r} is waited for longer than 35 s"
            except ConnectionError:
                continue


def _killed_exports(ground: Ground) -> Iterator[str]:
    film = clips.film(ground.home / "clips" / "film.mp4", 60.0)
    scene_id = ground.store.add(Recipe(str(film)), "Film")
    token = ground.store.claim(scene_id)
    ground.store.begin_reading(scene_id, token, seed.VIDEO, "mtcnn", ["builtin"], 4)
    ground.store.append(scene_id, token, seed.stored(strip("nnhh")))
    ground.store.finish(scene_id, token)
    folder = ground.home / "watch"
    folder.mkdir(exist_ok=True)
    words = [sys.executable, "-m", "core", "export", str(scene_id), f"--out={folder / 'film.mp4'}"]
    for blow in (signal.SIGTERM, signal.SIGKILL):
        writer = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
        if not until(lambda writer=writer: _writes_in(writer.pid, folder), 60.0, 0.02):
            yield "the export did not begin to write"
        writer.send_signal(blow)
        writer.wait(30)
        if left := [path.name for path in folder.iterdir()]:
            yield f"an export that was ended by {blow.name} left {left}"


def _writes_in(pid: int, folder: Path) -> bool:
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            if str(entry.readlink()).startswith(f"{folder}/"):
                return True
    return False


def _private_files(ground: Ground) -> Iterator[str]:
    for path in (ground.home / "outtake.db", *(ground.home.glob("outtake.db-*"))):
        if path.stat().st_mode & 0o077:
            yield f"{path.name} may be read by others ({path.stat().st_mode & 0o777:o})"
    for path in ground.home.iterdir():
        if path.is_dir() and path.name not in (".deepface", "watch") and path.stat().st_mode & 0o077:
            yield f"the folder {path.name} is open to others"


def _few_descriptors(ground: Ground) -> Iterator[str]:
    ground.restart()
    assert ground.server  # noqa: S101  # just started
    subprocess.run(["prlimit", f"--pid={ground.server.pid}", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}"], check=True)
    most = 0
    with ExitStack() as open_:
        for number in range(SESSIONS):
            page = open_.enter_context(ground.visit())
            seen = page.ask()
            most = max(most, len(os.listdir(f"/proc/{ground.server.pid}/fd")))  # noqa: PTH208  # only counted
            if "predicted facial expressions" not in seen.text():
                yield f"page {number + 1} of {SESSIONS} does not stand with {DESCRIPTORS} descriptors"
                return
    if "Too many open files" in ground.log():
        yield f"{SESSIONS} pages need more than {DESCRIPTORS} descriptors ({most} at most)"
