"""Emotions of one's own for tests: one that could have been taught, and scenes whose faces have embeddings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.emotions.emotion import Clip, Example, OwnEmotion
from core.emotions.training import Figures, Share
from core.faces import embedding, read_builtin
from core.shelf import emotions
from core.shelf.scene_view import SceneView, view_scene
from core.store.scenes import Store

FIGURES = Figures(3, 4, 3, 3, Share(0.9, 0.5, 0.99), Share(0.8, 0.4, 0.98), 0.91)


def emotion(name: str = "panic", width: int | None = None, network: str | None = None) -> OwnEmotion:
    """One that this version of the reader could have been taught."""
    weights = np.linspace(-0.5, 0.5, width or read_builtin.embedding_width()).round(6)
    yes = tuple(Example(3, 200 * number, 0) for number in range(3))
    no = tuple(Example(3, 5000 + 200 * number, 1) for number in range(4))
    clips = {3: Clip(22_800, 640, 360, 25.0)}
    return OwnEmotion(
        name, "builtin", network or emotions.network(), tuple(map(float, weights)), -1.5, yes, no, clips, FIGURES
    )


def lift(store: Store, scene_id: int) -> None:
    """Embed the scene's faces: the first number is high where a face is happy."""
    random = np.random.default_rng(0)
    places, rows = [], []
    for sample in store.timeline(scene_id).samples:
        for index, face in enumerate(sample.faces):
            places.append((sample.t_ms, index))
            row = random.gamma(1, 0.1, read_builtin.embedding_width())
            row[0] = 5.0 if face.readings["builtin"].scores.top == "happy" else 0.2
            rows.append(row)
    codes = embedding.pack(np.array(rows, np.float32), emotions.network())
    store.replace_embeddings(scene_id, "builtin", dict(zip(places, codes, strict=True)))


def examples(store: Store, scene_id: int) -> tuple[list[Example], list[Example]]:
    """Every face of the scene: the happy ones and the others."""
    sides: dict[bool, list[Example]] = {True: [], False: []}
    for sample in store.timeline(scene_id).samples:
        for index, face in enumerate(sample.faces):
            happy = face.readings["builtin"].scores.top == "happy"
            sides[happy].append(Example(scene_id, sample.t_ms, index))
    return sides[True], sides[False]


def view_with_own(store: Store, scene_id: int, own: Sequence[OwnEmotion] = ()) -> SceneView:
    """The scene as it is looked at with emotions of one's own, all of the shelf's where none is given."""
    return view_scene(store, store.scene(scene_id), "builtin", own or emotions.usable_emotions(store))
