"""Sides on a common axis: what an address names, where two are most alike and most unlike, how their means differ."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis import compare, means, tables
from core.analysis.compare import Axis, Side
from core.model import EMOTIONS, Sample, Timeline
from tests.support import builders
from tests.support.builders import strip


def axis(timeline: Timeline, *, share: bool = True) -> Axis:
    """How the whole of a timeline lies on the axis."""
    return Axis(timeline.samples[0].t_ms, timeline.samples[-1].t_ms, share)


def met(*drawings: str, share: bool = True) -> tuple[compare.Meeting, compare.Meeting]:
    """Most alike and most unlike of the drawings."""
    timelines = [strip(drawing) for drawing in drawings]
    curves = [tables.curve(one, "builtin") for one in timelines]
    found = compare.find_meetings(curves, [axis(one, share=share) for one in timelines])
    assert found
    return found


@pytest.mark.parametrize(
    ("asked", "sides"),
    [
        ("1,3", [Side(1), Side(3)]),
        ("3:2,1,3:-4", [Side(3, 2), Side(1), Side(3, -4)]),
        ("1,1", [Side(1), Side(1)]),
        ("", []),
        ("7", []),
        ("1,7,abc,,-1, 3,3:,:2,1e3,１,3' OR 1=1--", [Side(1)]),
        ("9999999999999999999999,1", [Side(1)]),
        (",".join(["1"] * 500), [Side(1)] * 6),
        ("x," * 200 + "1", []),
    ],
)
def test_an_address_names_sides_and_what_it_should_not_say_is_ignored(asked: str, sides: list[Side]) -> None:
    assert list(compare.parse_sides(asked, {1, 3})) == sides


def test_sides_written_and_read_are_the_same() -> None:
    sides = (Side(3, 2), Side(1), Side(3, -4))

    assert compare.parse_sides(compare.format_sides(sides), {1, 3}) == sides


def test_a_scene_of_any_length_reaches_from_0_to_100() -> None:
    for drawing in ("nnnnn", "n" * 40):
        timeline = strip(drawing)
        at = compare.add_axis_places(tables.curve(timeline, "builtin"), axis(timeline))["at"]
        assert (at.min(), at.max()) == (0, 100)


def test_seconds_count_from_the_scenes_own_first_moment() -> None:
    late = Timeline(500, tuple(Sample(one.t_ms + 60_000, one.faces) for one in strip("nnn").samples))
    at = compare.add_axis_places(tables.curve(late, "builtin"), axis(late, share=False))["at"]

    assert sorted(set(at)) == [0.0, 0.5, 1.0]


def test_the_most_alike_and_the_most_unlike_place_are_where_they_were_drawn() -> None:
    alike, unlike = met("nnnnnnhhhhhh", "nnnnnnnnnnnn")

    assert alike.at < 45 and alike.apart == pytest.approx(0)
    assert unlike.at > 55 and unlike.apart == pytest.approx(0.86, abs=0.01)
    assert compare.describe_meeting(unlike, alike=False) == "happy 0.88, neutral 0.88"


def test_of_places_that_are_as_alike_the_one_that_says_most_wins() -> None:
    alike, _ = met("nnnnnssssshhhhh", "nnnnnsssssnnnnn")

    assert 5 * 500 <= alike.t_ms[0] < 10 * 500
    assert compare.describe_meeting(alike, alike=True) == "both sad, 0.88 and 0.88"


def test_a_place_where_one_side_has_nobody_is_never_chosen() -> None:
    alike, unlike = met("nnnnhhhh....", "nnnnnnnnhhhh")

    assert max(alike.t_ms[0], unlike.t_ms[0]) < 8 * 500


def test_sides_of_different_length_meet_at_the_same_share_or_the_same_second() -> None:
    _, by_share = met("n" * 10 + "h" * 10, "n" * 40)
    _, by_second = met("n" * 10 + "h" * 10, "n" * 40, share=False)

    assert by_share.t_ms[1] == pytest.approx(2 * by_share.t_ms[0], abs=700)
    assert by_second.t_ms[0] == pytest.approx(by_second.t_ms[1], abs=300)


def test_of_three_sides_the_two_that_differ_most_are_named() -> None:
    _, unlike = met("nnnn", "nnnn", "hhhh")

    assert unlike.sides == (0, 2)


def test_nothing_meets_where_nobody_is() -> None:
    timeline = strip("....")
    curve = tables.curve(timeline, "builtin")

    assert compare.find_meetings([curve, curve], [axis(timeline)] * 2) is None


def test_a_scene_of_one_moment_can_be_compared() -> None:
    _, unlike = met("n", "hhhh", share=False)

    assert unlike.t_ms == (0, 0)


def test_alike_that_is_not_and_unlike_that_is_not_are_said_to_be_so() -> None:
    alike, _ = met("hhhh", "ssss")
    _, unlike = met("hhhh", "hhhh")

    assert compare.describe_meeting(alike, alike=True).endswith("They never come nearer.")
    assert compare.describe_meeting(unlike, alike=False).endswith("They never part further.")


def test_the_emotion_in_which_sides_part_most_comes_first_and_neutral_last() -> None:
    timelines = [strip("nnnnhhsss"), strip("nnnnnnsss")]
    order = compare.rank_by_difference(
        [tables.curve(one, "builtin") for one in timelines], [axis(one) for one in timelines]
    )

    assert order[0] == "happy" and order[-1] == "neutral"
    assert sorted(order) == sorted(EMOTIONS)


def test_one_side_alone_begins_with_what_it_shows_most() -> None:
    assert compare.rank_by_difference([tables.curve(strip("sshnnnn"), "builtin")], [axis(strip("sshnnnn"))])[:2] == [
        "sad",
        "happy",
    ]


def test_the_gap_is_first_less_second_and_the_widest_comes_first() -> None:
    told = [means.means_table(strip(drawing), "builtin", (), ()) for drawing in ("hhhn", "hnnn")]
    table = compare.mean_gaps(told, "everything")
    happy = table[table["emotion"] == "happy"]

    assert table["emotion"].iloc[0] in ("happy", "neutral")
    assert happy["gap"].iloc[0] == pytest.approx(happy["mean"].iloc[0] - happy["mean"].iloc[1])
    assert table.drop_duplicates("emotion")["gap"].abs().is_monotonic_decreasing
    assert happy["side"].tolist() == [0, 1]


def test_of_three_the_gap_lies_between_the_highest_and_the_lowest() -> None:
    told = [means.means_table(strip(drawing), "builtin", (), ()) for drawing in ("hhhh", "hhnn", "nnnn")]
    happy = compare.mean_gaps(told, "yours").query("emotion == 'happy'")

    assert happy["gap"].iloc[0] == pytest.approx(happy["mean"].max() - happy["mean"].min())


def test_a_side_without_a_face_has_no_gap_and_no_mean() -> None:
    told = [means.means_table(strip(drawing), "builtin", (), ()) for drawing in ("hh", "..")]
    table = compare.mean_gaps(told, "everything")

    assert table["gap"].isna().all()
    assert np.isnan(table[table["side"] == 1]["mean"]).all()


def test_a_person_alone_is_a_timeline_with_their_faces_only() -> None:
    two = (builders.face("happy", track=0), builders.face("sad", track=1, left=200))
    timeline = Timeline(500, (Sample(0, two), Sample(500, two[:1])))
    own = compare.keep_faces_of(timeline, 1)

    assert [[face.track for face in one.faces] for one in own.samples] == [[1], []]
    assert compare.keep_faces_of(timeline, None) is timeline


def test_lanes_of_sides_that_never_meet_are_in_the_order_of_their_means() -> None:
    curves = [tables.curve(strip(drawing), "builtin") for drawing in ("hhhh....", "....nnnn")]

    assert compare.rank_by_difference(curves, [Axis(0, 3500, share=True)] * 2)[0] == "happy"
