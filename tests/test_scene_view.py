"""A scene as it is looked at: one value for pages, exports and the command line."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from core.analysis import means, tables
from core.model import EMOTIONS, Sample, Timeline
from core.shelf import emotions
from core.shelf.scene_view import ReadClip, SceneView, view_scene
from core.store.scenes import Store
from tests.support import doubtful, seed
from tests.support.builders import LETTERS, face, strip
from tests.support.emotions import examples, lift, view_with_own


@pytest.fixture
def view(store: Store) -> SceneView:
    """A scene of false peaks, with "glee" taught from the happy faces of another."""
    scene_id = doubtful.scene(store)
    lesson = seed.scene(store, strip("nnhhh.nn|nnhhnn|nhnn|hhhn"), "Lesson")
    for each in (scene_id, lesson):
        lift(store, each)
    emotions.save_emotion(store, emotions.learn(store, "glee", *examples(store, lesson)))
    return view_with_own(store, scene_id)


def decide(store: Store, view: SceneView, *, drop: bool) -> SceneView:
    """The view after its most doubtful peak was decided on."""
    store.add_verdicts(view.scene.id, [view.decide(view.open[0].peak, drop=drop)])
    return replace(view, verdicts=store.verdicts(view.scene.id))


def test_without_emotions_of_ones_own_its_numbers_are_those_of_the_tables(view: SceneView) -> None:
    plain = view.seven

    pd.testing.assert_frame_equal(plain.curve(), tables.curve(view.timeline, "builtin"))
    pd.testing.assert_frame_equal(plain.means(), means.means_table(view.timeline, "builtin", plain.suspects, ()))


def test_an_emotion_of_ones_own_stands_after_the_seven_and_leaves_their_numbers_alone(view: SceneView) -> None:
    both, seven = view.means(), view.seven.means()

    assert both["emotion"].tolist() == [*EMOTIONS, "glee"]
    pd.testing.assert_frame_equal(both[:7], seven)
    assert {one.peak.emotion for one in view.suspects} > {one.peak.emotion for one in view.seven.suspects}


def test_peaks_that_are_not_listed_are_no_doubts_and_their_curve_stays(view: SceneView) -> None:
    silent = replace(view, listed=())

    assert silent.suspects == view.seven.suspects
    pd.testing.assert_frame_equal(silent.curve(), view.curve())


@pytest.mark.parametrize("drop", [True, False])
def test_a_decided_peak_is_open_no_more_but_was_doubtful(store: Store, view: SceneView, drop: bool) -> None:
    first, after = view.open[0], decide(store, view, drop=drop)

    assert first not in after.open and first in after.doubtful and len(after.open) == len(view.open) - 1
    assert [(one, verdict.dropped) for one, verdict in after.decided] == [(first, drop)]


def test_a_dropped_peak_leaves_its_curve_and_its_mean_moves_as_was_said(store: Store, view: SceneView) -> None:
    peak = view.open[0].peak
    before, after = view.moves(peak)
    dropped = decide(store, view, drop=True)
    mean = dropped.means().set_index("emotion").loc[peak.emotion]

    assert (mean["everything"], mean["yours"]) == (pytest.approx(before), pytest.approx(after)) and before != after
    assert dropped.moves(peak) == view.moves(peak)
    assert dropped.curve()["score"].isna().sum() > dropped.curve(whole=True)["score"].isna().sum()


def test_of_one_person_it_has_that_persons_peaks_and_numbers(store: Store) -> None:
    pair = (Sample(200 * at, (face(LETTERS[a]), face(LETTERS[b], left=220, track=1))) for at, (a, b) in enumerate(PAIR))
    scene = store.scene(seed.scene(store, Timeline(200, tuple(pair)), "Two"))
    everyone = view_scene(store, scene, "builtin")
    each = [everyone.for_person(person.who) for person in everyone.people]

    assert len(each) == 2
    assert [{one.peak.track for one in view.suspects} for view in each] == [{0}, {1}]
    for track, view in enumerate(each):
        pd.testing.assert_frame_equal(view.curve(), tables.curve(view.timeline, "builtin", track))


PAIR = tuple(zip("nnhhhhnn", "sssnnnss", strict=True))


def test_what_was_computed_is_asked_for_once(view: SceneView) -> None:
    asked: list[str] = []

    class Counting(ReadClip):
        def timeline(self) -> Timeline:
            asked.append("timeline")
            return super().timeline()

    counted = SceneView(view.scene, "builtin", Counting(view.timeline, {"builtin": view.seven.suspects}))
    for _ in range(2):
        counted.curve(), counted.means(), counted.suspects, counted.for_person(0).curve()

    assert asked == ["timeline"]
