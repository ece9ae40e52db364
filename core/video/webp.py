"""An animated WebP as a film that the decoder of all other files reads: FFmpeg decodes only one that stands still."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np

from core.model import Image
from core.video.opening import MAX_PIXELS, refuse_file

MOST_BYTES = 400_000_000
"""A film of more is not made: an animation is a few seconds long."""

GROUND = 255
"""What is seen through an animation, as on a white page."""

LEAST_MS = 10
"""Browsers show no picture of an animation shorter."""


class _Part(NamedTuple):
    """A picture of the animation, which may be a part of the whole."""

    left: int
    top: int
    length_ms: int
    blended: bool
    cleared: bool
    data: bytes
    """As a WebP file of its own."""


@lru_cache(maxsize=1)
def make_film(path: Path, *_: int) -> bytes:
    """Returns an MP4 with the animation's pictures and lengths, without loss; VideoError where nothing is in it.

    The numbers say which version of the file it is.
    """
    data = path.read_bytes()
    width, height = _whole(data[24:27]) + 1, _whole(data[27:30]) + 1
    if width * height > MAX_PIXELS:
        raise refuse_file(
            path, f"has {width}x{height} pixels, more than 4096x2304", "Make a smaller copy and choose that."
        )
    made, at_ms = io.BytesIO(), 0
    with av.open(made, "w", format="mp4") as out:
        stream = out.add_stream("libx264rgb", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "rgb24"
        stream.options = {"preset": "ultrafast", "qp": "0", "bf": "0"}
        stream.codec_context.time_base = Fraction(1, 1000)
        lengths: list[int] = []
        for image, length_ms in _pictures(data, (height, width)):
            frame = av.VideoFrame.from_ndarray(image)
            frame.pts, frame.time_base = at_ms, Fraction(1, 1000)
            lengths.append(length_ms)
            at_ms += length_ms
            for packet in stream.encode(frame):
                packet.duration = lengths.pop(0)
                out.mux(packet)
            if made.tell() > MOST_BYTES:
                raise refuse_file(path, "is too long an animation", "Convert it to MP4 (H.264) first.")
        if not at_ms:
            raise refuse_file(path, "holds no picture that can be decoded", "Copy or download it again.")
        for packet in stream.encode():
            packet.duration = lengths.pop(0)
            out.mux(packet)
    return made.getvalue()


def _pictures(data: bytes, shape: tuple[int, int]) -> Iterator[tuple[Image, int]]:
    """Yields every picture as shown, and how long, ms; what is damaged ends the animation."""
    canvas = np.full((*shape, 3), GROUND, np.uint8)
    for part in _parts(data):
        seen = cv2.imdecode(np.frombuffer(part.data, np.uint8), cv2.IMREAD_UNCHANGED)
        if seen is None:
            return
        there = canvas[part.top : part.top + seen.shape[0], part.left : part.left + seen.shape[1]]
        seen = seen[: there.shape[0], : there.shape[1]]
        if seen.shape[2] == 4:
            share = seen[..., 3:].astype(np.float32) / 255
            ground = there if part.blended else np.full_like(there, GROUND)
            there[:] = np.round(share * seen[..., 2::-1] + (1 - share) * ground).astype(np.uint8)
        else:
            there[:] = seen[..., ::-1]
        yield canvas.copy(), max(part.length_ms, LEAST_MS)
        if part.cleared:
            there[:] = GROUND


def _parts(data: bytes) -> Iterator[_Part]:
    for name, body in _chunks(data, 12):
        if name == b"ANMF" and len(body) > 16:
            left, top, wide, tall, length_ms = (_whole(body[at : at + 3]) for at in range(0, 15, 3))
            alpha = next((each for kind, each in _chunks(body, 16) if kind == b"ALPH"), None)
            inner = body[16:]
            if alpha is not None:
                sides = b"\x10\0\0\0" + (wide).to_bytes(3, "little") + (tall).to_bytes(3, "little")
                inner = b"VP8X" + (10).to_bytes(4, "little") + sides + inner
            whole = b"RIFF" + (4 + len(inner)).to_bytes(4, "little") + b"WEBP" + inner
            yield _Part(2 * left, 2 * top, length_ms, not body[15] & 2, bool(body[15] & 1), whole)


def _chunks(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    """Yields the names and bodies of a RIFF file's chunks; the last one may be cut off."""
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _whole(three: bytes) -> int:
    return int.from_bytes(three, "little")
