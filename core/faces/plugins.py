"""Finders and readers that installed packages add, by the entry points ``outtake.finders`` and ``outtake.readers``.

docs/PLUGINS.md tells how one is made. Whatever is wrong with one becomes a sentence that names it and its package.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from itertools import chain
from typing import Any, TypeVar, cast

from core.errors import FinderError, ReaderError, SceneError
from core.faces.region import keep_inside
from core.model import Box, Crop, Find, Found, Image, Landmarks, Near, Point, Read, Reading, Scores

T = TypeVar("T")

FINDERS, READERS = "outtake.finders", "outtake.readers"

SUM_ERROR = 0.01
"""So far from 1 may a plug-in's seven scores add up: float16 is no further off."""


def plugin_names(group: str) -> tuple[str, ...]:
    """Returns the names that packages have added to a group, in small letters, in order."""
    return tuple(sorted({_name(point) for point in _entry_points(group)}))


def open_finder(name: str, smallest_face_px: int) -> Find:
    """Returns the finder that a package adds under this name; FinderError where it does not run.

    Its function gets ``smallest_face_px``, meant in a picture 640 px wide. What it finds is checked picture by picture,
    cut at the picture's edges, and followed between searches if it has ``search_near``.
    """
    plugin = _Plugin(_choose_point(FINDERS, name), "finder", FinderError)
    search = plugin.call(lambda: plugin.load()(smallest_face_px))
    near: Near | None = getattr(search, "search_near", None)
    return _Finder(plugin, search) if near is None else _Follower(plugin, search, near)


def open_reader(name: str) -> Read:
    """Returns the reader that a package adds under this name; ReaderError where it does not run.

    Its readings are checked batch by batch: one a face, seven scores from 0 to 1 that add up to 1.
    """
    plugin = _Plugin(_choose_point(READERS, name), "reader", ReaderError)
    read = plugin.call(lambda: plugin.load()())

    def checked(crops: Sequence[Crop]) -> list[Reading]:
        gave = plugin.call(lambda: list(read(crops)))
        if len(gave) != len(crops):
            raise plugin.error(f"gave {len(gave)} readings for {len(crops)} faces")
        return [_check_reading(one, plugin) for one in gave]

    return checked


def _check_reading(gave: object, plugin: _Plugin) -> Reading:
    """Returns the scores, and the spread of an ensemble's members, as plain numbers; embeddings are the built-in's."""
    reading = Reading(gave) if isinstance(gave, Scores) else gave
    if isinstance(reading, Reading) and isinstance(reading.scores, Scores):
        scores = plugin.call(lambda: Scores(*map(float, reading.scores)))
        if all(0 <= score <= 1 for score in scores) and abs(sum(scores) - 1) <= SUM_ERROR:
            return Reading(scores, reading.spread)
    raise plugin.error(f"gave {str(gave)[:80]}, which is no Scores from 0 to 1 that add up to 1")


class _Plugin:
    """One entry point, and the errors that name it."""

    def __init__(self, point: EntryPoint, kind: str, error: type[SceneError]) -> None:
        self.point, self.kind, self.kind_of_error = point, kind, error

    def load(self) -> Callable[..., Any]:
        """Imports the package's function."""
        return cast("Callable[..., Any]", self.point.load())

    def error(self, what: str) -> SceneError:
        """Returns the error of what the plug-in did."""
        return self.kind_of_error(
            f"The {self.kind} “{_name(self.point)}” of the package {_package(self.point)} {what}."
            f" Update or uninstall that package, or choose another {self.kind}."
        )

    def call(self, what: Callable[[], T]) -> T:
        """Returns what somebody else's code gives; whatever it raises becomes a sentence."""
        try:
            return what()
        except MemoryError:
            raise
        except Exception as error:
            said = " ".join(str(error).split())[:200].rstrip(".")
            raise self.error(f"failed: {type(error).__name__}" + (f" ({said})" if said else "")) from error


class _Finder:
    """A ``Find`` whose faces are checked."""

    def __init__(self, plugin: _Plugin, search: Callable[[Image], Sequence[Found]]) -> None:
        self._plugin, self._search = plugin, search

    def __call__(self, image: Image) -> tuple[Found, ...]:
        return self._check(lambda: self._search(image), image)

    def _check(self, search: Callable[[], Sequence[Found]], image: Image) -> tuple[Found, ...]:
        found = self._plugin.call(lambda: [_plain(one) for one in search()])
        return tuple(keep_inside(found, image))


class _Follower(_Finder):
    """The same with a ``Near``."""

    def __init__(self, plugin: _Plugin, search: Callable[[Image], Sequence[Found]], near: Near) -> None:
        super().__init__(plugin, search)
        self._near = near

    def search_near(self, image: Image, before: Sequence[Found]) -> tuple[Found, ...]:
        """Looks for faces where they were a moment ago."""
        return self._check(lambda: self._near(image, before), image)


def _plain(found: Found) -> Found:
    """Returns the face in Python's own numbers; ValueError where one is none."""
    points = [Point(float(x), float(y)) for x, y in found.landmarks or ()]
    if not all(math.isfinite(number) for number in (found.confidence, *chain.from_iterable(points))):
        raise ValueError(f"{found} has a number that is none")
    box = Box(*(round(float(side)) for side in found.box))
    return Found(box, float(found.confidence), Landmarks(*points) if points else None)


@cache
def _entry_points(group: str) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=group))


def _choose_point(group: str, name: str) -> EntryPoint:
    """Returns the one entry point of that name; there is one, or several of as many packages."""
    points = [point for point in _entry_points(group) if _name(point) == name]
    if len(points) > 1:
        packages = " and ".join(sorted({_package(point) for point in points}))
        kind, error = ("finder", FinderError) if group == FINDERS else ("reader", ReaderError)
        raise error(f"{packages} both add a {kind} “{name}”. Uninstall one of them.")
    return points[0]


def _name(point: EntryPoint) -> str:
    return point.name.strip().lower()


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value
