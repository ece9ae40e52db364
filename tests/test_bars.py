"""The bar charts keep their order, their numbers and their sides."""

from __future__ import annotations

from typing import Any

import pytest

from core import charts, tables
from core.model import EMOTIONS, Face, Reading, Scores
from tests.make import found, scores, strip

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


def test_means_have_a_bar_a_mark_a_word_and_a_number_each_in_the_tables_order() -> None:
    table = tables.means(strip("hhs"), "builtin").sort_values("mean", ascending=False)
    spec = charts.means(table).to_dict()
    words, numbers = layers(spec, "text")

    assert layers(spec, "bar")[0][0]["encoding"]["y"]["sort"] == table["emotion"].tolist()
    assert words[0]["encoding"]["text"]["field"] == "emotion"
    assert [row["number"] for row in numbers[1]][:2] == ["0.593", "0.307"]
    assert words[0]["mark"]["color"] == charts.GROUND["dark"].text
    assert layers(spec, "point")[0][0]["encoding"]["shape"]["scale"]["range"] == list(charts.SHAPE.values())


def test_bars_of_means_begin_at_zero() -> None:
    spec = charts.means(tables.means(strip("hhs"), "builtin")).to_dict()

    assert layers(spec, "bar")[0][0]["encoding"]["x"]["scale"]["domain"][0] == 0


@pytest.mark.parametrize("drawing", ["", "..."])
def test_means_of_nobody_are_dashes(drawing: str) -> None:
    spec = charts.means(tables.means(strip(drawing), "builtin")).to_dict()

    assert {row["number"] for row in layers(spec, "text")[1][1]} == {"–"}


def test_two_readers_face_each_other_from_a_common_middle() -> None:
    spec = charts.readers(tables.readings(two_readers())).to_dict()
    (bars,) = layers(spec, "bar")
    ends = {(row["reader"], row["emotion"]): (row["start"], row["end"]) for row in bars[1]}
    left, right = ends["deepface", "happy"], ends["builtin", "sad"]

    assert left[0] == -right[0] < 0 < right[0]
    assert left[0] - left[1] == pytest.approx(0.64)
    assert right[1] - right[0] == pytest.approx(0.62)
    low, high = bars[0]["encoding"]["x"]["scale"]["domain"]
    assert low == -high


def test_rows_follow_the_first_reader() -> None:
    spec = charts.readers(tables.readings(two_readers())).to_dict()

    assert layers(spec, "bar")[0][0]["encoding"]["y"]["sort"][0] == "happy"


def test_whiskers_are_the_spread_of_the_reader_that_has_one() -> None:
    spec = charts.readers(tables.readings(two_readers())).to_dict()
    whisker = layers(spec, "rule")[-1]
    sad = next(row for row in whisker[1] if row["emotion"] == "sad")

    assert {row["reader"] for row in whisker[1]} == {"builtin"}
    assert sad["high"] - sad["low"] == pytest.approx(0.06)
    assert (sad["high"] + sad["low"]) / 2 == pytest.approx(sad["end"])


def test_only_each_readers_winner_is_bold() -> None:
    spec = charts.readers(tables.readings(two_readers())).to_dict()
    numbers = layers(spec, "text")[1]

    assert numbers[0]["mark"]["fontWeight"] == {"expr": "datum.top ? 600 : 400"}
    assert {(row["reader"], row["emotion"]) for row in numbers[1] if row["top"]} == {
        ("deepface", "happy"),
        ("builtin", "sad"),
    }


def test_readers_are_called_by_the_names_given() -> None:
    spec = charts.readers(tables.readings(two_readers()), names={"deepface": "DeepFace"}).to_dict()

    assert [row["reader"] for row in layers(spec, "text")[-1][1]] == ["DeepFace", "builtin"]


def test_one_reader_has_plain_bars_to_the_right() -> None:
    face = Face(found(), readings={"builtin": Reading(scores("sad"))})
    spec = charts.readers(tables.readings(face)).to_dict()
    (bars,) = layers(spec, "bar")

    assert all(row["end"] > row["start"] > 0 for row in bars[1])
    assert bars[0]["encoding"]["x"]["scale"]["domain"][0] == -bars[1][0]["start"]


def test_a_face_that_nobody_read_is_an_empty_chart() -> None:
    assert charts.readers(tables.readings(Face(found()))).to_dict()["height"] == 0
