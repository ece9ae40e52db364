"""A person's calm span: its means are subtracted, nothing that was read changes, and every choice is undone."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis import baseline, tables
from core.charts import baseline as baseline_charts
from core.errors import SettingError, StoreError
from core.model import EMOTIONS, Calm, Sample, Timeline
from core.reading import people
from core.shelf import review
from core.store.scenes import Store
from tests.support import builders, seed
from tests.support.builders import strip
from tests.support.pages import visit, words

REST = "ssssnnhh"
"""Somebody whose face reads as sad at rest, for two seconds."""


def test_at_rest_nothing_changes_and_elsewhere_what_is_less_than_at_rest_is_negative() -> None:
    timeline = strip(REST)
    curve = tables.curve(timeline, "builtin", 0)
    change = baseline.subtract(curve, baseline.measure_levels(timeline, "builtin", 0, 0, 2000))
    sad, happy = (change[change["emotion"] == name].set_index("t_ms")["score"] for name in ("sad", "happy"))

    assert sad.loc[:1500].to_numpy() == pytest.approx([0] * 4)
    assert sad.loc[2000:].to_numpy() == pytest.approx([-0.86] * 4)
    assert happy.loc[3000:].to_numpy() == pytest.approx([0.86] * 2)
    assert change.groupby("t_ms")["score"].sum().to_numpy() == pytest.approx([0] * 8)


def test_the_curve_that_was_read_stays_as_it_is_and_gaps_stay_gaps() -> None:
    timeline = strip("sss.hh")
    curve = tables.curve(timeline, "builtin", 0)
    before = curve.copy()
    change = baseline.subtract(curve, baseline.measure_levels(timeline, "builtin", 0, 0, 1500))

    assert curve.equals(before)
    assert np.isnan(change[change["t_ms"] == 1500]["score"]).all()


def test_only_that_persons_faces_in_the_span_count() -> None:
    two = (builders.face("sad", track=0), builders.face("happy", track=1, left=200))
    timeline = Timeline(500, tuple(Sample(number * 500, two) for number in range(4)))

    assert baseline.measure_levels(timeline, "builtin", 0, 0, 2000)["sad"] == pytest.approx(0.88)
    assert baseline.measure_levels(timeline, "builtin", 1, 0, 2000)["sad"] == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("span", "sentence"),
    [
        ((2000, 2000), "ends at 0:02.0, not after its start"),
        ((2000, 1000), "ends at 0:01.0, not after its start"),
        ((0, 1000), "was read in 2 moments; 3 are the least"),
        ((0, 500), "was read in 1 moment;"),
        ((90_000, 99_000), "was read in 0 moments"),
    ],
)
def test_a_span_that_says_nothing_of_rest_is_a_sentence(span: tuple[int, int], sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        baseline.measure_levels(strip(REST), "builtin", 0, *span)


@pytest.mark.databases
def test_the_newest_span_of_a_person_counts_and_undo_brings_the_one_before_back(store: Store) -> None:
    scene_id = seed.scene(store, strip(REST + "|nnn"))
    revision = store.scene(scene_id).revision
    for calm in (Calm(0, 0, 1500), Calm(0, 0, 2000), Calm(1, 4000, 5500)):
        store.set_baseline(scene_id, calm)

    assert store.baselines(scene_id) == (Calm(0, 0, 2000), Calm(1, 4000, 5500))
    assert store.scene(scene_id).revision == revision
    assert store.undo_baseline(scene_id, 0) == Calm(0, 0, 2000)
    assert store.baselines(scene_id) == (Calm(0, 0, 1500), Calm(1, 4000, 5500))
    assert store.undo_baseline(scene_id, 0) == Calm(0, 0, 1500) and store.undo_baseline(scene_id, 0) is None
    assert store.baselines(scene_id) == (Calm(1, 4000, 5500),)


@pytest.mark.databases
def test_a_calm_span_goes_with_its_scene_and_with_what_was_read(store: Store) -> None:
    one, other = seed.scene(store, strip(REST)), seed.scene(store, strip(REST), "Rain")
    for scene_id in (one, other):
        store.set_baseline(scene_id, Calm(0, 0, 2000))
    store.clear(one)
    store.delete(other)

    assert store.baselines(one) == store.baselines(other) == ()
    with pytest.raises(StoreError):
        store.set_baseline(other, Calm(0, 0, 2000))


def test_an_export_has_the_changes_only_when_asked(store: Store) -> None:
    scene_id = seed.scene(store, strip(REST + "|nnn"))
    store.set_baseline(scene_id, Calm(0, 0, 2000))
    scene = store.scene(scene_id)
    usual, more = review.table(store, scene), review.table_from_calm(store, scene)

    assert not set(baseline.COLUMNS) & set(usual.columns)
    assert more[usual.columns].equals(usual)
    assert list(more.columns[-7:]) == [f"{emotion}_from_calm" for emotion in EMOTIONS]
    assert more["sad_from_calm"][:8].tolist() == pytest.approx([0] * 4 + [-0.86] * 4)
    assert more["sad_from_calm"][8:].isna().all(), "the second person has no calm span"


def test_a_reader_that_saw_nobody_there_has_no_changes() -> None:
    timeline = strip(REST)
    rows = tables.rows(timeline.samples).assign(reader="deepface")
    found = people.list_people(people.track_spans(timeline))

    assert baseline.add_change_columns(rows, timeline, [Calm(0, 0, 2000)], found)["sad_from_calm"].isna().all()


def test_changes_are_drawn_around_a_firm_zero_with_the_span_marked() -> None:
    timeline = strip(REST)
    curve = baseline.subtract(
        tables.curve(timeline, "builtin", 0), baseline.measure_levels(timeline, "builtin", 0, 0, 2000)
    )
    spec = baseline_charts.change(curve, chosen=EMOTIONS, span=(0, 2000)).to_dict()
    scales = [layer["encoding"]["y"]["scale"] for layer in spec["layer"] if "scale" in layer["encoding"].get("y", {})]

    assert scales and all(scale["domain"] == [-1, 1] for scale in scales)
    assert [layer["mark"]["type"] for layer in spec["layer"]].count("rect") == 1


@pytest.mark.usefixtures("forgetful_pages")
def test_on_the_page_a_span_is_taken_shown_and_taken_back(store: Store) -> None:
    scene_id = seed.scene(store, strip(REST))
    app = visit("scene", scene=scene_id)

    assert "Person 1 at rest" in [each.label for each in app.expander]
    assert not [toggle for toggle in app.toggle if "calm" in toggle.label]

    start, end = (box for box in app.text_input if box.label in ("Calm from", "to"))
    start.set_value("0:00")
    end.set_value("0:02")
    app.button(key="calm_take").click().run()

    assert not app.exception
    assert store.baselines(scene_id) == (Calm(0, 0, 2000),)
    assert "At rest: sad 0.88" in words(app)

    app.button(key="calm_undo").click().run()

    assert store.baselines(scene_id) == ()
    assert "At rest" not in words(app)


@pytest.mark.usefixtures("forgetful_pages")
def test_where_there_are_several_people_nobodys_rest_is_asked_for_until_one_is_chosen(store: Store) -> None:
    scene_id = seed.scene(store, strip(REST + "|nnn"))

    assert "at rest" not in str([each.label for each in visit("scene", scene=scene_id).expander])
    assert "Person 2 at rest" in [each.label for each in visit("scene", scene=scene_id, who=1).expander]
