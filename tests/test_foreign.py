"""The measures of faces that the reader did not learn from, and the operating point that they choose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench import foreign
from bench.film_faces import FilmFaces
from core.model import CROP_PX
from training import operate
from training.operate import Choosing

ANGRY, FEAR, HAPPY, NEUTRAL = 0, 2, 3, 6


def faces(labels: list[int], speaking: list[bool]) -> FilmFaces:
    count = len(labels)
    crops = np.zeros((count, CROP_PX, CROP_PX, 3), np.uint8)
    return FilmFaces(crops, np.array(["clip"] * count), np.array(labels), np.array(speaking), np.full(count, 60))


def told(tops: list[int], score: float = 0.9) -> np.ndarray:
    rest = (1 - score) / 6
    return np.eye(7)[tops] * (score - rest) + rest


def test_calm_faces_that_are_read_as_something_else_are_counted_apart_when_they_speak() -> None:
    judged = faces([NEUTRAL] * 5, [True, True, False, False, False])
    found = foreign.film(judged, told([HAPPY, NEUTRAL, NEUTRAL, NEUTRAL, ANGRY]))

    assert found.speaking == 0.5
    assert found.silent == pytest.approx(1 / 3)
    assert found.false_happy == 1
    assert found.right == 0.6


def test_a_face_that_nobody_can_read_counts_only_where_an_emotion_is_claimed() -> None:
    judged = faces([-1, -1, -1, FEAR], [False] * 4)
    sure = foreign.film(judged, told([HAPPY, NEUTRAL, ANGRY, FEAR]))
    flat = foreign.film(judged, told([HAPPY, NEUTRAL, ANGRY, FEAR], score=0.6))

    assert sure.unreadable == pytest.approx(2 / 3)
    assert flat.unreadable == 0
    assert (sure.right, sure.fear) == (1, 1)


def test_the_operating_point_takes_back_a_reader_that_is_too_sure_and_says_happy_too_often() -> None:
    random = np.random.default_rng(2)
    truth = random.integers(0, 7, 4000)
    honest = random.normal(0, 1, (4000, 8))
    honest[np.arange(4000), truth] += 1.5
    shouted = 2.5 * honest + np.eye(8)[HAPPY] * 2
    mean = np.exp(shouted) / np.exp(shouted).sum(1, keepdims=True)
    point = operate.fitted([Choosing(mean, truth, np.full(4000, 1 / 4000))])

    assert point.temperature == pytest.approx(2.5 / 1.5, rel=0.15)
    assert point.bias[HAPPY] < point.bias.min(initial=0, where=np.arange(7) != HAPPY) - 0.5
    before, after = ((each.argmax(1) == HAPPY).mean() for each in (mean, point.told(mean)))
    assert after - (truth == HAPPY).mean() < 0.3 * (before - (truth == HAPPY).mean())


def test_the_same_scores_and_labels_lead_to_the_same_point_whatever_the_order_of_the_sets() -> None:
    random = np.random.default_rng(5)
    one, other = (
        Choosing(random.dirichlet(np.ones(8), 200), random.integers(0, 7, 200), np.full(200, 1 / 200)) for _ in range(2)
    )

    first, second = operate.fitted([one, other]), operate.fitted([other, one])
    assert first.temperature == pytest.approx(second.temperature, rel=1e-2)
    assert np.allclose(first.bias, second.bias, atol=1e-2)


def test_of_two_points_that_surprise_alike_the_one_with_less_false_joy_is_chosen() -> None:
    truth = np.array([HAPPY, NEUTRAL] * 500)
    mean = np.full((1000, 8), 0.01)
    mean[:, [HAPPY, NEUTRAL]] = 0.47
    told = operate.fitted([Choosing(mean, truth, np.full(1000, 1e-3))]).told(mean)[0]

    assert told[HAPPY] < 0.45 < told[NEUTRAL]


def test_the_strong_clips_table_counts_the_moments_whose_top_emotion_is_the_judges() -> None:
    judged = faces([FEAR, FEAR, NEUTRAL, HAPPY], [False] * 4)
    judged = replace(judged, clips=np.array([foreign.STRONG[0]] * 4))
    lines = list(foreign.strong_table(judged, {"one": told([FEAR, ANGRY, NEUTRAL, HAPPY])}))

    assert lines[2:] == [
        f"| {foreign.STRONG[0]}, fear | 1 of 2 |",
        f"| {foreign.STRONG[0]}, happy | 1 of 1 |",
        f"| {foreign.STRONG[0]}, all but neutral | 66.7 % |",
    ]
