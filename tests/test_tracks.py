"""Cuts begin shots, faces are followed inside them, and the fold can be interrupted anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Face, Found, Sample
from core.reading import looks, tracks
from tests.support.builders import found, picture

LOOKS = {letter: looks.look(picture(seed=ord(letter))) for letter in "AB"}


def storyboard(drawing: str, *places: Sequence[int | None], step_ms: int = 200, size: int = 80) -> list[Sample]:
    """One letter per moment names the set it is filmed on; each of ``places`` is where one person's face is."""
    people = [[found(left, size=size) if left is not None else None for left in person] for person in places]
    return [
        Sample(i * step_ms, tuple(Face(p[i]) for p in people if isinstance(p[i], Found)), look=LOOKS[letter])
        for i, letter in enumerate(drawing)
    ]


def followed(samples: Sequence[Sample]) -> list[list[int | None]]:
    return [[face.track for face in sample.faces] for sample in tracks.assign_tracks(samples)]


@pytest.mark.parametrize(
    ("drawing", "shots"),
    [("AAAA", [0, 0, 0, 0]), ("AABB", [0, 0, 1, 1]), ("ABAB", [0, 1, 2, 3]), ("A", [0])],
)
def test_a_cut_begins_a_shot(drawing: str, shots: list[int]) -> None:
    assert [sample.shot for sample in tracks.assign_tracks(storyboard(drawing))] == shots


def test_a_face_that_stays_or_walks_is_one_track() -> None:
    assert followed(storyboard("AAAA", [100, 120, 150, 190])) == [[0], [0], [0], [0]]


def test_a_face_in_the_same_place_after_a_cut_is_another_track() -> None:
    assert followed(storyboard("AABB", [100] * 4)) == [[0], [0], [1], [1]]


def test_two_people_keep_their_tracks_when_the_finder_swaps_their_order() -> None:
    first, second, third = storyboard("AAA", [100, 104, 108], [300, 296, 292])
    swapped = replace(second, faces=second.faces[::-1])

    assert followed([first, swapped, third]) == [[0, 1], [1, 0], [0, 1]]


def test_two_people_who_pass_each_other_keep_their_tracks() -> None:
    """Also where the one behind is not seen for a moment."""
    going, coming = [100, 150, 200, 250, 300, 350], [350, 300, 250, 200, 150, 100]
    hidden = [350, 300, None, 200, 150, 100]

    assert followed(storyboard("A" * 6, going, coming)) == [[0, 1]] * 6
    assert followed(storyboard("A" * 6, going, hidden)) == [[0, 1], [0, 1], [0], [0, 1], [0, 1], [0, 1]]


def test_a_short_absence_is_bridged_and_a_long_one_is_not() -> None:
    short = [100, None, None, 100]
    long = [100, *[None] * 7, 100]

    assert followed(storyboard("AAAA", short))[-1] == [0]
    assert followed(storyboard("A" * 9, long))[-1] == [1]


def test_sparse_samples_still_follow_a_face() -> None:
    assert followed(storyboard("AAA", [100, 110, 120], step_ms=2000)) == [[0], [0], [0]]


def test_a_far_or_differently_sized_face_is_somebody_else() -> None:
    near, far = storyboard("A", [100])[0], storyboard("A", [400])[0]
    large = storyboard("A", [100], size=200)[0]

    assert followed([near, replace(far, t_ms=200)]) == [[0], [1]]
    assert followed([near, replace(large, t_ms=200)]) == [[0], [1]]


@pytest.mark.parametrize(("widths", "track"), [(0.7, 0), (0.9, 1), (1.4, 1)])
def test_a_face_that_leaps_further_than_a_neighbour_could_sit_is_somebody_else(widths: float, track: int) -> None:
    assert followed(storyboard("AA", [100, 100 + round(80 * widths)])) == [[0], [track]]


def test_a_slow_fade_to_black_is_no_cut() -> None:
    """Two seconds to black: every moment differs, none much more than those before it."""
    image = cv2.resize(picture(seed=5), (640, 360), interpolation=cv2.INTER_CUBIC)
    image = cv2.GaussianBlur(image, (0, 0), 40)
    fading = [looks.look((image * share).astype("uint8")) for share in np.linspace(1, 0, 11)]

    assert {
        each.shot for each in tracks.assign_tracks([Sample(i * 200, look=one) for i, one in enumerate(fading)])
    } == {0}


@given(st.lists(st.tuples(st.sampled_from("AB"), st.lists(st.integers(0, 8), max_size=3, unique=True)), max_size=12))
def test_folding_stored_samples_again_continues_as_if_never_stopped(film: list[tuple[str, list[int]]]) -> None:
    samples = [
        Sample(i * 200, tuple(Face(found(place * 50)) for place in places), look=LOOKS[letter])
        for i, (letter, places) in enumerate(film)
    ]
    whole = list(tracks.assign_tracks(samples))

    for stop in range(len(samples)):
        assert list(tracks.assign_tracks([*whole[:stop], *samples[stop:]])) == whole
