"""Outtake's engine, by floors: nouns and rules below, adapters above them, then the work, then the screen.

floor 0  errors model sampling pixels boxes tracks people tables means     the nouns; no files, no networks
         doubting/                          peaks, why to doubt them, what was decided, what that does to the means
         learning/                          an emotion of one's own, from a few faces
         comparing/                         scenes, and versions of a scene, beside each other
         drawing/                           tables in, charts and drawn pictures out
floor 1  adapters/                          one outside thing each: decoder, finders, readers, store, download, export
floor 2  backends pipeline segments         a video becomes rows, on one core, on all of them, on a cluster
         crew shared season
         job worker read_file                a scene is read to done or failed, in a process of its own or in this one
         alike_job                          whose faces look alike, worked out beside the page
         sharing/                           what leaves the shelf: files, annotations, films, stories, bundles
floor 3  __main__ commands/                 the command line
         ui player screen/                  what the pages in pages/ are made of

Importing ``core`` loads none of them; :func:`read` is the whole road in one call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    import pandas as pd

__all__ = ["__version__", "read"]

__version__ = "0.9.0"

__version__ = "0.9.0"


def read(path: str | PathLike[str], **settings: Any) -> pd.DataFrame:
    """Read a video file's faces: one row per sampled moment, face and reader.

    ``settings`` are those of ``python -m core read``: ``every="200ms"``, ``every_frames=50``, ``start="0:10"``,
    ``end="1:30"``, ``budget=500``, ``finder="auto"``, ``readers="auto"``, ``smallest_face=24``,
    ``region="100,50,600,400"``, ``skim=True``.
    ``emotions=["panic.json"]`` adds a column for each taught emotion, ``embeddings=True`` what the networks saw.
    Raises ``core.errors.SceneError`` with one sentence when the file cannot be read.
    """
    from core.shelf import read_file

    return read_file.read(path, **settings)
