"""Workers killed at random moments: python -m bench.kills [--url URL] [--write]"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench import results
from core import job
from core.adapters.store import Store
from core.model import Recipe, Sample
from tests import clips

ROOT = Path(__file__).parents[1]
LONGEST_S = 300.0
"""A scene that is not done by then will never be."""

Rows = tuple[tuple[Sample, bytes | None, tuple[bytes, ...]], ...]


class Round(NamedTuple):
    """One scene that was killed and resumed until it was done."""

    number: int
    kills: int
    same: bool
    orphans: int


def main() -> int:
    """Kill, resume, compare; exit code 1 when a scene differs from an undisturbed one or a process is left over."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--url", help="of the database; a SQLite file if not given")
    made.add_argument("--count", type=int, default=50, help="kills at least")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    asked = made.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OUTTAKE_HOME"] = folder
        store = Store(asked.url or f"sqlite:///{folder}/outtake.db")
        rounds = list(_rounds(store, Path(folder), asked.count, random.Random(asked.seed)))  # noqa: S311  # a bench
    kind = "PostgreSQL" if store.url.startswith("postgresql") else "SQLite"
    text = report(rounds, kind, time.monotonic() - began)
    print(text)
    if asked.write:
        results.write(f"kills-{kind.lower()}", text)
    return int(any(not one.same or one.orphans for one in rounds))


def report(rounds: list[Round], kind: str, seconds: float) -> str:
    """Return the part of RESULTS.md."""
    bad = [str(one.number) for one in rounds if not one.same or one.orphans]
    return (
        f"## Kills on {kind}\n\n{sum(one.kills for one in rounds)} SIGKILLs at random moments over {len(rounds)} "
        f"scenes, each then resumed to its end ({seconds / 60:.0f} min). Scenes whose rows or pictures differ from an "
        f"undisturbed run, or that left a process behind: {', '.join(bad) or 'none'}."
    )


def _rounds(store: Store, folder: Path, count: int, chance: random.Random) -> Iterator[Round]:
    film = clips.film(folder / "film.mp4", 12.0)
    whole = store.add(Recipe(str(film)), "Undisturbed")
    job.run(whole, store=store, equip=clips.equip)
    expected, kills, number = rows(store, whole), 0, 0
    while kills < count:
        number += 1
        scene_id = store.add(Recipe(str(film), smallest_face_px=8 + number), f"Round {number}")
        struck = _struck(store, scene_id, chance)
        kills += struck
        one = Round(number, struck, rows(store, scene_id) == expected, len(_processes(scene_id)))
        print(
            f"{number}: {kills} kills, {'the same' if one.same else 'DIFFERENT'}, {one.orphans} left", file=sys.stderr
        )
        store.delete(scene_id)
        yield one


def rows(store: Store, scene_id: int) -> Rows:
    """Return all that is stored of a scene, bytes and all."""
    samples = store.samples(scene_id)
    keys = [(sample.t_ms, index) for sample in samples for index in range(len(sample.faces))]
    crops = store.crops(scene_id, keys)
    return tuple(
        (
            sample,
            store.thumb(scene_id, sample.t_ms),
            tuple(crops[sample.t_ms, index] for index in range(len(sample.faces))),
        )
        for sample in samples
    )


def _struck(store: Store, scene_id: int, chance: random.Random) -> int:
    """Start workers and kill them until one comes to the end; return how many were killed."""
    kills, until = 0, time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        worker = _worker(store, scene_id)
        found, moment = store.scene(scene_id).found, chance.uniform(0, 3.0)
        waited = time.monotonic()
        if kills < 4 and chance.random() < 0.8:  # half of the time only once it writes
            late = chance.random() < 0.5
            while late and worker.poll() is None and store.scene(scene_id).found == found:
                time.sleep(0.02)
                if time.monotonic() - waited > LONGEST_S / 4:
                    break
            time.sleep(moment)
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
                kills += 1
            worker.wait()
        elif worker.wait(LONGEST_S) == 0 and store.scene(scene_id).state == "done":
            return kills
        if store.scene(scene_id).state == "done":
            return kills
    return kills


def _worker(store: Store, scene_id: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.slow_worker", store.url, str(scene_id), "0.05"]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)


def _processes(scene_id: int) -> list[str]:
    """Return the command lines of workers of this scene that still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().decode(errors="replace").split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if "tests.slow_worker" in words and str(scene_id) in words:
            found.append(" ".join(words))
    return found


if __name__ == "__main__":
    sys.exit(main())
