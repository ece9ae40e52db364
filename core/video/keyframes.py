"""Skimming a film: points of the grid are answered by the keyframes nearest to them, each decoded by itself alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property
from os import PathLike

import av
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from core.video.pictures import Picture
from core.video.shapes import decode_alone
from core.video.source import LATE_MS, SPARED, Source

Answer = tuple[int, Picture]
"""A slot of the grid and its picture."""

Exact = Callable[[int], Iterator[Answer]]
"""From a slot on, the exact pictures of all slots that have one."""


class Keyframes(Source):
    """A file of which only keyframes are decoded, those nearest to the points of a grid in ms."""

    def __init__(self, path: str | PathLike[str], every: int, start_ms: int, end_ms: int) -> None:
        super().__init__(path)
        self.every, self.start_ms, self.end_ms = every, start_ms, end_ms
        self.looked: dict[int, Picture | None] = {}
        self.turned = False  # whether a picture has said how the film is turned

    @property
    def has_index(self) -> bool:
        """Whether an index tells where keyframes are."""
        return self.seekable and self.origin is not None and bool(self._keys)

    def has_point(self, slot: int) -> bool:
        """Whether there is something to look for: the slot's point lies in the stretch and in the film."""
        point_ms = self.start_ms + slot * self.every
        return point_ms < self.end_ms and (point_ms <= self._keys[-1] or point_ms < self._end_ms)

    def find_keyframe(self, slot: int) -> Picture | None:
        """Returns the keyframe nearest to the slot's point, within half a step of it, if it is good by itself.

        It depends on nothing but the file and the slot. No keyframe is near two points, none is outside the stretch.
        """
        if slot not in self.looked:
            nearest = self._find_nearest(self.start_ms + slot * self.every) if self.has_point(slot) else None
            self.looked = {slot: self._decode_alone(*nearest) if nearest else None}
        return self.looked[slot]

    def _find_nearest(self, point_ms: int) -> tuple[int, Packet[VideoStream]] | None:
        """Returns the keyframe's time and packet; the earlier one of two that are as near.

        An index may tell when a keyframe is decoded instead of when it is shown: its packet knows.
        """
        first, end = point_ms - self.every // 2 - self._late_ms, point_ms + (self.every + 1) // 2
        near = self._keys[bisect_left(self._keys, first) : bisect_left(self._keys, end)]
        best: tuple[int, int, Packet[VideoStream]] | None = None
        for least_ms, key_ms in sorted((self._least(key_ms, point_ms), key_ms) for key_ms in near):
            if best and least_ms > best[0]:
                break
            packet = self._seek_packet(key_ms)
            shown_ms = self.time_ms(packet) if packet else -1
            away_ms = abs(shown_ms - point_ms)
            if packet and self._may_answer(shown_ms, point_ms) and (not best or (away_ms, shown_ms) < best[:2]):
                best = away_ms, shown_ms, packet
        return best and best[1:]

    def _least(self, key_ms: int, point_ms: int) -> int:
        """Returns how near to a point a keyframe may be that the index has at that time."""
        return max(key_ms - point_ms, point_ms - key_ms - self._late_ms, 0)

    def _may_answer(self, shown_ms: int, point_ms: int) -> bool:
        inside = self.start_ms <= shown_ms < self.end_ms
        return inside and -self.every <= 2 * (shown_ms - point_ms) < self.every

    def _seek_packet(self, key_ms: int) -> Packet[VideoStream] | None:
        """Returns the packet of the keyframe that the index has at that time; None where a seek leads to no such one.

        One seeks by when a picture is shown: as much later than it is decoded as the first one, or more.
        """
        for late_ms in (self._late_ms - LATE_MS, self._late_ms):
            packet = next(
                self._packets_from(key_ms + late_ms + 1), None
            )  # the index in ms is rounded: not one further back
            if packet is None or packet.pts is None or packet.is_discard or not packet.is_keyframe:
                continue
            if key_ms in (self.time_ms(packet), self._decoded_ms(packet)):
                return packet
        return None

    def _decoded_ms(self, packet: Packet[VideoStream]) -> int | None:
        return None if packet.dts is None else self._ms(packet.dts - (self.origin or 0))

    def _packets_from(self, t_ms: int) -> Iterator[Packet[VideoStream] | None]:
        """Returns the packets from the keyframe before a moment on; none where a seek fails."""
        try:
            self.container.seek((self.origin or 0) + int(t_ms / 1000 / self.time_base), stream=self.stream)
        except av.FFmpegError:
            return iter(())
        return self.packets()

    def _decode_alone(self, t_ms: int, packet: Packet[VideoStream]) -> Picture | None:
        """Returns a keyframe as it is decoded by itself; None where it is damaged, or may lean on its neighbours.

        What a decoder hides in a damaged one is made of what it decoded before, even behind a seek: so each has a
        decoder of its own, behind the first one, whose picture alone says how the film is turned.
        """
        anew = self.turned and self.stream.codec_context.name in SPARED
        found = self._decode_anew(packet) if anew else [*self._decode_packet(packet), *self._decode_packet(None)]
        if len(found) == 1 and found[0][1] and (frame := found[0][0]) and self._is_whole(frame, t_ms):
            self.turned = True
            return Picture(t_ms, frame, 0)
        return None

    def _decode_anew(self, packet: Packet[VideoStream]) -> list[tuple[VideoFrame, bool]]:
        """Returns what a new decoder makes of a packet, and whether each picture is good."""
        return [(frame, not frame.is_corrupt) for frame in decode_alone(self.stream.codec_context, packet)]

    def _is_whole(self, frame: VideoFrame, t_ms: int) -> bool:
        """Whether it is the picture of that time, all of it new: fields need neighbours, a slow renewal what it was."""
        mine = frame.pts is not None and self.time_ms(frame) == t_ms
        return mine and frame.key_frame and frame.pict_type == PictureType.I and not frame.interlaced_frame

    @property
    def _late_ms(self) -> int:
        """How long after the index's time a keyframe may be shown: reordering takes long where pictures are few."""
        return LATE_MS + max(0, -self._keys[0])

    @cached_property
    def _end_ms(self) -> int:
        """How long the last picture is shown, by the packets from the last known keyframe on."""
        there = self._packets_from(self._keys[-1])
        shown = [packet for packet in there if packet and packet.size and not packet.is_discard]
        ends = (self.time_ms(packet) + max(1, self._ms(packet.duration or 0)) for packet in shown)
        return max(ends, default=self._keys[-1] + 1)


def skim_slots(keys: Keyframes, source: Source, exact: Exact, first_slot: int) -> Iterator[Answer]:
    """Yields the slots that have a picture, from ``first_slot`` on: their keyframe, or the ``exact`` one of ``source``.

    An exact picture may lie so far behind its point that the next point's keyframe comes first: then it is left out.
    An index has to be ``has_index``.
    """
    slot, whole = first_slot, _Whole(source, exact)
    while keys.has_point(slot):
        if picture := keys.find_keyframe(slot):
            yield slot, picture
        elif found := whole.answer(slot):
            late = 2 * (found.t_ms - keys.start_ms - slot * keys.every) >= keys.every
            after = keys.find_keyframe(slot + 1) if late else None
            if after is None or found.t_ms < after.t_ms:
                yield slot, found
        slot += 1


class _Whole:
    """The exact pictures of single slots, asked for in rising order."""

    def __init__(self, source: Source, exact: Exact) -> None:
        self.source, self.exact = source, exact
        self.rest: Iterator[Answer] | None = None
        self.found: Answer | None = None

    def answer(self, slot: int) -> Picture | None:
        """Returns the slot's picture, None where it has none; slots between are decoded only where no seek works."""
        if self.rest is None or (self.found and self.found[0] < slot - 1 and self.source.seekable):
            self.rest = self.exact(slot)
            self.found = next(self.rest, None)
        while self.found and self.found[0] < slot:
            self.found = next(self.rest, None)
        return self.found[1] if self.found and self.found[0] == slot else None
