"""Storyboard builders: tests are drawn in the language of film, one letter per sampled moment."""

from __future__ import annotations

import numpy as np

from core.model import EMOTIONS, Box, Face, Found, Frame, Image, Landmarks, Point, Reading, Sample, Scores, Timeline

LETTERS = {"a": "angry", "d": "disgust", "f": "fear", "h": "happy", "s": "sad", "u": "surprise", "n": "neutral"}


def scores(emotion: str, score: float = 0.88) -> Scores:
    """A distribution whose top is ``emotion``; the rest is shared evenly."""
    rest = (1 - score) / (len(EMOTIONS) - 1)
    return Scores(**{name: score if name == emotion else rest for name in EMOTIONS})


def found(left: int = 100, top: int = 60, size: int = 80, confidence: float = 0.99) -> Found:
    """A square face with landmarks where an upright face has them."""
    at = [(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)]
    points = [Point(left + x * size, top + y * size) for x, y in at]
    return Found(Box(left, top, left + size, top + size), confidence, Landmarks(*points))


def face(emotion: str = "neutral", *, left: int = 100, size: int = 80, track: int | None = 0, **second: str) -> Face:
    """A face read by ``builtin`` as ``emotion``; ``deepface="fear"`` adds a second reader's opinion."""
    readings = {"builtin": Reading(scores(emotion))}
    readings |= {name: Reading(scores(other)) for name, other in second.items()}
    return Face(found(left, size=size), sharpness=200.0, track=track, readings=readings)


def strip(drawing: str, step_ms: int = 500) -> Timeline:
    """``"nnhn.|nn"`` → a timeline: one letter per moment, ``.`` nobody, ``|`` a cut before the next moment."""
    samples: list[Sample] = []
    shot = 0
    for letter in drawing:
        if letter == "|":
            shot += 1
            continue
        faces = () if letter == "." else (face(LETTERS[letter], track=shot),)
        samples.append(Sample(len(samples) * step_ms, faces, shot))
    return Timeline(step_ms, tuple(samples))


def picture(width: int = 320, height: int = 180, seed: int = 0) -> Image:
    """A smooth random picture: different seeds look different, the same seed the same."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    rows = np.linspace(0, 5, height).round().astype(int)
    columns = np.linspace(0, 7, width).round().astype(int)
    return small[rows][:, columns]


def frame(t_ms: int = 0, *, seed: int = 0, width: int = 320, height: int = 180) -> Frame:
    """A frame of :func:`picture`, one of every 200 ms."""
    return Frame(t_ms, picture(width, height, seed), slot=t_ms // 200)
