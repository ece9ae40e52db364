"""One video file through PyAV: recognised, opened alone, and its good pictures in order with their times."""

from __future__ import annotations

import io
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import chain
from os import PathLike

import av
from av.container import InputContainer
from av.format import Flags
from av.packet import Packet
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.errors import VideoError
from core.video.opening import MAX_PIXELS, choose_stream, recognise_file, refuse_file
from core.video.pictures import Picture, deinterlace
from core.video.shapes import Shapes
from core.video.webp import make_film

MAX_MS = 6 * 3_600_000
"""A longer video is refused: no film is, but a damaged header soon says so."""
PREROLL_MS = 1000
"""The second seek aims so long before its moment: further than pictures are reordered, and bwdif has a neighbour."""
LATE_MS = 200
"""A keyframe may be shown so long after the moment at which an index has it decoded."""
HOP_MS = 1000
"""A stretch without a target is left out when that saves decoding at least so much."""
SEEKABLE = ("mov", "matroska")
"""Containers whose index leads to a keyframe; in the others a seek lands somewhere near."""
JUMP_MS = 10_000
"""A recording's clock that leaps ahead by more has jumped, as FFmpeg has it: the film goes on without a gap."""
BACK_MS = 100
"""And one that goes back by more has begun again."""
MAX_TICKS = 2**63
"""No clock leaps so far."""
MOST_SKIPPED = 256
"""Of so many pictures left undecoded those gone by are forgotten."""
RETRIES = 100
"""So often in a row a container may fail to give a packet before what is behind the damage is given up."""
SPARED = ("h264", "hevc")
"""Codecs whose pictures say whether another leans on them, to a decoder that heeds it from picture to picture."""

av.logging.set_level(None)  # FFmpeg's remarks on damaged files belong on nobody's terminal


class DamagedError(Exception):
    """A picture is bad though not every one was decoded: the moment to look for is perhaps one that was left out."""


class Source:
    """An opened file: its video stream and that stream's clock. Raises VideoError if it is not a video to read."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path, self.kind = recognise_file(path)
        self.seekable = self.kind in SEEKABLE
        self.slot_of: Callable[[int], int] | None = None
        self.whole_until_ms = -1.0  # before this all is decoded, whoever asks for it
        self._open()

    def open_container(self) -> InputContainer:
        if self.kind == "webp":
            known = self.path.stat()
            return av.open(io.BytesIO(make_film(self.path, known.st_size, known.st_mtime_ns)), "r", format="mov")
        options = {"protocol_whitelist": "file", "format_whitelist": self.kind}
        try:
            return av.open(str(self.path), "r", format=self.kind, options=options, metadata_errors="replace")
        except av.FFmpegError as error:
            words = "begins like a video, but its index or its end is missing. Copy or download it again."
            raise refuse_file(self.path, words) from error

    def _open(self) -> None:
        self.container = self.open_container()
        try:
            self.stream = choose_stream(self.path, self.container.streams)
        except VideoError:
            self.close()
            raise
        context = self.stream.codec_context
        context.thread_type = "NONE"  # with frame threads a damaged file decodes differently every time
        context.options = {"max_pixels": str(MAX_PIXELS * 5 // 4)}  # with room for the codec's own alignment
        for other in self.container.streams:
            other.discard = Discard.default if other is self.stream else Discard.all
        self.time_base = self.stream.time_base or Fraction(1, 1000)
        self.sound = True  # whether the last keyframe was good: what follows leans on it
        self.tick = max(1, round(1 / ((self.stream.average_rate or 25) * self.time_base)))
        self.aspect = float(self.stream.sample_aspect_ratio or 1)
        self.sides = context.width * self.aspect, float(context.height)
        self.origin = None if self.kind == "avi" else self.stream.start_time
        self.stamp = (self.origin or 0) - self.tick
        self.fresh = True  # whether nothing has been decoded yet
        self.joins: list[int] = []  # times in ms at which the clock began again or jumped, so far
        self.shift = 0  # what closes those jumps, ticks
        self.next_stamp: int | None = None  # when the next packet is due
        self.back, self.ahead = (round(limit / 1000 / self.time_base) for limit in (-BACK_MS, JUMP_MS))
        if not Flags(self.container.format.flags) & Flags.ts_discont:
            self.ahead = MAX_TICKS
        self.skipped: list[int] = []  # times in ms of the pictures left undecoded lately
        self.lost = 0  # pictures lost since the last good one
        self.plain = False  # whether the last picture was a whole one: fields are mixed from their neighbours

    def close(self) -> None:
        """Gives the file back."""
        self.container.close()

    def time_ms(self, item: Packet[VideoStream] | VideoFrame) -> int:
        """Returns the time in ms from the stream's start; by their order in AVI, which has no times of presentation."""
        stamp = item.dts if self.kind == "avi" or item.pts is None else item.pts
        self.stamp = self.stamp + self.tick if stamp is None else stamp
        if self.origin is None:
            self.origin = self.stamp
        return self._ms(self.stamp - self.origin)

    def packets(self) -> Iterator[Packet[VideoStream] | None]:
        """Yields the stream's packets; the last, empty or None, asks the decoder for what it still holds."""
        failures = 0
        while failures < RETRIES:
            try:
                for packet in self.container.demux(self.stream):
                    failures = 0
                    if packet.size == 0 and packet.dts is None:
                        yield packet
                        return
                    if not self.seekable and self.kind != "avi":
                        self._close_jump(packet)
                    yield packet
            except av.EOFError:
                break
            except (av.FFmpegError, IndexError):  # IndexError: a damaged file announces a stream halfway through
                failures, self.lost = failures + 1, self.lost + 1
        yield None

    def _close_jump(self, packet: Packet[VideoStream]) -> None:
        """Moves a packet's stamps so that a clock that began again or jumped goes on where it was."""
        stamp = packet.dts
        if stamp is not None:
            late = 0 if self.next_stamp is None else stamp + self.shift - self.next_stamp
            if not self.back <= late <= self.ahead:
                self.shift -= late
                shown = (stamp if packet.pts is None else packet.pts) + self.shift
                self.joins.append(self._ms(shown - (self.origin or 0)))
            self.next_stamp = stamp + self.shift + (packet.duration or self.tick)
            packet.dts = stamp + self.shift
        if packet.pts is not None:
            packet.pts += self.shift

    def decode_pictures(self) -> Iterator[Picture]:
        """Yields the good pictures from here on.

        Left out is what is corrupt, undecodable or goes back in time, and all that follows a damaged keyframe up to the
        next good one: the decoder calls those pictures good, but they are made of stale or smeared ones.
        """
        last_ms, joins, self.lost, self.skipped = -1, 0, 0, []
        self.sound, self.plain, self.fresh = True, False, False
        for frame, good in chain.from_iterable(map(self._decode_packet, self._mark_packets())):
            t_ms = self.time_ms(frame) if frame else last_ms
            if frame is None or not good:
                self._widen_decoding(t_ms)
                self.lost += 1
            elif t_ms > last_ms:
                before, joins = joins, bisect_right(self.joins, t_ms) if self.joins else 0
                yield Picture(t_ms, frame, self.lost, joined=joins > before, ticks=frame.duration or 0)
                last_ms, self.lost = t_ms, 0
                if len(self.skipped) > MOST_SKIPPED:
                    self.skipped = [skipped for skipped in self.skipped if skipped > t_ms]

    def see_all_before(self, t_ms: int, after_ms: int) -> None:
        """Raises DamagedError where a picture between two moments was left out; it and its group are decoded then."""
        if self.skipped and any(after_ms < skipped < t_ms for skipped in self.skipped):
            self._widen_decoding(t_ms - 1)
        self.skipped = [skipped for skipped in self.skipped if skipped >= t_ms]

    def skip_unasked(self, slot_of: Callable[[int], int]) -> None:
        """From now on leave undecoded what nobody asks for: asked for is the first picture of every slot.

        Only pictures that no other leans on are left out, so that the others stay as they are, bit by bit. Nothing is
        where pictures are interlaced, nor in other codecs, where it would gain little.
        """
        if self.kind in SEEKABLE and self.origin is not None and self.stream.codec_context.name in SPARED:
            self.slot_of = slot_of

    def _mark_packets(self) -> Iterator[Packet[VideoStream] | None]:
        """Yields the packets, the decoder told with each whether its picture is asked for."""
        first: dict[int, int] = {}
        for packet in self.packets():
            asked = True
            if self.slot_of and packet and packet.pts is not None and not packet.is_discard:
                t_ms = self._ms(packet.pts - (self.origin or 0))
                slot = self.slot_of(t_ms)
                earlier = first.get(slot, packet.pts)
                first[slot] = min(earlier, packet.pts)
                asked = earlier >= packet.pts or packet.is_keyframe or t_ms < self.whole_until_ms
            spared = self.plain and not asked
            self.stream.codec_context.skip_frame = "NONREF" if spared else "DEFAULT"
            if spared:
                self.skipped.append(t_ms)
            yield packet

    def _widen_decoding(self, t_ms: int) -> None:
        """Where pictures are left out, have the whole group of pictures decoded in which one is bad."""
        if self.slot_of and t_ms >= self.whole_until_ms:
            key_ms = self.keyframe_from(t_ms + 1)
            self.whole_until_ms = math.inf if key_ms is None else key_ms
            raise DamagedError

    def _decode_packet(self, packet: Packet[VideoStream] | None) -> Iterator[tuple[VideoFrame | None, bool]]:
        """Yields a packet's pictures and whether each is good; None is one that cannot be decoded."""
        try:
            found = self.stream.decode(packet)
        except av.FFmpegError:
            self.sound = self.sound and not (packet and packet.is_keyframe)
            yield None, False
            return
        for frame in found:
            self.sound = not frame.is_corrupt if frame.key_frame else self.sound
            self.plain = not frame.interlaced_frame
            yield frame, self.sound and not frame.is_corrupt

    def pictures(self, from_ms: int) -> Iterator[Picture]:
        """Yields the good pictures from some moment before ``from_ms`` on, the same as when decoded from the start.

        They are the same behind a good keyframe; where a seek leads to none, everything is decoded.
        """
        if self.seekable and from_ms > PREROLL_MS:
            if pictures := self._seek_pictures(from_ms):
                return deinterlace(pictures, self.time_base)
            self.seekable, self.fresh = False, False
        if not self.fresh:
            self.close()
            self._open()
        return deinterlace(self.decode_pictures(), self.time_base)

    def _seek_pictures(self, from_ms: int) -> Iterator[Picture] | None:
        """Returns the pictures from the keyframe before a moment on; None where a seek leads to no good one.

        The nearest keyframe will do where pictures are whole ones and it is shown in time: an index may tell when it is
        decoded, which is sooner.
        """
        for early_ms in (0, PREROLL_MS):
            pictures = self._seek_from(from_ms - early_ms)
            first = next(pictures, None) if pictures else None
            if pictures is None or first is None or not first.frame.key_frame or first.t_ms > from_ms:
                continue
            if early_ms or not first.frame.interlaced_frame:
                return chain([first._replace(lost=0)], pictures)
        return None

    def _seek_from(self, aim_ms: int) -> Iterator[Picture] | None:
        try:
            self.container.seek((self.origin or 0) + int(aim_ms / 1000 / self.time_base), stream=self.stream)
        except av.FFmpegError:
            return None
        return self.decode_pictures()

    def saves_decoding(self, now_ms: int, target_ms: int) -> bool:
        """Returns whether a keyframe shortly before the target saves decoding much of what lies between."""
        if not self.seekable or target_ms - now_ms < HOP_MS:
            return False
        at = bisect_right(self._keys, target_ms - LATE_MS)
        return at > 0 and self._keys[at - 1] - now_ms >= HOP_MS

    def keyframe_from(self, t_ms: int) -> int | None:
        """Returns the time of the first keyframe at or after a moment, ms; None where the index tells of none."""
        at = bisect_left(self._keys, t_ms) if self.seekable else 0
        return self._keys[at] if self.seekable and at < len(self._keys) else None

    def can_begin_at(self, t_ms: int) -> bool:
        """Returns whether a seek leads to a good keyframe before a moment, so that reading can begin there."""
        return self.seekable and t_ms > PREROLL_MS and self._seek_pictures(t_ms) is not None

    @cached_property
    def _keys(self) -> list[int]:
        """Times of the keyframes in ms, from the index; a seek makes Matroska read it, so another opening asks."""
        with self.open_container() as other:
            stream = other.streams[self.stream.index]
            try:
                other.seek(self.origin or 0, stream=stream)
            except av.FFmpegError:
                return []
            return [self._ms(key.timestamp - (self.origin or 0)) for key in stream.index_entries if key.is_keyframe]

    def survey(self, start_ms: int = 0, end_ms: int = MAX_MS) -> tuple[int, int, VideoFrame]:
        """Returns the packets in the stretch, the duration in ms by all packets, and the first good picture."""
        count, last_ms, length_ms, first = 0, 0, 0, None
        shapes = Shapes(self.stream.codec_context)
        for packet in self.packets():
            if first is None:
                first = next((frame for frame, good in self._decode_packet(packet) if good), None)
            if packet is None or packet.size == 0 or packet.is_discard:
                continue
            t_ms = self.time_ms(packet)
            count += start_ms <= t_ms < end_ms
            last_ms = max(last_ms, t_ms)
            if packet.is_keyframe:
                shapes.see(packet, t_ms)
            length_ms = max(length_ms, t_ms + self._ms(packet.duration or self.tick))
            if length_ms > MAX_MS:
                raise refuse_file(
                    self.path, f"is longer than {MAX_MS // 3_600_000} hours", "Cut out the part to be read."
                )
        if first is None:
            raise refuse_file(self.path, "holds no picture that can be decoded", "Copy or download it again.")
        self.shapes = shapes.found
        said_ms = self._ms(self.stream.duration or 0)
        return count, said_ms if last_ms < said_ms < length_ms else length_ms, first

    def shown_until(self, picture: Picture) -> int:
        """Returns until when a picture is shown by its own account."""
        return picture.t_ms + self._ms(picture.ticks)

    def _ms(self, stamps: int) -> int:
        """Returns a number of ticks in ms, rounded as a Fraction is, half to even: it is asked of every packet."""
        whole, rest = divmod(stamps * self.time_base.numerator * 1000, self.time_base.denominator)
        return whole + (2 * rest + whole % 2 > self.time_base.denominator)
