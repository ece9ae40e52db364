"""Peaks, drawn: one letter per moment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.doubt.peaks import find_peaks, sightings_by_track
from core.model import Face, Reading, Sample, Scores, Timeline
from tests.support.builders import face, found, strip


def spans(drawing: str, step_ms: int = 500) -> list[tuple[str, int, int]]:
    return [(peak.emotion, peak.start_ms, peak.end_ms) for peak in find_peaks(strip(drawing, step_ms), "builtin")]


def curve(*heights: float) -> Timeline:
    """Happy at these heights, the rest neutral; None of the others is ever near."""
    samples = [
        Sample(at * 200, (Face(found(), track=0, readings={"r": Reading(Scores(happy=h, neutral=1 - h))}),))
        for at, h in enumerate(heights)
    ]
    return Timeline(200, tuple(samples))


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("nnnnhnnnn", [("happy", 2000, 2500)]),
        ("nnnhhhhhnn", [("happy", 1500, 4000)]),
        ("hhhh", [("happy", 0, 2000)]),
        ("nhsnn", [("happy", 500, 1000), ("sad", 1000, 1500)]),
        ("nnhh|hhnn", [("happy", 1000, 2000), ("happy", 2000, 3000)]),
        ("nh.hn", [("happy", 500, 2000)]),
        ("nnnn", []),
        ("....", []),
        ("", []),
    ],
)
def test_a_run_of_one_emotion_on_one_person_is_one_peak(drawing: str, expected: list) -> None:
    assert spans(drawing) == expected


def test_a_peak_ends_where_the_next_moment_begins_also_when_moments_are_uneven() -> None:
    even = strip("nhn", 500)
    times = (0, 300, 1700)
    uneven = Timeline(500, tuple(replace(s, t_ms=t) for s, t in zip(even.samples, times, strict=True)))

    (peak,) = find_peaks(uneven, "builtin")

    assert (peak.start_ms, peak.end_ms, peak.apex_ms) == (300, 1700, 300)


def test_apex_and_height_are_those_of_the_highest_moment() -> None:
    (peak,) = find_peaks(curve(0.1, 0.6, 0.9, 0.7, 0.1), "r")

    assert (peak.apex_ms, peak.height) == (400, 0.9)


def test_a_peak_that_merely_dips_for_a_moment_stays_one() -> None:
    assert len(find_peaks(curve(0.1, 0.8, 0.45, 0.8, 0.1), "r")) == 1
    assert len(find_peaks(curve(0.1, 0.8, 0.2, 0.8, 0.1), "r")) == 2
    assert len(find_peaks(curve(0.1, 0.8, 0.45, 0.45, 0.8, 0.1), "r")) == 2


def test_a_score_that_rises_far_beside_the_winner_is_a_peak_too() -> None:
    (peak,) = find_peaks(curve(0.02, 0.02, 0.45, 0.02, 0.02), "r")

    assert peak.apex_ms == 400
    assert find_peaks(curve(0.45, 0.45, 0.45, 0.45), "r") == ()


def test_an_emotion_on_top_of_almost_nothing_is_no_peak() -> None:
    flat = Scores(*(0.145, 0.145, 0.145, 0.15, 0.145, 0.145, 0.125))
    timeline = Timeline(200, (Sample(0, (Face(found(), track=0, readings={"r": Reading(flat)}),)),))

    assert find_peaks(timeline, "r") == ()


def test_two_people_have_peaks_of_their_own() -> None:
    both = [
        Sample(t_ms, (face(one, track=0), face(other, left=300, track=1)))
        for t_ms, one, other in ((0, "neutral", "happy"), (200, "happy", "happy"), (400, "neutral", "sad"))
    ]

    found_peaks = find_peaks(Timeline(200, tuple(both)), "builtin")

    assert {(p.track, p.emotion, p.start_ms, p.end_ms) for p in found_peaks} == {
        (0, "happy", 200, 400),
        (1, "happy", 0, 400),
        (1, "sad", 400, 600),
    }


def test_each_reader_has_its_own_peaks_and_unread_or_untracked_faces_have_none() -> None:
    read = Timeline(200, (Sample(0, (face("happy", deepface="fear"), face("happy", track=None))),))

    assert [peak.emotion for peak in find_peaks(read, "builtin")] == ["happy"]
    assert [peak.emotion for peak in find_peaks(read, "deepface")] == ["fear"]
    assert sightings_by_track(read, "nobody") == {}
