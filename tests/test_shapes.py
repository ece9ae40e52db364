"""Pictures of other shapes and sizes: what changes on the way keeps its shape, and boxes are in px of the source."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from core.faces.boxes import overlaps
from core.model import Box, Recipe, Step
from core.shelf import read_file
from core.video import clip
from tests.support import clips
from tests.support.films import film, seen

GROUND, DOT = 60, 220


def dotted(size: tuple[int, int]) -> np.ndarray:
    """A grey picture with a white circle in its middle, a third of its height wide."""
    width, height = size
    image = np.full((height, width, 3), GROUND, np.uint8)
    return cv2.circle(image, (width // 2, height // 2), height // 6, (DOT,) * 3, -1)


def circle(image: np.ndarray) -> tuple[float, float]:
    """How wide and how high the circle is."""
    white = image[..., 0] > (GROUND + DOT) / 2
    return float(white.any(axis=0).sum()), float(white.any(axis=1).sum())


def changing(path: Path, *sizes: tuple[int, int]) -> Path:
    """A second of each size, one behind the other in one stream."""
    with path.open("wb") as whole:
        for place, size in enumerate(sizes):
            times = range(1000 * place, 1000 * place + 1000, 40)
            options = {"g": "25", "bf": "0"}
            part = film(path.with_name("part.ts"), times, lambda _, size=size: dotted(size), options=options)
            whole.write(part.read_bytes())
    return path


@pytest.mark.parametrize(
    ("sizes", "whole"),
    [
        (((320, 180), (136, 240)), (320, 240)),
        (((160, 90), (320, 180), (640, 360)), (640, 360)),
        (((640, 360), (320, 240), (640, 360)), (640, 360)),
    ],
    ids=["turned", "growing", "there and back"],
)
def test_each_picture_keeps_its_own_shape(tmp_path, sizes, whole):
    """A circle stays one, in the middle of a frame that holds all of them."""
    path = changing(tmp_path / "a.ts", *sizes)
    probed, found = clip.probe(path), seen(path, Step(500))

    assert (probed.width, probed.height) == whole
    assert [(round(t_ms, -2), *size) for t_ms, *size in probed.shapes] == [
        (1000 * place, *size) for place, size in enumerate(sizes) if place
    ]
    assert len(found) == 2 * len(sizes)
    for frame, (width, height) in zip(found[::2], sizes, strict=True):
        wide, high = circle(frame.image)
        share = min(whole[0] / width, whole[1] / height)
        assert frame.image.shape == (whole[1], whole[0], 3)
        assert abs(wide - high) <= 3 and wide == pytest.approx(2 * (height // 6) * share, abs=4)


def test_a_film_that_keeps_its_shape_says_nothing_of_shapes(tmp_path):
    for name in ("a.mp4", "a.ts", "a.mkv"):
        assert clip.probe(film(tmp_path / name, range(0, 2000, 40))).shapes == ()


def test_a_changing_film_says_so(tmp_path):
    path = changing(tmp_path / "a.ts", (320, 180), (136, 240))
    table = read_file.read_recipe(Recipe(str(path)), equip=clips.equip)

    assert table.attrs["remarks"] == [
        "Its picture changes its shape at 0:01.0 (136x240): each was read in its own, in a frame of 320x240 px."
    ]


def large(path: Path, size: tuple[int, int]) -> Path:
    """A still photograph as a film of three pictures, in another size."""
    with av.open(str(Path("samples/astronaut.mp4").absolute())) as container:
        photograph = next(container.decode(video=0)).to_ndarray(format="rgb24")
    height = size[0] * photograph.shape[0] // photograph.shape[1] // 2 * 2
    image = cv2.resize(photograph, (size[0], height), interpolation=cv2.INTER_CUBIC)
    return film(path, (0, 200, 400), lambda _: image, options={"preset": "ultrafast", "crf": "12"})


def boxes(path: Path, **said: str) -> np.ndarray:
    table = read_file.read(path, finder="mtcnn", readers="builtin", **said)
    return table[["left", "top", "right", "bottom"]].to_numpy(np.float32)


@pytest.mark.parametrize("width", [2704, 3840])
def test_boxes_of_a_large_source_are_in_its_own_pixels(tmp_path, width):
    """On the source's own frame they lie where those of a shrunken clip do, scaled up."""
    source, small = large(tmp_path / "large.mp4", (width, 0)), large(tmp_path / "small.mp4", (1280, 0))
    probed, found = clip.probe(source), boxes(source)
    wanted = boxes(small) * (width / 1280)

    assert probed.width == width and max(next(clip.frames(source)).image.shape) == 1920
    assert len(found) == len(wanted) > 0
    assert min(np.diag(overlaps(found, wanted))) >= 0.9


def test_a_part_of_a_large_source_is_chosen_in_its_own_pixels(tmp_path):
    source = large(tmp_path / "large.mp4", (3840, 0))
    left, top, right, bottom = boxes(source)[0]
    around = Box(int(left) - 300, max(0, int(top) - 300), int(right) + 300, int(bottom) + 300)
    part = ",".join(map(str, around))

    assert min(np.diag(overlaps(boxes(source, region=part), boxes(source)))) >= 0.8
    assert len(boxes(source, region="0,0,200,200")) == 3 and np.isnan(boxes(source, region="0,0,200,200")).all()


@pytest.mark.clips
def test_a_phone_that_was_turned_shows_its_face_throughout(media):
    """202x360 was stretched to 480x270, and nobody was found."""
    table = read_file.read(media / "reports" / "turned_to_portrait.ts", finder="mtcnn", readers="builtin")

    assert table["t_ms"].nunique() == 25 and table["t_ms"].max() > 4600
    assert table.groupby("t_ms")["track"].count().min() == 1
