"""Which pictures are looked at: grids, budgets, estimates."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Step, Video
from core.sampling import expected_moments, fit_step, slot_counter

HOUR = Video("film.mp4", 3_600_000, 640, 360, 25.0)


def answers(step: Step, times: list[int], start_ms: int = 0) -> list[int]:
    """The first picture of every slot."""
    slot_of = slot_counter(step, start_ms)
    return [next(group) for _, group in groupby(times, slot_of)]


@pytest.mark.parametrize(
    ("step", "times", "looked_at"),
    [
        (Step(200), [0, 100, 200, 300, 400], [0, 200, 400]),
        (Step(200), [0, 130, 260, 390, 520], [0, 260, 520]),
        (Step(200), [50, 150, 250], [50, 250]),
        (Step(200), [0, 900, 940, 1000, 1040], [0, 900, 1000]),
        (Step(10), [0, 40, 80], [0, 40, 80]),
        (Step(3, "frames"), [0, 1, 2, 50, 60, 70, 900], [0, 50, 900]),
        (Step(1, "frames"), [7, 8, 9], [7, 8, 9]),
    ],
)
def test_the_first_picture_at_or_after_a_point_of_the_grid_answers_it(step, times, looked_at):
    """Two points between the same two pictures have one answer."""
    assert answers(step, times) == looked_at


def naive(times: list[int], step_ms: int) -> list[int]:
    """The rule as a person would say it: wait for the target, take the picture, move the target past it."""
    taken, target = [], 0
    for t_ms in times:
        if t_ms >= target:
            taken.append(t_ms)
            while target <= t_ms:
                target += step_ms
    return taken


@given(st.lists(st.integers(0, 20_000), unique=True).map(sorted), st.integers(1, 3000))
def test_slots_say_the_same_as_a_target_that_moves_past_each_answer(times, step_ms):
    """Slots need no memory, which is what makes resuming exact."""
    assert answers(Step(step_ms), times) == naive(times, step_ms)


@pytest.mark.parametrize(
    ("step", "limits", "moments"),
    [
        (Step(200), {}, 18_000),
        (Step(200), {"start_ms": 3_599_900}, 1),
        (Step(200), {"start_ms": 1000, "end_ms": 2001}, 6),
        (Step(10), {"end_ms": 1000}, 25),
        (Step(50, "frames"), {}, 1800),
        (Step(200), {"budget": 500}, 500),
        (Step(50, "frames"), {"budget": 500}, 500),
        (Step(200), {"start_ms": 4_000_000}, 0),
    ],
)
def test_the_expected_moments_of_an_hour(step, limits, moments):
    """Never more than there are pictures, never more than the budget."""
    assert expected_moments(HOUR, step, **limits) == moments


@given(st.integers(1, 5000), st.integers(1, 1000), st.integers(0, 3_600_000))
def test_a_budget_widens_the_step_only_as_far_as_it_must(every, budget, end_ms):
    """The widened step fits; one millisecond less would not, unless it was asked for."""
    step = fit_step(HOUR, Step(every), end_ms=end_ms, budget=budget).every

    assert -(-end_ms // step) <= budget
    assert step == every or -(-end_ms // (step - 1)) > budget
