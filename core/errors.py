"""Everything that can go wrong with a scene, as one tree; each message says what, which file, and what to do now.

SceneError
├── SettingError       a setting that makes no sense ("every 0ms")
├── VideoError         a file that is not a video Outtake reads
├── FinderError        a face finder that is not available here
├── ReaderError        an emotion reader that is not available here
├── FetchError         a link that did not hand out a video
├── StoreError         the shelf's database cannot be read or written
└── JobError           a worker that ended without finishing its scene
"""


class SceneError(Exception):
    """A person can act on this; pages and the command line show its sentence."""


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


class JobError(SceneError):
    """The worker of a scene died, or could not be started."""
