"""Small real films made on the spot, and finders and readers that look at their pixels: cheap, and always the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from core.model import EMOTIONS, Box, Crop, Found, Image, Landmarks, Point, Reading, Recipe, Scores
from core.shelf.read_file import Tools
from tests.support import films

WIDTH, HEIGHT = 192, 108
FPS = 25


def film(path: Path, seconds: float = 8.0, *, shots: int = 4, seed: int = 0) -> Path:
    """Write an H.264 film of shots, each a patchwork of its own in which squares wander; a keyframe every second."""
    chance = np.random.default_rng(seed)
    colours = chance.integers(0, 255, (shots, 3, 3))
    patches = [_patchwork(chance, colour[0]) for colour in colours]
    total = round(seconds * FPS)
    times = range(0, total * 1000 // FPS, 1000 // FPS)
    return films.film(
        path,
        times,
        lambda number: picture(colours[number * shots // total], number, patches[number * shots // total]),
        options={"g": str(FPS), "preset": "ultrafast"},
    )


def _patchwork(chance: np.random.Generator, colour: np.ndarray) -> Image:
    shades = chance.integers(-60, 60, (8, 12, 1)) + colour
    tall, wide = -(-HEIGHT // 8), -(-WIDTH // 12)
    return shades.clip(0, 255).astype(np.uint8).repeat(tall, axis=0).repeat(wide, axis=1)[:HEIGHT, :WIDTH]


def picture(colours: np.ndarray, number: int, ground: Image | None = None) -> Image:
    """Return picture ``number`` of a shot: squares that wander over its ground, or over its first colour."""
    image = np.full((HEIGHT, WIDTH, 3), colours[0], np.uint8) if ground is None else ground.copy()
    for place, colour in enumerate(colours[1:]):
        left, top = (number * (place + 1)) % (WIDTH - 40), 10 + 40 * place
        image[top : top + 36, left : left + 36] = colour
    return image


def find(image: Image) -> tuple[Found, ...]:
    """Find none to two "faces", whose places and confidences are told by the picture's own pixels."""
    sums = image.astype(np.uint64).sum(axis=(0, 1))
    count = int(sums.sum() // 4096 % 3)
    return tuple(
        _found(int(total) % 90, float(total % 997) / 997, with_points=total % 2 == 0) for total in sums[:count]
    )


def _found(at: int, confidence: float, *, with_points: bool) -> Found:
    points = [Point(at + x / 3, 20 + y / 7) for x, y in ((30, 90), (80, 91), (55, 160), (35, 220), (75, 221))]
    return Found(Box(at, 10, at + 40, 60), confidence, Landmarks(*points) if with_points else None)


def certain(crops: Sequence[Crop]) -> list[Reading]:
    """Read each crop from its mean colours."""
    return [Reading(_scores(crop, 1)) for crop in crops]


def doubting(crops: Sequence[Crop]) -> list[Reading]:
    """Read each crop from other pixels, with a spread."""
    return [Reading(_scores(crop, 3), spread=_scores(crop, 5)) for crop in crops]


def _scores(crop: Crop, stride: int) -> Scores:
    strips = crop[::stride, :84].reshape(-1, len(EMOTIONS), 12, 3).mean(axis=(0, 2, 3)) + 1.0
    return Scores(*(float(value) for value in strips / strips.sum()))


def equip(recipe: Recipe) -> Tools:
    """Give the tools above under names of their own."""
    return "pixels", find, {"doubting": doubting, "certain": certain}


def slow(seconds: float) -> Callable[[Recipe], Tools]:
    """Give the same tools, the finder taking so long for each picture."""

    def tired(image: Image) -> tuple[Found, ...]:
        time.sleep(seconds)
        return find(image)

    return lambda recipe: ("pixels", tired, {"doubting": doubting, "certain": certain})


def eager(seconds: float) -> Callable[[Recipe], Tools]:
    """Give tools as slow whose first reader is quick to believe, so that there are peaks to look at closer."""

    def pronounced(crops: Sequence[Crop]) -> list[Reading]:
        time.sleep(seconds)
        fourth = [[value**4 for value in reading.scores] for reading in certain(crops)]
        return [Reading(Scores(*(value / sum(values) for value in values))) for values in fourth]

    return lambda recipe: ("pixels", slow(seconds)(recipe)[1], {"eager": pronounced, "certain": certain})
