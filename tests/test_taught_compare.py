"""Emotions of one's own in a comparison: their lanes, means and doubts beside the seven, never in the seven's sum."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.analysis import compare, tables
from core.analysis.compare import Axis
from core.charts import compare_lanes, compare_means, compare_views
from core.charts.compare_lanes import Lane
from core.charts.palette import TAUGHT, dash
from core.model import EMOTIONS
from core.shelf import emotions
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import strip
from tests.support.charts import NO_MARKS, drawn
from tests.support.emotions import examples, lift
from tests.support.pages import visit, words

AXIS = Axis(0, 2500, True)


def side(scores: list[float], drawing: str = "nnnnnn") -> pd.DataFrame:
    """The curves of a neutral face, and of “panic” with these scores below them."""
    seven = tables.curve(strip(drawing), "builtin")
    own = seven[seven["emotion"] == "happy"].assign(emotion="panic", score=scores)
    return pd.concat([seven, own], ignore_index=True)


def met(*curves: pd.DataFrame) -> tuple[compare.Meeting, compare.Meeting]:
    found = compare.find_meetings(curves, [AXIS] * len(curves))
    assert found
    return found


def test_sides_that_part_in_a_taught_emotion_alone_are_unlike_there_and_it_is_said() -> None:
    alike, unlike = met(side([0.1] * 6), side([0.1] * 3 + [0.9] * 3))

    assert unlike.at == pytest.approx(80, abs=20) and unlike.apart == pytest.approx(0.8, abs=0.05)
    assert compare.describe_meeting(unlike, alike=False).startswith("panic 0.10 and 0.9")
    assert "neutral" in compare.describe_meeting(alike, alike=True)


def test_a_taught_emotion_leaves_the_distance_of_the_seven_as_it_is() -> None:
    seven = [tables.curve(strip(drawing), "builtin") for drawing in ("nnnnhh", "nnssnn")]
    beside = [side([0.2] * 6, "nnnnhh"), side([0.25] * 6, "nnssnn")]
    plain, more = met(*seven), met(*beside)

    assert [one.apart for one in plain[1:]] == pytest.approx([one.apart for one in more[1:]])
    assert [one.at for one in plain[1:]] == [one.at for one in more[1:]]


def test_a_side_without_embeddings_is_compared_by_the_seven() -> None:
    one, other = side([0.9] * 6), tables.curve(strip("nnnnnn"), "builtin")
    _, unlike = met(one, other)

    assert unlike.apart == pytest.approx(0)
    assert compare.rank_by_difference([one, other], [AXIS, AXIS])[-1] == "neutral"
    assert set(compare.rank_by_difference([one, other], [AXIS, AXIS])) == {*EMOTIONS, "panic"}


def row(emotion: str, mean: float) -> pd.DataFrame:
    return pd.DataFrame({"emotion": [emotion], "yours": mean, "yours_low": mean, "yours_high": mean})


def test_its_mean_is_a_row_of_its_own_without_a_gap_where_one_side_does_not_know_it() -> None:
    happy = row("happy", 0.4)
    table = compare.mean_gaps([pd.concat([happy, row("panic", 0.3)]), happy], "yours")
    panic = table[table["emotion"] == "panic"].sort_values("side")

    assert panic["mean"].tolist() == pytest.approx([0.3, np.nan], nan_ok=True)
    assert panic["gap"].isna().all()
    assert "panic 0.300, –" in compare_means.describe(table, ["Diner", "Rain"])
    spec = compare_means.dumbbells(table, "light").to_dict()
    assert TAUGHT["light"] in str(spec["layer"])


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_its_lane_is_dashed_and_has_its_colour(theme: str) -> None:
    curve = compare.add_axis_places(side([0.5] * 6), AXIS)
    order = [*EMOTIONS, "panic"]
    spec = compare_lanes.lanes([Lane(curve, NO_MARKS)], order, end=100, share=True, theme=theme).to_dict()
    lines = {frozenset(row["emotion"] for row in rows): layer for layer, rows in drawn(spec, "line")}
    own = lines[frozenset({"panic"})]

    assert own["mark"]["strokeDash"] == dash(0)
    assert own["encoding"]["color"]["scale"]["range"][-1] == TAUGHT[theme]
    assert lines[frozenset(EMOTIONS)]["mark"]["strokeDash"] == [1, 0]


@pytest.fixture
def pair(store: Store) -> Store:
    """Two scenes with people who are happy for a while, and "glee" taught from the first."""
    for title in ("Diner", "Rain"):
        lift(store, seed.scene(store, strip("nnhhh.nn|nnhhnn|nhnn|hhhn"), title))
    emotions.save_emotion(store, emotions.learn(store, "glee", *examples(store, 1)))
    return store


@pytest.mark.usefixtures("forgetful_pages")
def test_the_page_draws_them_and_the_choice_is_in_the_address(pair: Store) -> None:
    app = visit("compare", scenes="1,2:0")
    chips: Any = next(each for each in app.get("button_group") if "glee" in str(each))
    assert chips.value == ["glee"]

    chips.set_value([]).run()
    assert not app.exception
    assert app.query_params["own"] in ("-", ["-"])


@pytest.mark.usefixtures("forgetful_pages")
def test_a_scene_without_embeddings_says_so_and_the_other_shows_its_own(pair: Store) -> None:
    plain = seed.scene(pair, strip("nnss"), "Plain")
    app = visit("compare", scenes=f"1,{plain}")

    assert "Your own emotions are not shown here" in words(app)
    assert "Plain" in words(app)
    assert any("glee" in str(each) for each in app.get("button_group"))


def test_the_difference_of_it_is_dashed_as_well() -> None:
    curves = [side([0.5] * 6), side([0.2] * 6)]
    apart = compare_views.differences(curves, [AXIS, AXIS])
    spec = compare_views.difference(apart, [*EMOTIONS, "panic"], end=100, share=True, theme="dark").to_dict()
    (line,) = [layer for layer, rows in drawn(spec, "line") if rows]

    scale = line["encoding"]["strokeDash"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["panic"] == dash(0)
