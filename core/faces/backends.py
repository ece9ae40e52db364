"""From the names that people choose to finders and readers that run here; ``auto`` takes the best that is to be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from core.errors import FinderError, ReaderError
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


def finder_label(name: str) -> str:
    """Returns what people read for a finder; its own name where it has no label."""
    return FINDERS.get(name, name)


def load_libraries() -> None:
    """Load the libraries of the finder and the reader that come with the project."""
    from core.faces import (
        find_mtcnn,
    )

    find_mtcnn.load_runtime()


def open_tools(recipe: Recipe) -> Tools:
    """Return the finder and the readers of this machine that the recipe asks for; FinderError, ReaderError."""
    name, find = open_finder(recipe.finder, recipe.smallest_face_px)
    return name, find, open_readers(recipe.readers)


def open_finder(name: str, smallest_face_px: int = 24) -> tuple[str, Find]:
    """The finder's own name and the finder; ``auto`` is YuNet where it is here or comes within 5 s, else MTCNN.

    ``smallest_face_px``, in a picture 640 px wide, is for MTCNN; the others look for every size that they can see.
    Raises ``FinderError`` when a finder asked for by its name is not to be had.
    """
    if name == "auto":
        return _best(smallest_face_px)
    return name, _mtcnn(smallest_face_px) if name == "mtcnn" else _deepface(name)


def open_readers(names: Sequence[str]) -> dict[str, Read]:
    """Readers by name, the preferred one first; ``auto`` is DeepFace's if it is to be had, and always the built-in.

    Raises ``ReaderError`` when a reader asked for by its name is not to be had.
    """
    found: dict[str, Read] = {}
    for name in names:
        found |= _auto() if name == "auto" else {name: _reader(name)}
    if not found:
        raise ReaderError(f"No reader was asked for. Choose one of: {', '.join(READERS)}.")
    return found


def _best(smallest_face_px: int) -> tuple[str, Find]:
    try:
        return "yunet", _deepface("yunet")
    except FinderError:
        return "mtcnn", _mtcnn(smallest_face_px)


def _mtcnn(smallest_face_px: int) -> Find:
    from core.faces.find_mtcnn import open_mtcnn

    return open_mtcnn(smallest_face_px)


def _deepface(detector: str) -> Find:
    from core.faces.find_deepface import open_detector

    return open_detector(detector)


def _auto() -> dict[str, Read]:
    try:
        return {"deepface": _reader("deepface"), "builtin": _reader("builtin")}
    except ReaderError:
        return {"builtin": _reader("builtin")}


def _reader(name: str) -> Read:
    match name:
        case "deepface":
            from core.faces.read_deepface import open_deepface

            return open_deepface()
        case "builtin":
            from core.faces.read_builtin import open_builtin

            return open_builtin()
    raise ReaderError(f"There is no reader “{name}”. Choose one of: {', '.join(READERS)}.")
