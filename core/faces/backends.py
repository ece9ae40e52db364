"""From the names that people choose to finders and readers that run here; ``auto`` takes the best that runs here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from core.errors import FinderError, ReaderError
from core.faces import plugins
from core.language import READER_LABELS
from core.model import Find, Read, Recipe

Tools = tuple[str, Find, Mapping[str, Read]]
"""The finder's name, the finder, and the readers by name, the first of them preferred."""

Equip = Callable[[Recipe], Tools]
"""Fetches the tools that a recipe asks for."""

FINDERS = {
    "auto": "Automatic",
    "mtcnn": "MTCNN",
    "yunet": "YuNet",
    "retinaface": "RetinaFace",
    "centerface": "CenterFace",
}
"""What can be asked for → what people read; DeepFace's other detectors may be named too where their packages are."""

READERS = {"auto": "Automatic", **READER_LABELS}
"""What can be asked for → what people read, at the head of a curve or in a list."""


def finder_names() -> list[str]:
    """Returns the finders to choose from, those of installed plug-ins last."""
    return list(dict.fromkeys([*FINDERS, *plugins.plugin_names(plugins.FINDERS)]))


def reader_names() -> list[str]:
    """Returns the readers to choose from, those of installed plug-ins last."""
    return list(dict.fromkeys([*READERS, *plugins.plugin_names(plugins.READERS)]))


def finder_label(name: str) -> str:
    """Returns what people read for a finder; its own name where it has no label."""
    return FINDERS.get(name, name)


def reader_label(name: str) -> str:
    """Returns what people read for a reader that stands alone; its own name where it has no label."""
    return READERS.get(name, name)


def load_libraries() -> None:
    """Loads what the finder and the reader that come with the project need; their networks come with a recipe."""
    import onnxruntime  # noqa: F401

    from core.faces import find_mtcnn, read_builtin  # noqa: F401


def open_tools(recipe: Recipe) -> Tools:
    """Returns the finder and the readers of this machine that the recipe asks for; FinderError, ReaderError."""
    name, find = open_finder(recipe.finder, recipe.smallest_face_px)
    return name, find, open_readers(recipe.readers)


def open_finder(name: str, smallest_face_px: int = 24) -> tuple[str, Find]:
    """Returns the finder's own name and the finder; ``auto`` is YuNet where it is here or comes within 5 s, else MTCNN.

    ``smallest_face_px``, in a picture 640 px wide, is for MTCNN and plug-ins; DeepFace's look for every size they can
    see. Raises FinderError where a finder asked for by its name does not run here.
    """
    from core.faces.find_deepface import open_detector
    from core.faces.find_mtcnn import open_mtcnn

    if name == "auto":
        try:
            return "yunet", open_detector("yunet")
        except FinderError:
            name = "mtcnn"
    if name == "mtcnn":
        return name, open_mtcnn(smallest_face_px)
    if name not in FINDERS and name in finder_names():
        return name, plugins.open_finder(name, smallest_face_px)
    return name, open_detector(name)


def open_readers(names: Sequence[str]) -> dict[str, Read]:
    """Returns readers by name, the preferred one first; ``auto`` is DeepFace's where it runs, and always the built-in.

    Raises ReaderError where a reader asked for by its name does not run here.
    """
    readers: dict[str, Read] = {}
    for name in names:
        if name == "auto":
            with suppress(ReaderError):
                readers["deepface"] = _open_reader("deepface")
            name = "builtin"
        readers[name] = _open_reader(name)
    if not readers:
        raise ReaderError(f"No reader was asked for. Choose one of: {', '.join(reader_names())}.")
    return readers


def _open_reader(name: str) -> Read:
    match name:
        case "deepface":
            from core.faces.read_deepface import open_deepface

            return open_deepface()
        case "builtin":
            from core.faces.read_builtin import open_builtin

            return open_builtin()
        case "emotieff":
            from core.faces.read_emotieff import open_emotieff

            return open_emotieff()
    if name in reader_names():
        return plugins.open_reader(name)
    raise ReaderError(f"There is no reader “{name}”. Choose one of: {', '.join(reader_names())}.")
