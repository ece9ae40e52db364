"""Where in the picture faces may lie: only in a part of it that is searched alone, and never outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import SettingError
from core.model import Box, Found, Image, Landmarks, Point

if TYPE_CHECKING:
    from core.model import Find, Near


def limit_to_region(find: Find, region: Box | None) -> Find:
    """Returns a finder that searches the region only, with ``search_near`` if ``find`` has it; None searches all.

    A cut-out is a picture of its own to the finder: one that is narrow in a wide film shows it smaller faces. Of a
    picture that the region does not lie in comes SettingError.
    """
    if region is None:
        return find
    near: Near | None = getattr(find, "search_near", None)
    return _RegionFinder(find, region) if near is None else _RegionFollower(find, region, near)


class _RegionFinder:
    """A ``Find`` for a part of the picture."""

    def __init__(self, find: Find, region: Box) -> None:
        self._find, self._region = find, region

    def __call__(self, image: Image) -> tuple[Found, ...]:
        return self._back(self._find(_cut_region(image, self._region)))

    def _back(self, found: Sequence[Found]) -> tuple[Found, ...]:
        return tuple(move_face(one, self._region.left, self._region.top) for one in found)


class _RegionFollower(_RegionFinder):
    """The same with a ``Near``."""

    def __init__(self, find: Find, region: Box, near: Near) -> None:
        super().__init__(find, region)
        self._near = near

    def search_near(self, image: Image, before: Sequence[Found]) -> tuple[Found, ...]:
        """Looks for faces in the region where they were a moment ago."""
        there = [move_face(one, -self._region.left, -self._region.top) for one in before]
        return self._back(self._near(_cut_region(image, self._region), there))


def _cut_region(image: Image, region: Box) -> Image:
    check_region(region, image.shape[1], image.shape[0])
    return image[region.top : region.bottom, region.left : region.right]


def move_face(found: Found, right: int, down: int) -> Found:
    """Returns a face moved by so many px."""
    box = Box(found.box.left + right, found.box.top + down, found.box.right + right, found.box.bottom + down)
    points = found.landmarks
    moved = Landmarks(*(Point(point.x + right, point.y + down) for point in points)) if points else None
    return replace(found, box=box, landmarks=moved)


def scale_face(found: Found, factor: float) -> Found:
    """Returns a face in a picture that is so many times as large."""
    if factor == 1.0:
        return found
    points = found.landmarks
    scaled = Landmarks(*(Point(point.x * factor, point.y * factor) for point in points)) if points else None
    return replace(found, box=scale_box(found.box, factor), landmarks=scaled)


def scale_box(box: Box, factor: float) -> Box:
    """Returns a rectangle in a picture that is so many times as large."""
    return Box(*(round(edge * factor) for edge in box))


def keep_inside(faces: Iterable[Found], image: Image) -> Iterator[Found]:
    """Yields the faces that lie in the picture, cut at its edges.

    Left out is the whole picture, and a face without confidence: some detectors say "nobody" so.
    """
    rows, columns = image.shape[:2]
    for face in faces:
        left, top, right, bottom = face.box
        box = Box(max(left, 0), max(top, 0), min(right, columns), min(bottom, rows))
        if face.confidence > 0 and box != (0, 0, columns, rows) and box.width > 0 and box.height > 0:
            yield Found(box, min(face.confidence, 1.0), face.landmarks)


def check_region(region: Box | None, width: int, height: int) -> None:
    """Raises SettingError when the region does not lie in a picture of that size, px."""
    if region is not None and not (region.right <= width and region.bottom <= height):
        beyond = f"The part {format_region(region)} reaches beyond the picture, which is {width} x {height} px."
        raise SettingError(f"{beyond} Choose a part in it.")


def format_region(region: Box) -> str:
    """Returns a region as it is typed: ``"100,50,600,400"``."""
    return ",".join(map(str, region))
