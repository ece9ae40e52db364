"""The bar charts keep their order, their numbers and their sides."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from core.analysis import means, tables
from core.charts import bars, palette
from core.charts.bars import signed_number
from core.model import EMOTIONS, Face, Reading, Scores, Verdict
from tests.support.builders import found, scores, strip

Spec = dict[str, Any]
SPREAD = Scores(*([0.03] * len(EMOTIONS)))


def two_readers() -> Face:
    """A face on which the readers disagree; only the second is an ensemble."""
    readings = {"deepface": Reading(scores("happy", 0.64)), "builtin": Reading(scores("sad", 0.62), SPREAD)}
    return Face(found(), readings=readings)


def layers(spec: Spec, kind: str) -> list[tuple[Spec, list[Spec]]]:
    """The layers with this mark, each with its data."""
    chosen = [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]
    return [(layer, spec["datasets"][layer.get("data", spec.get("data"))["name"]]) for layer in chosen]


def mean_table(drawing: str, *dropped: Verdict) -> pd.DataFrame:
    """The means of a drawing with nothing suspect."""
    return means.means_table(strip(drawing), "builtin", (), dropped)


def test_means_have_a_mark_a_word_and_their_numbers_in_the_tables_order() -> None:
    table = mean_table("hhs").sort_values("everything", ascending=False)
    spec = bars.means(table).to_dict()
    words, everything = layers(spec, "text")[:2]

    assert layers(spec, "point")[0][0]["encoding"]["y"]["sort"] == table["emotion"].tolist()
    assert not any(rows for _, rows in layers(spec, "bar")), "three moments are too few for an interval"
    assert words[0]["encoding"]["text"]["field"] == "label"
    assert [row["everything word"] for row in everything[1]][:2] == ["0.593", "0.307"]
    assert words[0]["mark"]["color"] == palette.GROUND["dark"].text
    assert layers(spec, "point")[0][0]["encoding"]["shape"]["scale"]["range"] == list(palette.SHAPE.values())


def test_the_columns_are_all_without_doubtful_after_review_and_the_change() -> None:
    spec = bars.means(mean_table("hns", Verdict("builtin", 0, "happy", 0, 500, True))).to_dict()
    texts = layers(spec, "text")
    happy = next(row for row in texts[1][1] if row["emotion"] == "happy")

    assert [rows[0]["head"] for _, rows in texts if "head" in rows[0]] == [
        "all",
        "without doubtful",
        "after review",
        "change",
    ]
    assert (happy["everything word"], happy["yours word"], happy["moved"]) == ("0.307", "0.020", "−0.287")


def test_a_ring_is_everything_and_the_filled_mark_and_its_interval_are_yours() -> None:
    spec = bars.means(mean_table("hns" * 30)).to_dict()
    (interval,) = layers(spec, "bar")
    ring = next(layer for layer, _ in layers(spec, "point") if layer["mark"].get("shape") == "circle")

    assert ring["encoding"]["x"]["field"] == "everything"
    assert ring["mark"].get("filled") is None
    assert (interval[0]["encoding"]["x"]["field"], interval[0]["encoding"]["x2"]["field"]) == (
        "yours_low",
        "yours_high",
    )
    assert interval[0]["encoding"]["x"]["scale"]["domain"][0] == 0


@pytest.mark.parametrize("drawing", ["", "..."])
def test_means_of_nobody_are_dashes(drawing: str) -> None:
    spec = bars.means(mean_table(drawing)).to_dict()

    assert {row["yours word"] for row in layers(spec, "text")[1][1]} == {"–"}
    assert {row["moved"] for row in layers(spec, "text")[1][1]} == {"–"}


@pytest.mark.parametrize(("change", "told"), [(0.009, "+0.009"), (-0.0031, "−0.003"), (-0.0004, "0.000"), (0, "0.000")])
def test_a_change_has_its_sign_unless_it_is_nothing(change: float, told: str) -> None:
    assert signed_number(change) == told


def test_a_doubtful_bar_is_hollow_and_no_other() -> None:
    spec = bars.readers(tables.readings(two_readers()), doubted=("deepface", "happy")).to_dict()
    filled, hollow = layers(spec, "bar")

    assert [(row["reader"], row["emotion"]) for row in hollow[1]] == [("deepface", "happy")]
    assert hollow[0]["mark"]["filled"] is False
    assert len(filled[1]) == 13


def test_two_readers_face_each_other_from_a_common_middle() -> None:
    spec = bars.readers(tables.readings(two_readers())).to_dict()
    drawn = layers(spec, "bar")[0]
    ends = {(row["reader"], row["emotion"]): (row["start"], row["end"]) for row in drawn[1]}
    left, right = ends["deepface", "happy"], ends["builtin", "sad"]

    assert left[0] == -right[0] < 0 < right[0]
    assert left[0] - left[1] == pytest.approx(0.64)
    assert right[1] - right[0] == pytest.approx(0.62)
    low, high = drawn[0]["encoding"]["x"]["scale"]["domain"]
    assert low == -high


def test_rows_follow_the_first_reader() -> None:
    spec = bars.readers(tables.readings(two_readers())).to_dict()

    assert layers(spec, "bar")[0][0]["encoding"]["y"]["sort"][0] == "happy"


def test_whiskers_are_the_spread_of_the_reader_that_has_one() -> None:
    spec = bars.readers(tables.readings(two_readers())).to_dict()
    whisker = layers(spec, "rule")[-1]
    sad = next(row for row in whisker[1] if row["emotion"] == "sad")

    assert {row["reader"] for row in whisker[1]} == {"builtin"}
    assert sad["high"] - sad["low"] == pytest.approx(0.06)
    assert (sad["high"] + sad["low"]) / 2 == pytest.approx(sad["end"])


def test_only_each_readers_winner_is_bold() -> None:
    spec = bars.readers(tables.readings(two_readers())).to_dict()
    numbers = layers(spec, "text")[1]

    assert numbers[0]["mark"]["fontWeight"] == {"expr": "datum.top ? 600 : 400"}
    assert {(row["reader"], row["emotion"]) for row in numbers[1] if row["top"]} == {
        ("deepface", "happy"),
        ("builtin", "sad"),
    }


def test_readers_are_called_by_the_names_given() -> None:
    spec = bars.readers(tables.readings(two_readers()), names={"deepface": "DeepFace"}).to_dict()

    assert [row["reader"] for row in layers(spec, "text")[-1][1]] == ["DeepFace", "builtin"]


def test_one_reader_has_plain_bars_to_the_right() -> None:
    face = Face(found(), readings={"builtin": Reading(scores("sad"))})
    spec = bars.readers(tables.readings(face)).to_dict()
    drawn = layers(spec, "bar")[0]

    assert all(row["end"] > row["start"] > 0 for row in drawn[1])
    assert drawn[0]["encoding"]["x"]["scale"]["domain"][0] == -drawn[1][0]["start"]


def test_a_face_that_nobody_read_is_an_empty_chart() -> None:
    assert bars.readers(tables.readings(Face(found()))).to_dict()["height"] == 0
