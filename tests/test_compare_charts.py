"""The lanes and the dumbbells keep their order, colours and marks; each side is told by more than colour."""

from __future__ import annotations

import pandas as pd
import pytest

from core.analysis import compare, means, tables
from core.analysis.compare import Axis
from core.charts import compare_lanes, compare_means
from core.charts.compare_lanes import Lane, Mark
from core.charts.palette import GROUND, PALETTE
from core.model import EMOTIONS
from tests.support.builders import strip
from tests.support.charts import NO_MARKS, Spec, drawn


def lane(drawing: str, marks: pd.DataFrame = NO_MARKS) -> Lane:
    """One side of the drawing over the whole axis."""
    timeline = strip(drawing)
    axis = Axis(0, timeline.samples[-1].t_ms, True)
    return Lane(compare.add_axis_places(tables.curve(timeline, "builtin"), axis), marks)


def lanes(*sides: Lane, marks: tuple[Mark, ...] = (), theme: str = "dark") -> Spec:
    """The lanes as Vega-Lite reads them."""
    return compare_lanes.lanes(sides, EMOTIONS, end=100, share=True, marks=marks, theme=theme).to_dict()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_first_side_is_filled_and_the_others_are_told_apart_by_their_dash(theme: str) -> None:
    spec = lanes(*[lane("nnhh")] * 6, theme=theme)
    lines = [layer["mark"] for layer, _ in drawn(spec, "line")]

    assert len(drawn(spec, "area")) == 1
    assert drawn(spec, "area")[0][0]["encoding"]["color"]["scale"]["range"] == list(PALETTE[theme].values())
    assert len({str(line.get("strokeDash")) for line in lines}) == 6
    assert [line.get("color") for line in lines] == [None, GROUND[theme].text, *[GROUND[theme].muted] * 4]


def test_every_emotion_has_a_lane_of_its_own_and_scores_stay_inside_it() -> None:
    (area, rows), *_ = drawn(lanes(lane("nhsufad")), "area")

    assert area["encoding"]["y"]["scale"]["domain"] == [0, 7]
    for row in rows:
        floor = len(EMOTIONS) - 1 - EMOTIONS.index(row["emotion"])
        assert row["floor"] == floor <= row["high"] < floor + 1
        assert row["high"] == pytest.approx(floor + compare_lanes.HIGH * row["score"])


def test_nobody_in_frame_interrupts_the_line() -> None:
    (_, rows), *_ = drawn(lanes(lane("nnn..nnn")), "line")

    assert len({row["run"] for row in rows}) == 2


def test_an_open_doubt_is_hatched_in_its_lane_and_has_a_hollow_mark_in_the_colour_of_doubt() -> None:
    doubt = pd.DataFrame([{"emotion": "happy", "at": 40.0, "end_at": 50.0, "apex_at": 45.0, "score": 0.5}])
    spec = lanes(lane("nnnn"), lane("nnnn", doubt))
    (hatch, rows), *_ = drawn(spec, "image")
    hollow = [layer for layer, _ in drawn(spec, "point") if layer["encoding"].get("stroke")]

    floor = len(EMOTIONS) - 1 - EMOTIONS.index("happy")
    assert (rows[0]["at"], rows[0]["end_at"], rows[0]["floor"]) == (40, 50, floor)
    assert hatch["mark"]["url"].startswith("data:image/svg+xml")
    assert [one["encoding"]["stroke"]["value"] for one in hollow] == [GROUND["dark"].marker]


def test_marks_stand_as_dotted_lines_with_words_and_ticks_below_them_give_way() -> None:
    spec = lanes(lane("nn"), lane("hh"), marks=(Mark(41.0, "alike"), Mark(8.0, "unlike")))
    rules = [rows for layer, rows in drawn(spec, "rule") if layer["mark"].get("strokeDash")]
    words = {rows[0]["word"]: layer["mark"]["align"] for layer, rows in drawn(spec, "text") if "word" in rows[0]}
    near = lanes(lane("nn"), lane("hh"), marks=(Mark(41.0, "alike"), Mark(44.0, "unlike")))
    beside = [layer["mark"]["align"] for layer, rows in drawn(near, "text") if "word" in rows[0]]

    assert sorted(row["at"] for row in rules[0]) == [8, 41]
    assert words == {"alike": "center", "unlike": "center"}
    assert beside == ["right", "left"]
    axis = next(layer["encoding"]["x"]["axis"] for layer in spec["layer"] if "axis" in layer["encoding"].get("x", {}))
    assert "41.0000" in axis["labelExpr"] and "8.0000" in axis["labelExpr"]


def gaps(*drawings: str) -> Spec:
    """The dumbbells of the drawings."""
    told = [means.means_table(strip(drawing), "builtin", (), ()) for drawing in drawings]
    return compare_means.dumbbells(compare.mean_gaps(told, "everything")).to_dict()


def test_a_row_shows_both_means_their_intervals_and_the_signed_gap() -> None:
    spec = gaps("hhhn", "hnnn")
    texts = [rows for layer, rows in drawn(spec, "text") if layer["encoding"]["text"]["field"] == "word"]
    words = {row["emotion"]: row["word"] for row in texts[0]}

    assert words["happy"] == "+0.430" and words["neutral"] == "−0.430"
    assert len(drawn(spec, "bar")) == 1
    assert [len(rows) for layer, rows in drawn(spec, "rule") if rows] == [7], "too short for intervals"


def test_a_mean_has_its_interval_where_the_scene_is_long_enough() -> None:
    spec = gaps("hhhn" * 20, "hnnn")

    assert {row["side"] for row in drawn(spec, "rule")[1][1]} == {0}


def test_from_the_third_on_a_side_is_its_number() -> None:
    spec = gaps("hhhn", "hnnn", "ssss", "nnnn")
    numbers = [rows for layer, rows in drawn(spec, "text") if layer["encoding"]["text"]["field"] == "number"]

    said = {row["emotion"]: [] for row in numbers[0]}
    for row in numbers[0]:
        said[row["emotion"]].append(row["number"])
    assert said["sad"] == ["4", "3"], "in the order of their means"
    assert said["fear"] == ["3 4"], "those that would lie on each other stand side by side"


def test_one_side_alone_shows_its_means_and_no_gap() -> None:
    spec = gaps("hhhh")
    texts = [rows for layer, rows in drawn(spec, "text") if layer["encoding"]["text"]["field"] == "word"]

    assert {row["emotion"]: row["word"] for row in texts[0]}["happy"] == "0.880"
    assert drawn(spec, "bar") == []


def test_a_side_without_a_face_leaves_the_chart_whole() -> None:
    assert len(gaps("hh", "..")["layer"]) > 4
    assert lanes(lane("nn"), lane(".."))["layer"]


def test_the_numbers_can_be_heard() -> None:
    told = [means.means_table(strip(drawing), "builtin", (), ()) for drawing in ("hh", "..")]
    said = compare_means.describe(compare.mean_gaps(told, "yours"), ["Diner", "Rain"])

    assert said.startswith("Means of Diner and Rain") and "happy 0.880, –" in said
