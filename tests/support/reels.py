"""Films whose pictures say their own number, and scenes read from them: what a player is measured with."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from core.model import Box, Image, Recipe, Timeline, Video
from core.store.scenes import Store
from tests.support import doubtful, films, seed

WIDTH, HEIGHT, BITS = 320, 180, 8
FRAME_MS = 40
LENGTH_MS = 8000
"""Eight seconds at 25 pictures a second."""

NUMBER = """
(video) => {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
  const pen = canvas.getContext("2d", { willReadFrequently: true })
  pen.drawImage(video, 0, 0)
  const row = pen.getImageData(0, canvas.height >> 1, canvas.width, 1).data
  let number = 0
  for (let bit = 0; bit < 8; bit++) number = 2 * number + (row[4 * Math.floor(((bit + 0.5) / 8) * canvas.width)] > 127)
  return number
}
"""
"""What the picture on the screen says, in the browser."""


def numbered(number: int) -> Image:
    """A picture of eight stripes, black or white: its number, the highest bit first."""
    bits = [number >> place & 1 for place in reversed(range(BITS))]
    return np.repeat(np.array(bits, np.uint8) * 255, WIDTH // BITS)[None, :, None].repeat(HEIGHT, 0).repeat(3, 2)


def film(path: Path, codec: str = "libx264", *, delay_ms: int = 0, length_ms: int = LENGTH_MS) -> Path:
    """Write such a film; with ``delay_ms`` its first picture comes so much later than its file begins."""
    times = range(delay_ms, delay_ms + length_ms, FRAME_MS)
    options = {
        "libx264": {"g": "25", "preset": "ultrafast"},
        "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "g": "25", "row-mt": "1"},
    }
    clock = Fraction(1, 25) if codec == "mpeg2video" else films.MS
    return films.film(path, times, numbered, codec=codec, options=options.get(codec, {}), clock=clock)


def scene(
    store: Store, path: str, timeline: Timeline | None = None, codec: str = "h264", region: Box | None = None
) -> int:
    """Put a film on the shelf as if it had been read: as a face that says something false once, or as ``timeline``."""
    timeline = timeline or doubtful.timeline()
    title = Path(path).name
    scene_id = store.add(Recipe(path, region=region), title)
    token = store.claim(scene_id)
    probed = Video(path, LENGTH_MS, WIDTH, HEIGHT, 1000 / FRAME_MS, codec)
    store.begin_reading(scene_id, token, probed, "mtcnn", ["builtin", "deepface"], len(timeline.samples))
    store.append(scene_id, token, seed.stored(timeline))
    store.finish(scene_id, token)
    return scene_id


def heavy(path: Path, size: int) -> Path:
    """Write a film of at least so many bytes: one second of noise, over and over."""
    second = path.with_name("second.mp4")
    noise = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
    films.film(
        second,
        range(0, 1000, 100),
        lambda number: np.roll(noise, 37 * number, axis=1),
        options={"preset": "ultrafast", "crf": "8", "g": "10"},
    )
    times = -(-size // second.stat().st_size)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as out, av.open(str(second)) as once:
        stream = out.add_stream_from_template(once.streams.video[0])
        packets = [packet for packet in once.demux(video=0) if packet.size]
        for turn in range(times):
            _mux(out, stream, packets, turn)
    return path


def _mux(out: av.container.OutputContainer, stream: av.VideoStream, packets: Sequence[av.Packet], turn: int) -> None:
    base = packets[0].time_base
    later = round(turn / base)
    for packet in packets:
        again = av.Packet(bytes(packet))
        again.pts, again.dts, again.time_base = packet.pts + later, packet.dts + later, base
        again.is_keyframe, again.stream = packet.is_keyframe, stream
        out.mux(again)
