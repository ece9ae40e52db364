"""Draws samples/astronaut.mp4 from a portrait in the public domain: ``python -m samples.make``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from core.model import EMOTIONS
from samples.face import ANGRY, BARED, CALM, SAD, SMILE, SURPRISE, Expression, Map, drawn, mixed

HERE = Path(__file__).parent
CLIP = HERE / "astronaut.mp4"
TRUTH = HERE / "astronaut.json"

WIDTH, HEIGHT, FPS, SECONDS = 640, 360, 25, 19
FRAMES = FPS * SECONDS


class Camera(NamedTuple):
    """What the camera sees of the portrait."""

    x: float
    y: float
    """Centre, px of the portrait."""
    zoom: float
    """Picture px per portrait px."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One stretch between two hard cuts; camera and face move smoothly from the first to the last key."""

    start_s: float
    end_s: float
    cameras: tuple[Camera, Camera]
    acting: tuple[tuple[float, Expression, str], ...] = ()
    """(from second, expression, what it is meant to look like); no acting is a shot without anybody."""
    tint: tuple[float, float, float] = (1, 1, 1)
    mirrored: bool = False


CLENCHED = "angry, teeth clenched"
"""What readers are apt to take for a smile, being so short: three frames."""

SHOTS = (
    Shot(
        start_s=0.0,
        end_s=5.6,
        cameras=(Camera(236, 128, 1.7), Camera(226, 118, 2.2)),
        acting=(
            (0, CALM, "neutral"),
            (1.6, CALM, "neutral"),
            (2.6, SMILE, "happy"),
            (3.8, SMILE, "happy"),
            (4.5, mixed(SMILE, CALM, 0.6), "a faint smile"),
            (5.2, SMILE, "happy"),
            (5.6, SMILE, "happy"),
        ),
    ),
    Shot(
        start_s=5.6,
        end_s=10.0,
        cameras=(Camera(216, 108, 2.75), Camera(219, 112, 3.0)),
        acting=(
            (5.6, CALM, "neutral"),
            (6.8, CALM, "neutral"),
            (7.6, SURPRISE, "surprise"),
            (8.8, SURPRISE, "surprise"),
            (9.6, mixed(CALM, SURPRISE, 0.35), "its end"),
            (10, mixed(CALM, SURPRISE, 0.35), "its end"),
        ),
        tint=(0.84, 0.97, 1.1),
        mirrored=True,
    ),
    Shot(start_s=10.0, end_s=12.6, cameras=(Camera(421, 60, 3.55), Camera(421, 150, 3.55))),
    Shot(
        start_s=12.6,
        end_s=19.0,
        cameras=(Camera(256, 142, 1.3), Camera(248, 134, 1.6)),
        acting=(
            (12.6, SAD, "sad"),
            (14.0, SAD, "sad"),
            (14.8, ANGRY, "angry"),
            (15.12, ANGRY, "angry"),
            (15.16, BARED, CLENCHED),
            (15.24, BARED, CLENCHED),
            (15.28, ANGRY, "angry"),
            (19, ANGRY, "angry"),
        ),
        tint=(1.08, 0.97, 0.82),
        mirrored=True,
    ),
)
CODING = {"crf": "20", "preset": "slow", "threads": "1"}
"""How x264 writes it; one thread, so that every run writes the same bytes."""

DARK_S = (15.6, 18.8)
"""From here the light goes and the lens blurs, until here; it stays so to the end."""


def ease(t: float, start: float, end: float) -> float:
    """0 before ``start``, 1 after ``end``, smooth between."""
    share = min(1.0, max(0.0, (t - start) / (end - start)))
    return share * share * (3 - 2 * share)


def face_at(shot: Shot, t: float) -> Expression:
    """The expression at second ``t``."""
    for (start, first, _), (end, second, _) in zip(shot.acting, shot.acting[1:], strict=False):
        if t <= end:
            return mixed(first, second, ease(t, start, end))
    return SMILE


def view(shot: Shot, t: float) -> tuple[Map, Map]:
    """The place in the portrait that each pixel of the picture shows at second ``t``, with a hand's slight sway."""
    share = ease(t, shot.start_s, shot.end_s)
    x, y, zoom = (a + (b - a) * share for a, b in zip(*shot.cameras, strict=True))
    x, y, roll = x + 0.8 * np.sin(1.1 * t), y + 0.6 * np.sin(1.7 * t + 1), 0.012 * np.sin(0.8 * t)
    down, right = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    right = (right - (WIDTH - 1) / 2) * (-1 if shot.mirrored else 1) / zoom
    down = (down - (HEIGHT - 1) / 2) / zoom
    return x + right * np.cos(roll) - down * np.sin(roll), y + right * np.sin(roll) + down * np.cos(roll)


def graded(image: NDArray[np.float32], shot: Shot, t: float) -> NDArray[np.uint8]:
    """The shot's tint, and from ``DARK_S`` on darkness and blur."""
    gone = ease(t, *DARK_S)
    if gone > 0:
        image = cv2.GaussianBlur(image, (0, 0), 0.3 + 8 * gone)
    lit = image * np.array(shot.tint, np.float32) * (1 - 0.86 * gone)
    return np.clip(lit, 0, 255).round().astype(np.uint8)


def picture(index: int) -> NDArray[np.uint8]:
    """Frame ``index`` of the clip, (HEIGHT, WIDTH, 3) uint8 RGB."""
    t = index / FPS
    shot = next(shot for shot in SHOTS if t < shot.end_s)
    return graded(drawn(*view(shot, t), face_at(shot, t)), shot, t)


def pictures() -> Iterator[NDArray[np.uint8]]:
    """Every frame in order."""
    return (picture(index) for index in range(FRAMES))


def truth() -> dict[str, object]:
    """What is known of the clip because it was drawn, times in ms."""
    acted = [
        {"from_ms": round(start * 1000), "to_ms": round(min(end, DARK_S[0]) * 1000), "meant": meant}
        for shot in SHOTS
        for (start, _, meant), (end, _, same) in zip(shot.acting, shot.acting[1:], strict=False)
        if meant == same and meant in (*EMOTIONS, CLENCHED)
    ]
    return {
        "duration_ms": SECONDS * 1000,
        "fps": FPS,
        "width": WIDTH,
        "height": HEIGHT,
        "cuts_ms": [round(shot.start_s * 1000) for shot in SHOTS[1:]],
        "nobody": [{"from_ms": round(s.start_s * 1000), "to_ms": round(s.end_s * 1000)} for s in SHOTS if not s.acting],
        "dark_from_ms": round(DARK_S[0] * 1000),
        "acted": acted,
    }


def write(path: Path) -> None:
    """The clip as H.264 that browsers play, the same bytes on every run with the same libraries."""
    with av.open(str(path), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(FPS), options=CODING)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for image in pictures():
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    write(CLIP)
    TRUTH.write_text(json.dumps(truth(), indent=2) + "\n", encoding="utf-8")
    print(f"{CLIP.name}: {CLIP.stat().st_size / 1e6:.2f} MB, {FRAMES} frames; {TRUTH.name}")
