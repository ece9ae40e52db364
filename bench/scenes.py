"""Scenes of known truth out of single labelled faces: people who hold an expression, change it, and move a little.

A shot shows one person: one to three expressions after each other, each in several pictures of that label, each picture
for one to four moments, always slightly moving, turning, nearing, brightening. What is shown at any time is known, and
so is what a reader's peak is worth. Some shots carry a planted mistake on request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.model import EMOTIONS, Peak

Plant = Literal["", "wrong frame", "blur", "tiny face", "cut"]
PLANTS: tuple[Plant, ...] = ("wrong frame", "blur", "tiny face", "cut")

STEPS_MS = (100, 200, 200, 200, 500)
"""Steps of the scenes, one drawn per scene: what people choose, 200 ms most often."""

SHOTS = 8
"""Shots of a scene."""

RUNS = (0.45, 0.35, 0.2)
"""How many shots show one, two, three expressions."""

PICTURES = (0.4, 0.3, 0.2, 0.1)
"""How many expressions are shown in one to four pictures. Few, for in a film it is one person's face that varies: more
pictures of different people would make every true peak as high as its best reading of many."""

MOMENTS = 4
"""A picture stays for one to so many moments."""

LEAST_MS = 600
"""An expression that is really there is shown for at least so long, the last picture longer if need be: felt smiles
last two thirds of a second to four seconds (Ekman and Friesen 1982)."""

FACE_PX = (36, 170)
"""Widths of the faces, log-uniform: from a group to a close-up in a picture 640 px wide."""

QUALITY = (45, 95)
"""Qualities of compression, from a small download to a disc."""

TINY_PX = (12, 24)
"""Widths of planted tiny faces."""


@dataclass(frozen=True, slots=True)
class Sway:
    """Small movements of a face during a shot, smooth in time: sums of two slow sines each."""

    amplitudes: NDArray[np.float64]
    """(6,) shift across and down (shares of the face), log scale, roll (degrees), light (grey levels), log contrast."""
    periods_ms: NDArray[np.float64]
    """(6, 2)."""
    phases: NDArray[np.float64]
    """(6, 2)."""

    def at(self, t_ms: int) -> NDArray[np.float64]:
        """Return the six movements at a time."""
        return self.amplitudes * np.sin(2 * np.pi * t_ms / self.periods_ms + self.phases).mean(axis=1)


SWAY = np.array([0.05, 0.05, 0.08, 7.0, 16.0, 0.15])
"""Largest amplitudes of a sway, in the order of its fields."""


@dataclass(frozen=True, slots=True)
class Held:
    """One picture, held for a while."""

    start_ms: int
    end_ms: int
    picture: int
    label: str
    """The emotion that is true meanwhile; "" where the picture itself is the mistake."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One person between two cuts."""

    number: int
    held: tuple[Held, ...]
    sway: Sway
    face_px: int
    mirrored: bool
    softness: float
    """Standard deviation of its blur as a share of the face."""
    quality: int
    """Of its compression, as JPEG's 0–100: what an encoder leaves of a face depends on how large it is."""
    plant: Plant = ""
    blurred: tuple[int, int] = (0, 0)
    """Times between which a planted blur lies, ms."""

    @property
    def start_ms(self) -> int:
        return self.held[0].start_ms

    @property
    def end_ms(self) -> int:
        return self.held[-1].end_ms


@dataclass(frozen=True, slots=True)
class Scene:
    """Shots end to end."""

    step_ms: int
    shots: tuple[Shot, ...]

    def shown(self, track: int, t_ms: int) -> Held:
        """Return what a person (tracks are shots here) shows at a time."""
        held = self.shots[track].held
        return next((one for one in held if t_ms < one.end_ms), held[-1])

    def true(self, peak: Peak) -> bool:
        """Whether at least half of the peak's moments show its emotion."""
        times = range(peak.start_ms, peak.end_ms, self.step_ms)
        return 2 * sum(self.shown(peak.track, t_ms).label == peak.emotion for t_ms in times) >= len(times)


class Deck:
    """Pictures of each label, dealt in random order and, when they are used up, shuffled again."""

    def __init__(self, labels: NDArray[np.int64], random: np.random.Generator) -> None:
        self._piles = {name: np.flatnonzero(labels == place) for place, name in enumerate(EMOTIONS)}
        self._random = random
        self._left: dict[str, list[int]] = {name: [] for name in EMOTIONS}
        self._shares = np.bincount(labels, minlength=len(EMOTIONS)) / len(labels)

    def emotion(self, other_than: str = "") -> str:
        """Return an emotion, as often as people saw it in the pictures."""
        while (name := str(self._random.choice(EMOTIONS, p=self._shares))) == other_than:
            pass
        return name

    def deal(self, emotion: str) -> int:
        """Return a picture of the emotion."""
        if not self._left[emotion]:
            self._left[emotion] = [int(each) for each in self._random.permutation(self._piles[emotion])]
        return self._left[emotion].pop()


def scenes(labels: NDArray[np.int64], pictures: int, seed: int = 0, plants: bool = False) -> Iterator[Scene]:
    """Yield scenes until about so many pictures were dealt; with ``plants`` every shot carries a planted mistake.

    ``labels`` (n,) are indices into EMOTIONS, one per picture.
    """
    random = np.random.default_rng([seed, plants])
    deck = Deck(labels, random)
    dealt = 0
    while dealt < pictures:
        step_ms = int(random.choice(STEPS_MS))
        shots: list[Shot] = []
        for number in range(SHOTS):
            start_ms = shots[-1].end_ms if shots else 0
            plant = PLANTS[int(random.integers(len(PLANTS)))] if plants else ""
            shots.append(_shot(number, start_ms, step_ms, deck, random, plant))
        dealt += sum(len(shot.held) for shot in shots)
        yield Scene(step_ms, tuple(shots))


def _shot(number: int, start_ms: int, step_ms: int, deck: Deck, random: np.random.Generator, plant: Plant) -> Shot:
    held: list[Held] = []
    emotion = ""
    for _ in range(1 + int(random.choice(len(RUNS), p=RUNS))):
        emotion = deck.emotion(other_than=emotion)
        held += _expression(emotion, held[-1].end_ms if held else start_ms, step_ms, deck, random)
    if plant == "wrong frame":
        held = _with_wrong_frame(held, step_ms, deck, random)
    if plant == "cut":
        held = _with_late_cut(held, step_ms, deck)
    low, high = np.log(TINY_PX if plant == "tiny face" else FACE_PX)
    sway = Sway(SWAY * random.uniform(0.2, 1, 6), random.uniform(900, 5000, (6, 2)), random.uniform(0, 6.28, (6, 2)))
    face_px, mirrored = round(np.exp(random.uniform(low, high))), bool(random.random() < 0.5)
    shot = Shot(
        number, tuple(held), sway, face_px, mirrored, random.uniform(0, 0.012), int(random.integers(*QUALITY)), plant
    )
    return _with_blur(shot, step_ms, random) if plant == "blur" else shot


def _expression(emotion: str, start_ms: int, step_ms: int, deck: Deck, random: np.random.Generator) -> list[Held]:
    """One expression in its pictures."""
    lengths = random.integers(1, MOMENTS + 1, 1 + int(random.choice(len(PICTURES), p=PICTURES)))
    lengths[-1] += max(0, -(-LEAST_MS // step_ms) - lengths.sum())
    ends = start_ms + step_ms * np.cumsum(lengths)
    starts = [start_ms, *ends[:-1]]
    return [Held(int(a), int(b), deck.deal(emotion), emotion) for a, b in zip(starts, ends, strict=True)]


def _with_wrong_frame(held: list[Held], step_ms: int, deck: Deck, random: np.random.Generator) -> list[Held]:
    """One moment inside the longest picture shows another expression: a glitch, whatever it says is false."""
    place = max(range(len(held)), key=lambda index: held[index].end_ms - held[index].start_ms)
    around = held[place]
    moments = (around.end_ms - around.start_ms) // step_ms
    at = around.start_ms + step_ms * int(random.integers(0, moments))
    wrong = Held(at, at + step_ms, deck.deal(deck.emotion(other_than=around.label)), "")
    before = Held(around.start_ms, at, around.picture, around.label)
    after = Held(at + step_ms, around.end_ms, around.picture, around.label)
    parts = [part for part in (before, wrong, after) if part.start_ms < part.end_ms]
    return held[:place] + parts + held[place + 1 :]


def _with_late_cut(held: list[Held], step_ms: int, deck: Deck) -> list[Held]:
    """The first moment still shows the shot before: a dissolve, or a cut found one moment early."""
    first = held[0]
    wrong = Held(first.start_ms, first.start_ms + step_ms, deck.deal(deck.emotion(other_than=first.label)), "")
    moved = [Held(one.start_ms + step_ms, one.end_ms + step_ms, one.picture, one.label) for one in held]
    return [wrong, *moved]


def _with_blur(shot: Shot, step_ms: int, random: np.random.Generator) -> Shot:
    """One to three moments are out of focus or in fast movement."""
    moments = (shot.end_ms - shot.start_ms) // step_ms
    first = shot.start_ms + step_ms * int(random.integers(0, moments))
    last = first + step_ms * int(random.integers(1, 4))
    return replace(shot, blurred=(first, last))
