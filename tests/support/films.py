"""Small clips made on the spot: each picture's grey says which one it is, and so whether its time is right."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.stream import Disposition
from av.video.frame import PictureType
from av.video.stream import VideoStream

from core.errors import VideoError
from core.model import Frame, Image, Step
from core.video import clip as video

Paint = Callable[[int], Image]
CFR = tuple(range(0, 2000, 40))
"""Two seconds at 25 pictures a second, in ms."""
VFR = (0, 40, 80, 1000, 1040, 3000, 3400)
LONG = tuple(range(0, 8000, 40))
ALL = Step(1, "frames")
MS = Fraction(1, 1000)
GROUPS = {"g": "10", "sc_threshold": "0"}
"""A keyframe every ten pictures, also where the grey jumps."""


kept_films: Path | None = None
"""Where a run of the tests keeps each film that it has encoded; None encodes every time."""


def grey(number: int) -> int:
    """The grey of a picture: steps of 20, told apart after any codec; eleven of them in turn."""
    return 20 + 20 * (number % 11)


def plain(size: tuple[int, int] = (64, 48)) -> Paint:
    """Return a painter of pictures in one grey each."""
    return lambda number: np.full((size[1], size[0], 3), grey(number), np.uint8)


def grainy(number: int) -> Image:
    """A grey with grain: in an MPEG programme stream small pictures share a packet, and so one time."""
    grain = np.random.default_rng(number).integers(-19, 20, (96, 128, 3))
    return (grey(number) + grain).astype(np.uint8)


def still(image: Image) -> Paint:
    """Return a painter of the same picture again and again."""
    return lambda number: image


def film(
    path: Path,
    times_ms: Sequence[int] = CFR,
    paint: Paint | None = None,
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    options: Mapping[str, str] | None = None,
    aspect: Fraction | None = None,
    turn: tuple[int, bool, bool] | None = None,
    muxer: Mapping[str, str] | None = None,
    clock: Fraction = MS,
    keys: Collection[int] = (),
) -> Path:
    """Write a clip whose n-th picture has the n-th time; ``turn`` is how to show it: degrees, mirrored, upside down.

    ``keys`` are numbers of pictures that have to be keyframes, beside those that the codec's options ask for.
    """
    paint = paint or plain()
    pictures = [paint(number) for number in range(len(times_ms))]
    how = (
        tuple(times_ms),
        codec,
        pixels,
        dict(options or GROUPS),
        aspect,
        turn,
        dict(muxer or {}),
        clock,
        sorted(keys),
    )

    def write(target: Path) -> None:
        with _pace_kept(), av.open(str(target), "w", options=dict(muxer or {})) as container:
            stream = _stream(container.add_stream(codec, rate=25), pictures[0], pixels, clock)
            stream.options = dict(options or GROUPS)
            if aspect:
                stream.codec_context.sample_aspect_ratio = aspect
            if turn:
                stream.set_display_rotation(*turn)
            for number, t_ms in enumerate(times_ms):
                frame = av.VideoFrame.from_ndarray(pictures[number]).reformat(format=pixels)
                frame.pts, frame.time_base = t_ms, MS
                if number in keys:
                    frame.pict_type = PictureType.I
                container.mux(stream.encode(frame))
            container.mux(stream.encode())

    _write_once(path, repr(how), pictures, write)
    return path


def _write_once(path: Path, how: str, pictures: Sequence[Image], write: Callable[[Path], None]) -> None:
    """Have the film written, or copy it where one of the same pictures was written the same way before."""
    if kept_films is None:
        write(path)
        return
    digest = hashlib.sha256(f"{path.suffix} {how}".encode())
    for picture in pictures:
        digest.update(f"{picture.shape}{picture.dtype}".encode())
        digest.update(np.ascontiguousarray(picture).data)
    kept = kept_films / f"{digest.hexdigest()}{path.suffix}"
    if not kept.exists():
        kept_films.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_name(f"{os.getpid()}{kept.name}")
        write(unfinished)
        unfinished.replace(kept)  # the other process of this run may be at the same film
    shutil.copyfile(kept, path)


@contextmanager
def _pace_kept() -> Iterator[None]:
    """SVT-AV1 gives whoever calls it real-time priority where it may, as root: beside it nothing else would run."""
    kept = (os.sched_getscheduler(0), os.sched_getparam(0)) if hasattr(os, "sched_getscheduler") else None
    try:
        yield
    finally:
        if kept:
            os.sched_setscheduler(0, *kept)


def _stream(stream: VideoStream, image: Image, pixels: str, clock: Fraction = MS) -> VideoStream:
    stream.height, stream.width = image.shape[:2]
    stream.pix_fmt = pixels
    stream.codec_context.time_base = clock
    return stream


def sound(path: Path, *, cover: bool = False, film_ms: Sequence[int] = ()) -> Path:
    """Write a second of silence; with ``cover`` a picture of a sleeve beside it, with ``film_ms`` a film as well."""
    with av.open(str(path), "w") as container:
        audio = container.add_stream("aac", rate=8000)
        art = _stream(container.add_stream("mjpeg", rate=25), plain()(0), "yuvj420p") if cover else None
        video = _stream(container.add_stream("libx264", rate=25), plain()(0), "yuv420p") if film_ms else None
        if art:
            art.disposition = Disposition.attached_pic
            container.mux([*art.encode(_picture(0, 9, "yuvj420p")), *art.encode()])
        for number, t_ms in enumerate(film_ms if video else ()):
            container.mux(video.encode(_picture(t_ms, number, "yuv420p")))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
        silence.sample_rate, silence.pts = 8000, 0
        container.mux(audio.encode(silence))
        for stream in filter(None, (audio, video)):
            container.mux(stream.encode())
    return path


def _picture(t_ms: int, number: int, pixels: str) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(plain()(number)).reformat(format=pixels)
    frame.pts, frame.time_base = t_ms, MS
    return frame


def two_films(path: Path, default: int) -> Path:
    """Write a file with a film of even greys and one of odd greys; ``default`` is the one to be shown."""
    with av.open(str(path), "w") as container:
        streams = [_stream(container.add_stream("libx264", rate=25), plain()(0), "yuv420p") for _ in range(2)]
        for which, stream in enumerate(streams):
            stream.disposition = Disposition.default if which == default else Disposition(0)
        for t_ms in CFR:
            for which, stream in enumerate(streams):
                container.mux(stream.encode(_picture(t_ms, which * 5, "yuv420p")))
        for stream in streams:
            container.mux(stream.encode())
    return path


def damaged(source: Path, target: Path, packets: range) -> Path:
    """Copy a film and overwrite the middle of its ``packets`` (in the order of decoding) with other bytes."""
    data = bytearray(source.read_bytes())
    with av.open(str(source)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    for place, size in places[packets.start : packets.stop : packets.step]:
        begin = place + size // 3
        data[begin : place + size] = bytes(at * 11 % 256 for at in range(place + size - begin))
    target.write_bytes(data)
    return target


def seen(path: Path, step: Step = ALL, **limits: int | None) -> list[Frame]:
    """All frames at once: these films are short."""
    return list(video.frames(path, step, **limits))


def times(found: list[Frame]) -> list[int]:
    return [frame.t_ms for frame in found]


def same(these: list[Frame], those: list[Frame]) -> bool:
    """Equal in time, in what was dropped before, and in every pixel."""
    facts = [[(frame.t_ms, frame.dropped) for frame in found] for found in (these, those)]
    return facts[0] == facts[1] and all(np.array_equal(a.image, b.image) for a, b in zip(these, those, strict=True))


def numbers(found: list[Frame]) -> list[int]:
    """Which picture each frame shows, told by its grey, in turns of eleven."""
    return [round((float(frame.image.mean()) - grey(0)) / 20) for frame in found]


GRAIN = {"bf": "2", "qmax": "2", "b": "8000000"}
KINDS: dict[str, dict[str, Any]] = {
    "h264.mp4": {},
    "hevc.mp4": {"codec": "libx265", "options": {"x265-params": "log-level=none:keyint=10"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"g": "10"}},
    "av1.mkv": {"codec": "libsvtav1", "options": {"g": "10", "preset": "12"}},
    "fragmented.mp4": {"muxer": {"movflags": "frag_keyframe+empty_moov"}},
    "ten_bits.mkv": {"codec": "libx265", "pixels": "yuv420p10le", "options": {"x265-params": "log-level=none"}},
    "444.mp4": {"pixels": "yuv444p"},
    "422.mov": {"codec": "prores_ks", "pixels": "yuv422p10le"},
    "mpeg4.avi": {"codec": "mpeg4", "clock": Fraction(1, 25), "options": {"bf": "2", "qmax": "3"}},
    "h264.avi": {"clock": Fraction(1, 25)},
    "mpeg2.mpg": {"codec": "mpeg2video", "clock": Fraction(1, 25), "paint": grainy, "options": GRAIN},
    "h264.ts": {},
    "old.flv": {"codec": "flv"},
    "old.wmv": {"codec": "wmv2"},
    "moving.gif": {"codec": "gif", "pixels": "bgr8"},
}
"""The same film in every container and many codecs: file name → how to write it."""


SLOW = tuple(range(0, 60_000, 200))
"""A minute at five pictures a second."""

UNEVEN = (0, 9, 31, 33, 60, 61, 95, 140, 171, 172, 210, 233, 234, 235, 299)
"""Which of its pictures are keyframes: up to nine seconds apart, and side by side."""

FORCED = {"g": "10000", "sc_threshold": "0", "forced-idr": "1", "preset": "ultrafast"}
"""An encoder that sets no keyframe of its own."""


def refusal(path: object) -> str:
    """The sentence; the same from a probe and from the first frame."""
    with pytest.raises(VideoError) as probed:
        video.probe(path)
    with pytest.raises(VideoError) as read:
        next(video.frames(path))
    assert str(probed.value) == str(read.value)
    return str(probed.value)
