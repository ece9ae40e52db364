"""Peaks and verdicts out of the store: what exports say of them, and verdicts that go from one scene to another."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from core.analysis import means, tables
from core.errors import SettingError
from core.model import Peak, Reason, Recipe, Suspect, Verdict
from core.reading.closer_look import CloserLook, Key
from core.shelf import review
from core.store.scenes import Store
from tests.support import builders, seed
from tests.support.builders import strip

STORY = strip("nnnnhnnnn|nnn", 200)
LONE = Peak(0, "happy", 800, 1000, 800, 0.88)
DROP = Verdict("builtin", 0, "happy", 800, 1000, True)
GONE = CloserLook(0.0, 0.1, -3.0, 0, 800, 0.1, 120.0)


@pytest.fixture
def scene_id(store: Store) -> int:
    return seed.scene(store, STORY)


def doubt(store: Store, scene_id: int) -> float:
    (suspect,) = review.suspects_of(store, store.scene(scene_id), store.timeline(scene_id), "builtin")
    assert suspect.peak == LONE
    return suspect.doubt


def test_a_closer_look_that_was_stored_weighs_in(store: Store) -> None:
    scene_id = seed.scene(store, STORY, done=False)
    before = doubt(store, scene_id)
    store.add_closer_looks(scene_id, store.claim(scene_id), "builtin", {Key(0, "happy", 800): GONE})

    assert doubt(store, scene_id) > before


def test_a_moment_says_the_highest_doubt_of_its_peaks_and_that_peaks_reasons() -> None:
    reasons = Reason("turned", (), 0.5), Reason("cut off", (), 0.4)
    sentences = "The face is turned away from the camera. | The picture’s edge cuts the face off."
    first, second = Suspect(LONE, 0.8, reasons), Suspect(replace(LONE, emotion="fear", end_ms=1400), 0.3)
    said = review.remarks(STORY.samples, {"builtin": (first, second)}, [])

    assert said[800, 0, "builtin"] == (0.8, sentences, False)
    assert said[1000, 0, "builtin"] == said[1200, 0, "builtin"] == (0.3, "", False)
    assert set(said) == {(t_ms, 0, "builtin") for t_ms in (800, 1000, 1200)}


def test_what_was_dropped_says_so_and_what_was_kept_does_not() -> None:
    suspects = {"builtin": (Suspect(LONE, 0.8),), "deepface": (Suspect(LONE, 0.2),)}
    dropped = review.remarks(STORY.samples, suspects, [DROP, replace(DROP, start_ms=2000, end_ms=2200)])
    kept = review.remarks(STORY.samples, suspects, [replace(DROP, dropped=False)])

    assert dropped[800, 0, "builtin"] == (0.8, "", True) and not dropped[800, 0, "deepface"][2]
    assert dropped[2000, 0, "builtin"] == (None, None, True)  # a peak that is there no more
    assert not kept[800, 0, "builtin"][2]


def test_an_export_carries_doubt_reasons_and_verdicts_beside_the_rows(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [DROP])
    table = review.table(store, store.scene(scene_id))

    pd.testing.assert_frame_equal(table[list(tables.ROW_TYPES)], tables.rows(store.samples(scene_id)))
    assert table.dtypes[list(tables.REMARK_TYPES)].astype(str).tolist() == ["float64", "str", "boolean"]
    (marked,) = table[table["doubt"].notna()].itertuples()
    assert (marked.t_ms, marked.dropped) == (800, True) and "Only this one moment" in marked.reasons
    assert table["dropped"].sum() == 1


def test_a_row_without_anybody_has_no_remark(store: Store) -> None:
    scene_id = seed.scene(store, strip("n."))
    table = review.table(store, store.scene(scene_id))

    assert table["dropped"].isna().tolist() == [False, True]
    assert table[["doubt", "reasons"]].isna().all().all()


def test_verdicts_loaded_into_a_second_copy_give_the_same_means(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [DROP])
    copy = seed.scene(store, STORY, "Copy")

    assert review.load_verdicts(store, store.scene(copy), review.verdicts_json(store, store.scene(scene_id))) == (1, 0)
    tables_of = [
        means.means_table(store.timeline(each), "builtin", (), store.verdicts(each)) for each in (scene_id, copy)
    ]
    pd.testing.assert_frame_equal(*tables_of)
    assert tables_of[1].set_index("emotion")["change"]["happy"] < 0


def test_verdicts_fit_the_same_clip_read_at_another_step(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [DROP, replace(DROP, emotion="sad")])
    finer = seed.scene(store, strip("nnnnnnnnhhnnnnnnnn|nnnnnn", 100), "Finer")

    assert review.load_verdicts(store, store.scene(finer), review.verdicts_json(store, store.scene(scene_id))) == (1, 1)
    (verdict,) = store.verdicts(finer)
    assert (verdict.start_ms, verdict.end_ms, verdict.dropped) == (800, 1000, True)


def test_loading_what_does_not_fit_the_clip_changes_nothing(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [DROP])
    other = replace(store.scene(scene_id), video=replace(seed.VIDEO, width=64))

    with pytest.raises(SettingError, match="another clip"):
        review.load_verdicts(store, other, review.verdicts_json(store, store.scene(scene_id)))
    assert len(store.verdicts(scene_id)) == 1


def test_a_scene_that_was_not_read_yet_has_no_verdicts_to_give_or_take(store: Store) -> None:
    scene = store.scene(store.add(Recipe("/clip.mp4"), "Unread"))

    for call in (lambda: review.verdicts_json(store, scene), lambda: review.load_verdicts(store, scene, "{}")):
        with pytest.raises(SettingError, match="has not been read yet"):
            call()


def test_a_face_that_nobody_tracked_has_no_peak_and_no_remark(store: Store) -> None:
    sample = replace(STORY.samples[0], faces=(builders.face("happy", track=None),))
    table = tables.rows([sample], review.remarks([sample], {"builtin": (Suspect(LONE, 0.8),)}, [DROP]))

    assert table["doubt"].isna().all() and table["dropped"].tolist() == [False]
