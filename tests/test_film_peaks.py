"""The part "film" of the benchmark of doubts: which peaks count as false, and what it compares with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench import film_peaks, sticky
from core.model import Box, Found, Peak

PEAK = Peak(track=0, emotion="happy", start_ms=1000, end_ms=2000, apex_ms=1400, height=0.9)
HERE = [(t_ms, Found(Box(0, 0, 100, 100), 0.99)) for t_ms in (1000, 1500, 2000)]


def face(first: str, second: str = "", t_ms: int = 1500, box: tuple[int, ...] = (0, 0, 100, 100)) -> dict[str, Any]:
    return {"a": first, "b": second or first, "t_ms": t_ms, "box": list(box), "speaking": False, "notes": []}


@pytest.mark.parametrize(
    ("faces", "false"),
    [
        ([face("neutral")], True),
        ([face("happy")], False),
        ([face("happy", "neutral")], None),  # the judges differ
        ([face("happy"), face("neutral")], None),  # half of it
        ([face("happy"), face("happy"), face("happy"), face("sad")], False),
        ([face("unclear")], None),
        ([face("noface")], True),
        ([], None),
    ],
)
def test_a_peak_nobody_judged_is_false_where_its_faces_show_something_else(
    faces: list[dict[str, Any]], false: bool | None
) -> None:
    assert film_peaks._false_by_faces(PEAK, faces) is false


def test_only_faces_of_the_same_place_and_time_belong_to_a_peak() -> None:
    there, later, aside = face("happy"), face("happy", t_ms=2200), face("happy", box=(200, 0, 300, 100))

    assert film_peaks._faces_in(PEAK, HERE, [there, later, aside]) == [there]


def test_a_peak_is_judged_by_the_verdict_of_the_same_emotion_place_and_time() -> None:
    def said(verdict: str, **other: Any) -> dict[str, Any]:
        usual = {"emotion": "happy", "start_ms": 1000, "end_ms": 1900, "apex_ms": 1500, "box": [0, 0, 100, 100]}
        return usual | {"verdict": verdict} | other

    assert film_peaks._verdict(PEAK, HERE, [said("true")]) == "true"
    assert film_peaks._verdict(PEAK, HERE, [said("true", end_ms=1200), said("false", start_ms=1200)]) == "false"
    for other in ({"emotion": "sad"}, {"start_ms": 2200, "end_ms": 2400}, {"box": [200, 0, 300, 100]}):
        assert film_peaks._verdict(PEAK, HERE, [said("true", **other)]) is None


def test_sticky_states_overrule_a_moment_and_follow_what_lasts() -> None:
    calm, glad = np.array([0.05] * 6 + [0.7]), np.array([0.05] * 3 + [0.7] + [0.05] * 3)
    moment = sticky.smooth(np.array([calm] * 4 + [glad] + [calm] * 4), 0.95)
    lasting = sticky.smooth(np.array([calm] * 4 + [glad] * 6), 0.95)

    assert moment.sum(axis=1) == pytest.approx(1.0)
    assert moment[4].argmax() == 6
    assert lasting[-1].argmax() == 3 and lasting[0].argmax() == 6
