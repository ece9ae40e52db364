"""The work itself: frames in, moments out, each looked at independently of every other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from core import pixels
from core.model import Crop, Face, Find, Found, Frame, Read, Reading, Sample

BATCH = 8
"""Moments whose faces are read together: enough to fill a network's batch, few enough to keep their frames."""


class Seen(NamedTuple):
    """One moment with what it was made from, for whoever keeps pictures."""

    sample: Sample
    frame: Frame
    crops: tuple[Crop, ...]
    """One per face of the sample, in its order."""


def analyze(frames: Iterable[Frame], find: Find, readers: Mapping[str, Read]) -> Iterator[Seen]:
    """Yield every frame's moment: its faces, each read by every reader; shots and tracks are ``tracks.fold``'s work.

    A moment depends on its own frame alone, so that reading may stop, resume or be shared out without a trace.
    """
    stream = iter(frames)
    while group := list(islice(stream, BATCH)):
        looked = [(frame, find(frame.image)) for frame in group]
        yield from _read([(frame, found, _crops(frame, found)) for frame, found in looked], readers)


def _crops(frame: Frame, found: Iterable[Found]) -> tuple[Crop, ...]:
    return tuple(pixels.crop(frame.image, each) for each in found)


Looked = tuple[Frame, tuple[Found, ...], tuple[Crop, ...]]


def _read(group: Sequence[Looked], readers: Mapping[str, Read]) -> Iterator[Seen]:
    """Read the group's crops in one batch per reader and give every moment its share."""
    batch = [crop for _, _, crops in group for crop in crops]
    opinions = {name: iter(read(batch)) if batch else iter(()) for name, read in readers.items()}
    for frame, found, crops in group:
        faces = tuple(_face(one, crop, opinions) for one, crop in zip(found, crops, strict=True))
        yield Seen(Sample(frame.t_ms, faces, look=pixels.look(frame.image), dropped=frame.dropped), frame, crops)


def _face(found: Found, crop: Crop, opinions: Mapping[str, Iterator[Reading]]) -> Face:
    readings = {name: next(opinion) for name, opinion in opinions.items()}
    return Face(found, pixels.sharpness(crop), readings=readings)
