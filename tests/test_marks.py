"""Which peaks are marked on the strip, and which of them share a pin."""

from __future__ import annotations

import pytest

from core.analysis import tables
from core.charts import marks
from core.model import Peak, Suspect, Verdict
from tests.support.builders import strip


def suspect(start_ms: int, doubt: float, emotion: str = "happy", track: int = 0) -> Suspect:
    """A peak of half a second, doubted so much."""
    return Suspect(Peak(track, emotion, start_ms, start_ms + 500, start_ms, 0.7), doubt)


def verdict(start_ms: int, dropped: bool, reader: str = "builtin", emotion: str = "happy") -> Verdict:
    """What a viewer said of the peak that starts there."""
    return Verdict(reader, 0, emotion, start_ms, start_ms + 500, dropped)


def states(*verdicts: Verdict, bar: float = 0.5) -> dict[int, str]:
    """First moment → state, of three peaks with falling doubt."""
    found = (suspect(4000, 0.9), suspect(1000, 0.6), suspect(2000, 0.2))
    rows = marks.mark_table(found, verdicts, "builtin", bar=bar)
    return dict(zip(rows["start_ms"], rows["state"], strict=True))


def test_only_the_doubted_are_marked_in_time_order() -> None:
    assert states() == {1000: "open", 4000: "open"}
    assert list(states()) == [1000, 4000]


def test_another_bar_marks_others() -> None:
    assert list(states(bar=0.1)) == [1000, 2000, 4000]
    assert list(states(bar=0.95)) == []


def test_a_verdict_changes_the_mark_and_marks_a_believed_peak_too() -> None:
    assert states(verdict(4000, True), verdict(1000, False), verdict(2000, True)) == {
        1000: "kept",
        2000: "dropped",
        4000: "dropped",
    }


@pytest.mark.parametrize(
    "other", [verdict(4000, True, reader="deepface"), verdict(4000, True, emotion="sad"), verdict(4200, True)]
)
def test_a_verdict_about_another_peak_changes_nothing(other: Verdict) -> None:
    assert states(other) == states()


def test_marks_can_be_one_persons_only() -> None:
    found = (suspect(0, 0.9, track=1), suspect(1000, 0.8, track=2))

    assert marks.mark_table(found, (), "builtin", track=2)["track"].tolist() == [2]


def test_the_open_ones_stay_in_the_order_of_doubt() -> None:
    found = (suspect(4000, 0.9), suspect(1000, 0.6), suspect(2000, 0.55), suspect(9000, 0.1))
    left = marks.open_suspects(found, (verdict(1000, False),), "builtin")

    assert [one.peak.start_ms for one in left] == [4000, 2000]


def test_marks_close_to_each_other_share_the_pin_of_the_most_doubtful_open_one_which_counts_what_is_open() -> None:
    found = (suspect(1000, 0.6), suspect(1500, 0.9), suspect(1800, 0.95), suspect(6000, 0.7))
    shared = marks.pins(marks.mark_table(found, (verdict(1800, True),), "builtin"), least_s=1)

    assert shared["start_ms"].tolist() == [1500, 6000]
    assert shared["count"].tolist() == [2, 1]
    assert shared["room_s"].tolist() == [4.5, float("inf")]


def test_a_kept_peak_has_no_pin_and_nothing_has_none() -> None:
    kept = marks.mark_table((suspect(1000, 0.6),), (verdict(1000, False),), "builtin")

    assert marks.pins(kept, 1).empty
    assert marks.pins(marks.mark_table((), (), "builtin"), 1).empty


def test_no_two_pins_are_nearer_than_they_may_be() -> None:
    found = [suspect(700 * place, 0.5 + 0.4 * (place * 7 % 10) / 10) for place in range(20)]
    shared = marks.pins(marks.mark_table(found, (), "builtin"), least_s=2)

    assert shared["room_s"].min() >= 2
    assert shared["count"].sum() == 20


def test_a_face_is_doubted_where_it_reads_as_what_is_doubted_and_dropped_whatever_it_reads_as() -> None:
    faces = tables.faces(strip("nhnsn"), "builtin")
    found = (suspect(500, 0.9), suspect(1000, 0.8, emotion="sad"), suspect(1500, 0.7, emotion="sad"))
    told = marks.mark_faces(faces, marks.mark_table(found, (verdict(1500, True, emotion="sad"),), "builtin"))

    assert told["doubt"].tolist() == [0, 0.9, 0, 0, 0], "at 1.0 s the face reads as neutral, not as sad"
    assert told["dropped"].tolist() == [False, False, False, True, False]


def test_another_persons_face_at_the_same_moment_is_not_doubted() -> None:
    faces = tables.faces(strip("nh"), "builtin")

    assert marks.mark_faces(faces, marks.mark_table((suspect(500, 0.9, track=4),), (), "builtin"))["doubt"].sum() == 0
