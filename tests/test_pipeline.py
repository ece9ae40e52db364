"""The whole work without a model: finders and readers here are small functions of the pixels."""

from __future__ import annotations

from collections.abc import Sequence

from core.model import CROP_PX, Crop, Found, Frame, Image, Reading
from core.reading.pipeline import BATCH, read_frames
from tests.support.builders import found, frame, scores


def nobody(image: Image) -> tuple[Found, ...]:
    return ()


def bright(image: Image) -> tuple[Found, ...]:
    """One face where the picture's corner is bright, two where it is very bright: a finder that really looks."""
    level = int(image[0, 0].max())
    return tuple(found(20 + 120 * i, size=60) for i in range((level > 80) + (level > 160)))


def calm(crops: Sequence[Crop]) -> list[Reading]:
    return [Reading(scores("neutral", 0.5 + crop.mean() / 1000)) for crop in crops]


def frames(count: int) -> list[Frame]:
    return [frame(i * 200, seed=i) for i in range(count)]


def test_nobody_in_frame_is_a_moment_without_faces() -> None:
    seen = list(read_frames(frames(3), nobody, {"calm": calm}))

    assert [(each.sample.t_ms, each.sample.faces, each.crops) for each in seen] == [
        (0, (), ()),
        (200, (), ()),
        (400, (), ()),
    ]


def test_every_reader_reads_every_face_of_its_own_moment() -> None:
    for each in read_frames(frames(2 * BATCH + 3), bright, {"calm": calm, "twin": calm}):
        assert len(each.sample.faces) == len(bright(each.frame.image)) == len(each.crops)
        for face, crop in zip(each.sample.faces, each.crops, strict=True):
            assert face.readings == {"calm": calm([crop])[0], "twin": calm([crop])[0]}
            assert crop.shape == (CROP_PX, CROP_PX, 3)


def test_a_moment_does_not_depend_on_its_neighbours() -> None:
    film = frames(BATCH + 4)
    whole = [each.sample for each in read_frames(film, bright, {"calm": calm})]
    tail = [each.sample for each in read_frames(film[5:], bright, {"calm": calm})]

    assert whole[5:] == tail


def test_frames_are_taken_only_as_moments_are_asked_for() -> None:
    taken: list[int] = []

    def counted() -> object:
        for each in frames(5 * BATCH):
            taken.append(each.t_ms)
            yield each

    next(read_frames(counted(), nobody, {}))  # type: ignore[arg-type]

    assert len(taken) <= BATCH
