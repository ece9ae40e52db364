"""The clips of bench/speed.py: scene.mp4 enlarged and repeated, made once and kept; and who is to be seen in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bench.environments import cache
from bench.memory import CLIP, enlarged, repeated
from core.model import Box

SCENE_MS = 22_800
"""Length of scene.mp4: 570 pictures at 25 a second."""

CUTS_MS = (0, 5160, 9840, 13_240, 15_160, 18_080, 21_080)

HEADS: tuple[tuple[Box, ...], ...] = (
    (Box(260, 15, 400, 200),),
    (Box(20, 65, 185, 235), Box(350, 40, 530, 215)),
    (Box(60, 70, 190, 210), Box(230, 55, 355, 195), Box(395, 95, 550, 240)),
    (),
    (Box(255, 35, 355, 155),),
    (Box(75, 178, 147, 247), Box(150, 152, 222, 218), Box(285, 148, 360, 222), Box(372, 172, 465, 252)),
    (Box(260, 10, 370, 125),),
)
"""Where each person's head stays during each shot, px of the clip's own 640x360, drawn by hand; nobody's face is seen
in the fourth."""


class Shown(NamedTuple):
    """One face that somebody found: when, and its box in the picture's px."""

    t_ms: int
    left: float
    top: float
    right: float
    bottom: float


class Counted(NamedTuple):
    """What was found of what is there."""

    true: int
    """People found, each once a moment."""
    false: int
    """Boxes that lie on nobody's head, and second ones on the same."""


def clip(height: int, times: int) -> Path:
    """Return scene.mp4 that many times after itself at a height of 720 or 1080 px; H.264, made at the first call."""
    folder = cache() / "clips"
    folder.mkdir(exist_ok=True)
    once, often = folder / f"scene-{height}p.mp4", folder / f"scene-{height}p-{times}.mp4"
    if not once.exists():
        enlarged(CLIP, once.with_suffix(".part.mp4"), height * 16 // 9, height).rename(once)
    if not often.exists():
        repeated(once, often.with_suffix(".part.mp4"), times).rename(often)
    return often


def people(times: int, step_ms: int) -> int:
    """Return how many faces there are to be found, over all moments."""
    moments = range(0, SCENE_MS * times, step_ms)
    return sum(len(_heads(t_ms)) for t_ms in moments)


def counted(found: Iterable[Shown], height: int) -> Counted:
    """Hold what was found against who is there: a box belongs to a head if its middle lies in it."""
    scale = height / 360
    seen: set[tuple[int, Box]] = set()
    boxes = 0
    for one in found:
        x, y = (one.left + one.right) / 2 / scale, (one.top + one.bottom) / 2 / scale
        boxes += 1
        seen |= {
            (one.t_ms, head) for head in _heads(one.t_ms) if head.left <= x < head.right and head.top <= y < head.bottom
        }
    return Counted(len(seen), boxes - len(seen))


def _heads(t_ms: int) -> tuple[Box, ...]:
    return HEADS[bisect_right(CUTS_MS, t_ms % SCENE_MS) - 1]
