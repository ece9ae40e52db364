"""What makes a comparison wrong is a warning; what else differs is told, and nothing where nothing does."""

from __future__ import annotations

import pytest

from core.analysis import fairness
from core.analysis.fairness import Facts

DINER = Facts("Diner", "Built-in", 200, 1, True, 0.98, 98, "MTCNN, faces from 24 px")
RAIN = DINER._replace(title="Rain")


def told(*facts: Facts) -> list[tuple[str, bool]]:
    return [(one.text, one.wrong) for one in fairness.find_caveats(facts)]


def test_scenes_that_were_read_alike_have_no_remark() -> None:
    assert told(DINER, RAIN) == []
    assert told(DINER) == []


@pytest.mark.parametrize(
    ("other", "word", "wrong"),
    [
        (RAIN._replace(reader="DeepFace"), "Built-in in “Diner”, DeepFace in “Rain”", True),
        (RAIN._replace(faces=0, coverage=0.0), "No face was read in “Rain”", True),
        (RAIN._replace(faces=4), "Only 4 moments of “Rain” show a face", False),
        (RAIN._replace(faces=1), "Only 1 moment of “Rain”", False),
        (RAIN._replace(step_ms=2000), "every 200 ms in “Diner”, every 2 s in “Rain”", False),
        (RAIN._replace(people=7), "differ in people: 1 in “Diner”, 7 in “Rain”", False),
        (RAIN._replace(coverage=0.41), "98\u00a0% in “Diner”, 41\u00a0% in “Rain”", False),
        (RAIN._replace(how="YuNet, faces from 24 px"), "YuNet, faces from 24 px in “Rain”", False),
    ],
)
def test_each_difference_is_told_with_both_values_and_only_the_grave_ones_warn(
    other: Facts, word: str, wrong: bool
) -> None:
    found = told(DINER, other)

    assert word in found[0][0]
    assert found[0][1] is wrong


def test_a_person_against_a_person_says_nothing_of_how_many_there_are() -> None:
    assert told(DINER._replace(everyone=False), RAIN._replace(people=7, everyone=False)) == []


def test_who_has_the_same_is_named_together_and_warnings_come_first() -> None:
    found = told(DINER, RAIN._replace(step_ms=1000), DINER._replace(title="Storm", reader="DeepFace"))

    assert [wrong for _, wrong in found] == [True, False]
    assert "every 200 ms in “Diner” and “Storm”" in found[1][0]
