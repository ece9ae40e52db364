"""Workers and servers killed at random moments: python -m bench.kills [--url URL] [--write]

PostgreSQL: python -m tests.support.postgres python -m bench.kills --url postgresql --write
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench import results
from bench.kill_rounds import Grounds, Round, servers, workers
from core.store.scenes import Store
from tests.support import hostile, postgres

KILLS = 50


def main() -> int:
    """Kill, resume, compare; exit code 1 when a scene differs from an undisturbed one or a process is left over."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument(
        "--url", help="of the database; “postgresql” is that of tests.support.postgres, none a SQLite file"
    )
    made.add_argument("--count", type=int, default=KILLS, help="kills at least; half of them meet a server")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    asked = made.parse_args()
    began = time.monotonic()
    with ExitStack() as open_:
        grounds = prepared(open_, os.environ[postgres.VARIABLE] if asked.url == "postgresql" else asked.url)
        rounds = list(_counted(workers(grounds, asked.seed), asked.count - asked.count // 2))
        rounds += _counted(servers(grounds, asked.seed), asked.count // 2)
    kind = "PostgreSQL" if grounds.store.url.startswith("postgresql") else "SQLite"
    text = report(rounds, kind, asked.seed, time.monotonic() - began)
    print(text)
    if asked.write:
        results.write(f"kills-{kind.lower()}", text)
    return int(any(one.bad for one in rounds))


def prepared(open_: ExitStack, url: str | None = None) -> Grounds:
    """Return a home, a site and a database to kill in, until ``open_`` closes; SQLite where no URL is given."""
    folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
    site = open_.enter_context(hostile.site())
    os.environ["OUTTAKE_HOME"] = os.environ["DEEPFACE_HOME"] = str(folder)
    os.environ["OUTTAKE_TEST_SERVER"] = str(site.server_port)
    if url:
        url = open_.enter_context(postgres.schema(url))
    return Grounds(Store(url or f"sqlite:///{folder}/outtake.db"), folder, site)


def _counted(rounds: Iterator[Round], kills: int) -> Iterator[Round]:
    """Yield rounds until so many kills have fallen."""
    for one in rounds:
        print(one.told(), file=sys.stderr, flush=True)
        yield one
        kills -= len(one.kills)
        if kills <= 0:
            return


def report(rounds: list[Round], kind: str, seed: int, seconds: float) -> str:
    """Return the part of RESULTS.md."""
    bad = [one.told() for one in rounds if one.bad]
    counts = Counter((kill.victim, kill.stage) for one in rounds for kill in one.kills)
    victims, stages = sorted({victim for victim, _ in counts}), ("start", "fetch", "read", "closer")
    lines = [
        f"## Kills on {kind}",
        "",
        f"{counts.total()} SIGKILLs at random moments (seed {seed}) over {len(rounds)} scenes, each then resumed to "
        f"its end ({seconds / 60:.0f} min). A worker is killed with the processes it started or alone; a server under "
        "a page that is open; “machine” is both at once.",
        "",
        f"| killed | {' | '.join(WORDS[stage] for stage in stages)} |",
        f"|---|{'---:|' * len(stages)}",
        *(f"| {victim} | {' | '.join(str(counts[victim, stage]) for stage in stages)} |" for victim in victims),
        "",
        "Scenes of which any row or picture differs from an undisturbed run's, that did not come to their end, or that "
        f"left a process behind: {'; '.join(bad) or 'none'}.",
    ]
    return "\n".join(lines)


WORDS = {"start": "at its start", "fetch": "while it fetched", "read": "while it read", "closer": "in the closer look"}


if __name__ == "__main__":
    sys.exit(main())
