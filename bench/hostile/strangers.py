"""Names and pages of strangers that lead to the server; frames around it; what a handshake makes it ask elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bench.hostile.ground import Ground

NAMES = ("evil.example", "outtake.example.evil.example", "203.0.113.9", "127.0.0.1.nip.example", "a@127.0.0.1")
ORIGINS = (
    "https://evil.example",
    "http://127.0.0.1:1",
    "http://localhost",
    "null",
    "https://outtake.example.evil.example",
)

WATCH = """
import sys
def look(event, args):
    if event in ("socket.connect", "socket.getaddrinfo"):
        named = args[1] if event == "socket.connect" else args[:1]
        if isinstance(named, tuple) and named[0] not in ("127.0.0.1", "::1", "localhost", None):
            with open({log!r}, "a") as log:
                print(event, named, file=log)
sys.addaudithook(look)
"""
"""Writes down whatever the server looks up or connects to; it is run as the server's Python starts."""


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    folder, log = ground.home / "watch", ground.home / "watch" / "reached"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WATCH.format(log=str(log)), "utf-8")
    for mode in ("1", "0"):
        ground.restart(OUTTAKE_HOSTED=mode, OUTTAKE_HOSTS="outtake.example", PYTHONPATH=str(folder))
        words = "hosted" if mode == "1" else "on one's own machine"
        yield from (f"{words}: {fault}" for fault in _names(ground, hosted=mode == "1"))
        yield from (f"{words}: {fault}" for fault in _frames(ground))
        yield from (f"{words}: the server reached {line}" for line in _lines(log))


def _names(ground: Ground, *, hosted: bool) -> Iterator[str]:
    for path in ("/", "/_stcore/host-config", "/film/1/x/video"):
        for name in NAMES:
            if name == "203.0.113.9" and not hosted:
                continue  # figures cannot be made to lead elsewhere
            if ground.ask(path, headers={"Host": name})[0] != 421:
                yield f"{path} is answered under the name {name}"
        for origin in ORIGINS:
            if ground.ask(path, headers={"Origin": origin})[0] != 403:
                yield f"{path} is answered to a page of {origin}"
    for origin in ORIGINS:
        if _is_taken(ground, origin):
            yield f"a page of {origin} is connected"
    for own in (None, f"http://127.0.0.1:{ground.port}", "https://outtake.example"):
        if not _is_taken(ground, own):
            yield f"an own page ({own}) is refused"


def _is_taken(ground: Ground, origin: str | None) -> bool:
    try:
        with connect(f"ws://127.0.0.1:{ground.port}/_stcore/stream", origin=origin, close_timeout=1):
            return True
    except InvalidStatus:
        return False


def _frames(ground: Ground) -> Iterator[str]:
    for path in ("/", "/scenes", "/_stcore/health", "/film/1/x/video"):
        headers = ground.ask(path)[1]
        if "frame-ancestors 'self'" not in headers.get("content-security-policy", ""):
            yield f"{path} may be shown in a stranger's frame"
    for path in ("/_stcore/metrics", "/_stcore/metrics?families=session_events"):
        if ground.ask(path)[0] != 404:
            yield f"{path} tells of the machine"


def _lines(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []
