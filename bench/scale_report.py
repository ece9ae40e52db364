"""What bench/scale.py found, as Markdown."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from bench.first_picture import Seen


class Waits(NamedTuple):
    """What somebody waits for, what it took each time, and the aim for its median, s; None where none is ours."""

    what: str
    seen: Sequence[Seen]
    aim_s: float | None

    @property
    def median_s(self) -> float:
        """The median until the first useful picture."""
        return statistics.median(one.picture_s for one in self.seen)

    @property
    def holds(self) -> bool:
        """Whether the median keeps the aim."""
        return self.aim_s is None or self.median_s <= self.aim_s


def report(waits: Sequence[Waits], load: float) -> str:
    """The waits beside the aims."""
    lines = [
        "## The screen at scale\n",
        f"Chromium, 1440x900, {len(os.sched_getaffinity(0))} cores for server and browser together, load before "
        f"{load:.1f} (`python -m bench.scale`). The hour: five moments a second, 18,000 in all, two people, two "
        "readers, pictures kept; scene.mp4 as it was really read; 500 scenes beside them. Until the "
        "first useful picture (`bench/first_picture.py` says what that is on each page), and until all of the page "
        "stands, below its fold as well. From another page of the app: from the press on this one's name. By its "
        "address, from the moment the browser is sent there: in a Chromium that has been here, as that of anybody who "
        "works with it, which keeps Streamlit's scripts and what it compiled of them; and in one that has never seen "
        "Streamlit. The first visitor of a server comes with the latter, as soon as the server answers.",
        "",
        "| | first useful picture, median | slowest | all of the page, median | of | asked | |",
        "|---|---:|---:|---:|---:|---:|---|",
        *(_line(wait) for wait in waits),
    ]
    return "\n".join(lines)


def _line(wait: Waits) -> str:
    slowest, whole = max(one.picture_s for one in wait.seen), statistics.median(one.all_s for one in wait.seen)
    aim = "" if wait.aim_s is None else f"{wait.aim_s} s"
    holds = "" if wait.aim_s is None else "holds" if wait.holds else "**does not hold**"
    figures = f"{wait.median_s:.2f} s | {slowest:.2f} s | {whole:.2f} s | {len(wait.seen)}"
    return f"| {wait.what} | {figures} | {aim} | {holds} |"
