"""Thousands of damaged and made-up media files, each read as a worker would: python -m bench.mutants [--write]"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bench import results
from core.shelf import jobs

ROOT = Path(__file__).parents[1]
LIMIT_S = 20.0
"""Processor time that one file may take; a healthy one of this size takes a tenth of a second."""

ASLEEP_S = 240.0
"""A process that has not answered by then waits for something that never comes."""

LIMIT_MB = 700
"""Most that the process may hold at any time; loading decoder and tables alone takes 200."""

EXTREMES = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


class Outcome(NamedTuple):
    """What became of one file."""

    seed: int
    what: str
    """“rows”, “sentence”, or what must not be: “crash”, “hang”, and the name of any other error."""
    seconds: float
    mb: float = 0.0


def main() -> int:
    """Read the mutants and print what became of them; exit code 1 if any became what must not be."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--count", type=int, default=5_000)
    made.add_argument("--first", type=int, default=0, help="the first seed")
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    made.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = made.parse_args()
    if asked.child:
        return child()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = list(read(range(asked.first, asked.first + asked.count), Path(folder)))
    text = report(outcomes, asked.first, time.monotonic() - began)
    print(text)
    if asked.write:
        results.write("mutants", text)
    return int(any(wrong(one) for one in outcomes))


def wrong(one: Outcome) -> bool:
    """Whether this must not have happened."""
    return one.what not in ("rows", "sentence") or one.seconds > LIMIT_S or one.mb > LIMIT_MB


def report(outcomes: list[Outcome], first: int, seconds: float) -> str:
    """Return the part of RESULTS.md."""
    counts = Counter(one.what for one in outcomes)
    bad = [one for one in outcomes if wrong(one)]
    seeds = ", ".join(str(one.seed) for one in bad)
    last = first + len(outcomes) - 1
    lines = [
        "## Damaged files",
        "",
        f"{len(outcomes)} files made of real ones in {len(parents_of())} containers by flipping, cutting, splicing and "
        f"overwriting bytes (seeds {first} to {last}), each read with the real decoder in {seconds / 60:.0f} min.",
        "",
        "| became | files |",
        "|---|---:|",
        *(f"| {what} | {count} |" for what, count in counts.most_common()),
        "",
        f"The slowest took {max(one.seconds for one in outcomes):.1f} s of the processor; the process held at most "
        f"{max(one.mb for one in outcomes):.0f} MB. Against the rules (a crash, more than {LIMIT_S:.0f} s, more than "
        f"{LIMIT_MB} MB, an error that is no sentence): {len(bad)}{f': seeds {seeds}' if bad else ''}.",
    ]
    return "\n".join(lines)


def read(seeds: range, folder: Path) -> Iterator[Outcome]:
    """Yield what becomes of each seed's file; a process that crashes or hangs is replaced."""
    waiting = list(reversed(seeds))
    while waiting:
        with subprocess.Popen(
            [sys.executable, "-m", "bench.mutants", "--child"],
            cwd=ROOT,
            env=os.environ | jobs.ARROW_POOL,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdin and process.stdout  # noqa: S101  # both are pipes
            process.stdin.write(f"{folder}\n".encode())
            while waiting:
                seed = waiting.pop()
                began = time.monotonic()
                process.stdin.write(f"{seed}\n".encode())
                process.stdin.flush()
                late = _is_late(process)
                said = b"" if late else process.stdout.readline()
                if not said:
                    process.kill()
                    yield Outcome(seed, "hang" if late else "crash", time.monotonic() - began)
                    break
                yield Outcome(seed, *json.loads(said))
            else:
                process.stdin.close()


def _is_late(process: subprocess.Popen[bytes]) -> bool:
    """Wait for the process's answer; True when it worked longer than it may, or slept: a busy machine is no hang."""
    before, until = _worked_s(process.pid), time.monotonic() + ASLEEP_S
    while not select.select([process.stdout], [], [], 1.0)[0]:
        if _worked_s(process.pid) - before > LIMIT_S * 1.5 or time.monotonic() > until:
            return True
    return False


def _worked_s(pid: int) -> float:
    """Return the processor time that a process has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def child() -> int:
    """Read one seed after the other from standard input, shut in as a worker is."""
    from core.errors import SceneError
    from core.host import limits, sandbox
    from core.model import Recipe
    from core.shelf import read_file
    from tests.support import clips

    folder = Path(sys.stdin.readline().strip())
    parents = parents_of(folder)
    sandbox.confine(replace(limits.HOSTED.reading, cpu_s=None))  # many files' worth of time, one file's of memory
    sandbox.seal()
    for line in sys.stdin:
        seed = int(line)
        path = folder / f"mutant-{seed}.bin"
        path.write_bytes(mutant(seed, parents))
        began = time.process_time()
        try:
            what = "rows" if len(read_file.read_recipe(Recipe(str(path)), equip=clips.equip)) else "nothing"
        except SceneError as error:
            what = "sentence" if str(error).endswith(".") and "\n" not in str(error) else "no sentence"
        except BaseException as error:
            what = type(error).__name__
        path.unlink()
        print(json.dumps([what, time.process_time() - began, _peak_mb()]), flush=True)
    return 0


def _peak_mb() -> float:
    """Return the most memory this process held; where there is no /proc, that may be its parent's."""
    import resource

    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))


KINDS = ("mp4", "mov", "mkv", "webm", "avi", "ts", "flv", "mpg", "gif", "wmv")
NAMES = tuple(f"film.{kind}" for kind in KINDS)


def parents_of(folder: Path | None = None) -> tuple[bytes, ...]:
    """Return the healthy files, made once in the folder; without one only their number counts."""
    if folder is None:
        return tuple(bytes(1) for _ in NAMES)
    from tests.support import clips

    source = folder / "film.mp4"
    if not source.exists():
        clips.film(source, 2.0)
    for name in NAMES:
        target = folder / name
        if not target.exists():
            recode(source, target)
    return tuple((folder / name).read_bytes() for name in NAMES)


CODECS = {".webm": "libvpx", ".avi": "mpeg4", ".mpg": "mpeg1video", ".gif": "gif", ".wmv": "wmv2", ".flv": "flv"}


def recode(source: Path, target: Path) -> None:
    """Write the film in the container that its name says, with a codec that is usual there."""
    import av

    codec = CODECS.get(target.suffix, "libx264")
    kind = {"gif": "rgb8"}.get(codec, "yuv420p")
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = made.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 192, 108, kind
        for frame in given.decode(video=0):
            made.mux(stream.encode(frame.reformat(format=kind)))
        made.mux(stream.encode(None))


Damage = Callable[[random.Random, bytearray, bytes], None]


def flipped(chance: random.Random, data: bytearray, _: bytes) -> None:
    """Turn single bits over."""
    for _number in range(chance.choice((1, 3, 10, 100, 1000))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def flipped_head(chance: random.Random, data: bytearray, _: bytes) -> None:
    """Turn bits over where a container says what it is."""
    for _number in range(chance.choice((1, 5, 20))):
        data[chance.randrange(min(len(data), 600))] ^= 1 << chance.randrange(8)


def cut(chance: random.Random, data: bytearray, _: bytes) -> None:
    """End too early."""
    del data[chance.randrange(1, len(data)) :]


def gap(chance: random.Random, data: bytearray, _: bytes) -> None:
    """Miss a piece."""
    start = chance.randrange(len(data))
    del data[start : start + chance.randrange(1, 5000)]


def spliced(chance: random.Random, data: bytearray, other: bytes) -> None:
    """Hold a piece of another file."""
    start, size = chance.randrange(len(other)), chance.randrange(1, 8000)
    at = chance.randrange(len(data))
    data[at : at + chance.choice((0, size))] = other[start : start + size]


def extreme(chance: random.Random, data: bytearray, _: bytes) -> None:
    """Say an extreme number."""
    for _number in range(chance.choice((1, 2, 8))):
        at, size = chance.randrange(max(len(data) - 8, 1)), chance.choice((1, 2, 4))
        number = chance.choice(EXTREMES) & (1 << 8 * size) - 1
        data[at : at + size] = number.to_bytes(size, chance.choice(("big", "little")))


def repeated(chance: random.Random, data: bytearray, _: bytes) -> None:
    """Say a piece again and again."""
    start, size = chance.randrange(len(data)), chance.randrange(1, 2000)
    data[start:start] = bytes(data[start : start + size]) * chance.choice((1, 10, 100))


def blank(chance: random.Random, data: bytearray, _: bytes) -> None:
    """Hold zeros or ones where there was something."""
    start, size = chance.randrange(len(data)), chance.randrange(1, 10_000)
    data[start : start + size] = bytes([chance.choice((0, 255))]) * len(data[start : start + size])


def noise(chance: random.Random, data: bytearray, _: bytes) -> None:
    """Hold noise behind a healthy beginning."""
    at = min(chance.choice((12, 64, 600, len(data) // 2)), len(data))
    data[at:] = chance.randbytes(len(data) - at)


DAMAGES: tuple[Damage, ...] = (flipped, flipped_head, cut, gap, spliced, extreme, repeated, blank, noise)


def mutant(seed: int, parents: tuple[bytes, ...]) -> bytes:
    """Return the file of a seed: one of the parents, damaged once to three times."""
    chance = random.Random(seed)  # noqa: S311  # the same seed is the same file
    data, other = bytearray(chance.choice(parents)), chance.choice(parents)
    for damage in chance.choices(DAMAGES, k=chance.choice((1, 1, 2, 3))):
        if data:
            damage(chance, data, other)
    return bytes(data)


if __name__ == "__main__":
    sys.exit(main())
