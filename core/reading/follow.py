"""Faces from moment to moment: a full search now and then, and in between a look only where they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from core.faces import pixels
from core.faces.boxes import overlaps
from core.model import Find, Found, Frame, Image, Near
from core.reading import looks
from core.video.jumps import CUT_JUMP

SEARCH_EVERY = 5
"""Moments from one full search to the next, by the sampling's grid."""

LEAP_MS = 400
"""Moments further apart are searched one by one: a face moves too far to be found where it was."""

CHANGE = 0.15
"""Looks that differ by more are searched afresh: the strongest movement inside a shot measures 0.13 at five moments a
second, the weakest cut 0.29 (``looks.difference``)."""

SAME_FACE = 0.2
"""A face that shares less of its union with every face of the moment before has come in since the last search."""


class FacesInFrame(NamedTuple):
    """A frame and the faces in it."""

    frame: Frame
    look: bytes
    """``looks.look`` of it."""
    found: tuple[Found, ...]
    searched: bool
    """Whether the whole picture was searched."""
    small: Image
    """``pixels.make_small`` of it."""


def search_frames(frames: Iterable[Frame], find: Find) -> Iterator[FacesInFrame]:
    """Yield every frame with what a search of the whole picture finds."""
    last: FacesInFrame | None = None
    for frame in frames:
        last = _search_once(frame, last, find)
        yield last


def follow_faces(frames: Iterable[Frame], find: Find, near: Near) -> Iterator[FacesInFrame]:
    """Yield every frame with its faces; most of them are looked for only where they were.

    ``SEARCH_EVERY`` points of the sampling's grid are a group. Its first frame is searched whole, and so is one after a
    cut, after a leap in time or where a face was lost. Where a search finds somebody new, the frames since the search
    before it are searched too. So a frame's faces depend on its own group and the first frame of the next: whoever
    begins with a group sees the same as who came from before.
    """
    group: list[FacesInFrame] = []
    for frame in frames:
        begins = not group or frame.slot // SEARCH_EVERY != group[0].frame.slot // SEARCH_EVERY
        if begins:
            now = _search_once(frame, group[-1] if group else None, find)
        else:
            now = _follow_or_search(frame, group[-1], find, near)
        if begins and group:
            yield from _search_again(group, find) if _has_newcomer(group[-1], now) else group
            group = []
        group.append(now)
    yield from group


def _search_once(frame: Frame, last: FacesInFrame | None, find: Find) -> FacesInFrame:
    """Searches the frame, unless its picture is the last one, held, and was searched already."""
    if last and last.searched and frame.image is last.frame.image:
        return _hold(frame, last)
    return _search(frame, _look(frame), find)


def _hold(frame: Frame, last: FacesInFrame) -> FacesInFrame:
    look = looks.renew_jump(last.look, frame.jump, joined=frame.joined)
    return last._replace(frame=frame, look=look)


def _look(frame: Frame) -> bytes:
    return looks.look(frame.image, frame.jump, joined=frame.joined)


def _search(frame: Frame, look: bytes, find: Find) -> FacesInFrame:
    return FacesInFrame(frame, look, find(frame.image), True, pixels.make_small(frame.image))


def _follow_or_search(frame: Frame, last: FacesInFrame, find: Find, near: Near) -> FacesInFrame:
    if frame.image is last.frame.image:
        return _hold(frame, last)
    look = _look(frame)
    if _is_same_shot(last, frame, look):
        found = near(frame.image, last.found)
        if len(found) == len(last.found):
            return FacesInFrame(frame, look, found, False, pixels.make_small(frame.image))
    return _search(frame, look, find)


def _is_same_shot(last: FacesInFrame, frame: Frame, look: bytes) -> bool:
    """Whether the picture shows what the one before it did, a little later."""
    jumped = frame.joined or (frame.jump is not None and frame.jump >= CUT_JUMP)
    return frame.t_ms - last.frame.t_ms <= LEAP_MS and not jumped and looks.difference(last.look, look) <= CHANGE


def _has_newcomer(last: FacesInFrame, now: FacesInFrame) -> bool:
    """Whether somebody is there who was not a moment ago, though the picture goes on."""
    if not now.found or not _is_same_shot(last, now.frame, now.look):
        return False
    if not last.found:
        return True
    here, there = (np.array([found.box for found in looked.found], np.float32) for looked in (now, last))
    return bool((overlaps(here, there).max(axis=1) < SAME_FACE).any())


def _search_again(group: Iterable[FacesInFrame], find: Find) -> Iterator[FacesInFrame]:
    """Search those pictures whole in which faces were only followed."""
    for looked in group:
        yield looked if looked.searched else _search(looked.frame, looked.look, find)
