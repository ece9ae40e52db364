"""Face strips: the faces by which somebody is known side by side in one picture, made from the stored crops."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from core.analysis import people_tables, tables
from core.model import Image, Scene, Span
from core.ui import common, pictures
from core.video import stills

GAP_PX = 3
"""Between two faces of a strip."""

SHARP = 2
"""Px of the picture for each of the page's, for screens that have as many."""


def face_strip(
    scene: Scene, reader: str, who: Sequence[int | Span], count: int, size_px: int
) -> tuple[bytes | str, int]:
    """At most ``count`` faces of somebody in time order, PNG, and how wide to show them, px; a sign where none is."""
    how = reader, tuple(who), count, size_px * SHARP
    made = common.remember(scene, ("face strip", *how), lambda: _make_strip(scene, *how))
    return made or (pictures.tile("everyone", (size_px, size_px)), size_px)


def _make_strip(
    scene: Scene, reader: str, who: tuple[int | Span, ...], count: int, size_px: int
) -> tuple[bytes | str, int] | None:
    keys = people_tables.pick_telling_faces(common.compute_once(tables.faces, scene, reader), who, count)
    crops = common.store().crops(scene.id, keys)
    made = side_by_side([stills.decode(crops[key]) for key in keys if key in crops], size_px)
    return None if made is None else (pictures.png(made), made.shape[1] // SHARP)


def side_by_side(faces: Sequence[Image], size_px: int) -> Image | None:
    """The faces in one row, RGBA, so that the page shows between them; None where there are none."""
    if not faces:
        return None
    wide = size_px + GAP_PX * SHARP
    row = np.zeros((size_px, wide * len(faces) - GAP_PX * SHARP, 4), np.uint8)
    for place, face in enumerate(faces):
        left = place * wide
        row[:, left : left + size_px, :3] = cv2.resize(face, (size_px, size_px), interpolation=cv2.INTER_AREA)
        row[:, left : left + size_px, 3] = 255
    return row
