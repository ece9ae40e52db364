"""Scenes whose workers and servers are killed until they are done nevertheless."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.model import Recipe, Step
from core.shelf import jobs
from core.store import schema
from core.store.scenes import Store
from tests.support import browser, clips, hostile, tab

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "astronaut.mp4"

PATIENCE_S = 300.0
"""A scene that is not done by then, on a busy machine, will never be."""

MOST = 3
"""Kills of one scene: then it may come to its end."""

VICTIMS = ("server", "server", "machine", "worker")
"""Who falls under an open page: the machine is the server and the worker at once."""

STAGES = {"start": 2.0, "fetch": 1.0, "read": 1.5, "closer": 0.5}
"""What a worker does, and how much later than its beginning the blow may fall, in seconds."""

GONE_S = 8.0
"""So long a process may take to notice that whoever started it is gone."""

Rows = dict[str, list[tuple[Any, ...]]]


class Kill(NamedTuple):
    """One blow: who fell, and what the worker was doing."""

    victim: str
    stage: str


class Round(NamedTuple):
    """One scene that was killed and resumed until it was done."""

    name: str
    kills: tuple[Kill, ...]
    done: bool
    same: bool
    left: tuple[str, ...]
    """Processes that were still there when they should not have been."""

    @property
    def bad(self) -> bool:
        """Whether anything is not as it must be."""
        return not (self.done and self.same and not self.left)

    def told(self) -> str:
        """The round in one line."""
        rows = ("the same rows" if self.same else "OTHER ROWS") if self.done else "NEVER DONE"
        return f"{self.name}: {', '.join('/'.join(kill) for kill in self.kills) or 'no kill'}, {rows}, left {self.left}"


@dataclass(frozen=True)
class Grounds:
    """Where it happens; the environment names the home and the site."""

    store: Store
    folder: Path
    site: hostile.Site


def workers(grounds: Grounds, seed: int, *, first: int = 0, seconds: float = 20.0) -> Iterator[Round]:
    """Kill workers alone, which read with quick tools that sleep; every scene of an odd number is a link's."""
    film = clips.film(grounds.folder / "film.mp4", seconds)
    expected = _undisturbed(grounds, lambda store, scene: jobs.run(scene, store=store, equip=clips.eager(0)), film)
    grounds.site.answers["/film.mp4"] = hostile.paced(film.read_bytes(), 2.0)
    for number in count(first):
        chance = random.Random(f"worker {seed} {number}")  # noqa: S311  # the same seed strikes alike
        grounds.site.answers[f"/{number}.mp4"] = grounds.site.answers["/film.mp4"]
        source = grounds.site.link(f"/{number}.mp4") if number % 2 else _copied(film, number)
        scene_id = grounds.store.add(Recipe(source), f"Round {number}")
        kills = _strike_workers(grounds, scene_id, chance)
        yield _ended(grounds, f"worker {number}", scene_id, kills, expected)


def servers(
    grounds: Grounds, seed: int, *, victims: Sequence[str] = VICTIMS, most: int = MOST, end_ms: int = 9_000
) -> Iterator[Round]:
    """Kill servers under an open page, their workers with them or not; they read the sample with the real networks."""
    recipe = {"step": Step(80), "end_ms": end_ms, "finder": "mtcnn", "readers": ("builtin",)}
    expected = _undisturbed(grounds, _by_a_worker, SAMPLE, **recipe)
    for number in count():
        chance = random.Random(f"server {seed} {number}")  # noqa: S311
        scene_id = grounds.store.add(Recipe(_copied(SAMPLE, number, grounds.folder), **recipe), f"Scene {number}")
        kills = _strike_servers(grounds, scene_id, chance, victims, most)
        yield _ended(grounds, f"server {number}", scene_id, kills, expected)


def _undisturbed(grounds: Grounds, read: Callable[[Store, int], None], source: Path, **recipe: Any) -> Rows:
    scene_id = grounds.store.add(Recipe(str(source), **recipe), "Undisturbed")
    read(grounds.store, scene_id)
    assert grounds.store.scene(scene_id).state == "done"  # noqa: S101  # else nothing can be compared
    return rows(grounds.store, scene_id)


def _by_a_worker(store: Store, scene_id: int) -> None:
    jobs.start(scene_id, store)
    _until(lambda: store.scene(scene_id).state not in ("queued", "reading"))


def _ended(grounds: Grounds, name: str, scene_id: int, kills: list[Kill], expected: Rows) -> Round:
    _until(lambda: not processes(grounds.folder), GONE_S)
    done = grounds.store.scene(scene_id).state == "done"
    same = rows(grounds.store, scene_id) == expected
    made = Round(name, tuple(kills), done, same, tuple(processes(grounds.folder).values()))
    jobs.delete(scene_id, grounds.store)
    return made


def rows(store: Store, scene_id: int) -> Rows:
    """Return every row of a scene, bytes and all, by table, and how the scene stands.

    Findings are left out: they are worked out from the others behind the scene's end, and by a page where none are.
    """
    scene = store.scene(scene_id)
    found: Rows = {"scene": [(scene.state, scene.found, scene.expected, scene.finder, scene.readers)]}
    with store._db.begin_read() as db:
        for table in schema.metadata.sorted_tables:
            if "scene_id" in table.c and table is not schema.findings:
                columns = [column for column in table.c if column.name not in ("id", "scene_id")]
                mine = sa.select(*columns).where(table.c.scene_id == scene_id).order_by(*table.primary_key)
                found[table.name] = [tuple(row) for row in db.execute(mine)]
    return found


def stage(store: Store, scene_id: int) -> str:
    """Return what the scene's worker is doing now."""
    scene = store.scene(scene_id)
    if scene.state == "reading" and scene.video:
        return "closer" if scene.found >= scene.expected else "read"
    return "fetch" if scene.fetched else "start"


def _reached(store: Store, scene_id: int, wanted: str) -> bool:
    order = list(STAGES)
    here = stage(store, scene_id)
    return order.index(here) >= order.index(wanted) or store.scene(scene_id).state == "done"


def _strike_workers(grounds: Grounds, scene_id: int, chance: random.Random) -> list[Kill]:
    """Start workers and kill them until one comes to the end."""
    kills: list[Kill] = []
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and grounds.store.scene(scene_id).state != "done":
        worker = _worker(grounds, scene_id)
        if len(kills) < MOST:
            _wait_for(grounds, scene_id, chance, lambda worker=worker: worker.poll() is not None)
            if worker.poll() is None:
                kills.append(Kill("worker", stage(grounds.store, scene_id)))
                _fell(worker.pid, whole=chance.random() < 0.5)
        worker.wait(PATIENCE_S)
    return kills


def _wait_for(grounds: Grounds, scene_id: int, chance: random.Random, over: Callable[[], bool]) -> None:
    """Wait for a random moment of a random stage, no longer than until it is ``over``."""
    wanted = chance.choice(list(STAGES))
    _until(lambda: over() or _reached(grounds.store, scene_id, wanted), PATIENCE_S / 2, pause_s=0.02)
    time.sleep(chance.uniform(0, STAGES[wanted]))


def _worker(grounds: Grounds, scene_id: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.slow_worker", grounds.store.url, str(scene_id), "0.05", "eager"]
    return subprocess.Popen(command, cwd=ROOT, env=environment(grounds), start_new_session=True)


def environment(grounds: Grounds) -> dict[str, str]:
    """What the processes are told: also where they are found again, and which server of ours they may reach."""
    paths = (ROOT / "tests" / "support" / "opened", ROOT, grounds.folder)
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "OUTTAKE_DB": grounds.store.url}


def _fell(pid: int, *, whole: bool) -> None:
    """Kill a process, alone or with its group."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL) if whole else os.kill(pid, signal.SIGKILL)


def _strike_servers(
    grounds: Grounds, scene_id: int, chance: random.Random, victims: Sequence[str], most: int
) -> list[Kill]:
    """Run servers, with a page open that has the scene read, and kill them until one sees it done."""
    kills: list[Kill] = []
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and grounds.store.scene(scene_id).state != "done":
        victim = chance.choice(victims)
        stage_then = _under_a_page(grounds, scene_id, chance, victim if len(kills) < most else "")
        if stage_then:
            kills.append(Kill(victim, stage_then))
    return kills


def _under_a_page(grounds: Grounds, scene_id: int, chance: random.Random, victim: str) -> str:
    """Open the shelf on a new server and resume the scene; kill the victim and return when, or see the scene done."""
    port = browser.free_port()
    os.environ["PYTHONPATH"] = environment(grounds)["PYTHONPATH"]
    server = browser.start(grounds.folder, port, grounds.store.url)
    try:
        with tab.opened(browser.answering(port)) as page:
            _resume(page, grounds.store, scene_id)
            if not victim:
                _until(lambda: not grounds.store.scene(scene_id).alive)
                return ""
            _wait_for(grounds, scene_id, chance, lambda: not grounds.store.scene(scene_id).alive)
            then, state = stage(grounds.store, scene_id), grounds.store.scene(scene_id).state
            workers_then = [pid for pid, words in processes(grounds.folder).items() if "core run" in words]
            if victim != "worker":
                server.kill()
            for pid in workers_then if victim != "server" else ():
                _fell(pid, whole=True)
            if victim == "worker":  # the server is to tell it
                _until(lambda: not grounds.store.scene(scene_id).alive, 30)
            return then if state != "done" else ""
    finally:
        server.kill()
        server.wait()


def _resume(page: tab.Tab, store: Store, scene_id: int) -> None:
    """Press what has the scene read on, as a person would, unless it is being read."""

    def pressed() -> bool:
        scene = store.scene(scene_id)
        if scene.state == "done" or scene.alive:
            return True
        seen = page.ask("")
        with suppress(LookupError):
            page.ask(press=seen.widget("button", "Try again" if scene.state == "failed" else "Resume"))
        return False

    _until(pressed, 60, pause_s=0.5)


def processes(folder: Path) -> dict[int, str]:
    """Return the processes that were told of the folder, by id, with their command lines; not this one."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(folder).encode() in (entry / "environ").read_bytes() and int(entry.name) != os.getpid():
                words = (entry / "cmdline").read_text(errors="replace").replace("\0", " ").strip()
                if words:
                    found[int(entry.name)] = words
    return found


def _copied(film: Path, number: int, folder: Path | None = None) -> str:
    """Return another path to the same film: another scene with the same rows."""
    target = (folder or film.parent) / f"{film.stem}-{number}.mp4"
    shutil.copyfile(film, target)
    return str(target)


def _until(truth: Callable[[], bool], seconds: float = PATIENCE_S, pause_s: float = 0.1) -> None:
    """Wait until it is true, or no longer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not truth():
        time.sleep(pause_s)
