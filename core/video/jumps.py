"""Jumps between neighbouring pictures: how little of one is found again, near its place, in the next.

A cut is a jump between two pictures, however far apart the moments lie that are read. So pictures that are decoded on
the way from one moment to the next are looked at too, small and grey: what a camera or a person moves is found again a
little further on, what a cut brings is not.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import cv2
import numpy as np
from av.video.frame import PictureType, VideoFrame
from numpy.typing import NDArray

from core.video.pictures import Picture

Grey = NDArray[np.uint8]

COLUMNS, ROWS = 64, 36
"""Size of the grey picture that is compared, px."""

BLOCKS = (4, 6)
"""Rows and columns of blocks that are looked for one by one."""

REACH = (4, 6)
"""How far from its place a block is looked for, px down and across: a ninth and a tenth of the picture, which a camera
shaken in the hand moves from picture to picture."""

PLAIN = 3.0
"""A block whose values deviate by less shows nothing to look for."""

EVEN = 4.0
"""A picture whose values deviate by less is black, white or a veil of light: nothing is compared with it."""

CUT_JUMP = 0.31
"""A jump from here on is a cut: in 25 clips the 40 cuts measure 0.37 and more, shakes, pans and flickers 0.25 and less
(``python -m bench.cuts``)."""

ALIKE = 0.25
"""Pictures that miss a full correlation by less hold no jump, as they lie or moved as a whole: most need no closer
search. The 40 cuts miss it by 0.38 and more."""

FLASH_MS = 300
"""Whoever sees the picture before a jump again so soon after it saw a flash."""

APART_MS = 500
"""Pictures further apart are no neighbours: somebody leapt over what lies between."""

DARK = 40
"""Black bars are no brighter, of 255, with what a codec leaves at their rims."""


class Small(NamedTuple):
    """A picture, small and grey, and how wide its black bars are, px."""

    light: Grey
    down: int
    across: int

    def is_even(self) -> bool:
        """Return whether it shows nothing but one brightness."""
        return deviation(_within(self.light, self.down, self.across)) < EVEN


class _Jump(NamedTuple):
    t_ms: int
    before: Small
    value: float


class Jumps:
    """The jumps since the last moment that was asked for.

    Pictures that a decoder may leave out do not count unless they are asked for, so that it tells the same wherever
    decoding began.
    """

    def __init__(self) -> None:
        self.last: tuple[int, Small | None] | None = None
        self.found: list[_Jump] = []
        self.whole = False  # whether no stretch was leapt over since the last moment

    def see(self, picture: Picture, *, asked: bool) -> float | None:
        """Take in the next picture; of one that is ``asked`` for return the largest jump since the one before it.

        None where there was none before it, or where pictures between were not decoded.
        """
        if not asked and picture.frame.pict_type == PictureType.B:
            return None
        return self.take(picture.t_ms, make_small(picture.frame), asked=asked)

    def take(self, t_ms: int, small: Small, *, asked: bool) -> float | None:
        """Take in the next picture, made small already."""
        seen = None if small.is_even() else small
        last_ms, before = self.last or (t_ms - APART_MS - 1, None)
        self.whole = self.whole and t_ms - last_ms <= APART_MS
        if seen is not None and before is not None:
            self._compare(t_ms, before, seen)
        # A black or white picture is skipped, but nothing from before the moment that was asked for last is kept.
        self.last = t_ms, before if seen is None and not asked else seen
        if not asked:
            return None
        largest = max((each.value for each in self.found), default=0.0) if self.whole else None
        self.found, self.whole = [], True
        return largest

    def stay(self, picture: Picture, t_ms: int, *, new: bool) -> float | None:
        """Take in that the last picture is still shown at a moment that is asked for; return the jump before that.

        ``new`` is one that was not asked for before.
        """
        jump = self.see(picture, asked=True) if new else 0.0
        if self.last:
            self.last = t_ms, self.last[1]
        return jump

    def _compare(self, t_ms: int, before: Small, now: Small) -> None:
        value = jump(before, now)
        if value < CUT_JUMP:
            return
        for index, each in enumerate(self.found):
            if t_ms - each.t_ms <= FLASH_MS and jump(each.before, now) < CUT_JUMP:
                del self.found[index:]
                return
        self.found.append(_Jump(t_ms, before, value))


def make_small(frame: VideoFrame) -> Small:
    """Return the picture in grey at twice the size that is compared."""
    light = _luma(frame)
    return Small(light, *bar_widths(light))


def _within(light: Grey, down: int, across: int) -> Grey:
    return light[down : len(light) - down, across : light.shape[1] - across]


def _luma(frame: VideoFrame) -> Grey:
    """Return the picture's brightness at twice the size that is compared, as the stream has it."""
    size = 2 * COLUMNS, 2 * ROWS
    kind, first = frame.format, frame.format.components[0]
    if not first.is_luma or not (kind.is_planar or kind.name == "gray") or kind.is_big_endian:
        return cast(Grey, frame.reformat(*size, "gray").to_ndarray())
    plane = np.frombuffer(cast(Any, frame.planes[0]), np.uint8 if first.bits <= 8 else np.uint16)
    shown = plane.reshape(-1, frame.planes[0].line_size // plane.itemsize)[: frame.height, : frame.width]
    small = cv2.resize(shown, size, interpolation=cv2.INTER_LINEAR)
    return cast(Grey, small if first.bits <= 8 else (small >> (first.bits - 8)).astype(np.uint8))


def bar_widths(light: Grey) -> tuple[int, int]:
    """Return how wide black bars of one width are above and below, and left and right, px."""
    down, across = (_margin(cv2.reduce(light, axis, cv2.REDUCE_MAX).ravel() > DARK) for axis in (1, 0))
    return down, across


def deviation(picture: Grey) -> float:
    """Returns the standard deviation of a picture’s values; of a small one many times quicker than numpy’s."""
    return float(cv2.meanStdDev(picture)[1][0, 0])


def _margin(light: NDArray[np.bool_]) -> int:
    """Return how many entries at either end are dark; none where next to nothing is light."""
    places = np.flatnonzero(light)
    if len(places) == 0:
        return 0
    margin = int(min(places[0], len(light) - 1 - places[-1]))
    return margin if 10 * margin < 4 * len(light) else 0


def jump(before: Small, now: Small) -> float:
    """Return how little of two pictures is found again in the other, 0–1: the mean over blocks that show something.

    0 where they are alike as a whole. Left out are the bars that both have: a picture that fades in has dark edges.
    """
    bars = min(before.down, now.down), min(before.across, now.across)
    shown = (_within(each.light, *bars) for each in (before, now))
    one, other = (cast(Grey, cv2.resize(each, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)) for each in shown)
    if _unlike(one, other) < ALIKE:
        return 0.0
    down, across = REACH
    middles = [each[down:-down, across:-across] for each in (one, other)]
    if min(_unlike(one, middles[1]), _unlike(other, middles[0])) < ALIKE:
        return 0.0
    missing = [*_missing(one, other), *_missing(other, one)]
    return float(np.mean(missing)) if missing else 0.0


def _unlike(picture: Grey, part: Grey) -> float:
    """Return 1 − the best correlation of a part with a picture, wherever it fits in."""
    return 1 - float(cv2.matchTemplate(picture, part, cv2.TM_CCOEFF_NORMED).max())


def _missing(one: Grey, other: Grey) -> list[float]:
    """Return 1 − the best correlation of every block of one picture with the other near its place."""
    height, width = ROWS // BLOCKS[0], COLUMNS // BLOCKS[1]
    missing = []
    for top in range(0, height * BLOCKS[0], height):
        for left in range(0, width * BLOCKS[1], width):
            block = one[top : top + height, left : left + width]
            if deviation(block) >= PLAIN:
                rows = slice(max(0, top - REACH[0]), top + height + REACH[0])
                columns = slice(max(0, left - REACH[1]), left + width + REACH[1])
                missing.append(_unlike(other[rows, columns], block))
    return missing
