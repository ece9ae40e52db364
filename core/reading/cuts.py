"""Where shots begin: at a jump of the picture that lasts, not at a flash, a shaken camera, a pan or a fade."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from core.model import Sample
from core.reading import looks
from core.video.jumps import CUT_JUMP, FLASH_MS

CHANGED = 0.1
"""Looks before and after a jump differ by so much, or something only passed by: across cuts in one set and in black
and white they measure 0.16 and more (``looks.difference``)."""

CUT_DIFFERENCE = 0.22
"""Looks that differ by more are a cut where nobody saw the pictures between: in six clips at 5 moments a second cuts
measure 0.29–0.91 and the strongest movement inside a shot 0.13, at one moment every 2 s 0.26."""

FADE_PACE = 3.0
"""Unless a fade, a dissolve or a fast pan is under way: a difference at most so many times that of the last moments…"""

FADE_DRIFT = 1.05
"""…in a look that goes on leaving: it differs so many times more from the last but one than from the last. Unlike shots
in a row do not. At 5 moments a second this loses 1 % of cuts every 0.3–0.8 s, 1.0 would 14 %; with 1.2 fades are cut
five times as often (made of 16 shots: 428 transitions, 36 rows of cuts)."""

FADE_MS = 700
"""Moments further apart never belong to one fade; and black that lasts so long parts two shots, even of one place."""


class _Seen(NamedTuple):
    """A moment gone by: its look, and how much that differed from the one before it."""

    t_ms: int
    look: bytes
    difference: float


@dataclass(slots=True)
class CutFinder:
    """Tells of one moment after another whether a shot begins there; what it says follows from those it has seen."""

    seen: deque[_Seen] = field(default_factory=lambda: deque(maxlen=8))
    """The last moments that showed something."""
    even: list[int] = field(default_factory=list)
    """Times of the black or white moments since then."""
    joined: bool = False
    """Whether another recording has begun since then."""

    def begins_shot(self, sample: Sample) -> bool:
        """Return whether a shot begins at this moment, the next in time."""
        if looks.begins_recording(sample.look):
            self.seen.clear()
            self.even = []
            self.joined = True
        if looks.is_even(sample.look):
            self.even.append(sample.t_ms)
            return False
        difference = looks.difference(self.seen[-1].look, sample.look) if self.seen else 0.0
        cut = self.joined or (bool(self.seen) and self._is_cut(sample, difference))
        self.joined = False
        self.seen.append(_Seen(sample.t_ms, sample.look, difference))
        self.even = []
        return cut

    def _is_cut(self, sample: Sample, difference: float) -> bool:
        jump = looks.jump(sample.look)
        if self.even and self.even[-1] - self.even[0] >= FADE_MS:
            return True
        if self.even or jump is None:
            return difference > CUT_DIFFERENCE and not self._fading(sample, difference)
        return jump >= CUT_JUMP and difference >= CHANGED and not self._flashed(sample)

    def _flashed(self, sample: Sample) -> bool:
        """Return whether the picture is again what it was just before the last moment."""
        return any(
            looks.difference(one.look, sample.look) < CHANGED
            for one in list(self.seen)[:-1]
            if sample.t_ms - one.t_ms <= FLASH_MS
        )

    def _fading(self, sample: Sample, difference: float) -> bool:
        last = list(self.seen)[-2:]
        pace = max((one.difference for one in last if sample.t_ms - one.t_ms <= FADE_MS), default=0.0)
        drifted = looks.difference(last[0].look, sample.look)
        return difference <= FADE_PACE * pace and drifted > FADE_DRIFT * difference
