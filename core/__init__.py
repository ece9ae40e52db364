"""Outtake's engine, by floors: nouns and rules below, adapters above them, then the work, then the screen.

floor 0  errors model pixels tracks tables charts draw       pure: numpy, pandas, altair; no files, no models
         embedding teaching taught                           an emotion of one's own, from a few faces
         peaks doubts closer verdicts means phases           what not to believe, and what that does to the numbers
floor 1  adapters/                                           one outside thing each: decoder, finders, readers, store
floor 2  backends pipeline second_look review job headless   a video becomes rows, and rows become peaks to judge
floor 3  ui                                                  what the pages share

Importing ``core`` loads none of them; :func:`read` is the whole road in one call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    import pandas as pd

__all__ = ["read"]


def read(path: str | PathLike[str], **settings: Any) -> pd.DataFrame:
    """Read a video file's faces: one row per sampled moment, face and reader.

    ``settings`` are those of ``python -m core read``: ``every="200ms"``, ``every_frames=50``, ``start="0:10"``,
    ``end="1:30"``, ``budget=500``, ``finder="auto"``, ``readers="auto"``, ``smallest_face=24``,
    ``region="100,50,600,400"``.
    ``emotions=["panic.json"]`` adds a column for each taught emotion, ``embeddings=True`` what the networks saw.
    Raises ``core.errors.SceneError`` with one sentence when the file cannot be read.
    """
    from core.headless import read as read_file

    return read_file(path, **settings)
