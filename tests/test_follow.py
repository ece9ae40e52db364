"""Following faces between searches: nobody is lost, nobody is missed, and it does not matter where one begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

import core
from core.faces.boxes import overlaps
from core.faces.find_mtcnn import Mtcnn, open_mtcnn
from core.model import EMOTIONS, Box, Found, Frame, Image, Step
from core.reading.follow import SEARCH_EVERY, FacesInFrame, follow_faces, search_frames
from core.video import clip
from tests.support import cases

SQUARE_PX = 20


def film(drawing: str, step_ms: int = 200) -> list[Frame]:
    """One letter per frame: "." nobody, "a" one square, "b" two, capitals the same after a cut to a bright picture."""
    frames = []
    for number, letter in enumerate(drawing):
        image = np.full((90, 160, 3), 200 if letter.isupper() else 30, np.uint8)
        for place in range({".": 0, "A": 1, "B": 2}[letter.upper()]):
            left = 20 + 70 * place + number
            image[30 : 30 + SQUARE_PX, left : left + SQUARE_PX] = 255
        frames.append(Frame(number * step_ms, image, slot=number))
    return frames


class Squares:
    """Finds white squares; counts how often it searched."""

    def __init__(self) -> None:
        self.searches = 0

    def __call__(self, image: Image) -> tuple[Found, ...]:
        self.searches += 1
        return tuple(self._in(image, left) for left in (0, 70, 140) if (image[30:50, left : left + 70, 0] == 255).any())

    def search_near(self, image: Image, before: Sequence[Found]) -> tuple[Found, ...]:
        places = (found.box.left - 5 for found in before)
        return tuple(
            self._in(image, left) for left in places if (image[30:50, left : left + SQUARE_PX + 5, 0] == 255).any()
        )

    def _in(self, image: Image, left: int) -> Found:
        columns = np.flatnonzero((image[40, max(left, 0) : left + 70] == 255).all(axis=1)) + max(left, 0)
        return Found(Box(int(columns[0]), 30, int(columns[-1]) + 1, 50), 1.0)


def boxes(looked: Iterable[FacesInFrame]) -> list[list[Box]]:
    return [[found.box for found in each.found] for each in looked]


@pytest.mark.parametrize(
    "drawing",
    [
        "aaaaaaaaaaaa",
        "....aaaaaaaaaa",  # comes in between two searches
        "aabbbbbbbbbb",  # a second one comes in
        "bbbaaaaaaaaa",  # one leaves
        "aaa..aaaaaaa",  # one leaves and comes back
        "aaAAAAAbbbbb",  # cuts
        "............",
        "a",
        "",
    ],
)
def test_following_sees_what_searching_every_frame_sees(drawing: str) -> None:
    finder = Squares()

    assert boxes(follow_faces(film(drawing), finder, finder.search_near)) == boxes(search_frames(film(drawing), finder))


def test_most_frames_of_a_calm_shot_are_not_searched() -> None:
    finder = Squares()

    list(follow_faces(film("b" * 4 * SEARCH_EVERY), finder, finder.search_near))

    assert finder.searches == 4


def test_moments_far_apart_are_all_searched() -> None:
    finder = Squares()

    list(follow_faces(film("a" * 8, step_ms=500), finder, finder.search_near))

    assert finder.searches == 8


@pytest.mark.parametrize("begin", [SEARCH_EVERY, 2 * SEARCH_EVERY, 3 * SEARCH_EVERY])
def test_beginning_at_any_group_sees_the_same_as_coming_from_the_start(begin: int) -> None:
    frames, finder = film("aa.bbbbaaAAABBb...aab"), Squares()

    whole = boxes(follow_faces(frames, finder, finder.search_near))

    assert boxes(follow_faces(frames[begin:], finder, finder.search_near)) == whole[begin:]


def test_no_more_than_a_group_and_one_frame_are_held() -> None:
    taken: list[int] = []
    finder = Squares()

    def counted() -> Iterable[Frame]:
        for frame in film("a" * 30):
            taken.append(frame.t_ms)
            yield frame

    list(islice(follow_faces(counted(), finder, finder.search_near), 1))

    assert len(taken) == SEARCH_EVERY + 1


@pytest.mark.clips
@pytest.mark.parametrize("name", cases.quick(["scene.mp4", "crying_to_laughing.mp4", "long_room.mp4"], "scene.mp4"))
def test_following_keeps_97_of_100_faces_and_invents_none(media: Path, name: str) -> None:
    finder = open_mtcnn()
    frames = list(islice(clip.frames(media / name, Step(200)), 150))

    there, missed, invented, _ = compared(finder, frames)

    assert missed <= 0.03 * there
    assert invented <= 0.03 * there


@pytest.mark.slow
@pytest.mark.clips
def test_following_searches_few_frames_whole(media: Path) -> None:
    frames = list(islice(clip.frames(media / "crying_to_laughing.mp4", Step(200)), 100))

    *_, searches = compared(open_mtcnn(), frames)

    assert searches <= 0.35 * len(frames)


@pytest.mark.slow
@pytest.mark.clips
@pytest.mark.parametrize("name", cases.quick(["scene.mp4", "crying_to_laughing.mp4"], "scene.mp4"))
def test_scores_are_on_average_as_a_thorough_reading_gives_them(media: Path, name: str) -> None:
    how = {"every": "200ms", "end": "0:12", "finder": "mtcnn", "readers": "builtin"}
    quick, whole = (core.read(media / name, **how, thorough=thorough).dropna() for thorough in (False, True))
    pairs = quick.merge(whole, on="t_ms", suffixes=("", "_whole"))
    near = pairs[(pairs["left"] - pairs["left_whole"]).abs() < (pairs["right"] - pairs["left"]) / 2]

    differences = [(near[emotion] - near[f"{emotion}_whole"]).abs().mean() for emotion in EMOTIONS]

    assert len(near) >= 0.97 * len(whole)
    assert max(differences) <= 0.03


def compared(finder: Mtcnn, frames: Sequence[Frame]) -> tuple[int, int, int, int]:
    """Faces that a search finds, those that following misses or adds (IoU 0.5), and the frames it searched whole."""
    there = missed = invented = searches = 0
    pairs = zip(search_frames(frames, finder), follow_faces(frames, finder, finder.search_near), strict=True)
    for whole, quick in pairs:
        shared = overlaps(array(whole.found), array(quick.found))
        there += len(whole.found)
        missed += int((shared.max(axis=1, initial=0) < 0.5).sum())
        invented += int((shared.max(axis=0, initial=0) < 0.5).sum())
        searches += quick.searched
    return there, missed, invented, searches


def array(found: Sequence[Found]) -> np.ndarray:
    return np.array([each.box for each in found], np.float32).reshape(-1, 4)
