"""A film with something drawn on every picture, its sound kept: PyAV in, PyAV out, one picture in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from fractions import Fraction
from os import PathLike
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from core.errors import VideoError
from core.model import Image
from core.video.clip import shown_size_of
from core.video.pictures import Converter, Picture
from core.video.source import Source

Draw = Callable[[Image, int], Image]
"""The picture and its time, ms → the picture as it is written."""

COPIED = ("aac", "mp3", "mp3float", "ac3", "eac3", "alac", "opus")
"""Sounds that an MP4 file carries as they are; others become AAC."""

MP3, LEAST_MP3_HZ = ("mp3", "mp3float"), 16_000
"""MP4 knows no slower ones."""

CLOCK = Fraction(1, 90_000)
AAC_BPS = 160_000
SURPLUS_MS = 1000
"""The sound's packets are read so far ahead of the pictures that players find both together."""


def write_film(
    source: str | PathLike[str],
    target: Path,
    draw: Draw,
    *,
    start_ms: int = 0,
    end_ms: int | None = None,
    tick: Callable[[int], bool] = lambda t_ms: True,
) -> None:
    """Writes an MP4 of the stretch, H.264 and its sound, each picture as ``draw`` gives it and at its own time.

    ``tick`` is told every picture's time and ends the film early when it returns False. Raises VideoError where the
    source cannot be read or nothing lies in the stretch; a file that was begun is the caller's to take away.
    """
    try:
        _write_stretch(source, target, draw, start_ms, end_ms, tick)
    except av.FFmpegError as error:
        why = (error.strerror or type(error).__name__).rstrip(".")
        raise VideoError(f"The film could not be written ({why}). Make room on the disk, or choose a part.") from error


def _write_stretch(
    source: str | PathLike[str],
    target: Path,
    draw: Draw,
    start_ms: int,
    end_ms: int | None,
    tick: Callable[[int], bool],
) -> None:
    with ExitStack() as stack:
        video = stack.enter_context(closing(Source(source)))
        out = stack.enter_context(av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}))
        film = _Film(
            out, Converter(shown_size_of(source), video.aspect), round(video.stream.average_rate or 25), start_ms
        )
        sound = stack.enter_context(closing(_Sound(video, out, start_ms, end_ms)))
        for picture in video.pictures(start_ms):
            if picture.t_ms < start_ms:
                continue
            if (end_ms is not None and picture.t_ms >= end_ms) or not tick(picture.t_ms):
                break
            film.add(picture, draw)
            sound.write_until(picture.t_ms + SURPLUS_MS)
        film.end()
        sound.write_until(film.last_ms if end_ms is None else end_ms, rest=end_ms is None)


class _Film:
    """The pictures of the new file."""

    def __init__(self, out: OutputContainer, image: Converter, rate: int, start_ms: int) -> None:
        self.out, self.image, self.start_ms, self.last_ms = out, image, start_ms, -1
        self.stream: VideoStream = out.add_stream("libx264", rate=min(max(rate, 1), 240))
        self.stream.pix_fmt = "yuv420p"
        self.stream.options = {"preset": "veryfast", "crf": "20"}
        self.stream.codec_context.time_base = CLOCK

    def add(self, picture: Picture, draw: Draw) -> None:
        """Writes one picture."""
        drawn = draw(self.image(picture.frame), picture.t_ms)
        height, width = (side - side % 2 for side in drawn.shape[:2])
        if self.last_ms < 0:
            self.stream.width, self.stream.height = width, height
        frame = av.VideoFrame.from_ndarray(drawn[:height, :width]).reformat(format="yuv420p")
        frame.pts, frame.time_base = round((picture.t_ms - self.start_ms) / 1000 / CLOCK), CLOCK
        self.out.mux(self.stream.encode(frame))
        self.last_ms = picture.t_ms

    def end(self) -> None:
        """Writes what the encoder still holds."""
        if self.last_ms < 0:
            raise VideoError("There is no picture in this stretch of the video, so there is no film to write.")
        self.out.mux(self.stream.encode())


class _Sound:
    """The sound of the stretch, copied packet by packet where MP4 carries it, else written anew as AAC."""

    def __init__(self, video: Source, out: OutputContainer, start_ms: int, end_ms: int | None) -> None:
        self.out, self.start_ms, self.end_ms = out, start_ms, end_ms
        self.opened: InputContainer | None = video.open_container()
        self.origin_ms = float((video.origin or 0) * video.time_base * 1000)
        self.packets: Iterator[Packet[AudioStream]] = iter(())
        self.waiting: Packet[AudioStream] | None = None
        streams = self.opened.streams.audio
        if streams:
            self._begin(streams[0])

    def _begin(self, stream: AudioStream) -> None:
        self.stream, name = stream, stream.codec_context.name
        self.copies = name in COPIED and (name not in MP3 or stream.codec_context.sample_rate >= LEAST_MP3_HZ)
        if self.copies:
            self.made: AudioStream = self.out.add_stream_from_template(stream)
        else:
            self.made = self.out.add_stream("aac", rate=stream.codec_context.sample_rate or 44_100)
            self.made.bit_rate = AAC_BPS
            self.made.codec_context.layout = "stereo" if (stream.codec_context.layout.nb_channels or 1) > 1 else "mono"
        assert self.opened is not None  # noqa: S101  # just opened
        if self.start_ms > 0:
            self.opened.seek(int((self.start_ms + self.origin_ms) * 1000), any_frame=False)
        self.packets = self.opened.demux(stream)

    def write_until(self, t_ms: float, *, rest: bool = False) -> None:
        """Writes the sound up to this moment of the source, or all that is left."""
        while packet := self._next():
            at_ms = self._time_ms(packet)
            if not rest and at_ms is not None and at_ms > t_ms:
                self.waiting = packet
                return
            if at_ms is None or at_ms < self.start_ms or (self.end_ms is not None and at_ms >= self.end_ms):
                continue
            self._write(packet, at_ms)

    def _next(self) -> Packet[AudioStream] | None:
        packet, self.waiting = self.waiting, None
        try:
            return packet or next(self.packets, None)
        except av.FFmpegError:  # damage ends the sound, as it ends the pictures
            return None

    def _time_ms(self, packet: Packet[AudioStream]) -> float | None:
        """A packet's time in the source's pictures' clock, ms; None for the empty one at the end."""
        if packet.pts is None or packet.size == 0:
            return None
        return float(packet.pts * packet.time_base * 1000) - self.origin_ms

    def _write(self, packet: Packet[AudioStream], at_ms: float) -> None:
        if self.copies:
            shift = round((self.start_ms + self.origin_ms) / 1000 / packet.time_base)
            packet.pts, packet.dts = packet.pts - shift, packet.pts - shift  # type: ignore[operator]
            packet.stream = self.made
            self.out.mux(packet)
            return
        try:
            frames = packet.decode()
        except av.FFmpegError:
            return
        for frame in frames:
            frame.pts = None
            self.out.mux(self.made.encode(frame))

    def close(self) -> None:
        """Writes what the encoder still holds, and gives the file back."""
        if self.opened is not None:
            if hasattr(self, "made") and not self.copies:
                self.out.mux(self.made.encode())
            self.opened.close()
            self.opened = None
