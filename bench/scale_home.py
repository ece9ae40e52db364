"""A home of the size that bench/scale.py asks for: an hour of two people at five moments a second, and 500 scenes.

Every row is written by the store as a worker's would be. Faces keep an expression, change it, and waver as readers do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.model import EMOTIONS, Box, Face, Found, Landmarks, Point, Reading, Recipe, Sample, Scores, Timeline, Video
from core.shelf import findings
from core.store.scenes import Store
from core.video import stills

HOUR, PEOPLE, STEP_MS = 18_000, 2, 200
SCENES, SHORT = 500, 150
"""Scenes beside the hour, and the moments of each: half a minute of one person."""

SHOT = (10, 50)
"""Moments of a shot, 2 to 10 s."""

CALM, SLIP = 0.6, 0.02
"""Shares of shots in which a person stays neutral, and of moments that are read wrongly. With these a face in twenty
belongs to a peak of its own, as in the shared clips."""

WIDTH, HEIGHT = 1280, 720
READERS = ("deepface", "builtin")
PART = 500
"""Moments written at once."""


def seed(home: Path, hour: int = HOUR, scenes: int = SCENES) -> int:
    """Fill the home's shelf and return the id of the hour; scenes that are there already stay as they are."""
    shelf = Store(f"sqlite:///{home}/outtake.db")
    there = {scene.title: scene.id for scene in shelf.scenes()}
    for number in range(1, scenes + 1):
        if f"Scene {number}" not in there:
            put(shelf, f"Scene {number}", acted(SHORT, 1, number), small=True)
    return there.get("The hour") or put(shelf, "The hour", acted(hour, PEOPLE, 0))


def put(shelf: Store, title: str, timeline: Timeline, *, small: bool = False) -> int:
    """Put a scene on the shelf as its worker would have; ``small`` pictures take a tenth of the room."""
    count = len(timeline.samples)
    scene_id = shelf.add(Recipe(f"/films/{title}.mp4"), title)
    token = shelf.claim(scene_id)
    video = Video(f"/films/{title}.mp4", count * STEP_MS, WIDTH, HEIGHT, 25.0, "h264")
    shelf.begin_reading(scene_id, token, video, "mtcnn", READERS, count)
    thumbs = pictures(*((320, 180) if small else (640, 360)), 24, scene_id)
    crops = pictures(96, 96, 24, scene_id)
    for at in range(0, count, PART):
        shelf.append(scene_id, token, list(stored(timeline.samples[at : at + PART], thumbs, crops)))
    shelf.finish(scene_id, token)
    findings.work_out(shelf, scene_id)
    return scene_id


def stored(
    samples: Sequence[Sample], thumbs: Sequence[bytes], crops: Sequence[bytes]
) -> Iterator[tuple[Sample, bytes, tuple[bytes, ...]]]:
    """Yield moments with their pictures; a shot looks the same throughout, a person too."""
    for sample in samples:
        faces = tuple(crops[(face.track or 0) % len(crops)] for face in sample.faces)
        yield sample, thumbs[sample.shot % len(thumbs)], faces


def pictures(width: int, height: int, count: int, seed: int) -> list[bytes]:
    """Return JPEGs as large as those of film: a smooth ground with grain."""
    random, made = np.random.default_rng(seed), []
    for _ in range(count):
        small = random.integers(40, 215, (6, 8, 3), dtype=np.uint8)
        ground = small[np.linspace(0, 5, height).astype(int)][:, np.linspace(0, 7, width).astype(int)]
        made.append(stills.encode(np.clip(ground + random.normal(0, 4, ground.shape), 0, 255).astype(np.uint8)))
    return made


def acted(count: int, people: int, seed: int) -> Timeline:
    """Return a film of that many moments with so many people in every picture; a shot is a track for each."""
    random, samples = np.random.default_rng(seed), []
    shot = 0
    while len(samples) < count:
        length = min(int(random.integers(*SHOT)), count - len(samples))
        tracks = [shot * people + person for person in range(people)]
        shown = [played(length, random) for _ in tracks]
        places = random.integers(100, 260, people)
        for at in range(length):
            said = zip(tracks, shown, places, strict=True)
            faces = [
                face(track, roles[:, at], 150 + 500 * nth, int(top)) for nth, (track, roles, top) in enumerate(said)
            ]
            nobody = random.random() < 0.02
            samples.append(Sample(len(samples) * STEP_MS, () if nobody else tuple(faces), shot, bytes(32)))
        shot += 1
    return Timeline(STEP_MS, tuple(samples))


def played(length: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Return what each reader says of one person during a shot, (readers, moments, emotions)."""
    held = np.repeat(random.integers(0, len(EMOTIONS), 4), -(-length // 4))[:length]
    calm = random.random() < CALM
    strength = np.zeros((length, len(EMOTIONS)))
    strength[np.arange(length), len(EMOTIONS) - 1 if calm else held] = 2.5
    waver = random.normal(0, 0.3, (len(READERS), length, len(EMOTIONS)))
    slip = (random.random((length, 1)) < SLIP) * random.normal(0, 4, (length, len(EMOTIONS)))
    raised = np.exp(strength + waver + slip)
    return raised / raised.sum(axis=-1, keepdims=True)


def face(track: int, said: NDArray[np.float64], left: int, top: int) -> Face:
    """Return a face of 160 px as both readers see it; the second is an ensemble with a spread."""
    points = [(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)]
    marks = Landmarks(*(Point(left + x * 160, top + y * 160) for x, y in points))
    spreads = (None, Scores(*([0.04] * len(EMOTIONS))))
    readings = {
        name: Reading(Scores(*map(float, scores)), spread)
        for name, scores, spread in zip(READERS, said, spreads, strict=True)
    }
    return Face(Found(Box(left, top, left + 160, top + 160), 0.98, marks), 180.0, track, readings)
