"""The work itself: frames in, moments out, in groups that know nothing of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from core.faces import pixels
from core.faces.region import scale_face
from core.model import Crop, Face, Find, Frame, Near, Read, Sample
from core.reading.follow import SEARCH_EVERY, FacesInFrame, follow_faces, search_frames

BATCH = 2 * SEARCH_EVERY
"""Moments whose faces are read together: enough to fill a network's batch, few enough to keep their frames."""


class ReadMoment(NamedTuple):
    """One moment with what it was made from, for whoever keeps pictures."""

    sample: Sample
    frame: Frame
    """Its picture at most ``pixels.SMALL_PX`` wide: several of them wait for their batch."""
    crops: tuple[Crop, ...]
    """One per face of the sample, in its order."""
    ends: bool
    """Whether its group ends here: reading may begin again after it."""


CutFaces = tuple[FacesInFrame, tuple[Crop, ...]]
"""What was looked at, its picture small by now, and its faces cut out."""


def read_frames(
    frames: Iterable[Frame],
    find: Find,
    readers: Mapping[str, Read],
    *,
    near: Near | None = None,
    end_slot: int | None = None,
) -> Iterator[ReadMoment]:
    """Yields every frame's moment: its faces, each read by every reader; ``assign_tracks`` adds shots and tracks.

    With ``near``, faces are followed between full searches. A moment depends on no more than its own group of
    ``BATCH`` points of the grid and the frame after it, so that reading may stop, resume or be shared out between
    groups without a trace. Of frames from ``end_slot`` on, the first one may be there to be leant on; it is not read.
    """
    looked = follow_faces(frames, find, near) if near else search_frames(frames, find)
    if end_slot is not None:
        looked = takewhile(lambda each: each.frame.slot < end_slot, looked)
    for group in _group_frames(looked):
        yield from _read_group(group, readers)


def _group_frames(looked: Iterable[FacesInFrame]) -> Iterator[list[CutFaces]]:
    """Yields what is read together, as soon as it is whole."""
    group: list[CutFaces] = []
    for each in looked:
        slot = each.frame.slot
        if group and slot // BATCH != group[0][0].frame.slot // BATCH:
            yield group
            group = []
        group.append(_cut_faces(each))
        if slot % BATCH == BATCH - 1:
            yield group
            group = []
    if group:
        yield group


def _cut_faces(looked: FacesInFrame) -> CutFaces:
    crops = tuple(pixels.crop(looked.frame.image, each) for each in looked.found)
    return looked._replace(frame=replace(looked.frame, image=looked.small)), crops


def _read_group(group: Sequence[CutFaces], readers: Mapping[str, Read]) -> Iterator[ReadMoment]:
    """Reads the group's crops in one batch per reader and gives every moment its share; a held picture is read once."""
    pairs = zip([None, *group], group, strict=False)
    held = [before is not None and _is_held(before[0], after[0]) for before, after in pairs]
    batch = [crop for (_, crops), again in zip(group, held, strict=True) if not again for crop in crops]
    opinions = {name: iter(read(batch)) if batch else iter(()) for name, read in readers.items()}
    faces: tuple[Face, ...] = ()
    for ((frame, look, found, *_), crops), again in zip(group, held, strict=True):
        ends = frame is group[-1][0].frame
        if not again:
            faces = tuple(
                Face(
                    scale_face(one, frame.scale),
                    pixels.sharpness(crop),
                    readings={name: next(opinion) for name, opinion in opinions.items()},
                )
                for one, crop in zip(found, crops, strict=True)
            )
        yield ReadMoment(Sample(frame.t_ms, faces, look=look, dropped=frame.dropped), frame, crops, ends)


def _is_held(before: FacesInFrame, after: FacesInFrame) -> bool:
    """Whether a moment shows the picture of the one before it, with the same faces."""
    return after.frame.image is before.frame.image and after.found is before.found
