"""A shelf with scenes on it: real rows in a real database, pictures from the storyboard builders."""

from __future__ import annotations

from collections.abc import Sequence

from core.model import EMOTIONS, Face, Recipe, Sample, Timeline, Video
from core.store.scenes import Store
from core.video import stills
from tests.support import builders

VIDEO = Video("clip.mp4", 10_000, 320, 180, 25.0, "h264")


def stored(timeline: Timeline) -> list[tuple[Sample, bytes, tuple[bytes, ...]]]:
    """Each moment with a thumb and its faces' crops; every shot looks different."""
    return [(sample, _thumb(sample), tuple(_crop(face) for face in sample.faces)) for sample in timeline.samples]


def _thumb(sample: Sample) -> bytes:
    return stills.encode(builders.picture(seed=sample.shot))


def _crop(face: Face) -> bytes:
    top = next(iter(face.readings.values())).scores.top
    return stills.encode(builders.picture(96, 96, seed=100 + EMOTIONS.index(top)))


def scene(
    store: Store, timeline: Timeline, title: str = "Diner", readers: Sequence[str] = ("builtin",), *, done: bool = True
) -> int:
    """Put a scene on the shelf as its worker would have; ``done=False`` leaves it with the worker."""
    scene_id = store.add(Recipe(f"/clips/{title}.mp4"), title)
    token = store.claim(scene_id)
    store.begin_reading(scene_id, token, VIDEO, "mtcnn", readers, len(timeline.samples))
    store.append(scene_id, token, stored(timeline))
    if done:
        store.finish(scene_id, token)
    return scene_id
