"""The compare page: its choice lives in the address, hostile addresses say nothing, nobody sees another's scenes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.model import Reading, Timeline
from core.store.scenes import Store
from core.store.visitors import VisitorStore
from tests.support import builders, seed
from tests.support.builders import strip
from tests.support.pages import visit, words

pytestmark = pytest.mark.usefixtures("forgetful_pages")


@pytest.fixture
def pair(store: Store) -> tuple[int, int]:
    """Two scenes on the shelf, the second with two people."""
    seed.scene(store, strip("nnhhnnhhnnhh"), "Diner")
    seed.scene(store, strip("ssnn|nnssnnss"), "Rain")
    return 1, 2


def chosen(app: AppTest) -> list[int | None]:
    """The scenes in the boxes of the head."""
    return [box.value for box in app.selectbox if box.label.startswith("Scene ")]


def test_without_an_address_the_newest_two_stand_side_by_side(pair: tuple[int, int]) -> None:
    app = visit("compare")

    assert sorted(chosen(app)) == [1, 2]
    assert "Most alike" in words(app) and "Means, widest gap first" in words(app)


def test_the_address_says_which_scenes_in_which_order_and_who_of_them(pair: tuple[int, int]) -> None:
    app = visit("compare", scenes="2:1,1", axis="seconds", of="everything")
    who = next(box for box in app.selectbox if box.label == "Who of scene 1")

    assert chosen(app) == [2, 1]
    assert who.value == "1"
    assert "filled: Rain, Person 2" in words(app)


def test_a_choice_is_written_into_the_address(pair: tuple[int, int]) -> None:
    app = visit("compare", scenes="1,2")
    app.selectbox(key="side_1").set_value(1).run()

    assert not app.exception
    assert app.query_params["scenes"] == "1,1"


@pytest.mark.parametrize("asked", ["1,99", "1,2e9,-2", "1,<script>", "1,:,2:,%00"])
def test_what_no_scene_is_called_is_ignored(pair: tuple[int, int], asked: str) -> None:
    app = visit("compare", scenes=asked, axis="evil", of="evil", reader="evil")

    assert chosen(app) == [1]
    assert "Add a second scene to compare" in words(app)


def test_one_scene_alone_shows_its_lanes_and_asks_for_a_second(store: Store) -> None:
    seed.scene(store, strip("nnhh"))
    app = visit("compare")

    assert chosen(app) == [1]
    assert "Over the scene" in words(app)
    assert "Add a second scene to compare" in words(app)
    assert "Most alike" not in words(app)


def test_two_people_of_one_scene_are_one_press_away(store: Store) -> None:
    seed.scene(store, strip("nnhh|ssss"))
    app = visit("compare")
    app.button(key="two").click().run()

    assert app.query_params["scenes"] == "1:0,1:1"
    assert chosen(app) == [1, 1]
    assert "filled: Diner, Person 1 · dashed: Diner, Person 2" in words(app)


def test_scenes_of_different_readers_are_compared_under_a_warning(store: Store) -> None:
    seed.scene(store, strip("nnhhnnhhnnhh"), "Diner")
    face = replace(builders.face(), readings={"deepface": Reading(builders.scores("sad"))})
    samples = tuple(replace(one, faces=(face,)) for one in strip("n" * 12).samples)
    seed.scene(store, Timeline(500, samples), "Rain", ["deepface"])
    app = visit("compare", scenes="1,2")

    assert "Read by different readers" in app.warning[0].value


def test_a_scene_without_anybody_can_be_chosen_and_is_said_to_have_nothing(store: Store) -> None:
    seed.scene(store, strip("nnhhnnhhnnhh"), "Diner")
    seed.scene(store, strip("............"), "Empty street")
    app = visit("compare", scenes="1,2")

    assert "No face was read in “Empty street”" in app.warning[0].value.replace("\\", "")
    assert "Most alike" not in words(app)


def test_hosted_a_visitor_never_reads_anothers_scene(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = "m" * 22, "t" * 22
    seed.scene(VisitorStore(store, theirs), strip("nnhh"), "Their secret")
    seed.scene(VisitorStore(store, mine), strip("nnss"), "Mine")
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    app = visit("compare", scenes="1,2", shelf=mine)

    assert chosen(app) == [2]
    assert all("secret" not in str(option) for box in app.selectbox for option in box.options)
    assert "secret" not in words(app)


@pytest.mark.parametrize(
    ("view", "said"),
    [("", "filled: Diner · dashed: Rain"), ("scenes", "gap: no face found"), ("difference", "more in Diner, below")],
)
def test_the_curves_have_three_views_that_live_in_the_address(pair: tuple[int, int], view: str, said: str) -> None:
    app = visit("compare", scenes="1,2", look=view)

    assert said in words(app) and not app.exception
    assert view in ("", app.query_params.get("look"))


def test_one_scene_alone_has_no_difference(store: Store) -> None:
    seed.scene(store, strip("nnhh"))

    assert "filled: Diner" in words(visit("compare", look="difference"))


def test_two_who_are_never_there_at_once_have_no_difference_and_a_sentence_says_so(store: Store) -> None:
    seed.scene(store, strip("nnhh|ssss"))
    app = visit("compare", scenes="1:0,1:1", look="difference")

    assert "No place on the axis shows a face of both" in words(app) and not app.exception
