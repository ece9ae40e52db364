"""Where a face turns from one emotion to another, drawn: one letter per moment."""

from __future__ import annotations

import pytest

from core.analysis import tables
from core.analysis.turning_points import biggest_turn
from core.store.scenes import Store
from tests.support import pages, seed
from tests.support.builders import strip
from tests.support.pages import visit


def turn(drawing: str) -> tuple[int, str, str] | None:
    """When, from what and to what the biggest turn is, in moments of 200 ms."""
    found = biggest_turn(tables.faces(strip(drawing, 200), "builtin"))
    return (found.t_ms // 200, found.before, found.after) if found else None


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("sssssshhhhhh", (6, "sad", "happy")),
        ("nnnnnsnnnnnhhhhhh", (11, "neutral", "happy")),  # a moment's frown is no turn
        ("ssssss|hhhhhh", None),  # another face after a cut
        ("nnnnnn", None),
        ("......", None),
        ("h", None),
    ],
)
def test_a_turn_is_where_one_face_goes_over_to_something_else_for_a_while(
    drawing: str, expected: tuple[int, str, str] | None
) -> None:
    assert turn(drawing) == expected


def test_of_two_turns_the_earlier_one_is_taken_where_both_are_as_big() -> None:
    assert turn("ssssssssshhhhhhhhhsssssssss") == (9, "sad", "happy")


@pytest.mark.usefixtures("forgetful_pages")
def test_a_scene_without_doubts_opens_at_its_biggest_turn(store: Store) -> None:
    drawing = "nnnnnnnnhhhhhhhhhhhhhhhhhhhhhhhh"
    app = visit("scene", scene=seed.scene(store, strip(drawing, 500)))

    assert pages.moment(app) == 500 * drawing.index("h")
