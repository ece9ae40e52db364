"""What the app's server does before its first visitor: real sockets, listening as Streamlit's does."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.ui import startup


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket as Streamlit binds it: one that does not say which protocol it speaks."""
    with socket.socket(socket.AF_INET) as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one


def is_sent_at_once(one: socket.socket) -> bool:
    with socket.create_connection(one.getsockname()) as visitor:
        accepted, _ = one.accept()
        with accepted, visitor:
            return bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_a_connection_waits_for_more_until_it_is_told_not_to() -> None:
    with listening() as one:
        assert not is_sent_at_once(one)
        assert startup.send_at_once() >= 1
        assert is_sent_at_once(one)


def test_sockets_that_listen_to_nobody_are_left_alone() -> None:
    with socket.socket(socket.AF_INET) as silent, socket.socket(socket.AF_INET) as closed:
        closed.close()
        startup.send_at_once()

        assert not silent.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_pages_libraries_are_there_before_the_first_visitor() -> None:
    async def entered() -> None:
        assert not startup.serves()
        async with startup.ready(None):
            assert startup.serves()
        assert not startup.serves()

    asyncio.run(entered())
    parts = {f"core.ui.{path.stem}" for path in Path(startup.SCREEN).glob("[!_]*.py")}
    parts |= {f"core.ui.scene.{path.stem}" for path in Path(startup.SCREEN / "scene").glob("[!_]*.py")}
    assert len(parts) > 20
    assert parts <= set(sys.modules)
