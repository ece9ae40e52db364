"""Outtake's engine. Its folders are a clip's road: links, video, faces, reading, store, doubt, analysis, charts, ui.

Each imports what stands before it (``tests/test_architecture.py``); ``CONTRIBUTING.md`` says what lies where. Importing
``core`` loads none of them; :func:`read` is the whole road in one call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    import pandas as pd

__all__ = ["__version__", "read"]

__version__ = "0.9.0"


def read(path: str | PathLike[str], **settings: Any) -> pd.DataFrame:
    """Reads a video file's faces: one row per sampled moment, face and reader.

    ``settings`` are those of ``python -m core read``: ``every="200ms"``, ``every_frames=50``, ``start="0:10"``,
    ``end="1:30"``, ``budget=500``, ``finder="auto"``, ``readers="auto"``, ``smallest_face=24``,
    ``region="100,50,600,400"``, ``skim=True``.
    ``emotions=["panic.json"]`` adds a column for each emotion of your own, ``embeddings=True`` what the networks saw.
    Raises ``core.errors.SceneError`` with one sentence when the file cannot be read.
    """
    from core.shelf import read_file

    return read_file.read(path, **settings)
