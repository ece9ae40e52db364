"""What the app's server does before its first visitor comes: it keeps house, sends at once, and loads the pages."""

from __future__ import annotations

import asyncio
import gc
import importlib
import pkgutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.middleware import Middleware

from core.host import connections, home, limits, memory, sandbox
from core.host.request_guard import RequestGuard
from core.shelf import housekeeping
from core.ui import upload_guard, warm

SCREEN = Path(__file__).parent

_serves = False


def serves() -> bool:
    """Whether a server hands the pages to browsers just now; nobody else comes back for the rest of a page."""
    return _serves


def middleware() -> list[Middleware]:
    """Return what stands before every answer of the server."""
    return [Middleware(RequestGuard), Middleware(upload_guard.UploadGuard)]


@asynccontextmanager
async def ready(_app: object) -> AsyncIterator[None]:
    """Be around the server while it runs; it takes its first visitor after this was entered."""
    global _serves
    if limits.is_hosted():
        housekeeping.start(home.database_url())
    else:
        housekeeping.clear_unfinished(home.database_url())
    send_at_once()
    load_pages()
    sandbox.tighten_heap()
    watches = [
        asyncio.create_task(connections.drop_half_requests(connections.find_connections())),
        asyncio.create_task(upload_guard.free_uploads()),
        asyncio.create_task(memory.give_back_memory()),
    ]
    warm.start_loading()
    _serves = True
    try:
        yield
    finally:
        _serves = False
        for watch in watches:
            watch.cancel()


def send_at_once() -> int:
    """Have every connection to come send what it is given without waiting for more; return to how many sockets.

    The socket that Streamlit listens at does not say that it is TCP's, so asyncio leaves Nagle's algorithm on: the body
    of a short answer then waits 40 ms until the browser has acknowledged its head, for each of sixty scripts.
    """
    return sum(_at_once(one) for one in gc.get_objects() if type(one) is socket.socket)


def _at_once(one: socket.socket) -> bool:
    with suppress(OSError):  # closed, or none of TCP's
        if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # whoever is accepted there has it too
            return True
    return False


def load_pages() -> None:
    """Import what the pages are made of, so that the first visitor does not wait for it."""
    for part in pkgutil.walk_packages([str(SCREEN)], "core.ui."):
        importlib.import_module(part.name)
