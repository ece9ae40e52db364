"""How much memory reading 720p takes, at one and at ten times the length: python -m bench.memory [--write]"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import av

from bench import results

ROOT = Path(__file__).parents[1]
CLIP = ROOT.parent / "shared" / "media" / "scene.mp4"

LIMIT_MB, LIMIT_GROWTH = 400, 0.10
"""What the worker may take at its peak, and how much more of it for ten times the length."""

TIMES = 10


class Peak(NamedTuple):
    """What a finished program took."""

    mb: float
    seconds: float


def main() -> int:
    """Print the table; put it into RESULTS.md with --write. Exit code 1 when a limit is broken."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--clip", type=Path, default=CLIP)
    made.add_argument("--finder", default="mtcnn")
    made.add_argument("--readers", default="auto")
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    asked = made.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        once = enlarged(asked.clip, Path(folder) / "once.mp4")
        often = repeated(once, Path(folder) / "often.mp4", TIMES)
        tools = ["--finder", asked.finder, "--readers", asked.readers]
        measured = {way: [peak(way, clip, tools) for clip in (once, often)] for way in ("read", "add")}
    text = report(measured, asked.finder, asked.readers)
    print(text)
    if asked.write:
        results.write("memory", text)
    return int(any(broken(*pair) for pair in measured.values()))


def enlarged(clip: Path, target: Path, width: int = 1280, height: int = 720) -> Path:
    """Write the clip as H.264 of that size."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as made:
        stream = made.add_stream("libx264", rate=source.streams.video[0].average_rate, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for frame in source.decode(video=0):
            made.mux(stream.encode(frame.reformat(width, height, "yuv420p")))
        made.mux(stream.encode())
    return target


def repeated(clip: Path, target: Path, times: int) -> Path:
    """Write the clip so many times after itself, packet by packet."""
    with av.open(str(target), "w") as made:
        stream = None
        for turn in range(times):
            with av.open(str(clip)) as source:
                original = source.streams.video[0]
                stream = stream or made.add_stream_from_template(original)
                for packet in source.demux(original):
                    if packet.dts is not None:
                        packet.dts += turn * original.duration
                        packet.pts += turn * original.duration
                        packet.stream = stream
                        made.mux(packet)
    return target


def peak(way: str, clip: Path, tools: Sequence[str]) -> Peak:
    """Run the command line on the clip and return the most memory it held at once."""
    with tempfile.TemporaryDirectory() as home:
        out = ["--out", str(Path(home) / "clip.csv")] if way == "read" else []
        command = [sys.executable, "-m", "core", way, str(clip), "--every", "200ms", *tools, *out]
        began = time.monotonic()
        own = os.environ | {"OUTTAKE_HOME": home, "OUTTAKE_DB": ""}
        child = subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return Peak(used.ru_maxrss / 1024 / (1024 if sys.platform == "darwin" else 1), time.monotonic() - began)


def broken(once: Peak, often: Peak) -> bool:
    """Whether a limit is not kept."""
    return max(once.mb, often.mb) >= LIMIT_MB or often.mb / once.mb - 1 >= LIMIT_GROWTH


def report(measured: dict[str, list[Peak]], finder: str, readers: str) -> str:
    """Markdown: peak memory and time of the command line's two ways through a film."""
    ways = {"read": "`read`: a table", "add": "`add`: the shelf's worker"}
    lines = [
        "## Memory",
        "",
        f"Peak resident memory of the worker process on `scene.mp4` enlarged to 1280x720, a moment every 200 ms, "
        f"finder {finder}, readers {readers} (`python -m bench.memory`). Asked: under {LIMIT_MB} MB, and less than "
        f"{LIMIT_GROWTH:.0%} more for {TIMES} times the length.",
        "",
        f"| | once, 23 s | {TIMES} times, 228 s | growth | seconds |",
        "|---|---:|---:|---:|---:|",
    ]
    for way, (once, often) in measured.items():
        growth, seconds = f"{often.mb / once.mb - 1:+.1%}", f"{once.seconds:.0f}, {often.seconds:.0f}"
        lines.append(f"| {ways[way]} | {once.mb:.0f} MB | {often.mb:.0f} MB | {growth} | {seconds} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
