"""A scene with planted false peaks: a calm person who for single moments reads as something that nobody else sees."""

from __future__ import annotations

from core.model import Peak, Sample, Timeline
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
