"""Thinning keeps peaks, ticks are round, labels keep apart."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import tables
from core.charts import spacing, thinning
from core.model import EMOTIONS, Sample, Timeline
from core.settings import clock
from tests.support.builders import face
from tests.support.builders import strip as storyboard


def long(moments: int, smile_at: int) -> pd.DataFrame:
    """The curve of one long calm shot with a single smile."""
    calm, smile = (face("neutral"),), (face("happy"),)
    samples = (Sample(200 * place, smile if place == smile_at else calm) for place in range(moments))
    return tables.curve(Timeline(200, tuple(samples)), "builtin")


def test_a_lone_smile_in_an_hour_is_still_drawn() -> None:
    curve = long(18_000, smile_at=12_345)
    thinned = thinning.thin(curve)

    assert thinned.groupby("emotion").size().max() <= thinning.POINTS
    assert set(thinned["emotion"]) == set(EMOTIONS)
    assert thinned.loc[thinned["score"].idxmax(), "t_ms"] == 12_345 * 200
    assert curve.merge(thinned).shape == thinned.shape, "every point drawn is one that was read"


def test_a_short_curve_is_drawn_whole_without_the_moments_of_nobody() -> None:
    curve = tables.curve(storyboard("nh.n"), "builtin")

    assert thinning.thin(curve).equals(curve.dropna(subset="score").reset_index(drop=True))


def test_every_run_of_a_long_curve_is_still_there() -> None:
    drawing = ("n" * 150 + "." + "h" * 150 + "|") * 10
    curve = tables.curve(storyboard(drawing), "builtin")
    thinned = thinning.thin(curve, points=200)

    assert len(thinned) < len(curve) / 5
    assert set(thinned["run"]) == set(curve.dropna(subset="score")["run"])


def test_a_moment_tells_its_time_and_scores_and_says_so_where_nobody_is() -> None:
    told = spacing.pickable_moments(tables.curve(storyboard("h."), "builtin"))

    assert told[["t_s", "time", "happy", "sad"]].values.tolist() == [
        [0.0, "0:00.0", "0.88", "0.02"],
        [0.5, "0:00.5", "no face", "no face"],
    ]


def test_moments_of_a_long_scene_are_thinned_evenly() -> None:
    told = spacing.pickable_moments(long(5001, smile_at=9))

    assert len(told) <= spacing.MOMENTS
    assert told["t_ms"].diff().dropna().unique().tolist() == [600]


@pytest.mark.parametrize(
    ("end_s", "ticks"),
    [
        (0.4, [0.0, 0.1, 0.2, 0.3, 0.4]),
        (19.4, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]),
        (139, [0, 15, 30, 45, 60, 75, 90, 105, 120, 135]),
        (3600, [0, 600, 1200, 1800, 2400, 3000, 3600]),
    ],
)
def test_ticks_lie_on_round_times(end_s: float, ticks: list[float]) -> None:
    assert spacing.ticks(0, end_s) == ticks


def test_ticks_of_a_part_of_a_film_begin_inside_it() -> None:
    assert spacing.ticks(61.3, 64.9) == [61.5, 62, 62.5, 63, 63.5, 64, 64.5]


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=7))
def test_labels_keep_apart_in_order_and_on_the_strip(wanted: list[float]) -> None:
    placed = spacing.space_out(wanted, 0.1)
    ordered = [place for _, place in sorted(zip(wanted, placed, strict=True))]

    assert all(-1e-9 <= place <= 1 + 1e-9 for place in placed)
    assert (np.diff(ordered) >= 0.1 - 1e-9).all()


def test_labels_that_are_apart_already_stay_where_they_are() -> None:
    assert spacing.space_out([0.9, 0.1, 0.5], 0.1) == pytest.approx([0.9, 0.1, 0.5])


def test_labels_that_meet_make_room_evenly() -> None:
    assert spacing.space_out([0.5, 0.5], 0.1) == pytest.approx([0.45, 0.55])


def test_words_that_would_meet_are_left_out() -> None:
    assert spacing.drop_crowded([1, 2, 2.5, 4], 1) == [1, 2, 4]


class Number(int):
    """An int that words can be added to, as in a Vega expression."""

    def __add__(self, words: str) -> str:  # type: ignore[override]
        return f"{int(self)}{words}"


@pytest.mark.parametrize("ticks", [[0, 2, 4], [0, 0.1, 59.9], [61.5, 62], [0, 15, 135], [0, 1800, 3600, 5400, 36000]])
def test_the_axis_writes_times_as_the_clock_does(ticks: list[float]) -> None:
    """The expression, worked out here, gives what ``settings.clock`` gives for every tick."""
    written = spacing.clock_expression(ticks)
    tenths = any(tick % 1 for tick in ticks)
    for tick in ticks:
        vega = {"floor": lambda value: Number(value // 1), "format": format, "datum": SimpleNamespace(value=tick)}
        said = eval(written, vega)  # noqa: S307 - our own expression
        clocked = clock(round(tick * 1000), tenths=tenths)

        assert said == (f"0:{clocked:0>5}" if tick < 3600 <= max(ticks) else clocked), (
            "an axis of hours has them throughout"
        )
