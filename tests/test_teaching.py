"""An emotion learned from a few faces: never one track on both sides, figures as unsure as they are, or a reason."""

from __future__ import annotations

import time

import numpy as np
import pytest

from core.emotions import training
from core.emotions.proposals import likeness, pick_varied, proposals
from core.errors import SettingError

D = 40


def faces(tracks: int, each: int, shown: bool, *, apart: float = 4.0, seed: int = 0) -> np.ndarray:
    """Embeddings of so many tracks: tracks differ from each other, the faces of one hardly."""
    random = np.random.default_rng(seed + shown)
    middles = random.normal(0, 1, (tracks, D))
    middles[:, 0] += apart * shown
    return np.repeat(middles, each, axis=0) + random.normal(0, 0.05, (tracks * each, D))


def lesson(tracks: int = 6, each: int = 3, apart: float = 6.0) -> training.Learned:
    table = np.concatenate([faces(tracks, each, True, apart=apart), faces(tracks, each, False)])
    shows = [True] * tracks * each + [False] * tracks * each
    return training.learn(table, shows, [number // each for number in range(2 * tracks * each)])


@pytest.mark.parametrize("seed", range(8))
def test_no_track_is_ever_on_both_sides_of_a_fold(seed: int) -> None:
    """Whether tracks are left out one by one or in parts."""
    random = np.random.default_rng(seed)
    groups = np.sort(random.integers(0, 4 + 9 * seed, 90))
    shows = random.random(90) < 0.4
    seen = list(training.folds(shows, groups))

    assert seen
    for inside, outside in seen:
        assert not set(groups[inside]) & set(groups[outside])
        assert set(shows[inside]) == {True, False}


def test_figures_are_measured_on_tracks_that_were_not_learned_from() -> None:
    """Faces that only their own track can teach: neighbours would tell them apart, other tracks cannot."""
    random = np.random.default_rng(5)
    middles = np.repeat(random.normal(0, 1, (12, D)), 4, axis=0)
    table = middles + random.normal(0, 0.02, middles.shape)
    shows = np.repeat(np.arange(12) % 2 == 0, 4)
    figures = training.learn(table, shows, np.repeat(np.arange(12), 4).tolist()).figures

    assert figures.apart is not None and figures.apart < 0.8
    assert figures.recall is not None and figures.recall.low < 0.5


def test_what_can_be_told_apart_is_and_the_interval_says_how_sure_that_is() -> None:
    figures = lesson().figures

    assert figures.caution == ""
    assert figures.recall and figures.recall.value > 0.7
    assert figures.recall.low < 0.75  # six tracks are six examples, not eighteen
    assert figures.precision and figures.precision.low <= figures.precision.value <= figures.precision.high


def test_more_faces_of_the_same_tracks_make_the_figures_no_surer() -> None:
    assert lesson(each=12).figures.recall.low == pytest.approx(lesson(each=3).figures.recall.low, abs=0.02)  # type: ignore[union-attr]
    assert lesson(tracks=20).figures.recall.low > lesson(tracks=6).figures.recall.low + 0.1  # type: ignore[union-attr]


@pytest.mark.parametrize(("yes", "no"), [(0, 9), (2, 9), (9, 2), (0, 0)])
def test_too_few_faces_teach_nothing_and_a_sentence_says_what_to_do(yes: int, no: int) -> None:
    with pytest.raises(SettingError, match="Mark at least 3 of each"):
        training.learn(np.zeros((yes + no, D)), [True] * yes + [False] * no, list(range(yes + no)))


def test_one_shot_is_enough_for_a_curve_and_too_little_for_a_figure() -> None:
    table = np.concatenate([faces(1, 6, True), faces(1, 6, False)])
    learned = training.learn(table, [True] * 6 + [False] * 6, ["one"] * 12)

    assert learned.figures.recall is None and learned.figures.precision is None and learned.figures.apart is None
    assert learned.figures.caution.startswith("Too few people and shots")
    scores = training.sigmoid(table @ learned.weights + learned.bias)
    assert scores[:6].min() > scores[6:].max()


def test_faces_that_look_alike_and_are_marked_both_ways_contradict_each_other() -> None:
    middles = faces(8, 1, False)
    table = np.concatenate([middles + 0.01, middles - 0.01])
    figures = training.learn(table, [True] * 8 + [False] * 8, list(range(16))).figures

    assert figures.caution.startswith("The examples contradict each other")
    assert figures.recall is None and figures.precision is None


@pytest.mark.parametrize(("tracks", "most"), [(3, 0.75), (6, 0.88), (40, 0.99)])
def test_few_examples_are_never_sure(tracks: int, most: float) -> None:
    """Three tracks that are told apart without a fault do not make a score of 0.99; forty may."""
    learned = lesson(tracks=tracks, each=1, apart=9.0)
    usual = faces(200, 1, True, apart=9.0, seed=50)
    scores = training.sigmoid(usual @ learned.weights + learned.bias)

    assert 0.5 < np.median(scores) < most


def test_the_share_of_marked_faces_says_nothing_about_how_often_it_is_seen() -> None:
    """Three times as many faces without it lower no score by three."""
    shows = np.concatenate([faces(8, 1, True), faces(8, 1, False)])
    more = np.concatenate([shows, faces(24, 1, False, seed=7)])
    few = training.learn(shows, [True] * 8 + [False] * 8, list(range(16)))
    many = training.learn(more, [True] * 8 + [False] * 32, list(range(40)))
    new = faces(100, 1, True, seed=90)

    assert np.median(training.sigmoid(new @ many.weights + many.bias)) > 0.7 * np.median(
        training.sigmoid(new @ few.weights + few.bias)
    )


def test_training_takes_less_than_a_second_of_the_processor() -> None:
    lesson()  # loads scikit-learn
    began = time.process_time()
    lesson(tracks=15, each=3)

    assert time.process_time() - began < 1


def test_an_interval_is_wilsons_where_every_face_is_of_its_own_track() -> None:
    """Eight of ten: 0.490 to 0.943 (Wilson 1927, as in Newcombe 1998)."""
    share = training.wilson_interval(np.array([True] * 8 + [False] * 2), np.arange(10))

    assert share == pytest.approx((0.8, 0.490, 0.943), abs=0.001)


def test_proposals_begin_at_the_border_and_take_both_sides_in_turn() -> None:
    scores = np.array([0.99, 0.52, 0.01, 0.45, 0.7, 0.3])
    found = proposals(scores, tracks=list("abcdef"), times=[0] * 6, taken=[], count=4)

    assert [(one.place, one.kind) for one in found] == [
        (1, "look-alike"), (3, "hard negative"), (4, "look-alike"), (5, "hard negative")
    ]  # fmt: skip


def test_no_proposal_is_a_neighbour_of_an_example_or_of_another_proposal() -> None:
    scores = np.full(10, 0.5)
    found = proposals(scores, tracks=["one"] * 10, times=list(range(0, 5000, 500)), taken=[4], count=9)

    times = [2000, *(500 * one.place for one in found)]
    assert len(found) > 2
    assert all(abs(a - b) >= 1000 for i, a in enumerate(times) for b in times[:i])


def test_before_anything_is_learned_likeness_ranks_faces_by_their_resemblance() -> None:
    table = np.concatenate([faces(5, 1, True, apart=8), faces(5, 1, False)])
    alike = likeness(table, shown=[0], others=[9])

    assert alike.min() >= 0 and alike.max() <= 1
    assert alike[1:5].min() > alike[5:].max()


def test_to_begin_with_faces_are_shown_that_differ() -> None:
    """Of three kinds of faces, fifty of each, the first three are of three kinds."""
    kinds = np.repeat(np.eye(3), 50, axis=0) + np.random.default_rng(0).uniform(0, 0.02, (150, 3))
    first = pick_varied(kinds, 10)

    assert {place // 50 for place in first[:3]} == {0, 1, 2}
    assert len(set(first)) == len(first) == 10


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_faces_are_all_shown(count: int) -> None:
    assert sorted(pick_varied(np.ones((count, 4)), 10)) == list(range(count))


def test_of_many_faces_some_are_looked_at() -> None:
    first = pick_varied(np.random.default_rng(0).uniform(0, 1, (20_001, 8)), 20)

    assert len(set(first)) == 20 and max(first) > 15_000


def test_before_anything_is_learned_the_likest_are_asked_about_first() -> None:
    scores = np.array([0.55, 0.95, 0.45, 0.7, 0.1])
    asked = proposals(scores, list("abcde"), [0] * 5, [], 4, learned=False)

    assert [one.place for one in asked] == [1, 2, 3, 4]


def test_before_anything_is_learned_every_track_is_asked_about_once_before_any_twice() -> None:
    scores = np.array([0.99, 0.98, 0.6, 0.4, 0.3])
    asked = proposals(scores, ["a", "a", "b", "c", "c"], [0, 9000, 0, 0, 9000], [], 5, learned=False)

    assert [one.place for one in asked] == [0, 3, 2, 4, 1]
