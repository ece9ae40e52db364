"""Thirteen kinds of attack on a hosted server of this machine: python -m bench.hostile [--only 6 8] [--write]"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from typing import NamedTuple

from bench import results
from bench.hostile import ground as grounds


class Kind(NamedTuple):
    """One kind of attack: a module of this folder whose ``attack(ground)`` yields a sentence for each thing that fell.

    It is handed a running server, may stop and start it, and need not leave one behind.
    """

    module: str
    promise: str
    """What is attacked, as one reads it before “held”."""
    most_s: float = 120.0
    """An attack that has not come to its end by then has hung something: it counts as not held."""


KINDS = (
    Kind("housekeeping", "housekeeping goes on after an error, and begins with the server"),
    Kind("bundles", "bundles, verdicts and emotion files are read within limits of memory", 300.0),
    Kind("turns", "one task of a kind at a time, over all processes"),
    Kind("uploads", "uploads are bounded for a session and over all, and freed"),
    Kind("room", "room is asked for first, and what is refused is gone at once"),
    Kind("strangers", "Host and Origin of strangers and foreign frames are refused, and nobody foreign is asked"),
    Kind("clips", "a clip stays while a scene of anybody uses it"),
    Kind("spreadsheets", "no title or name begins a row or a formula"),
    Kind("memory", "memory stays bounded while visitors come and go", 300.0),
    Kind("oddities", "odd numbers, killed exports, half requests, few descriptors end well; files are private", 240.0),
    Kind("first_visitor", "the first visitor does not wait for work that the worker can do"),
    Kind("supply", "known holes are closed, and weights that changed are named"),
    Kind("container", "the container runs without a network and writes to its own folder alone"),
)


def main(words: Sequence[str] | None = None) -> int:
    """Attacks, prints one line for each kind; exit code 1 when one does not hold."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--only", type=int, nargs="+", choices=range(1, len(KINDS) + 1), metavar="NUMBER")
    made.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    asked = made.parse_args(words)
    lines, fallen = [], 0
    for number, kind in enumerate(KINDS, 1):
        if asked.only and number not in asked.only:
            continue
        began = time.monotonic()
        faults = attack(kind)
        fallen += bool(faults)
        word = "NOT HELD" if faults else "held"
        lines += [f"{number:>2}. {kind.promise}: {word} ({time.monotonic() - began:.0f} s)"]
        lines += [f"    - {fault}" for fault in faults]
        print("\n".join(lines[-1 - len(faults) :]), flush=True)
    if asked.write and not asked.only:
        intro = "A hosted server on loopback, attacked in thirteen ways, each bounded in time."
        results.write("hostile", "\n".join(["## Hostile visitors", "", intro, "", "```", *lines, "```"]))
    return int(bool(fallen))


def attack(kind: Kind) -> list[str]:
    """Returns what fell, on a new home and server, each in a sentence; nothing where all held."""
    name = f"bench.hostile.{kind.module}"
    if importlib.util.find_spec(name) is None:
        return ["nobody has written this attack"]
    faults: list[str] = []

    def run() -> None:
        try:
            ground.start()
            faults.extend(importlib.import_module(name).attack(ground))
        except BaseException as error:
            traceback.print_exc()
            faults.append(f"the attack broke off: {type(error).__name__}: {error}")
            raise

    with grounds.prepared() as ground:
        attacker = threading.Thread(target=run, daemon=True)
        attacker.start()
        attacker.join(kind.most_s)
        if attacker.is_alive():
            faults.append(f"it did not come to its end within {kind.most_s:.0f} s")
        return list(faults)


if __name__ == "__main__":
    sys.exit(main())
