"""Moments as a worker writes them, and a worker that has just begun."""

from __future__ import annotations

from core.model import Face, Sample, Video
from core.store.scenes import Store

VIDEO = Video("/clip.mp4", 9000, 640, 360, 25.0, "h264")


def moment(t_ms: int, *faces: Face, **more: int) -> tuple[Sample, bytes, tuple[bytes, ...]]:
    """A moment with pictures that tell which they are."""
    crops = tuple(f"crop {t_ms} {index}".encode() for index in range(len(faces)))
    return Sample(t_ms, faces, look=bytes(range(40)), **more), f"thumb {t_ms}".encode(), crops


def begin(store: Store, scene_id: int) -> str:
    """Claim the scene as a worker does and return its token."""
    token = store.claim(scene_id)
    store.begin_reading(scene_id, token, VIDEO, "mtcnn", ("deepface", "builtin"), 45)
    return token
