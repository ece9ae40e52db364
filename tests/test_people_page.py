"""People on the pages: name, merge, split and undo in place, and everything that is shown follows."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.doubt import verdicts
from core.model import Gathering, Sample, Span, Timeline
from core.store.scenes import Store
from core.ui import people_together
from tests.support import doubtful, seed
from tests.support.builders import LETTERS, face, strip
from tests.support.pages import people_rows, player, visit, words

pytestmark = pytest.mark.usefixtures("forgetful_pages")

STORY = strip("nnhh|ss|.nnnn", 200)


@pytest.fixture
def scene_id(store: Store) -> int:
    """Three shots, somebody in each."""
    return seed.scene(store, STORY)


def moments(app: AppTest) -> str:
    """Over how many moments the means are taken."""
    return re.findall(r"Over the (\d+) moments", words(app))[0]


def test_everybody_has_a_row_with_how_long_they_are_on_screen(scene_id: int) -> None:
    app = visit("scene", scene=scene_id)

    assert people_rows(app) == ["Person 1", "Person 3", "Person 2"]
    assert "0:00.8 on screen (36\u00a0%), from 0:00.0" in words(app)
    assert not [button for button in app.button if button.key in ("merge", "split", "people_undo")]


def test_a_name_is_given_in_place_and_taken_back(store: Store, scene_id: int) -> None:
    app = visit("scene", scene=scene_id)
    app.button(key="who_1").click().run()
    app.text_input(key="name_1_0").set_value("Anna_K").run()

    assert people_rows(app) == ["Person 1", "Person 3", "Anna\\_K*"]
    assert [person.name for person in store.people(scene_id)] == ["Person 1", "Anna_K", "Person 3"]
    assert "Anna_K" in str(player(app)["people"])

    app.button(key="people_undo").click().run()

    assert people_rows(app) == ["Person 1", "Person 3", "Person 2*"] and not app.exception
    assert store.people_decisions(scene_id) == ()


def test_people_are_merged_by_their_strips_and_curves_and_means_follow(store: Store, scene_id: int) -> None:
    app = visit("scene", scene=scene_id, who=2)
    alone = player(app)
    app.button(key="merge").click().run()
    assert app.button(key="merge_these").disabled

    app.checkbox(key="merge_2_0").check().run()
    app.button(key="merge_these").click().run()

    assert people_rows(app) == ["Person 1*", "Person 2"] and not app.exception
    assert [person.tracks for person in store.people(scene_id)] == [(0, 2), (1,)]
    assert "in 2 shots, from 0:00.0" in words(app)
    assert (moments(app), player(app)["person"]) == ("8", [0, 2])
    assert player(app)["curves"] != alone["curves"]


def test_a_shot_is_split_off_and_a_part_of_one(store: Store, scene_id: int) -> None:
    store.add_people_decisions(scene_id, [Gathering("merge", 0, "", (1, 2))])
    app = visit("scene", scene=scene_id, who=0)
    app.button(key="split").click().run()
    app.checkbox(key="split_1_800").check().run()
    app.button(key="split_these").click().run()

    assert people_rows(app) == ["Person 1*", "Person 2"] and moments(app) == "8"

    app.button(key="who_1").click().run()
    app.button(key="split").click().run()
    assert app.button(key="split_these").disabled, "nothing of them would be left"
    app.select_slider(key="between_1_800_1001").set_value((1000, 1000)).run()
    app.button(key="split_these").click().run()

    assert people_rows(app) == ["Person 1", "Person 2*", "Person 4"] and not app.exception
    assert moments(app) == "1"


def test_who_was_merged_is_found_in_an_old_link(store: Store, scene_id: int) -> None:
    store.add_people_decisions(scene_id, [Gathering("merge", 0, "", (2,))])

    assert "Person 1*" in people_rows(visit("scene", scene=scene_id, who=2))
    assert not any("*" in name for name in people_rows(visit("scene", scene=scene_id, who=-7)))


def test_a_warning_says_that_two_who_share_the_frame_are_not_one(store: Store) -> None:
    pair = Timeline(200, (Sample(0, (face("happy"), face("sad", left=220, track=1))),))
    app = visit("scene", scene=seed.scene(store, pair), who=0)
    app.button(key="merge").click().run()
    app.checkbox(key="merge_0_1").check().run()

    assert "Person 2 is beside Person 1 at 0:00.0: not one person." in words(app)


def test_the_page_says_who_shares_the_frame_with_whom_and_reads_as_what(store: Store) -> None:
    pair = tuple(
        Sample(200 * at, (face(LETTERS[one]), face(LETTERS[other], left=220, track=1)))
        for at, (one, other) in enumerate(zip("hhh", "ssn", strict=True))
    )
    app = visit("scene", scene=seed.scene(store, Timeline(200, pair)))

    assert "Person 1 and Person 2: 0:00.6 together" in words(app)
    assert re.search(r"Person 1 reads as .*happy\u00a088", words(app)) and re.search(
        r"Person 2 reads as .*sad\u00a059", words(app)
    )
    app.session_state["together_table"] = True
    table = next(each.value for each in app.run().dataframe if "seconds together" in each.value)
    assert table[["person", "with", "seconds together"]].values.tolist() == [
        ["Person 1", "Person 2", 0.6],
        ["Person 2", "Person 1", 0.6],
    ]
    assert list(table.columns) == ["person", "with", "seconds together", *people_together.EMOTIONS]


def test_the_gallery_shows_the_faces_of_a_merged_person(store: Store, scene_id: int) -> None:
    store.add_people_decisions(scene_id, [Gathering("merge", 0, "", (2,))])
    app = visit("faces", scene=scene_id, who=0)

    assert people_rows(app) == ["Person 1*", "Person 2"]
    assert len(app.get("page_link")) == 8


def test_the_review_page_shows_the_peaks_of_one_person_also_where_two_share_a_track(store: Store) -> None:
    scene_id = doubtful.scene(store)
    store.add_people_decisions(scene_id, [Gathering("split", -1, "Anna", (Span(0, 2400, 9000),))])

    def queue(app: AppTest) -> list[str]:
        return [str(button.key) for button in app.button if str(button.key).startswith("row_")]

    assert queue(visit("review", scene=scene_id)) == ["row_0.happy.1600", "row_0.sad.3200"]
    app = visit("review", scene=scene_id, who=-1)
    assert queue(app) == ["row_0.sad.3200"]
    app.button(key="drop").click().run()

    assert "of this person" in words(app) or "Nothing left to doubt" in words(app)
    assert [verdict.track for verdict in store.verdicts(scene_id)] == [0], "a verdict is of the track that was read"


def test_the_people_stay_where_they_are_when_the_last_doubt_is_settled(store: Store) -> None:
    scene_id = doubtful.scene(store)

    def heads(app: AppTest) -> list[str]:
        return [head.value for head in app.header]

    assert heads(visit("scene", scene=scene_id))[-1] == "People"
    for peak in (doubtful.SMILE, doubtful.FROWN):
        store.add_verdicts(scene_id, [verdicts.make_verdict("builtin", peak, drop=True)])
    app = visit("scene", scene=scene_id)

    assert heads(app)[-1] == "People", "across the page, below everything else"
    assert "Nothing left to doubt" in words(app)
