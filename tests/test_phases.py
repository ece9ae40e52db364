"""The sampling check: the same scene read at longer steps, from its own rows."""

from __future__ import annotations

import pandas as pd
import pytest

from core.analysis.sampling_check import describe_longest_step, means_by_phase
from core.analysis.tables import means
from tests.support.builders import strip


def mean(table: pd.DataFrame, emotion: str, step_ms: int, phase_ms: int) -> float:
    found = table[(table["step_ms"] == step_ms) & (table["phase_ms"] == phase_ms) & (table["emotion"] == emotion)]
    return float(found["mean"].iloc[0])


def test_every_phase_of_every_step_has_its_means() -> None:
    table = means_by_phase(strip("hn" * 30), "builtin", (2, 3))

    assert table.groupby("step_ms")["phase_ms"].unique().map(list).to_dict() == {
        500: [0],
        1000: [0, 500],
        1500: [0, 500, 1000],
    }
    assert mean(table, "happy", 1000, 0) == pytest.approx(0.88)
    assert mean(table, "happy", 1000, 500) == pytest.approx(0.02)
    assert mean(table, "happy", 1500, 0) == pytest.approx(0.45)


def test_the_scenes_own_step_gives_the_scenes_own_means() -> None:
    timeline = strip("hnn.s" * 6)
    own = means_by_phase(timeline, "builtin")

    assert own[own["step_ms"] == 500]["mean"].tolist() == pytest.approx(means(timeline, "builtin")["mean"].tolist())


def test_steps_that_leave_hardly_a_moment_are_left_out() -> None:
    assert means_by_phase(strip("n" * 8), "builtin")["step_ms"].unique().tolist() == [500, 1000]


def test_a_phase_without_anybody_has_no_mean() -> None:
    table = means_by_phase(strip("h." * 10), "builtin", (2,))

    assert table[table["phase_ms"] == 500]["mean"].isna().all()


def test_the_sentence_names_the_emotion_that_the_longest_step_moves_most() -> None:
    said = describe_longest_step(means_by_phase(strip("hnnnnnnnns" * 5, 200), "builtin", (2, 5)))

    assert (
        said
        == "Sampled every 1 s instead of every 200 ms, the mean of happy could come out anywhere from 0.02 to 0.45."
    )


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        ("n" * 20, "Sampled every 1 s instead of every 500 ms, the means would be the same."),
        ("nh", ""),
        ("." * 20, ""),
        ("", ""),
    ],
)
def test_where_nothing_moves_it_is_said_and_where_nothing_is_nothing_is(drawing: str, said: str) -> None:
    assert describe_longest_step(means_by_phase(strip(drawing), "builtin", (2,))) == said
