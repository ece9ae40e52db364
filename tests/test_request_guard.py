"""Which requests a server answers: its own name and pages alone, whole, and in time."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bench.hostile.strangers import WATCH
from core.host import request_guard
from core.host.timing import VARIABLE
from tests.support import browser

HERE = "127.0.0.1:8501"


def scope(host: str | None = HERE, origin: str | None = None, path: str = "/", kind: str = "http") -> dict[str, Any]:
    """A request as a server hands it to what stands before its pages."""
    named = {b"host": host, b"origin": origin}
    headers = [(name, value.encode()) for name, value in named.items() if value is not None]
    return {"type": kind, "path": path, "headers": headers}


def status(*words: Any, **named: Any) -> int:
    """What is answered; 200 stands for being handed on."""
    refusal = request_guard.refuse_request(scope(*words, **named))
    return refusal.status if refusal else 200


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "192.168.1.20:8501", "LOCALHOST."])
def test_a_machine_of_ones_own_answers_to_its_names_and_to_figures(host: str) -> None:
    assert status(host) == 200


@pytest.mark.parametrize(
    "host", [None, "", "evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "a b", "localhost/x", "[::1"]
)
def test_a_strangers_name_that_leads_here_is_refused(host: str | None) -> None:
    assert status(host) == 421


def test_a_hosted_server_answers_to_the_names_that_its_host_gave_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    assert status("outtake.example.org") == 421 == status("203.0.113.7")
    monkeypatch.setenv(request_guard.HOSTS, "Outtake.example.org, *.example.net")

    assert status("outtake.example.org:443") == status("a.example.net") == status("localhost:8501") == 200
    assert status("example.net") == status("evil.example") == status("203.0.113.7") == 421


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (HERE, f"http://{HERE}"),
        ("localhost", "http://localhost:80"),
        ("named.example:443", "https://named.example"),
        ("named.example", "https://named.example"),
        ("127.0.0.1:8501", "https://named.example"),  # a proxy put its own Host there
    ],
)
def test_pages_of_the_server_itself_may_ask(host: str, origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(request_guard.HOSTS, "named.example")

    assert status(host, origin) == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:3000", "null", "", "http://[", "file://", f"https://{HERE}@x"]
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_pages_of_strangers_may_not(origin: str, kind: str) -> None:
    assert status(HERE, origin, kind=kind) == 403


def test_another_site_below_the_same_star_is_a_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(request_guard.HOSTS, "*.example.net")

    assert status("a.example.net", "https://a.example.net") == 200
    assert status("a.example.net", "https://b.example.net") == 403


def test_a_balancer_is_told_that_all_is_well_and_nobody_anything_of_the_machine() -> None:
    assert status("10.0.0.7", "https://evil.example", path="/_stcore/health") == 200
    assert status(path="/_stcore/metrics") == status(path="/base/_stcore/metrics") == 404
    assert status(path="/_stcore/agent/openapi.json") == 404


def test_only_named_sites_may_show_it_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    own = dict(request_guard.frame_headers())
    assert own[b"content-security-policy"] == b"frame-ancestors 'self'" and own[b"x-frame-options"] == b"SAMEORIGIN"
    monkeypatch.setenv(request_guard.FRAMED_BY, "https://blog.example, javascript:x 'none'; https://a.example;script")

    named = dict(request_guard.frame_headers())

    assert named[b"content-security-policy"] == b"frame-ancestors 'self' https://blog.example"
    assert b"x-frame-options" not in named


def answered(parts: list[bytes], pause_s: float = 0.0) -> int:
    """The status that an endpoint which reads its whole body gives, or the guard before it."""
    sent: list[Any] = []
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    coming.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Any:
        await asyncio.sleep(pause_s)
        return coming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def read_all(_: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})

    asyncio.run(request_guard.RequestGuard(read_all)(scope(), receive, send))
    return int(sent[0]["status"])


def test_a_body_that_stops_or_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, json.dumps({"request_s": 0.2}))

    assert answered([b"x" * 50_000] * 8, pause_s=0.05) == 200
    assert answered([b"x"], pause_s=10.0) == 408
    assert answered([b"x"] * 100, pause_s=0.05) == 408


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server whose home is its own; its Python writes down whatever foreign it connects to."""
    home = tmp_path_factory.mktemp("guarded")
    (home / "sitecustomize.py").write_text(WATCH.format(log=str(home / "reached")), "utf-8")
    before = dict(os.environ)
    os.environ |= {"PYTHONPATH": str(home), VARIABLE: json.dumps({"request_s": 2.0})}
    with browser.served(home) as address:
        os.environ.clear()
        os.environ |= before
        yield int(address.rstrip("/").rpartition(":")[2])
    assert not (home / "reached").exists()


def handshake(port: int, origin: str | None = None) -> bool:
    """Whether a page's connection is taken."""
    try:
        with connect(f"ws://127.0.0.1:{port}/_stcore/stream", origin=origin, close_timeout=1):
            return True
    except InvalidStatus:
        return False


@pytest.mark.slow
def test_a_strangers_handshake_is_refused_and_no_address_elsewhere_is_asked(server: int) -> None:
    assert handshake(server) and handshake(server, f"http://127.0.0.1:{server}")
    for origin in ("https://evil.example", "http://127.0.0.1:1", "null"):
        assert not handshake(server, origin)


@pytest.mark.slow
def test_a_servers_answers_name_who_may_frame_it_and_its_metrics_are_closed(server: int) -> None:
    def ask(path: str, **headers: str) -> tuple[int, str | None]:
        asked = http.client.HTTPConnection("127.0.0.1", server, timeout=20)
        asked.request("GET", path, headers=headers)
        answer = asked.getresponse()
        answer.read()
        return answer.status, answer.getheader("content-security-policy")

    assert ask("/") == (200, "frame-ancestors 'self'")
    assert ask("/", Host="evil.example")[0] == 421
    assert ask("/_stcore/metrics")[0] == 404
    assert ask("/_stcore/health", Host="10.1.2.3")[0] == 200


@pytest.mark.slow
def test_half_a_request_is_dropped_and_an_open_page_is_not(server: int) -> None:
    began = time.monotonic()
    halves = [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\n"]
    with connect(f"ws://127.0.0.1:{server}/_stcore/stream", close_timeout=1) as page:
        sockets = [socket.create_connection(("127.0.0.1", server), timeout=30) for _ in halves]
        for one, half in zip(sockets, halves, strict=True):
            one.sendall(half)
        for one in sockets:
            with pytest.raises(ConnectionError):  # noqa: PT012  # closed in either way
                if one.recv(1) == b"":
                    raise ConnectionError
            one.close()
        assert time.monotonic() - began >= 2.0
        page.ping().wait(10)
