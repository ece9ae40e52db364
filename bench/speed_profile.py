"""Where the CPU time of a reading goes, by one process that reads alone: python -m bench.speed --profile

Run as a program with a clip and a step in ms it prints the seconds by part as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench import environments
from bench.environments import cache
from bench.speed_clips import clip
from bench.speed_peers import ROOT

Profile = dict[str, dict[str, float]]
"""Name of a reading → part → CPU seconds; under "pictures" how many were decoded."""

READINGS = {"whole": (5, 200), "sparse": (25, 5000)}
"""How many times the clip shows scene.mp4, and the step in ms."""

NEEDED = ("decoding", "P-Net", "R-Net", "O-Net", "reader")
"""Parts that cannot be left out."""

ASKED = 1.6
"""Times decoding alone that reading is to take at most."""

REST = "Python, and what is not listed"

TRIED = {
    "decoding": "pictures that no other leans on and nobody asks for are not decoded: 1730 of 2850 are left, the same "
    "bit by bit. Leaving out the B pictures that others lean on as well took another quarter and changed no picture of "
    "this clip, but nothing in a file promises that: not done",
    "P-Net": "prelu after the pool (a quarter of the numbers), its two ends as one convolution: 3.5 → 2.5 ms for the "
    "largest level; a full search on every fifth moment only. On every eighth, long_room.mp4’s short visits are all "
    "missed: not done",
    "R-Net": "in one batch a search, for what P-Net proposes: faces that are followed go to O-Net at once, which loses "
    "fewer of them, 155 searches instead of 184. The same way of prelu as P-Net’s made it slower: not done",
    "O-Net": "in one batch; it follows the faces alone at three moments of four. prelu as in P-Net: slower by a sixth, "
    "not done",
    "reader": "runs at what the processor can multiply. Its last three convolutions in Winograd’s form, on tiles of "
    "3 x 3: a sixth less (6 x 6: no faster, 40 MB more). Smaller numbers (int8) would read otherwise from one kind of "
    "processor to the next: not done",
    "look": "made from the small picture that the search needs too: 1.4 → 0.8 ms a moment; cuts stay where they "
    "were. OpenCV’s Lab took 0.09 s in every process to make its tables: made here, in 2 ms",
    "small picture": "made once for search, look and shelf; it was made twice",
    "colours": "pictures stay in the process’s heap, and what is free at its end does too: fresh pages took 1.9 of 2.3 "
    "ms a picture",
    "crops": "cut from the whole picture, which is halved where a face is large: 0.39 → 0.15 ms a face. Cut from the "
    "small one, scores would change: not done",
    "boxes that overlap": "no third axis, only boxes that clash are gone through: half the time",
    REST: "Python’s collector takes 0.03 % of it, and took a tenth of loading the libraries: it runs seldom. "
    "onnxruntime without its arena: slower, and no memory less",
}
"""What was done or tried about each part, and what it gave; times on the machine where this was written."""


def measured() -> Profile:
    """Profile every reading, each in a process of its own; keep it."""
    made: Profile = {}
    for name, (times, step_ms) in READINGS.items():
        command = [sys.executable, "-m", "bench.speed_profile", str(clip(720, times)), str(step_ms)]
        own = os.environ | {"OUTTAKE_HOME": str(environments.cache() / "home")}
        told = subprocess.run(command, cwd=ROOT, env=own, check=True, capture_output=True, text=True)
        made[name] = json.loads(told.stdout)
    (cache() / "speed-profile.json").write_text(json.dumps(made, indent=1))
    return made


def kept() -> Profile:
    """Return what was measured last; nothing where nothing was."""
    file = cache() / "speed-profile.json"
    return json.loads(file.read_text()) if file.exists() else {}


def lines(made: Profile, ours_s: float, decoding_s: float) -> Iterator[str]:
    """Yield the table of where the time goes; ``ours_s`` and ``decoding_s`` are the CPU times of the whole programs."""
    whole = dict(made["whole"])
    del whole["pictures"]
    total = sum(whole.values())
    yield "### Where the time goes\n"
    yield "CPU seconds of one process that reads 2 min of 720p, networks loaded (`python -m bench.speed --profile`)."
    yield "\n| part | s | share | what was done and tried |\n|---|---:|---:|---|"
    for part, spent in sorted(whole.items(), key=lambda item: (item[0] == REST, -item[1])):
        yield f"| {part} | {spent:.2f} | {spent / total:.0%} | {TRIED[part]} |"
    yield f"| all | {total:.2f} | | |\n"
    yield from _beside(whole, total, ours_s, decoding_s)
    yield ""
    yield from _sparse(dict(made["sparse"]))


def _beside(whole: Mapping[str, float], total: float, ours_s: float, decoding_s: float) -> Iterator[str]:
    least = sum(whole[part] for part in NEEDED)
    left = ASKED * decoding_s - least
    rest = f"would leave {left:.1f} s for all else" if left > 0 else "is not to be had with these networks"
    yield (
        f"The whole program takes {ours_s:.1f} s of CPU time: {ours_s - total:.1f} s are two processes’ start, the "
        f"table at the end, and what is decoded twice at the borders of segments. Decoding every picture takes "
        f"{decoding_s:.1f} s. What has to be decoded and the networks, which run at about the rate at which the "
        f"processor multiplies, take {least:.1f} s, {least / decoding_s:.1f} times as much: {ASKED} times decoding "
        f"{rest}."
    )


def _sparse(spent: dict[str, float]) -> Iterator[str]:
    pictures = spent.pop("pictures")
    yield (
        f"A moment every 5 s of 10 min: {sum(spent.values()):.1f} s, of which {spent['decoding']:.1f} s decode "
        f"{pictures:.0f} of 14,250 pictures: keyframes lie 1.7 to 5.2 s apart, and from one of them to the moment all "
        f"that others lean on has to be decoded. A skim (`--skim`) takes the keyframe nearest to a moment instead, "
        f"decoded alone. That has to be asked for: encoders put keyframes at cuts (all seven of this scene are the "
        f"first picture of a shot), and moments are drawn there."
    )


class _Clock:
    """CPU seconds by part, what a part calls of the others left out."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.inner = [0.0]

    def on(self, owner: Any, name: str, part: str) -> None:
        """From now on count what ``owner.name`` takes."""
        setattr(owner, name, self.counted(getattr(owner, name), part))

    def counted(self, call: Callable[..., Any], part: str) -> Callable[..., Any]:
        """Return the call, counted."""

        def timed(*args: Any, **said: Any) -> Any:
            began = time.thread_time()
            self.inner.append(0.0)
            try:
                return call(*args, **said)
            finally:
                took = time.thread_time() - began
                self.spent[part] += took - self.inner.pop()
                self.inner[-1] += took

        return timed


class _Session:
    """A network whose time is counted."""

    def __init__(self, session: Any, clock: _Clock, part: str) -> None:
        self.session, self.run = session, clock.counted(session.run, part)


def _networks(clock: _Clock) -> None:
    from core.faces import find_mtcnn, read_builtin

    parts = {"pnet": "P-Net", "rnet": "R-Net", "onet": "O-Net"}
    opened, session = find_mtcnn._open_session, read_builtin._session
    find_mtcnn._open_session = lambda name, threads: _Session(opened(name, threads), clock, parts[name])
    read_builtin._session = lambda path, threads: _Session(session(path, threads), clock, "reader")


def _watched() -> _Clock:
    from core.faces import find_mtcnn, pixels
    from core.reading import looks
    from core.video import pictures as video_picture
    from core.video import source

    clock = _Clock()
    _networks(clock)
    clock.on(looks, "look", "look")
    clock.on(pixels, "shrink", "small picture")
    clock.on(pixels, "crop", "crops")
    clock.on(find_mtcnn, "suppress_overlaps", "boxes that overlap")
    clock.on(video_picture.Converter, "__call__", "colours")
    told = source.Source._decode_packet

    def decoded(self: Any, packet: Any) -> Any:
        found = list(clock.counted(lambda: list(told(self, packet)), "decoding")())
        clock.spent["pictures"] += len(found)
        return found

    source.Source._decode_packet = decoded  # type: ignore[method-assign]
    return clock


def main() -> None:
    """Read the clip here and print where the time went."""
    from core.host import sandbox
    from core.model import Recipe, Step
    from core.reading import segments

    sandbox.tighten_heap()
    clock = _watched()
    recipe = Recipe(str(Path(sys.argv[1])), step=Step(int(sys.argv[2])), finder="mtcnn", readers=("builtin",))
    _, find, readers = segments._tools(recipe.finder, recipe.readers, recipe.smallest_face_px)
    began = time.thread_time()
    for _ in segments.group_rows(
        segments.read_moments(recipe, find, readers, segments.whole_segment(recipe), alone=False), pictures=False
    ):
        pass
    whole = time.thread_time() - began
    spent = dict(clock.spent)
    pictures = spent.pop("pictures")
    print(json.dumps(spent | {REST: whole - sum(spent.values()), "pictures": pictures}))


if __name__ == "__main__":
    main()
