"""Timelines become tables: what counts, what is missing, and what is never made up."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import tables
from core.model import EMOTIONS, Face, Reading, Sample, Scores, Timeline
from tests.support.builders import LETTERS, face, found, scores, strip

PLACE = ["t_ms", "shot", "track", "left", "top", "right", "bottom", "confidence", "sharpness", "reader"]
COLUMNS = [*PLACE, "angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


def happy(curve: pd.DataFrame) -> list[float]:
    """The happy scores of a curve, in time order."""
    return curve[curve["emotion"] == "happy"]["score"].round(2).tolist()


def two(first: str, second: str) -> tuple[Face, Face]:
    """Two people side by side."""
    return face(LETTERS[first], track=0), face(LETTERS[second], left=220, track=1)


def test_a_row_is_a_moment_a_face_and_a_reader() -> None:
    rows = tables.rows((Sample(0, (face("happy", deepface="fear"), face("sad", left=220, track=1))),))

    assert list(rows.columns) == COLUMNS
    assert rows[["track", "left", "reader"]].values.tolist() == [
        [0, 100, "builtin"],
        [0, 100, "deepface"],
        [1, 220, "builtin"],
    ]
    assert rows["happy"].round(2).tolist() == [0.88, 0.02, 0.02]
    assert rows[list(EMOTIONS)].sum(axis=1).tolist() == pytest.approx([1, 1, 1])


def test_a_moment_without_anybody_is_one_row_whose_face_is_missing() -> None:
    empty = tables.rows(strip("n.|n").samples).iloc[1]

    assert (empty["t_ms"], empty["shot"]) == (500, 0)
    assert empty[COLUMNS[2:]].isna().all()


def test_a_face_that_no_reader_read_keeps_its_box() -> None:
    rows = tables.rows((Sample(0, (Face(found()),)),))

    assert rows[["left", "confidence"]].values.tolist() == [[100, 0.99]]
    assert rows[["reader", "happy"]].isna().all(axis=None)


@pytest.mark.parametrize("drawing", ["", "...", "nh.|n"])
def test_the_dtypes_are_the_same_whatever_was_seen(drawing: str) -> None:
    types = tables.rows(strip(drawing).samples).dtypes

    assert {name: str(dtype) for name, dtype in types.items()} == tables.ROW_TYPES


def test_an_hour_of_two_faces_and_two_readers_takes_a_moment() -> None:
    """18,000 moments: about a third of a second on a quiet machine."""
    pair = (face("happy", deepface="sad"), face("sad", left=220, track=1, deepface="fear"))
    samples = [Sample(200 * place, pair) for place in range(18_000)]
    began = time.perf_counter()

    assert len(tables.rows(samples)) == 72_000
    assert time.perf_counter() - began < 5


def test_a_curve_has_a_row_for_every_moment_and_nothing_where_nobody_is() -> None:
    curve = tables.curve(strip("nh.|n"), "builtin")

    assert list(curve.columns) == ["t_ms", "t_s", "shot", "run", "emotion", "score"]
    assert len(curve) == 4 * len(EMOTIONS)
    assert happy(curve) == pytest.approx([0.02, 0.88, np.nan, 0.02], nan_ok=True)
    assert curve["t_s"].head(4).tolist() == [0.0, 0.5, 1.0, 1.5]


@pytest.mark.parametrize(
    ("drawing", "runs"),
    [
        ("nnn", [0, 0, 0]),
        ("nn|n", [0, 0, 1]),  # a cut
        ("n.n", [0, 1, 2]),  # a gap
        (".|.n", [0, 1, 2]),  # nobody across a cut, then somebody
        ("n.|.n", [0, 1, 2, 3]),
    ],
)
def test_a_cut_and_a_gap_each_begin_a_new_run(drawing: str, runs: list[int]) -> None:
    curve = tables.curve(strip(drawing), "builtin")

    assert curve[curve["emotion"] == "happy"]["run"].tolist() == runs


def test_a_curve_is_the_mean_of_the_faces_or_one_persons_own() -> None:
    timeline = Timeline(500, (Sample(0, two("h", "s")), Sample(500, two("h", "s")[1:])))

    assert happy(tables.curve(timeline, "builtin")) == [0.45, 0.02]
    assert happy(tables.curve(timeline, "builtin", track=0)) == pytest.approx([0.88, np.nan], nan_ok=True)
    assert tables.curve(timeline, "builtin", track=0)["run"].nunique() == 2


def test_a_reader_that_read_nothing_has_no_scores() -> None:
    assert tables.curve(strip("nh"), "deepface")["score"].isna().all()


@pytest.mark.parametrize(
    ("drawing", "smoothed"),
    [
        ("nnhnn", [0.02, 0.31, 0.31, 0.31, 0.02]),  # a lone smile is spread over its neighbours
        ("hh|nn", [0.88, 0.88, 0.02, 0.02]),  # a cut keeps both sides apart
        ("hh.nn", [0.88, 0.88, np.nan, 0.02, 0.02]),  # and so does a gap, which stays empty
        (".h.", [np.nan, 0.88, np.nan]),
        ("", []),
    ],
)
def test_smoothing_stays_inside_a_shot_and_among_faces(drawing: str, smoothed: list[float]) -> None:
    curve = tables.curve(strip(drawing), "builtin")

    assert happy(tables.smooth(curve, 1000)) == pytest.approx(smoothed, nan_ok=True)


def test_a_window_is_centred_and_counts_milliseconds_not_moments() -> None:
    times = (0, 100, 1000, 1400, 1900)
    samples = tuple(Sample(t_ms, (face(LETTERS[letter]),)) for t_ms, letter in zip(times, "hnnhn", strict=True))
    curve = tables.curve(Timeline(100, samples), "builtin")

    assert happy(tables.smooth(curve, 1000)) == [0.45, 0.45, 0.45, 0.31, 0.45]


@settings(deadline=None)
@given(st.text("nhs.|", max_size=30), st.integers(1, 5000))
def test_smoothing_invents_nothing(drawing: str, window_ms: int) -> None:
    """Every value lies between the lowest and the highest of its own run, and what was empty stays empty."""
    curve = tables.curve(strip(drawing), "builtin")
    smoothed = tables.smooth(curve, window_ms)
    runs = curve.groupby(["emotion", "run"])["score"]

    assert smoothed.drop(columns="score").equals(curve.drop(columns="score"))
    assert smoothed["score"].isna().equals(curve["score"].isna())
    known = smoothed["score"].notna()
    assert (smoothed["score"] >= runs.transform("min") - 1e-9)[known].all()
    assert (smoothed["score"] <= runs.transform("max") + 1e-9)[known].all()


def test_means_are_over_faces_so_that_nobody_counts_neither_as_zero_nor_as_neutral() -> None:
    timeline = Timeline(500, (Sample(0, two("h", "h")), Sample(500, two("s", "s")[:1]), Sample(1000)))
    means = tables.means(timeline, "builtin").set_index("emotion")["mean"]

    assert tuple(means.index) == EMOTIONS
    assert means["happy"] == pytest.approx((0.88 + 0.88 + 0.02) / 3)
    assert means["neutral"] == pytest.approx(0.02)
    assert tables.coverage(timeline) == pytest.approx(2 / 3)


def test_means_and_coverage_can_be_one_persons() -> None:
    timeline = Timeline(500, (Sample(0, two("h", "s")), Sample(500, two("h", "s")[:1])))

    assert tables.means(timeline, "builtin", track=1)["mean"].idxmax() == EMOTIONS.index("sad")
    assert tables.coverage(timeline, track=1) == 0.5


def test_where_nobody_ever_is_there_are_no_means() -> None:
    assert tables.means(strip("..."), "builtin")["mean"].isna().all()
    assert tables.top_emotions(strip("..."), "builtin") == []
    assert tables.coverage(strip("...")) == tables.coverage(strip("")) == 0


def test_the_top_emotions_come_highest_first() -> None:
    first, second = tables.top_emotions(strip("hhhs"), "builtin")

    assert (first[0], second[0]) == ("happy", "sad")
    assert first[1] == pytest.approx((3 * 0.88 + 0.02) / 4)


def test_a_face_is_found_again_by_its_moment_and_index() -> None:
    faces = tables.faces(Timeline(500, (Sample(0), Sample(500, two("h", "s"), shot=2))), "builtin")

    assert faces[["t_ms", "index", "track", "shot", "top"]].values.tolist() == [
        [500, 0, 0, 2, "happy"],
        [500, 1, 1, 2, "sad"],
    ]
    assert faces["score"].tolist() == faces[["happy", "sad"]].max(axis=1).tolist() == pytest.approx([0.88, 0.88])


def test_faces_without_this_readers_opinion_are_left_out_and_keep_their_index() -> None:
    faces = tables.faces(Timeline(500, (Sample(0, (face("sad"), face("sad", deepface="fear"))),)), "deepface")

    assert faces[["index", "top"]].values.tolist() == [[1, "fear"]]


def test_readings_lay_the_readers_side_by_side_with_their_spread() -> None:
    spread = Scores(*([0.05] * len(EMOTIONS)))
    readings = {"deepface": Reading(scores("happy")), "builtin": Reading(scores("sad"), spread)}
    table = tables.readings(Face(found(), readings=readings))

    assert table["reader"].tolist() == ["deepface"] * 7 + ["builtin"] * 7
    assert table["emotion"].tolist() == [*EMOTIONS, *EMOTIONS]
    assert table["spread"].isna().tolist() == [True] * 7 + [False] * 7
    assert tables.readings(Face(found())).empty


@pytest.mark.parametrize(("drawing", "cuts"), [("nnnn", []), ("nn|nn", [1000]), ("n|.|n", [500, 1000]), ("", [])])
def test_a_cut_is_the_first_moment_of_a_new_shot(drawing: str, cuts: list[int]) -> None:
    assert tables.cuts(strip(drawing)) == cuts


@pytest.mark.parametrize(
    ("drawing", "spans"),
    [
        ("nnn", []),
        ("n..n", [[0.5, 1.5]]),
        (".n.", [[0.0, 0.5], [1.0, 1.5]]),
        ("n.|.n", [[0.5, 1.5]]),  # a cut does not end an absence
        ("...", [[0.0, 1.5]]),
        ("", []),
    ],
)
def test_a_gap_lasts_from_the_first_empty_moment_to_the_next_face(drawing: str, spans: list[list[float]]) -> None:
    assert tables.gaps(strip(drawing)).values.tolist() == spans


def test_remarks_are_columns_of_the_rows_they_are_about() -> None:
    sample = Sample(0, (face("happy", deepface="fear", track=3), face("sad", left=10, track=None)))
    table = tables.rows([sample, Sample(500)], {(0, 3, "builtin"): (0.8, "It is brief.", True)})

    assert list(table.columns) == [*tables.ROW_TYPES, *tables.REMARK_TYPES]
    assert table["dropped"].tolist()[:3] == [True, False, False] and table["dropped"].isna().tolist()[3]
    assert table["doubt"].tolist()[0] == 0.8 and table["doubt"].isna().tolist() == [False, True, True, True]
    assert table["reasons"].fillna("").tolist() == ["It is brief.", "", "", ""]


def test_rows_without_remarks_have_no_columns_for_them_and_none_said_is_not_the_same() -> None:
    assert list(tables.rows(strip("n").samples).columns) == list(tables.ROW_TYPES)
    assert tables.rows(strip("n").samples, {})["dropped"].tolist() == [False]
    assert tables.rows([], {}).dtypes["dropped"] == "boolean"
