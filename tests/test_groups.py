"""Suspects with one cause in one place are one group: for the pages, for `peaks --json`, for a decision."""

from __future__ import annotations

import json

import pytest

from core.__main__ import main
from core.doubt.groups import OTHER_FACES_MS, SAME_FACE_MS, Group, group_suspects
from core.doubt.limits import LIMITS
from core.language import write_group
from core.model import Peak, Reason, Suspect
from core.shelf.scene_view import view_scene
from core.store.scenes import Store
from tests.support import doubtful

SMALL = Reason("unreadable", (("small", True), ("blurred", False)), 1.0)
BLURRED = Reason("unreadable", (("small", False), ("blurred", True)), 0.6)
TURNED = Reason("turned", (("nose_offset", 0.5),), 0.9)
SECOND = Reason("second", (("emotion", "happy"), ("reader", "deepface")), 0.8)
BRIEF = Reason("brief", (("emotion", "happy"),), 0.8)
TOGETHER = Reason("together", (("of_100", 60.0),), 0.6)


def suspect(
    start_ms: int, reason: Reason = SMALL, track: int = 0, emotion: str = "happy", doubt: float = 0.9
) -> Suspect:
    """A peak of a moment that is doubted for one reason."""
    return Suspect(Peak(track, emotion, start_ms, start_ms + 200, start_ms, 0.8), doubt, (reason,))


def grouped(*suspects: Suspect, cuts: tuple[int, ...] = ()) -> list[list[int]]:
    """The first moments of the peaks of each group."""
    return [[one.peak.start_ms for one in group.suspects] for group in group_suspects(suspects, cuts)]


def test_faces_that_are_too_small_at_the_same_time_are_one_group_whatever_they_read_as() -> None:
    few = suspect(0, track=0), suspect(100, track=1, emotion="sad"), suspect(600, track=2, emotion="fear")

    (group,) = group_suspects(few, ())
    assert group.suspects == few
    assert write_group(group.cause) == "3 faces here are too small to read, 3 peaks"


def test_a_cut_parts_them_and_so_does_time() -> None:
    near, far = 200 + OTHER_FACES_MS, 201 + OTHER_FACES_MS

    assert grouped(suspect(0), suspect(near, track=1)) == [[0, near]]
    assert grouped(suspect(0), suspect(far, track=1)) == [[0], [far]]
    assert grouped(suspect(0), suspect(near, track=1), cuts=(near,)) == [[0], [near]]


def test_peaks_of_one_face_may_lie_further_apart() -> None:
    near, far = 200 + SAME_FACE_MS, 201 + SAME_FACE_MS

    assert grouped(suspect(0), suspect(near)) == [[0, near]]
    assert grouped(suspect(0), suspect(far)) == [[0], [far]]


def test_one_that_lies_between_two_places_joins_them() -> None:
    first, last, between = suspect(0, track=0), suspect(1500, track=1), suspect(800, track=2)

    assert grouped(first, last) == [[0], [1500]]
    assert grouped(first, last, between) == [[0, 1500, 800]]


def test_another_strongest_reason_is_another_cause() -> None:
    assert grouped(suspect(0), suspect(0, TURNED, track=1)) == [[0], [0]]


def test_what_readers_say_is_a_cause_for_one_emotion_of_one_face() -> None:
    assert grouped(suspect(0, SECOND), suspect(2000, SECOND)) == [[0, 2000]]
    assert grouped(suspect(0, SECOND), suspect(2000, SECOND, emotion="sad")) == [[0], [2000]]
    assert grouped(suspect(0, SECOND), suspect(200, SECOND, track=1)) == [[0], [200]]


@pytest.mark.parametrize("reason", [BRIEF, TOGETHER])
def test_two_moments_that_are_too_brief_have_not_one_cause_nor_have_two_without_any(reason: Reason) -> None:
    assert grouped(suspect(0, reason), suspect(400, reason)) == [[0], [400]]


def test_groups_stand_by_the_worst_of_each_which_comes_first() -> None:
    worst, mild, other = suspect(400, doubt=0.95), suspect(0, doubt=0.55), suspect(200, BRIEF, doubt=0.7)

    first, second = group_suspects((worst, other, mild), ())
    assert (first.suspects, second.suspects) == ((worst, mild), (other,))
    assert first.worst is worst


@pytest.mark.parametrize(
    ("group", "says"),
    [
        (Group((suspect(0), suspect(400))), "This face is too small to read, 2 peaks"),
        (Group((suspect(0, BLURRED), suspect(0, BLURRED, 1))), "2 faces here are too blurred to read, 2 peaks"),
        (Group((suspect(0), suspect(0, BLURRED, 1))), "2 faces here are too small or too blurred to read, 2 peaks"),
        (Group((suspect(0, SECOND), suspect(400, SECOND))), "2 peaks of this face, happy, are doubted for one reason"),
    ],
)
def test_a_group_says_its_cause_and_counts_faces_and_peaks(group: Group, says: str) -> None:
    assert write_group(group.cause) == says


def test_a_crowd_too_small_to_read_is_one_group_and_every_peak_is_in_one(store: Store) -> None:
    view = view_scene(store, store.scene(doubtful.crowd(store)), "builtin")

    (group,) = view.groups
    assert write_group(group.cause) == "4 faces here are too small to read, 6 peaks"
    assert group.suspects == view.open


def test_peaks_for_programs_names_the_same_groups(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    view = view_scene(store, store.scene(doubtful.crowd(store)), "builtin")
    assert main(["peaks", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    (group,) = told["groups"]
    assert (group["rule"], group["text"]) == ("unreadable", "4 faces here are too small to read, 6 peaks")
    assert [told["peaks"][place]["start_ms"] for place in group["peaks"]] == [one.peak.start_ms for one in view.open]
    assert {one["tier"] for one in told["peaks"]} == {LIMITS.tier(one.doubt) for one in view.suspects}

    store.add_verdicts(1, [view.decide(one.peak, drop=True) for one in view.open])
    assert main(["peaks", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["groups"] == []


def test_dropping_a_group_moves_each_mean_by_all_its_peaks(store: Store) -> None:
    view = view_scene(store, store.scene(doubtful.crowd(store)), "builtin")
    peaks = [one.peak for one in view.groups[0].suspects]
    first, *others = sorted(peaks, key=lambda peak: peak.emotion != "happy")
    before, after = view.moves(first, *others)
    store.add_verdicts(1, [view.decide(peak, drop=True) for peak in peaks])
    happy = view_scene(store, store.scene(1), "builtin").means().set_index("emotion").loc["happy"]

    assert (before, after) == (pytest.approx(happy["everything"]), pytest.approx(happy["yours"]))
    assert after < view.moves(first)[1]


@pytest.mark.parametrize(
    ("doubt", "tier"),
    [(0.49, ""), (0.5, "look twice"), (0.79, "look twice"), (0.8, "do not believe"), (1.0, "do not believe")],
)
def test_doubt_has_two_tiers(doubt: float, tier: str) -> None:
    assert LIMITS.tier(doubt) == tier
