"""Decoded pictures as they are shown: without combs, turned, stretched, in RGB, and never larger than is needed.

The display matrix turns and mirrors, the pixels' aspect stretches the width, and the longer side is at most
``SHOWN_PX``. Interlaced pictures go through bwdif, one picture per frame. HDR becomes what ordinary screens show.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple, cast

import numpy as np
from av.error import BlockingIOError as NotYet
from av.error import EOFError as Drained
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, VideoReformatter

from core.model import Image
from core.sampling import view_scale
from core.video.brightness import map_brightness, name_curve

HD_PX = 720
"""From this height on colours are BT.709 where the stream does not say, below it BT.601, as in players."""
UNSPECIFIED = 2
"""The colour space of a stream that does not say."""


class Picture(NamedTuple):
    """A decoded picture, not yet converted."""

    t_ms: int
    frame: VideoFrame
    lost: int
    """Pictures since the one before that were corrupt or could not be decoded."""
    jump: float | None = None
    """Of one that answers a point of the grid: ``Frame.jump``."""
    joined: bool = False
    """Whether the film's clock began again or jumped since the one before."""
    ticks: int = 0
    """How long it is shown by its own account, in its stream's clock; 0 where that is not known."""


class Turn(NamedTuple):
    """How a picture is laid out to be shown: swapped across its diagonal first, then mirrored."""

    swapped: bool = False
    mirrored: bool = False
    upside_down: bool = False


def read_turn(frame: VideoFrame) -> Turn:
    """Returns what the display matrix asks for, to the nearest quarter turn.

    Ask once per stream: a frame that was asked for its side data is in a cycle, and its memory waits for the collector.
    """
    side_data = cast("dict[str, Any]", frame.side_data).get("DISPLAYMATRIX")
    if side_data is None:
        return Turn()
    a, b, _, c, d = np.frombuffer(bytes(side_data), "<i4")[:5].tolist()
    return Turn(True, c < 0, b < 0) if abs(b) > abs(a) else Turn(False, a < 0, d < 0)


def shown_size(sides: tuple[float, float], turn: Turn) -> tuple[int, int]:
    """Returns width and height in px as shown of a stream's pictures, ``sides`` before they are turned."""
    width, height = (max(1, round(side)) for side in sides)
    return (height, width) if turn.swapped else (width, height)


class Converter:
    """Decoded pictures → RGB arrays of one size.

    ``size`` is the video's as shown, px. A picture of another shape than that has black bars, its own shape kept.
    """

    def __init__(self, size: tuple[int, int], aspect: float = 1.0) -> None:
        self.size, self.aspect, self.scale = size, aspect, view_scale(size)
        self.turn: Turn | None = None
        self.reformatter = VideoReformatter()

    def __call__(self, frame: VideoFrame) -> Image:
        self.turn = self.turn or read_turn(frame)
        sides = self.size[::-1] if self.turn.swapped else self.size
        canvas = tuple(max(1, round(side / self.scale)) for side in sides)
        own = shown_size((frame.width * self.aspect, frame.height), Turn())
        share = min(full / side for full, side in zip(canvas, own, strict=True))
        width, height = canvas if own == sides else tuple(max(1, round(side * share)) for side in own)
        guess = frame.colorspace == UNSPECIFIED and frame.height >= HD_PX and not frame.format.is_rgb
        colours = Colorspace.ITU709 if guess else None
        curve = name_curve(frame.color_trc, frame.color_primaries)
        form = "rgb48le" if curve else "rgb24"
        rgb = self.reformatter.reformat(frame, width, height, form, src_colorspace=colours, threads=1)
        image = cast(Any, rgb.to_ndarray())
        image = map_brightness(image, curve) if curve else image
        if (width, height) != canvas:
            image = _add_bars(image, canvas)
        image = image.transpose(1, 0, 2) if self.turn.swapped else image
        image = image[:: -1 if self.turn.upside_down else 1, :: -1 if self.turn.mirrored else 1]
        return cast(Image, np.ascontiguousarray(image))


def _add_bars(image: Image, canvas: tuple[int, ...]) -> Image:
    """Returns the picture in the middle of a black one."""
    width, height = canvas
    left, top = (width - image.shape[1]) // 2, (height - image.shape[0]) // 2
    whole = np.zeros((height, width, 3), np.uint8)
    whole[top : top + image.shape[0], left : left + image.shape[1]] = image
    return whole


def deinterlace(pictures: Iterator[Picture], time_base: Fraction) -> Iterator[Picture]:
    """Yields the same pictures; from the first interlaced one on through bwdif, which knows both neighbours."""
    bwdif: _Bwdif | None = None
    before: Picture | None = None
    for picture in pictures:
        if bwdif and not bwdif.fits(picture.frame):
            yield from bwdif.flush()
            bwdif = before = None
        if bwdif is None and picture.frame.interlaced_frame:
            bwdif = _Bwdif(picture.frame, time_base, before)
        yield from [picture] if bwdif is None else bwdif.push(picture)
        before = picture
    if bwdif:
        yield from bwdif.flush()


class _Bwdif:
    """FFmpeg's deinterlacer: a picture comes out when the next one is in; progressive ones pass unchanged."""

    def __init__(self, frame: VideoFrame, time_base: Fraction, before: Picture | None) -> None:
        self.form = _form(frame)
        self.waiting: deque[Picture | None] = deque()
        self.graph = Graph()
        self.graph.threads = 1
        source = self.graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=time_base)
        self.graph.link_nodes(
            source, self.graph.add("bwdif", "mode=send_frame:deint=interlaced"), self.graph.add("buffersink")
        ).configure()
        if before and self.fits(before.frame):
            self.graph.push(before.frame)
            self.waiting.append(None)  # it has been shown: here it is a neighbour only

    def fits(self, frame: VideoFrame) -> bool:
        """Returns whether the picture has the form this filter was made for."""
        return _form(frame) == self.form

    def push(self, picture: Picture) -> list[Picture]:
        """Takes a picture in; returns those that are ready."""
        self.graph.push(picture.frame)
        self.waiting.append(picture)
        return self._ready()

    def flush(self) -> list[Picture]:
        """Returns what is left when no further picture comes."""
        self.graph.push(None)
        return self._ready()

    def _ready(self) -> list[Picture]:
        ready = []
        try:
            while True:
                frame = self.graph.vpull()
                if picture := self.waiting.popleft():
                    ready.append(picture._replace(frame=frame))
        except (NotYet, Drained):
            return ready


def _form(frame: VideoFrame) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name
