"""The page server's connections: one that never brings a whole request is dropped."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Collection
from typing import Any

from core.host.timing import current_timing

LOOKS = 10
"""Looks at the connections in the time that a request may take: one is dropped a tenth of that time late at most."""


def find_connections() -> Collection[Any]:
    """Returns the open connections of this process's server, a set that it keeps; nothing where none runs.

    Streamlit makes its server itself and hands it to nobody, so it is found among the objects that there are.
    """
    for one in gc.get_objects():
        if type(one).__module__ == "uvicorn.server" and type(one).__name__ == "Server":
            return one.server_state.connections
    return ()


async def drop_half_requests(connections: Collection[Any]) -> None:
    """Drops, for ever, each connection on which no whole head of a request arrived for ``Timing.request_s`` seconds.

    The server itself only ends those that are silent after an answer; one that never asks, or asks letter by letter,
    would hold its place for good, and a few hundred of them all places.
    """
    request_s = current_timing().request_s
    waiting: dict[Any, tuple[Any, float]] = {}
    while True:
        await asyncio.sleep(request_s / LOOKS)
        now, before = time.monotonic(), waiting
        waiting = {}
        for connection in tuple(connections):
            cycle = getattr(connection, "cycle", connection)  # an open page's has none: it is no request
            if cycle is connection or (cycle is not None and not cycle.response_complete):
                continue
            last, since = before.get(connection, (cycle, now))
            waiting[connection] = (cycle, since if last is cycle else now)
            if now - waiting[connection][1] >= request_s:
                connection.transport.abort()
