"""A hosted server of this machine that is attacked: its home, its address, its processes."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from core.store.scenes import Store
from tests.support import browser, hostile, tab

ROOT = Path(__file__).parents[2]

STOPS_S = 20.0
"""A server that was told to end and still runs after this is killed."""


@dataclass
class Ground:
    """Where it happens. The environment names the home, so that what runs in this process finds the same shelf."""

    home: Path
    site: hostile.Site
    """What the server's links may lead to."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Environment of the server, beside the usual."""
    port: int = 0
    server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The server's address, with a stroke at its end."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def store(self) -> Store:
        """The whole shelf, opened anew."""
        return Store(os.environ.get("OUTTAKE_DB") or f"sqlite:///{self.home}/outtake.db")

    def start(self, **more: str) -> None:
        """Starts the server, with ``more`` environment for this one time, and waits until it answers."""
        self.port = browser.free_port()
        before = dict(os.environ)
        os.environ |= {"OUTTAKE_HOSTED": "1", **self.more, **more}
        try:
            self.server = browser.start(self.home, self.port, os.environ.get("OUTTAKE_DB", ""))
        finally:
            os.environ.clear()
            os.environ |= before
        browser.answering(self.port)

    def stop(self, *, kill: bool = False) -> None:
        """Ends the server, if one runs."""
        if self.server is None:
            return
        if kill:
            self.server.kill()
        else:
            self.server.terminate()
        try:
            self.server.wait(STOPS_S)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        self.server = None

    def restart(self, **more: str) -> None:
        """Ends the server and starts it anew."""
        self.stop()
        self.start(**more)

    def visit(self) -> AbstractContextManager[tab.Tab]:
        """A tab at the server's root; use it in a ``with``."""
        return tab.opened(self.address)

    def ask(
        self,
        path: str = "/",
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        patience_s: float = 30.0,
    ) -> tuple[int, dict[str, str], bytes]:
        """Returns status, headers (names in small letters) and body of one request; any Host and Origin can be sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience_s)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def log(self) -> str:
        """What the server wrote so far."""
        return (self.home / "server.log").read_text(errors="replace")

    def server_mb(self) -> float:
        """Resident memory of the server's own process, MB."""
        assert self.server  # noqa: S101  # asked of a running server only
        pages = int((Path("/proc") / str(self.server.pid) / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def processes(self) -> dict[int, str]:
        """Ids and command lines of the processes that were told of the home, the server's own left out."""
        found: dict[int, str] = {}
        own = {os.getpid(), self.server.pid if self.server else 0}
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if int(entry.name) not in own and str(self.home).encode() in (entry / "environ").read_bytes():
                    words = (entry / "cmdline").read_text(errors="replace").replace("\0", " ").strip()
                    if words:
                        found[int(entry.name)] = words
        return found

    def files(self) -> set[str]:
        """Every file below the home but the database's and logs, as paths from there."""
        kept = (path.relative_to(self.home) for path in self.home.rglob("*") if path.is_file())
        own = ("logs", "turns", "models", "watch", "address.key", "erasures.log", "server.log", ".deepface")
        return {str(path) for path in kept if path.parts[0] not in own and not path.name.startswith("outtake.db")}


@contextmanager
def prepared() -> Iterator[Ground]:
    """A home of its own, a stand-in for DeepFace's network, and a site; whatever still runs is ended with it."""
    with ExitStack() as open_:
        home = Path(open_.enter_context(TemporaryDirectory(prefix="outtake-hostile-")))
        site = open_.enter_context(hostile.site())
        browser.stand_in(home)
        os.environ |= {"OUTTAKE_HOME": str(home), "DEEPFACE_HOME": str(home)}
        paths = (ROOT / "tests" / "support" / "opened", ROOT)
        opened = {"PYTHONPATH": os.pathsep.join(map(str, paths)), "OUTTAKE_TEST_SERVER": str(site.server_port)}
        ground = Ground(home, site, opened)
        try:
            yield ground
        finally:
            ground.stop()
            for pid in ground.processes():
                with suppress(ProcessLookupError):
                    os.kill(pid, 9)


def until(truth: Callable[[], bool], seconds: float, pause_s: float = 0.1) -> bool:
    """Waits until ``truth()`` holds, no longer than so many seconds, and returns whether it came to hold."""
    end = time.monotonic() + seconds
    while not truth():
        if time.monotonic() > end:
            return False
        time.sleep(pause_s)
    return True
