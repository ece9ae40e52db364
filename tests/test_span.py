"""Stretches of time: half-open, so that neighbours share no moment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from core.model import Peak, Span, Verdict

SPANS = some.builds(
    lambda track, start_ms, length_ms: Span(track, start_ms, start_ms + length_ms),
    *(some.integers(0, 3), some.integers(0, 40), some.integers(1, 40)),
)


def moments(span: Span) -> set[int]:
    """Every ms of it, by the definition."""
    return {t_ms for t_ms in range(100) if span.start_ms <= t_ms < span.end_ms}


@given(SPANS, some.integers(0, 99))
def test_it_covers_its_moments_and_no_others(span: Span, t_ms: int) -> None:
    assert span.covers(t_ms) is (t_ms in moments(span))
    assert span.length_ms == len(moments(span))


@given(SPANS, SPANS)
def test_two_share_as_long_as_they_share_moments(one: Span, other: Span) -> None:
    assert one.overlap_ms(other) == other.overlap_ms(one) == len(moments(one) & moments(other))
    assert one.contains(other) is (moments(other) <= moments(one))


@given(SPANS, SPANS)
def test_between_two_lies_what_their_hull_has_more(one: Span, other: Span) -> None:
    hull = one.hull(other)

    assert hull.contains(one) and hull.contains(other) and hull.track == one.track
    assert one.gap_ms(other) == other.gap_ms(one) == len(moments(hull) - moments(one) - moments(other))
    assert hull.length_ms == one.length_ms + other.length_ms + one.gap_ms(other) - one.overlap_ms(other)


def test_neighbours_touch_without_sharing_a_moment() -> None:
    first, second = Span(0, 0, 200), Span(0, 200, 400)

    assert first.overlap_ms(second) == first.gap_ms(second) == 0
    assert second.covers(200) and not first.covers(200)


def test_one_that_ends_before_it_begins_has_no_length() -> None:
    assert Span(0, 300, 200).length_ms == 0


def test_a_peak_and_its_verdict_are_about_the_same_stretch() -> None:
    peak = Peak(2, "happy", 200, 600, 400, 0.9)

    assert peak.span == Verdict("builtin", 2, "happy", 200, 600, dropped=True).span == Span(2, 200, 600)
