"""Which requests the page server answers: those that name it, from its own pages, and that arrive in time.

A name that leads to this machine is not enough: a stranger's page can have its own name lead here (DNS rebinding) and
then read everything that the visitor's browser may. Such a page is known by the Host or the Origin that browsers send.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, NamedTuple

from core.host import limits
from core.host.timing import current_timing

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOSTS = "OUTTAKE_HOSTS"
"""Environment variable with the names by which strangers reach this server: ``outtake.example.org, *.example.net``."""

FRAMED_BY = "OUTTAKE_FRAMED_BY"
"""Environment variable with the sites that may show it in a frame: ``https://blog.example.org``."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")

PORTS = {"http": 80, "https": 443}
"""What a browser leaves out of an origin."""

HEALTH = "/_stcore/health"
"""Answered to whoever asks: balancers name the machine as they like, and “ok” is no secret."""

CLOSED = ("/_stcore/metrics", "/_stcore/agent/")
"""Where Streamlit tells of the machine, or lets pages be driven without a browser; nothing here uses either."""

SLOWEST_BPS = 16_000
"""Bytes a second over a request's body, once it has taken ``Timing.request_s``: 50 MB then take an hour at most, and a
phone with one bar sends twice that."""


class Refusal(NamedTuple):
    """The answer to a request that is not taken further."""

    status: int
    sentence: str


class Place(NamedTuple):
    """A host and a port as a browser names them; without a port it is the scheme's own."""

    host: str
    port: int | None


class RequestGuard:
    """Stands before everything that the server answers; see the module."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on, or answers it with one sentence."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif refusal := refuse_request(scope):
            await answer(scope, send, refusal)
        elif scope["type"] == "websocket":
            await self.app(_with_one_name(scope), receive, send)
        else:
            await self._answer_in_time(scope, receive, send)

    async def _answer_in_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_framed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                there = list(message.get("headers", ()))
                message["headers"] = [*there, *(one for one in frame_headers() if one not in there)]
            await send(message)

        try:
            await self.app(scope, _receive_in_time(receive), send_framed)
        except _TooSlowError:
            if not started:
                await answer(scope, send, Refusal(408, "This request did not arrive in time. Send it again."))


def refuse_request(scope: Scope) -> Refusal | None:
    """Returns why a request is not answered; None where it is."""
    path = scope["path"]
    if scope["type"] == "http" and path.endswith(HEALTH):
        return None
    if any(part in path for part in CLOSED):
        return Refusal(404, "Nothing is here.")
    host = parse_place(_header(scope, b"host") or "")
    if host is None or not is_allowed_host(host.host):
        return Refusal(421, f"This server is not known by that name. Whoever runs it names it in {HOSTS}.")
    origin = _header(scope, b"origin")
    if origin is not None and not is_own_origin(origin, host):
        return Refusal(403, "This request comes from another site's page. Open the address itself.")
    return None


def is_allowed_host(host: str) -> bool:
    """Whether the server answers under this name: on one's own machine also under any address in figures.

    Figures cannot be made to lead elsewhere, which is what a stranger's name would have to do.
    """
    if host in LOOPBACK or any(_matches(host, name) for name in _names(HOSTS)):
        return True
    return not limits.is_hosted() and _is_figures(host)


def is_own_origin(origin: str, host: Place) -> bool:
    """Whether a page of this origin is this server's own: of the request's Host, or named whole in OUTTAKE_HOSTS."""
    scheme, _, rest = origin.partition("://")
    place, usual = parse_place(rest), PORTS.get(scheme)
    if place is None or usual is None:
        return False
    same = place.host == host.host and (place.port or usual) == (host.port or usual)
    return same or place.host in _names(HOSTS)


def parse_place(text: str) -> Place | None:
    """Returns what ``host``, ``host:port`` or ``[v6]:port`` names, in small letters; None where it is none of these."""
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?", text)
    if not match:
        return None
    return Place((match[1] or match[2]).lower().rstrip("."), int(match[3]) if match[3] else None)


def frame_headers() -> list[tuple[bytes, bytes]]:
    """Returns the headers of every answer: no other site shows it in a frame unless it is named."""
    sites = [name for name in _names(FRAMED_BY) if re.fullmatch(r"https?://[a-z0-9.*:_-]+", name)]
    headers = [
        (b"content-security-policy", " ".join(["frame-ancestors 'self'", *sites]).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    return headers if sites else [*headers, (b"x-frame-options", b"SAMEORIGIN")]


class _TooSlowError(Exception):
    """A body that does not come: the connection is wanted for others."""


def _receive_in_time(receive: Receive) -> Receive:
    """Returns ``receive`` that gives a body's parts, and raises _TooSlowError where they come too slowly."""
    began, size, more = time.monotonic(), 0, True
    patience_s = current_timing().request_s

    async def receive_part() -> Message:
        nonlocal size, more
        if not more:  # whoever waits now waits for the visitor to leave
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), patience_s)
        except TimeoutError as error:
            raise _TooSlowError from error
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        spent_s = time.monotonic() - began
        if more and spent_s > patience_s and size < SLOWEST_BPS * spent_s:
            raise _TooSlowError
        return message

    return receive_part


def _with_one_name(scope: Scope) -> Scope:
    """Returns the scope with the Host that the browser named, where a proxy put its own there.

    Streamlit compares the two, and asks services elsewhere for this machine's address before it refuses one.
    """
    origin = _header(scope, b"origin")
    if origin is None:
        return scope
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {**scope, "headers": [*others, (b"host", origin.partition("://")[2].encode("latin-1"))]}


async def answer(scope: Scope, send: Send, refusal: Refusal) -> None:
    """Answers a request that is not taken further."""
    if scope["type"] == "websocket":
        with suppress(RuntimeError):  # the visitor has left
            await send({"type": "websocket.close", "code": 1008})
        return
    body = refusal.sentence.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    headers += [(b"connection", b"close"), *frame_headers()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _header(scope: Scope, wanted: bytes) -> str | None:
    """Returns a header's value; one that is there twice with two values is none that anybody can trust."""
    found = {value.decode("latin-1") for name, value in scope["headers"] if name == wanted}
    return None if not found else found.pop() if len(found) == 1 else ""


def _names(variable: str) -> tuple[str, ...]:
    return tuple(os.environ.get(variable, "").lower().replace(",", " ").split())


def _matches(host: str, name: str) -> bool:
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


def _is_figures(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
