"""A site on this machine that does to a fetcher what sites do, by accident and on purpose; a door nobody may touch."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]

CHUNK = b"\0" * 65_536


class Handler(BaseHTTPRequestHandler):
    """Answers by the table of its server."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        """Look the path up."""
        self.server.asked.append((self.path, self.headers.get("Range", "")))
        answer = self.server.answers.get(self.path.partition("?")[0])
        self.close_connection = True
        with suppress(ConnectionError):
            if answer:
                answer(self)
            else:
                self.send_error(404)

    do_HEAD = do_GET  # noqa: N815  # the server's own spelling

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def head(self, status: int = 200, **headers: object) -> None:
        """Send a status and headers, ``content_type`` being Content-Type."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Connection", "close")
        self.end_headers()


class Site(ThreadingHTTPServer):
    """The server with its table of answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []

    @property
    def address(self) -> tuple[str, int]:
        """Host and port, as a guard's exception."""
        return "127.0.0.1", self.server_port

    def link(self, path: str) -> str:
        """The link to a path of it."""
        return f"http://127.0.0.1:{self.server_port}{path}"

    def handle_error(self, *_: Any) -> None:
        """A visitor that hangs up is the point of most tests."""


@contextmanager
def site() -> Iterator[Site]:
    """The site, listening until the block ends."""
    server = Site()
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class Door:
    """A port of this machine that must stay untouched, with how often it was not."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.socket = socket.create_server((host, port))
        self.port = self.socket.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        with suppress(OSError):
            while True:
                visitor, _ = self.socket.accept()
                self.visits += 1
                visitor.close()

    def close(self) -> None:
        """Stop listening."""
        self.socket.close()


def file(data: bytes, content_type: str = "video/mp4", **headers: object) -> Answer:
    """Hand out bytes, also from a place in their middle."""

    def answer(to: Handler) -> None:
        wanted = to.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").partition("-")[0] or 0) if wanted else 0
        rest = data[start:]
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        to.head(206 if start else 200, Content_Type=content_type, Content_Length=len(rest), **headers)
        to.wfile.write(rest)

    return answer


def paced(data: bytes, seconds: float, parts: int = 20) -> Answer:
    """Hand out bytes, also from a place in their middle, so that all of them take so long."""

    def answer(to: Handler) -> None:
        wanted = to.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").partition("-")[0] or 0) if wanted else 0
        place = {"Content_Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if start else {}
        to.head(206 if start else 200, Content_Type="video/mp4", Content_Length=len(data) - start, **place)
        for at in range(start, len(data), len(data) // parts):
            to.wfile.write(data[at : min(at + len(data) // parts, len(data))])
            time.sleep(seconds / parts)

    return answer


def text(words: str, content_type: str = "text/html") -> Answer:
    """Hand out a page or a playlist."""
    return file(words.encode(), content_type)


def playlist(words: str) -> Answer:
    """Hand out an HLS playlist."""
    return text(f"#EXTM3U\n{words}\n", "application/vnd.apple.mpegurl")


def redirect(to: str) -> Answer:
    """Send the visitor elsewhere."""
    return lambda visitor: visitor.head(302, Location=to, Content_Length=0)


def status(code: int) -> Answer:
    """Answer with a status alone."""
    return lambda visitor: visitor.head(code, Content_Length=0)


def chunked(data: bytes) -> Answer:
    """Hand out bytes without saying how many."""

    def answer(to: Handler) -> None:
        to.head(Content_Type="video/mp4", Transfer_Encoding="chunked")
        for start in range(0, len(data), 4096):
            part = data[start : start + 4096]
            to.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        to.wfile.write(b"0\r\n\r\n")

    return answer


def endless(first: bytes, pause_s: float = 0.0, part: bytes = CHUNK) -> Answer:
    """Never stop sending, fast or drop by drop."""

    def answer(to: Handler) -> None:
        to.head(Content_Type="video/mp4")
        to.wfile.write(first)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            to.wfile.write(part)
            time.sleep(pause_s)

    return answer


def cut(data: bytes, at: int) -> Answer:
    """Promise all and hang up in the middle."""

    def answer(to: Handler) -> None:
        to.head(Content_Type="video/mp4", Content_Length=len(data))
        to.wfile.write(data[:at])

    return answer


def silent(seconds: float = 30) -> Answer:
    """Take the request and say nothing."""
    return lambda _: time.sleep(seconds)


def bomb(size: int) -> Answer:
    """A little that unpacks to a lot."""
    packed = gzip.compress(b"\0" * size, 9)
    return lambda to: file(packed, "video/mp4", Content_Encoding="gzip")(to)
