"""Visitors at once on a hosted Outtake, each adding a scene by a link: python -m bench.visitors [--write]"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import results
from core.store.scenes import Store
from tests.support import browser, clips, hostile, tab

ROOT = Path(__file__).parents[1]
PATIENCE_S = 1_500.0
MEDIAN_S, SERVER_MB, WHOLE_MB = 1.0, 600, 1_500
"""What must hold: a page's median answer, and memory of the server alone and with all its processes."""

PAGE = """<html><head><title>{title}</title><script type="application/ld+json">{{"@context": "https://schema.org",
"@type": "VideoObject", "name": "{title}", "duration": "PT2S", "contentUrl": "{video}"}}</script></head></html>"""


class Visitor:
    """Somebody who adds a scene and looks at the shelf."""

    def __init__(self, page: tab.Tab, number: int) -> None:
        self.page, self.title = page, f"Scene of visitor {number}"
        self.seconds: list[float] = []

    def look(self) -> None:
        """Look at the shelf and note how long it took."""
        self.seconds.append(self.page.ask().seconds)

    def add(self, link: str) -> None:
        """Paste a link, wait for its preview, and have it read."""
        field = self.page.ask().widget("text_input", "Paste a link")
        self.page.write(field, link)
        seen = self.page.ask()
        for _ in range(5):  # as a person would who is told that the site did not answer
            if self.title not in seen.text():
                seen = self.page.ask(press=seen.widget("button", "Look again"))
        self.page.ask(press=seen.widget("button", "Read it"))
        del self.page.states[field]


def main() -> int:
    """Let them all come, and print what they met; exit code 1 when something that must hold does not."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--count", type=int, default=20)
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    asked = made.parse_args()
    with tempfile.TemporaryDirectory() as folder, hostile.site() as site:
        home = Path(folder)
        film = clips.film(home / "film.mp4", 2.0).read_bytes()
        for number in range(asked.count):
            page = PAGE.format(title=f"Scene of visitor {number}", video=site.link(f"/{number}.mp4"))
            site.answers |= {f"/page-{number}": hostile.text(page), f"/{number}.mp4": hostile.file(film)}
        os.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT / "tests" / "support" / "opened"), str(ROOT)))
        os.environ |= {"OUTTAKE_TEST_SERVER": str(site.server_port), "OUTTAKE_HOSTED": "1", "OUTTAKE_HOME": folder}
        os.environ["OUTTAKE_ADDRESS_HEADER"] = "X-Forwarded-For"  # each comes from a household of its own
        browser.stand_in(home)
        with browser.served(home) as address:
            text, fine = _visited(address, home, site, asked.count)
    print(text)
    if asked.write:
        results.write("visitors", text)
    return int(not fine)


def _visited(address: str, home: Path, site: hostile.Site, count: int) -> tuple[str, bool]:
    began, peaks, over = time.monotonic(), [0.0, 0.0], threading.Event()
    threading.Thread(target=_weigh, args=[address, peaks, over], daemon=True).start()
    store, failures = Store(f"sqlite:///{home}/outtake.db"), []

    def stay(visitor: Visitor, number: int) -> None:
        try:
            visitor.page.ask()
            visitor.add(site.link(f"/page-{number}"))
            while time.monotonic() - began < PATIENCE_S and any(
                scene.state not in ("done", "failed") for scene in store.scenes()
            ):
                visitor.look()
                time.sleep(2)
        except Exception as error:
            failures.append(f"{visitor.title}: {type(error).__name__} {error}")
            raise

    with ExitStack() as tabs:
        visitors = [
            Visitor(tabs.enter_context(tab.opened(address, X_Forwarded_For=f"203.0.113.{number}")), number)
            for number in range(count)
        ]
        threads = [threading.Thread(target=stay, args=[visitor, number]) for number, visitor in enumerate(visitors)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        over.set()
        return _told(store, visitors, failures, peaks, time.monotonic() - began)


def _told(
    store: Store, visitors: Sequence[Visitor], failures: list[str], peaks: list[float], seconds: float
) -> tuple[str, bool]:
    scenes = store.scenes()
    done = [scene for scene in scenes if scene.state == "done"]
    strangers = sum(
        scene.title in visitor.page.ask(f"shelf={visitor.page.shelf}&view={view}&scene={scene.id}").text()
        for visitor in visitors
        for scene in scenes[:3]
        for view in ("scene", "faces")
        if scene.owner != visitor.page.shelf
    )
    waits = [second for visitor in visitors for second in visitor.seconds]
    median, slowest = statistics.median(waits), max(waits)
    fine = not failures and not strangers and len(done) == len(visitors) == len({scene.owner for scene in scenes})
    fine = fine and median <= MEDIAN_S and peaks[0] <= SERVER_MB and peaks[1] <= WHOLE_MB
    text = (
        f"## Visitors\n\n{len(visitors)} visitors at once on a hosted server, each adding a scene by a link: "
        f"{len(done)} read in {seconds / 60:.1f} min, "
        f"{len(failures)} failed, {strangers} scenes of others were shown to those who tried.\n"
        f"{len(waits)} looks at the shelf meanwhile: median {median:.2f} s, slowest {slowest:.1f} s. "
        f"Memory at most: {peaks[0]:.0f} MB the server, {peaks[1]:.0f} MB with all its processes."
    )
    return "\n".join([text, *failures]), fine


def _weigh(address: str, peaks: list[float], over: threading.Event) -> None:
    """Note the most memory of the server and of it with its processes, MB, until it is over."""
    port = address.rstrip("/").rpartition(":")[2]
    while not over.wait(1):
        found = {pid: (parent, mb, words) for pid, parent, mb, words in _processes()}
        server = next((pid for pid, (_, _, words) in found.items() if f"--server.port={port}" in words), 0)
        family = {server}
        for _ in range(4):
            family |= {pid for pid, (parent, _, _) in found.items() if parent in family}
        if server:
            peaks[0] = max(peaks[0], found[server][1])
            peaks[1] = max(peaks[1], sum(found[pid][1] for pid in family))


def _processes() -> Iterator[tuple[int, int, float, str]]:
    """Yield each process: its id, its parent's, its resident memory in MB, its command line."""
    page = os.sysconf("SC_PAGE_SIZE")
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            mb = int((entry / "statm").read_text().split()[1]) * page / 1e6
            yield int(entry.name), parent, mb, (entry / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue


if __name__ == "__main__":
    sys.exit(main())
