"""The judged faces of film, as the product finds and cuts them: found once, kept in the cache of the benchmarks.

The clips, their truth and what may be done with them: ``README.md`` in their own folder. Nothing of them is kept here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import environments
from core import settings
from core.faces import pixels
from core.faces.find_mtcnn import open_mtcnn
from core.model import EMOTIONS, Box, Found, Reading, Scores
from core.reading import segments
from core.reading.pipeline import ReadMoment

NEAR_MS, LEAST_OVERLAP = 70, 0.35
"""A judged face is the product's where their moments and boxes are this near (IoU): as in the folder's measure.py."""

EVERY = "250ms"

UNREADABLE = ("unclear", "toopoor")
"""What a judge says of a face that cannot be read, or that shows something else than one of the seven."""


@dataclass(frozen=True, slots=True)
class FilmFaces:
    """Faces that the product found where both judges say the same of one."""

    crops: NDArray[np.uint8]
    """(n, px, px, 3) RGB, as a reader is given them."""
    clips: NDArray[np.str_]
    """(n,) whose face it is."""
    labels: NDArray[np.int64]
    """(n,) index into EMOTIONS; -1 where both judges could not read it."""
    speaking: NDArray[np.bool_]
    face_px: NDArray[np.int64]
    """(n,) the longer side of the face's box in the picture."""

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, chosen: NDArray[np.bool_]) -> FilmFaces:
        """Return those faces alone."""
        parts = (self.crops, self.clips, self.labels, self.speaking, self.face_px)
        return FilmFaces(*(part[chosen] for part in parts))


def load(folder: Path) -> FilmFaces:
    """Return the faces of the clips in ``folder``; they are searched anew when the truth or the way to cut changes."""
    truth = (folder / "truth.json").read_bytes()
    way = f"{pixels.TEMPLATE.tolist()} {pixels.BOX_SCALE} {EVERY}".encode()
    kept = environments.cache() / f"film-{hashlib.sha256(truth + way).hexdigest()[:16]}.npz"
    if not kept.exists():
        faces = list(_found(folder / "clips", json.loads(truth)))
        columns = map(np.array, zip(*faces, strict=True))
        names = ("crops", "clips", "labels", "speaking", "face_px")
        np.savez(kept, **dict(zip(names, columns, strict=True)))  # type: ignore[arg-type]
    with np.load(kept) as file:
        return FilmFaces(*(file[name] for name in ("crops", "clips", "labels", "speaking", "face_px")))


Row = tuple[NDArray[np.uint8], str, int, bool, int]


def _found(clips: Path, truth: dict[str, Any]) -> Iterator[Row]:
    for clip, judged in truth.items():
        (video,) = clips.glob(f"{clip}.*")
        recipe = settings.recipe(str(video), every=EVERY)
        whole = segments.whole_segment(recipe)
        moments = list(segments.read_moments(recipe, open_mtcnn(), {"none": _unread}, whole))
        for face in judged["faces"]:
            label = _agreed(face)
            if label is not None and (there := _matching(moments, face)):
                found, crop = there
                longer = max(found.box.width, found.box.height)
                yield crop, clip, label, bool(face["speaking"]), longer


def _unread(crops: Sequence[Any]) -> list[Reading]:
    return [Reading(Scores(*[0.0] * 7))] * len(crops)


def _agreed(face: dict[str, Any]) -> int | None:
    if face["a"] == face["b"] and face["a"] in EMOTIONS:
        return EMOTIONS.index(face["a"])
    return -1 if face["a"] == face["b"] and face["a"] in UNREADABLE else None


def _matching(moments: Sequence[ReadMoment], face: dict[str, Any]) -> tuple[Found, NDArray[np.uint8]] | None:
    """Return the face that the product found there and its crop."""
    box = Box(*face["box"])
    near = [
        (overlap(one.found.box, box), one.found, crop)
        for moment in moments
        if abs(moment.sample.t_ms - face["t_ms"]) <= NEAR_MS
        for one, crop in zip(moment.sample.faces, moment.crops, strict=True)
    ]
    best = max(near, key=lambda each: each[0], default=None)
    return best[1:] if best and best[0] >= LEAST_OVERLAP else None


def overlap(one: Box, other: Box) -> float:
    """Return the share of their union that two boxes have in common."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    shared = max(0, width) * max(0, height)
    return shared / (one.width * one.height + other.width * other.height - shared)
