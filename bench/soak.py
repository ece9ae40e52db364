"""A hosted server for an hour, good and hostile visitors, a kill on the way: python -m bench.soak [--write]

PostgreSQL: python -m tests.support.postgres python -m bench.soak --url postgresql --write
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

import sqlalchemy as sa

from bench import results
from bench.hostile import ground as grounds
from bench.hostile.ground import Ground, until
from bench.soak_visitors import ADDRESS, GOOD_PAGE, Diary, be_good, be_hostile
from core.store import schema
from core.store.scenes import Store
from tests.support import clips, hostile, postgres

GROWTH = 1.15
"""The server's memory at the end may be so many times that of its tenth minute, of a shorter run its first third."""

LEAST_S = 480.0
"""Of a shorter run memory is told and not judged: libraries and caches are still warming."""

FILMS = 8
"""Different films among the links: more than one scene of a film are on the shelves at one time."""

ENDS_S = 240.0
"""Longest that what was begun may take after the last visitor has left."""


@dataclass
class Memory:
    """The server's resident memory over time, by server: each kill begins a new list."""

    servers: list[list[tuple[float, float]]] = field(default_factory=lambda: [[]])
    over: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def watch(self, ground: Ground) -> None:
        """Notes time, s, and memory, MB, every few seconds until it is over."""
        while not self.over.wait(2.0):
            with self.lock:
                if ground.server and ground.server.poll() is None:
                    self.servers[-1].append((time.monotonic(), ground.server_mb()))

    def seconds(self) -> float:
        """Returns how long the last server was watched."""
        return self.servers[-1][-1][0] - self.servers[-1][0][0]

    def growth(self) -> tuple[float, float, float]:
        """Returns the last server's memory early and at its end, MB, and the minute of its life that is early."""
        notes = self.servers[-1]
        began, ended = notes[0][0], notes[-1][0]
        early_s = min(600.0, (ended - began) / 3)
        breadth_s = max((ended - began) / 20, 10.0)
        early = [mb for at, mb in notes if abs(at - began - early_s) <= breadth_s]
        late = [mb for at, mb in notes if ended - at <= 2 * breadth_s]
        return statistics.median(early), statistics.median(late), early_s / 60


def main() -> int:
    """Lets them come, kills the server, lets them go on; exit code 1 when anything is lost, left behind or growing."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--minutes", type=float, default=60.0)
    made.add_argument("--good", type=int, default=20)
    made.add_argument("--hostile", type=int, default=10)
    made.add_argument(
        "--url", help="of the database; “postgresql” is that of tests.support.postgres, none a SQLite file"
    )
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    asked = made.parse_args()
    with ExitStack() as open_:
        url = os.environ[postgres.VARIABLE] if asked.url == "postgresql" else asked.url
        if url:
            os.environ["OUTTAKE_DB"] = open_.enter_context(postgres.schema(url))
        ground = open_.enter_context(grounds.prepared())
        os.environ |= {"OUTTAKE_HOSTED": "1", "OUTTAKE_ADDRESS_HEADER": ADDRESS}
        films = [
            clips.film(ground.home / f"film-{number}.mp4", 2.0, seed=number).read_bytes() for number in range(FILMS)
        ]
        for number, film in enumerate(films):
            page = GOOD_PAGE.format(title=f"Film {number}", video=ground.site.link(f"/{number}.mp4"))
            ground.site.answers |= {f"/page-{number}": hostile.text(page), f"/{number}.mp4": hostile.file(film)}
            (ground.home / f"film-{number}.mp4").unlink()
        text, fine = _soak(ground, asked.minutes * 60, asked.good, asked.hostile)
    print(text)
    if asked.write:
        results.write(f"soak-{'postgresql' if url else 'sqlite'}", text)
    return int(not fine)


def _soak(ground: Ground, seconds: float, good: int, bad: int) -> tuple[str, bool]:
    diary, memory = Diary(), Memory()
    ground.start()
    began = time.monotonic()
    threading.Thread(target=memory.watch, args=[ground], daemon=True).start()
    visitors = [threading.Thread(target=be_good, args=[ground, diary, number]) for number in range(good)]
    visitors += [threading.Thread(target=be_hostile, args=[ground, diary, number]) for number in range(bad)]
    for visitor in visitors:
        visitor.start()
    diary.over.wait(seconds / 3)
    with memory.lock:
        ground.stop(kill=True)
        ground.start()
        memory.servers.append([])
    diary.over.wait(max(seconds - (time.monotonic() - began), 0.0))
    stayed_s = time.monotonic() - began
    diary.over.set()
    for visitor in visitors:
        visitor.join(120.0)
    memory.over.set()
    lost = _lost(ground, diary)
    ground.stop()
    return _report(ground, diary, memory, lost, stayed_s)


def _lost(ground: Ground, diary: Diary) -> list[str]:
    """Returns what is wrong with the scenes that were taken and that nobody deleted, once all has been read."""
    store = ground.store
    until(lambda: all(scene.state in ("done", "failed") for scene in store.scenes()), ENDS_S, 1.0)
    there = {scene.id: scene for scene in store.scenes()}
    kept = diary.taken - diary.deleted
    gone = [f"scene {number} is gone" for number in sorted(kept - set(there))]
    undone = [f"scene {one.id} is {one.state}: {one.error}" for one in there.values() if one.state != "done"]
    short = [
        f"scene {one.id} has {len(store.samples(one.id))} of {one.found} moments"
        for one in there.values()
        if len(store.samples(one.id)) != one.found or not one.found
    ]
    return gone + undone + short


def _integrity(store: Store) -> str:
    """Returns what the database says of itself: “ok”, or what is wrong."""
    with store._db.begin_read() as db:
        if store.url.startswith("sqlite"):
            return str(db.execute(sa.text("PRAGMA integrity_check")).scalar())
        orphans = 0
        for table in schema.metadata.sorted_tables:
            if "scene_id" in table.c:
                known = sa.select(schema.scenes.c.id)
                orphans += db.execute(sa.select(sa.func.count()).where(table.c.scene_id.not_in(known))).scalar_one()
        return "ok" if not orphans else f"{orphans} rows of scenes that are gone"


def _report(ground: Ground, diary: Diary, memory: Memory, lost: list[str], seconds: float) -> tuple[str, bool]:
    until(lambda: not ground.processes(), 15.0)
    processes, integrity = list(ground.processes().values()), _integrity(ground.store)
    sources = {Path(scene.recipe.source).name for scene in ground.store.scenes()}
    files = sorted(name for name in ground.files() if Path(name).name not in sources)
    early, late, minute = memory.growth()
    steady = late <= GROWTH * early or memory.seconds() < LEAST_S
    fine = not (lost or processes or files or diary.faults) and integrity == "ok" and steady
    held = Counter(diary.attacks)
    where = "PostgreSQL" if ground.store.url.startswith("postgresql") else "SQLite"
    waits, most = diary.seconds or [0.0], max(mb for _, mb in memory.servers[-1])
    lines = [
        f"## Soak on {where}",
        "",
        f"{seconds / 60:.0f} min of a hosted server with {diary.good} good and {diary.bad} hostile visitors at a time, "
        f"the server killed after a third of it and started anew. {len(diary.taken)} scenes were taken and "
        f"{len(diary.deleted)} deleted by their visitors; lost: {len(lost)}. Left behind: {len(processes)} processes, "
        f"{len(files)} files. Integrity: {integrity}. {len(waits)} pages for good visitors, median "
        f"{statistics.median(waits):.2f} s; {held.total()} attacks of {len(held)} kinds, {len(diary.faults)} not held.",
        "",
        f"The server's memory: {early:.0f} MB in minute {minute:.0f} of the one that ran to the end, {late:.0f} MB at "
        f"its end ({late / early - 1:+.0%}; {GROWTH - 1:+.0%} is allowed), {most:.0f} MB at its most.",
    ]
    lines += [f"- {fault}" for fault in [*lost, *processes, *files, *diary.faults][:20]]
    return "\n".join(lines), fine


if __name__ == "__main__":
    sys.exit(main())
