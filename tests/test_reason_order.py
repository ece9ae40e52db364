"""Which of the rules' reasons are told of a peak, and in what order."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from core.doubt import rules
from core.doubt.evidence import Evidence, gather_evidence
from core.doubt.limits import LIMITS
from core.doubt.model import INTERCEPT, Model, weights_name
from core.model import Reason
from tests.support.builders import strip


@pytest.fixture
def smile() -> Evidence:
    """A smile of one moment, which several rules speak against."""
    (found,) = gather_evidence(strip("nnnnnnhnnnnnnn", step_ms=200), "builtin", None, (320, 180), None)
    return found


def spoken(peak: Evidence, speaks: float, weight: float = 0.0) -> tuple[Reason, ...]:
    """What is told of a peak whose doubt is 0.5, or as the weight alone makes it."""
    model = Model({weights_name(peak): {INTERCEPT: weight}})
    return rules.judge_peak(peak, model, replace(LIMITS, speaks=speaks)).reasons


def test_the_strongest_reason_is_told_first_and_none_is_lost(smile: Evidence) -> None:
    every = [reason for rule in rules.RULES if (reason := rule(smile, LIMITS)) is not None]
    told = spoken(smile, 0.0)

    assert len(every) > 1
    assert sorted(told, key=repr) == sorted(every, key=repr)
    assert [one.strength for one in told] == sorted((one.strength for one in every), reverse=True)


def test_a_reason_speaks_from_its_bar_on_and_a_weaker_one_is_silent(smile: Evidence) -> None:
    weakest = spoken(smile, 0.0)[-1]

    assert weakest in spoken(smile, weakest.strength)
    assert weakest not in spoken(smile, math.nextafter(weakest.strength, 1.0))


def test_a_suspect_of_which_no_rule_speaks_says_what_all_together_say_and_a_believed_peak_nothing(
    smile: Evidence,
) -> None:
    (only,) = spoken(smile, speaks=2.0, weight=30.0)

    assert only.rule == "together"
    assert spoken(smile, speaks=2.0, weight=-30.0) == ()
