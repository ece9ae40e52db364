"""A scene with planted false peaks: a calm person who for single moments reads as something that nobody else sees."""

from __future__ import annotations

from dataclasses import replace

from core.model import Face, Peak, Reading, Sample, Scores, Timeline
from core.reading.closer_look import CloserLook, peak_key
from core.store.scenes import Store
from tests.support import builders, seed
from tests.support.builders import LETTERS

CALM = "nnnnnnnnhnnnnnnnsnnnnnnn"
"""A smile at 1.6 s and a frown at 3.2 s, a moment each."""

SMILE = Peak(0, "happy", 1600, 1800, 1600, 0.88)
FROWN = Peak(0, "sad", 3200, 3400, 3200, 0.88)
STEP_MS = 200

GONE = CloserLook(
    0.0, 0.08, -2.2, 0, 800, 0.15, 120.0, ((1200, 0.02), (1520, 0.04), (1600, 0.88), (1680, 0.05), (2000, 0.02))
)
"""A closer look in which the smile is there for one frame only."""


def timeline(drawing: str = CALM) -> Timeline:
    """The drawing as the ensemble reads it; DeepFace sees a neutral face throughout."""
    faces = [builders.face(LETTERS[letter], deepface="neutral") for letter in drawing]
    return Timeline(STEP_MS, tuple(Sample(place * STEP_MS, (face,)) for place, face in enumerate(faces)))


def scene(store: Store, title: str = "Diner", drawing: str = CALM) -> int:
    """Put it on the shelf with a closer look at the smile."""
    scene_id = seed.scene(store, timeline(drawing), title, ["builtin", "deepface"], done=False)
    token = store.claim(scene_id)
    if "h" in drawing:
        store.add_closer_looks(scene_id, token, "builtin", {peak_key(SMILE): GONE})
    store.finish(scene_id, token)
    return scene_id


TINY_PX = 20
"""Side of a face from which nothing can be read."""

CROWD = ("nnhnnnsnnn", "nnnunnnnnn", "nnnnhnnhnn", "nsnnnnnnnn")
"""Four faces of that size beside a calm one that is large, and what they read as."""


def crowd(store: Store, title: str = "Crowd") -> int:
    """A shelf's scene with faces too small to read in it, each with peaks."""
    samples = []
    for place, letters in enumerate(zip(*CROWD, strict=True)):
        small = [
            builders.face(LETTERS[letter], left=5 + 40 * at, size=TINY_PX, track=1 + at)
            for at, letter in enumerate(letters)
        ]
        samples.append(Sample(place * STEP_MS, (builders.face("neutral", left=200), *small)))
    return seed.scene(store, Timeline(STEP_MS, tuple(samples)), title)


def torn(store: Store, title: str = "Torn") -> int:
    """A scene with two doubtful peaks of one face at one moment, at 1.6 s: the higher sad, the lower happy."""
    samples = list(timeline("n" * 24).samples)
    face = samples[8].faces[0]
    both = Reading(Scores(sad=0.55, happy=0.42, neutral=0.03))
    samples[8] = replace(samples[8], faces=(_with_reading(face, both),))
    return seed.scene(store, Timeline(STEP_MS, tuple(samples)), title, ["builtin", "deepface"])


def _with_reading(face: Face, reading: Reading) -> Face:
    return replace(face, readings=face.readings | {"builtin": reading})
