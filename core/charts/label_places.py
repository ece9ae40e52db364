"""Where words go on a picture: off each other, and off the faces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.model import Box


def place_labels(boxes: Sequence[Box], sizes: Sequence[tuple[int, int]], picture: tuple[int, int]) -> list[Box]:
    """Where the plate of each box goes, in the boxes' order; sizes are (width, height), px.

    Always inside the picture; of the places around its box a plate takes the first that covers no other plate and no
    face, else the one that covers least: plates count before others' faces, those before its own.
    """
    taken: dict[int, Box] = {}
    for index in sorted(range(len(boxes)), key=lambda index: boxes[index].top):
        others = [box for place, box in enumerate(boxes) if place != index]
        around = [_move_inside(corner, sizes[index], picture) for corner in _corners(boxes[index], *sizes[index])]
        wholes = (list(taken.values()), others, [boxes[index]])
        costs = [tuple(_overlap_px(place, whole) for whole in wholes) for place in around]
        taken[index] = around[costs.index(min(costs))]
    return [taken[index] for index in range(len(boxes))]


def _move_inside(corner: tuple[int, int], size: tuple[int, int], picture: tuple[int, int]) -> Box:
    """The plate at this corner, moved into the picture."""
    left, top = (max(0, min(at, end - own)) for at, own, end in zip(corner, size, picture, strict=True))
    return Box(left, top, left + size[0], top + size[1])


def _corners(box: Box, width: int, height: int) -> Iterator[tuple[int, int]]:
    """Places around a box, best first: above, below, beside it, then a line further away, then inside."""
    for away in (4, 8 + height):
        for left in (box.left, box.right - width):
            yield left, box.top - height - away
            yield left, box.bottom + away
        for top in (box.top, box.bottom - height):
            yield box.right + away, top
            yield box.left - width - away, top
    yield box.left + 4, box.top + 4
    yield box.left + 4, box.bottom - height - 4


def _overlap_px(place: Box, others: Sequence[Box]) -> int:
    """How many px of the others the place covers."""
    sides = [
        (
            min(place.right, other.right) - max(place.left, other.left),
            min(place.bottom, other.bottom) - max(place.top, other.top),
        )
        for other in others
    ]
    return sum(max(width, 0) * max(height, 0) for width, height in sides)
