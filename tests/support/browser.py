"""The whole app on a free port, a headless Chromium, and a stand-in for DeepFace's emotion model."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Request, expect, sync_playwright

from core.store.scenes import Store
from tests.support.moving_server import MOVED
from tests.support.project import ROOT, skip_or_fail

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE_MS = 240_000
"""Longest that anything may take to appear, on a machine that is busy with other things."""

TOLD = "new Promise(told => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(told, 0, true))))"
"""Some widgets tell the server of a press only once they are painted anew: until then no script runs that would."""

DRAWN = """
[...document.images].every(image => image.complete)
&& !document.querySelector('[data-testid="stSkeleton"]')
&& [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')].every(chart => chart.querySelector('svg, canvas'))
"""

FILM = re.compile(r"/film/\d+/\w+/")
"""What a player asks for while it is on the page; whoever leaves the page ends that."""

PROBE = re.compile(r"/\w+/_stcore/(health|host-config)$")
"""Opened below a page's own address, Streamlit looks for its server there first: a 404 is how it learns better."""


def chromium(playwright: Playwright) -> Browser:
    """A headless Chromium of this machine; skips, or fails with CI=true, where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        skip_or_fail("Chromium")
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


class Desk(NamedTuple):
    """A running app and its shelf, which was filled before it started."""

    browser: Browser
    address: str
    store: Store

    def opened(self, query: str) -> tuple[Page, list[str]]:
        """A new tab at an address of the app, and what goes wrong in it."""
        return opened(self.browser, self.address + query)


@contextmanager
def running(home: Path) -> Iterator[tuple[Browser, str]]:
    """The app with a home of its own, and a browser whose expectations are patient."""
    with sync_playwright() as playwright, served(home) as address:
        chrome = chromium(playwright)
        expect.set_options(timeout=PATIENCE_MS)
        yield chrome, address
        chrome.close()


@contextmanager
def served(home: Path) -> Iterator[str]:
    """``streamlit run app.py`` with a home of its own, until the block ends; yields the address."""
    port = free_port()
    server = start(home, port)
    try:
        yield answering(port)
    finally:
        server.terminate()
        server.wait(PATIENCE_MS / 1000)


class MovingApp(NamedTuple):
    """A running app that goes from one home to the next, so that tests need no server each."""

    address: str
    server: subprocess.Popen[str]

    def move_to(self, home: Path) -> None:
        """Return once the app shows that home and has forgotten the one before."""
        assert self.server.stdin and self.server.stdout
        print(json.dumps({"OUTTAKE_HOME": str(home), "DEEPFACE_HOME": str(home)}), file=self.server.stdin, flush=True)
        while (line := self.server.stdout.readline()).strip() != MOVED:
            assert line, "the server has ended"


@contextmanager
def moving(folder: Path) -> Iterator[MovingApp]:
    """The app in one server, until the block ends; its log lies in the folder, which is its first home."""
    port = free_port()
    command = [sys.executable, "-m", "tests.support.moving_server", *_words(port)]
    with (folder / "server.log").open("ab") as log:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        server = subprocess.Popen(command, cwd=ROOT, env=_environment(folder), text=True, **pipes)
    try:
        yield MovingApp(answering(port), server)
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE_MS / 1000)


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start(home: Path, port: int, database: str = "") -> subprocess.Popen[bytes]:
    """Start ``streamlit run app.py`` with a home of its own, and a database of its own if one is given."""
    own = _environment(home) | ({"OUTTAKE_DB": database} if database else {})
    command = [sys.executable, "-m", "streamlit", "run", *_words(port)]
    with (home / "server.log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=own, stdout=log, stderr=log)


def _words(port: int) -> list[str]:
    return ["app.py", f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]


def _environment(home: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name != "OUTTAKE_DB"}
    return ours | {"OUTTAKE_HOME": str(home), "DEEPFACE_HOME": str(home)}


def answering(port: int) -> str:
    """Wait until the server at the port is healthy and return its address."""
    _wait(f"http://127.0.0.1:{port}/_stcore/health")
    return f"http://127.0.0.1:{port}/"


def _wait(address: str, seconds: float = PATIENCE_MS / 1000) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  # our own server
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer within {seconds:.0f} s")


def opened(browser: Browser, address: str, width: int = 1280, height: int = 900) -> tuple[Page, list[str]]:
    """A new tab of that size at an address of the app, and what goes wrong in it."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark")
    page.set_default_timeout(PATIENCE_MS)
    wrong = watched(page)
    page.goto(address)
    settle(page)
    return page, wrong


def watched(page: Page) -> list[str]:
    """Everything that goes wrong in the page from now on: errors in its console, in its code, in what it loads."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(f"{said.text} {_source(said)}") if _is_error(said) else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: None if _is_download(request) else wrong.append(_failure(request)))
    return wrong


def _is_download(request: Request) -> bool:
    """A request that the browser ends: the answer is a file to save, or a film that nobody looks at any more."""
    ended = request.failure == "net::ERR_ABORTED"
    return ended and (
        FILM.search(request.url) is not None or ("/media/" in request.url and request.resource_type != "image")
    )


def _failure(request: Request) -> str:
    return f"{request.url}: {request.failure}"


def _is_error(said: ConsoleMessage) -> bool:
    return said.type == "error" and not PROBE.search(_source(said))


def _source(said: ConsoleMessage) -> str:
    return str(said.location.get("url", ""))


def settle(page: Page) -> None:
    """Return when the page's script has run, its last line stands, and every picture and chart is drawn."""
    page.wait_for_function(TOLD, timeout=PATIENCE_MS)
    page.wait_for_selector("text=These are predicted facial expressions", timeout=PATIENCE_MS)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=PATIENCE_MS)
    page.wait_for_function(DRAWN, timeout=PATIENCE_MS)


def said(page: Page) -> str:
    """What the player's picture shows, in words."""
    return page.locator(".strip .face").get_attribute("aria-valuetext") or ""


def click_at(chart: Locator, share: float) -> None:
    """A real press of the mouse in the middle of a chart's height, at a share of its width."""
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    chart.page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


def stand_in(home: Path) -> None:
    """Put a network where DeepFace's emotion model belongs: same shapes, other numbers."""
    weights = np.random.default_rng(0).normal(0, 0.05, (48 * 48, 7)).astype(np.float32)
    nodes = [
        helper.make_node("Flatten", ["picture"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
    ]
    takes = helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["n", 48, 48, 1])
    gives = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 7])
    graph = helper.make_graph(nodes, "emotions", [takes], [gives], [numpy_helper.from_array(weights, "weights")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    folder = home / ".deepface" / "weights"
    folder.mkdir(parents=True)
    onnx.save(model, str(folder / "facial_expression_model_weights.onnx"))
