"""How far the player's picture and its curves are apart, and what a large film costs: ``python -m bench.player``.

A film whose pictures say their own number is played and sought in a headless Chromium, through the app as it is. At
each turn of the display the number in the picture is read beside the place of the playhead. ``--write`` keeps it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import results
from tests.support import playing, reels
from tests.support.playing import Stage, apart_ms, at, measured, number, point, video, weighed

FILMS = {"a.mp4": "MP4, H.264", "b.webm": "WebM, VP9", "late.webm": "WebM, VP9, whose picture begins 0.6 s late"}
ROUNDS, ROUND_MS = 3, 3000
SEEKS = 30
STEP_MS = 200
"""Between two moments that were read: a press on the curves goes to the nearest."""

HEAVY = 150_000_000
MOST_GROWN = 40_000_000
"""Bytes that the server may grow by for such a film."""


def main() -> int:
    """Measure, print, and say by the exit code whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the figures in RESULTS.md")
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryDirectory() as films,
        playing.staged(Path(home), Path(films)) as stage,
    ):
        text, fine = measure(stage)
    print(text)
    if wanted.write:
        results.write("player", text)
    return 0 if fine else 1


def measure(stage: Stage) -> tuple[str, bool]:
    """Return what RESULTS.md says, and whether everything stays within a frame and the memory allowed."""
    rows, fine = [], True
    for name, words in FILMS.items():
        played, (sought, right) = play(stage, name), seek(stage, name)
        rows += [_row(words, f"playing, {ROUNDS} times {ROUND_MS / 1000:g} s", played, "")]
        rows += [_row(words, f"after {SEEKS} presses on the curves", sought, f"{right} of {SEEKS}")]
        fine = fine and _share(played, 0.95) <= reels.FRAME_MS and max(sought) < reels.FRAME_MS and right == SEEKS
    path = reels.heavy(stage.folder / "heavy.mp4", HEAVY)
    stage.scenes["heavy.mp4"] = reels.scene(stage.store, str(path))
    came, grown = weighed(stage, "heavy.mp4")
    memory = (
        f"A film of {path.stat().st_size / 1e6:.0f} MB that is played and fetched whole ({came / 1e6:.0f} MB came): "
        f"the server grows by at most {max(grown, 0) / 1e6:.1f} MB."
    )
    return "\n".join([HEAD, *rows, "", memory]), fine and came == path.stat().st_size and grown < MOST_GROWN


HEAD = f"""## The player

How far the playhead over the curves is from the time in which the picture on the screen is to be seen: 0 while
that picture's {reels.FRAME_MS} ms last. One frame is {reels.FRAME_MS} ms. Measured at each turn of the display in a
headless Chromium, through the app.

| film | when | turns | median | 95 % | most | most, frames | the very picture |
|---|---|---:|---:|---:|---:|---:|---:|"""


def _row(film: str, when: str, away: Sequence[float], right: str) -> str:
    figures = [statistics.median(away), _share(away, 0.95), max(away)]
    cells = [*(f"{ms:.1f} ms" for ms in figures), f"{max(away) / reels.FRAME_MS:.2f}", right]
    return f"| {film} | {when} | {len(away)} | {' | '.join(cells)} |"


def _share(values: Sequence[float], share: float) -> float:
    return sorted(values)[int((len(values) - 1) * share)]


def play(stage: Stage, name: str) -> list[float]:
    """Return how far picture and playhead are apart, ms, at every turn of the display while it plays."""
    away: list[float] = []
    for _ in range(ROUNDS):
        page, _ = stage.opened(name, "&t=0")
        at(page, 0)
        page.keyboard.press(" ")
        page.wait_for_function("video => !video.paused", arg=video(page).element_handle())
        away += [apart_ms(*place) for place in measured(page, ROUND_MS)]
        page.close()
    return away


def seek(stage: Stage, name: str) -> tuple[list[float], int]:
    """Return the same after each of some presses on the curves, and how often the picture was the very one."""
    page, _ = stage.opened(name, "&t=0")
    chance, away, right = random.Random(7), [], 0  # noqa: S311  # which moments are pressed
    for _ in range(SEEKS):
        t_ms = STEP_MS * chance.randrange(playing.END_MS // STEP_MS + 1)
        point(page, t_ms / playing.END_MS)
        at(page, t_ms)
        right += number(page) == t_ms // reels.FRAME_MS
        away += [apart_ms(*place) for place in measured(page, 0)[:1]]
    page.close()
    return away, right


if __name__ == "__main__":
    sys.exit(main())
