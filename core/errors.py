"""Everything that can go wrong with a scene, as one tree; each message says what, which file, and what to do now.

SceneError
├── SettingError       a setting that makes no sense ("every 0ms")
├── VideoError         a file that is not a video Outtake reads
├── FinderError        a face finder that is not available here
├── ReaderError        an emotion reader that is not available here
├── FetchError         a link that did not hand out a video
├── StoreError         the shelf's database cannot be read or written
│   └── MissingSceneError  a scene that is not on the shelf, or not any more
└── JobError           a worker that ended without finishing its scene
"""

from __future__ import annotations

from typing import Self


class SceneError(Exception):
    """A person can act on this; pages and the command line show its sentence.

    ``what`` goes on where ``which`` ends: ``SceneError("is empty", "“a.mp4”", "Copy it again.")`` reads “a.mp4” is
    empty. Copy it again. Whoever catches it may call the same thing otherwise with :meth:`about`.
    """

    def __init__(self, what: str, which: str = "", remedy: str = "") -> None:
        super().__init__(what, which, remedy)
        self.what = what
        """What is wrong."""
        self.which = which
        """Which file, link, scene or setting it is about, as people call it; empty where ``what`` says it."""
        self.remedy = remedy
        """What to do now, a whole sentence; empty where ``what`` says it."""

    def __str__(self) -> str:
        said = f"{self.which} {self.what}" if self.which else self.what
        return f"{said}{'' if said.endswith('.') else '.'} {self.remedy}" if self.remedy else said

    def about(self, which: str) -> Self:
        """Returns the same error about what goes by another name; one that names nothing stays as it is."""
        return type(self)(self.what, which if self.which else "", self.remedy)


class SettingError(SceneError):
    """A setting outside what it can be."""


class VideoError(SceneError):
    """The file cannot be read as a video, or not safely."""


class FinderError(SceneError):
    """The asked face finder is unknown or its weights are not available."""


class ReaderError(SceneError):
    """The asked reader is unknown or its weights are not available."""


class FetchError(SceneError):
    """A link did not hand out a video."""


class StoreError(SceneError):
    """The database is missing, damaged, locked or full."""


class MissingSceneError(StoreError):
    """The scene is not on the shelf, or not any more; the database itself is well."""


class JobError(SceneError):
    """The worker of a scene died, or could not be started."""
