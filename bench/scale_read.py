"""What bench/scale.py's home holds besides: a real clip that was really read, and embeddings of the hour's faces."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from core.emotions.emotion import READER
from core.faces import embedding
from core.model import Recipe
from core.shelf import emotions
from core.store.scenes import Store

CLIP = Path(__file__).resolve().parents[2] / "shared" / "media" / "scene.mp4"
"""A cut of two shots, 23 s; it stays where it is and goes into nothing that is published."""

NUMBERS = 320
"""Of an embedding: as many as the built-in networks give."""


def read(home: Path, clip: Path = CLIP) -> int:
    """Read the clip into the home's shelf with what the app would read it with, and return its id."""
    shelf = Store(f"sqlite:///{home}/outtake.db")
    scene_id = shelf.add(Recipe(str(clip.resolve())), "scene")
    if shelf.scene(scene_id).state != "done":
        there = os.environ | {"OUTTAKE_HOME": str(home), "DEEPFACE_HOME": str(home)}
        words = [sys.executable, "-m", "core", "run", str(scene_id)]
        subprocess.run(words, env=there, cwd=Path(__file__).resolve().parents[1], check=True)
    return scene_id


def embed(home: Path, scene_id: int) -> None:
    """Give every face of a scene made up an embedding, as reading it with these networks would; once."""
    shelf = Store(f"sqlite:///{home}/outtake.db")
    if shelf.embeddings(scene_id, READER):
        return
    tracks = shelf.face_tracks(scene_id)
    random = np.random.default_rng(0)
    people = random.gamma(0.6, 1.0, (64, NUMBERS)).astype(np.float32)
    base = people[[(track or 0) % len(people) for track in tracks.values()]]
    codes = embedding.pack(base * random.uniform(0.8, 1.2, base.shape).astype(np.float32), emotions.network())
    shelf.replace_embeddings(scene_id, READER, dict(zip(tracks, codes, strict=True)))
