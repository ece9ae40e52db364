"""What the closer look costs: its time beside that of reading a clip, decoding included in both.

python -m bench.closer --shared ../shared [--write]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

from bench import results
from core import settings
from core.doubt import closer_looks
from core.faces import backends
from core.model import Timeline
from core.reading import segments, tracks
from core.video import clip as video

CLIPS = ("scene.mp4", "crying_to_laughing.mp4", "smiling_man.gif")
ROUNDS = 3
MOST = 0.20
"""The closer look may take this share of the reading's time."""


class Cost(NamedTuple):
    """One round with one clip; times in s."""

    moments: int
    looks: int
    reading: float
    looking: float
    reading_cpu: float
    looking_cpu: float


def measured(path: Path) -> Cost:
    """Read a clip every 200 ms as the worker does, without its pictures and rows, and look closer."""
    recipe = settings.recipe(path, finder="mtcnn", readers="builtin")
    clip = video.probe(path)
    _, find, readers = backends.open_tools(recipe)
    started = perf_counter(), process_time()
    samples = tuple(
        tracks.assign_tracks(
            each.sample for each in segments.read_moments(recipe, find, readers, segments.whole_segment(recipe))
        )
    )
    read = perf_counter(), process_time()
    timeline = Timeline(settings.USUAL_STEP.every, samples)
    looks = list(closer_looks.take_looks(clip, timeline, {"builtin": readers["builtin"]}))
    looked = perf_counter(), process_time()
    times = (after - before for pair in ((started, read), (read, looked)) for before, after in zip(*pair, strict=True))
    reading, reading_cpu, looking, looking_cpu = times
    return Cost(len(samples), len(looks), reading, looking, reading_cpu, looking_cpu)


def report(media: Path) -> Iterator[str]:
    """A line per clip, each figure the median of the rounds."""
    yield "## The closer look\n"
    yield f"Every 200 ms with MTCNN and the built-in reader; medians of {ROUNDS} rounds, in seconds of processor time"
    yield f"(and by the clock). It may take {MOST:.0%} of the reading's time.\n"
    yield "| Clip | Moments | Peaks looked at | Reading | Closer look | Share |"
    yield "|---|---|---|---|---|---|"
    for name in CLIPS:
        rounds = [measured(media / name) for _ in range(ROUNDS)]
        cost = Cost(*(median(figures) for figures in zip(*rounds, strict=True)))  # type: ignore[arg-type]
        reading = f"{cost.reading_cpu:.2f} ({cost.reading:.2f})"
        looking = f"{cost.looking_cpu:.2f} ({cost.looking:.2f})"
        share = f"{cost.looking_cpu / cost.reading_cpu:.1%} ({cost.looking / cost.reading:.1%})"
        yield f"| {name} | {cost.moments} | {cost.looks} | {reading} | {looking} | {share} |"


def main() -> None:
    """Print the table, and with ``--write`` put it into RESULTS.md."""
    parser = argparse.ArgumentParser(description="What the closer look costs.")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds media/")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    asked = parser.parse_args()
    text = "\n".join(report(asked.shared / "media"))
    print(text)
    if asked.write:
        results.write("closer", text)


if __name__ == "__main__":
    main()
