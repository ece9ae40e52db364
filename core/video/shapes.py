"""Where a film's pictures change their shape, told by the heads of its keyframes, next to nothing of it decoded."""

from __future__ import annotations

import re
from typing import cast

import av
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

HEAD_BYTES = 2048
"""So much of a keyframe is looked at: what says its size stands at its beginning."""

HEADS = {
    "h264": re.compile(rb"\x00\x00(?:\x01|\x00.)[\x67\x27\x47](.{12})", re.DOTALL),
    "hevc": re.compile(rb"\x00\x00(?:\x01|\x00.)\x42\x01(.{24})", re.DOTALL),
    "vp8": re.compile(rb"\x9d\x01\x2a(.{4})", re.DOTALL),
    "vp9": re.compile(rb"^(.{10})", re.DOTALL),
    "av1": re.compile(rb"^(.{16})", re.DOTALL),
    "mpeg2video": re.compile(rb"\x00\x00\x01\xb3(.{3})", re.DOTALL),
    "mpeg1video": re.compile(rb"\x00\x00\x01\xb3(.{3})", re.DOTALL),
}
"""Codec → what differs in the heads of keyframes of different sizes, and seldom otherwise."""


class Shapes:
    """The shapes of a stream's pictures, keyframe after keyframe."""

    def __init__(self, context: VideoCodecContext) -> None:
        self.context, self.head = context, HEADS.get(context.name) or HEADS.get(context.codec.canonical_name)
        self.known: dict[bytes, tuple[int, int]] = {}
        self.now = context.width, context.height
        self.found: list[tuple[int, int, int]] = []
        """Where the shape changes: t_ms, and width and height as stored from there on."""

    def see(self, packet: Packet[VideoStream], t_ms: int) -> None:
        """Takes in the next keyframe; one is decoded only where its head was not seen before."""
        if self.head is None:
            return
        found = self.head.search(bytes(memoryview(packet)[:HEAD_BYTES]))
        if found is None:
            return
        head = found[1]
        if head not in self.known:
            self.known[head] = (self._decode_size(packet) or self.now) if self.known else self.now
        if self.known[head] != self.now:
            self.now = self.known[head]
            self.found.append((t_ms, *self.now))

    def _decode_size(self, packet: Packet[VideoStream]) -> tuple[int, int] | None:
        frame = next(iter(decode_alone(self.context, packet)), None)
        return (frame.width, frame.height) if frame else None


def decode_alone(known: VideoCodecContext, packet: Packet[VideoStream]) -> list[VideoFrame]:
    """Returns what a new decoder makes of a packet; nothing where it cannot be decoded by itself."""
    decoder = cast("av.VideoCodecContext", av.VideoCodecContext.create(known.codec, "r"))
    decoder.extradata, decoder.thread_type, decoder.options = known.extradata, "NONE", dict(known.options)
    try:
        return [*decoder.decode(packet), *decoder.decode(None)]
    except av.FFmpegError:
        return []
