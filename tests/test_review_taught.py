"""Emotions of one's own on the review page: their doubtful peaks stand in one list with the seven's, numbers apart."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1.element_tree import Block

from core.analysis import means
from core.doubt.verdicts import make_verdict
from core.emotions.readings import own_reader
from core.export import kinds
from core.export.kinds import Choices
from core.language import write_reason
from core.model import EMOTIONS, Suspect
from core.shelf import emotions
from core.shelf.scene_view import SceneView
from core.store.scenes import Store
from core.ui import common, wording
from core.ui.shelf import cards
from tests.support import builders, doubtful, pages, seed
from tests.support.emotions import examples, lift, view_with_own
from tests.support.pages import headline, queue_rows, visit, words_and_toasts

pytestmark = pytest.mark.usefixtures("forgetful_pages")


DRAWING = "nnnnnnnnhnnnnnnnsnnnnhnnnnn"
"""Two smiles and a frown that nobody else sees, a moment each."""


@pytest.fixture
def scene_id(store: Store) -> int:
    """A scene of false peaks, and beside it one from whose happy faces "glee" is taught."""
    scene_id = doubtful.scene(store, drawing=DRAWING)
    lesson = seed.scene(store, builders.strip(drawing="nnhhh.nn|nnhhnn|nhnn|hhhn"), "Lesson")
    for each in (scene_id, lesson):
        lift(store, each)
    emotions.save_emotion(store, emotions.learn(store, "glee", *examples(store, lesson)))
    return scene_id


@pytest.fixture
def glee(store: Store, scene_id: int) -> SceneView:
    """The scene with what was taught."""
    return view_with_own(store, scene_id)


def doubted(glee: SceneView) -> list[Suspect]:
    """Its peaks that are doubted, the most doubtful first."""
    return [one for one in glee.suspects_of(glee.channel("glee")) if one.doubt > 0.5]


def written(one: Suspect) -> str:
    """The peak's name in the address."""
    return f"{one.peak.track}.{one.peak.emotion}.{one.peak.start_ms}"


def own(listed: list[str]) -> list[str]:
    """Those of them that are about it."""
    return [name for name in listed if ".glee." in name]


def test_its_doubtful_peaks_stand_among_those_of_the_seven_by_doubt(scene_id: int, glee: SceneView) -> None:
    app = visit("review", scene=scene_id)
    listed = queue_rows(app)
    doubts = [float(each.value.strip(":violet[]*")) for each in app.markdown if each.value.startswith(":violet[**0.")]

    assert not app.exception
    assert own(listed) == [written(one) for one in doubted(glee)] and len(own(listed)) == 2
    assert len(listed) > len(own(listed))
    assert doubts[: len(listed)] == sorted(doubts[: len(listed)], reverse=True)
    assert f"{len(listed)} doubtful peaks" in words_and_toasts(app)


def test_a_long_name_has_its_row_to_itself(scene_id: int, store: Store) -> None:
    lesson = store.scenes()[0].id
    emotions.save_emotion(store, emotions.learn(store, "the Michael Scott look", *examples(store, lesson)))
    app = visit("review", scene=scene_id)
    labels = [button.label for button in app.button if "Michael" in str(button.key) and "row_" in str(button.key)]

    assert labels and all(label.endswith("the Michael…") for label in labels)
    assert "0:01.6\u20020.75" in words_and_toasts(app)


def test_its_evidence_has_its_reasons_its_faces_and_its_own_mean(scene_id: int, glee: SceneView) -> None:
    one = doubted(glee)[0]
    app = visit("review", scene=scene_id, peak=written(one))
    before, after = means.mean_without_peak(glee.faces(glee.channel("glee")), one.peak)

    assert headline(app) == "Look twice at this :violet[glee]"
    assert all(_plain(write_reason(reason)) in words_and_toasts(app) for reason in one.reasons[:5])
    assert f"Mean glee when dropped\u2003{before:.3f} :gray[→] **{after:.3f}**" in words_and_toasts(app)
    assert "weighed as that of an emotion that passes soon" in words_and_toasts(app)
    assert "Closer look" not in words_and_toasts(app)
    strip = [each.value for each in app.markdown if re.fullmatch(r":color\[★\]\{[^}]*\}", each.value)]
    assert len(strip) == 1  # of the faces around, only the one at its apex shows it


def test_a_drop_is_a_verdict_about_it_and_leaves_the_means_of_the_seven_alone(
    scene_id: int, store: Store, glee: SceneView
) -> None:
    seven = means.means_table(store.timeline(scene_id), "builtin", (), ())
    one = doubted(glee)[0]
    app = visit("review", scene=scene_id, peak=written(one))
    app.button(key="drop").click().run()
    (kept,) = store.verdicts(scene_id)

    assert (kept.reader, kept.emotion, kept.start_ms, kept.dropped) == (
        own_reader("glee"),
        "glee",
        one.peak.start_ms,
        True,
    )
    assert written(one) not in queue_rows(app)[: len(queue_rows(app)) - 1]
    assert headline(app) != "You dropped this glee"

    table = visit("scene", scene=scene_id)
    table.session_state["means_table"] = True
    shown = table.run().dataframe[0].value.set_index("emotion")

    assert list(shown.index) == [*(wording.emotion_name(name) for name in seven["emotion"]), "glee"]
    assert [shown["after review"][name] for name in EMOTIONS] == [shown["all"][name] for name in EMOTIONS]
    assert shown["after review"]["glee"] < shown["all"]["glee"]

    app.button(key="undo").click().run()
    assert store.verdicts(scene_id) == ()
    assert "Taken back: glee at" in words_and_toasts(app) and "taught" not in words_and_toasts(app)
    assert headline(app) == "Look twice at this :violet[glee]"


def test_it_is_kept_taken_back_by_its_row_and_dropped_with_many(scene_id: int, store: Store, glee: SceneView) -> None:
    one = doubted(glee)[0]
    app = visit("review", scene=scene_id, peak=written(one))
    app.button(key="keep").click().run()
    assert [(each.emotion, each.dropped) for each in store.verdicts(scene_id)] == [("glee", False)]

    app.button(key=f"back_{written(one)}").click().run()
    assert store.verdicts(scene_id) == ()

    app.slider(key="bar").set_value(0.5).run()
    app.button(key="drop_many").click().run()
    readers = {each.reader for each in store.verdicts(scene_id)}
    assert readers == {"builtin", own_reader("glee")}
    assert all((each.reader == own_reader("glee")) == (each.emotion == "glee") for each in store.verdicts(scene_id))
    assert headline(app) == "Nothing left to doubt"


@pytest.mark.slow
def test_the_scene_counts_as_many_as_the_list_it_opens_has(scene_id: int) -> None:
    for show in ("", "happy,sad", "glee"):
        asked = {"show": show} if show else {}
        scene, review = visit("scene", scene=scene_id, **asked), visit("review", scene=scene_id, **asked)
        link = next(one for one in scene.get("page_link") if one.proto.label.startswith("Review"))

        assert link.proto.label == f"Review all {len(queue_rows(review))}"
        assert f"show={show.replace(',', '%2C')}" in link.proto.query_string
        assert bool(own(queue_rows(review))) == (show != "happy,sad")


def test_the_shelf_counts_what_the_review_page_lists(scene_id: int, store: Store, glee: SceneView) -> None:
    def alt() -> str:
        pictures = [image.alt for part in visit("shelf").get("image") for image in part.proto.imgs]
        return next(words for words in pictures if words.startswith("Poster of Diner"))

    listed = queue_rows(visit("review", scene=scene_id))
    assert own(listed) and alt() == f"Poster of Diner, {len(listed)} to review"

    store.add_verdicts(scene_id, [make_verdict(own_reader("glee"), doubted(glee)[0].peak, drop=True)])
    assert alt() == f"Poster of Diner, {len(listed) - 1} to review"


def test_the_scene_with_the_most_to_review_comes_first_when_asked(scene_id: int, store: Store) -> None:
    shelf = store.scenes()

    assert cards.arrange(shelf, "", cards.MOST_DOUBTFUL)[0].id == scene_id
    assert cards.arrange(shelf, "", "newest first")[0].id != scene_id


def test_the_player_and_the_list_doubt_the_same_peaks(scene_id: int) -> None:
    told = pages.player(visit("scene", scene=scene_id))["peaks"]
    listed = queue_rows(visit("review", scene=scene_id))

    assert {one["name"] for one in told if one["state"] == "open"} == set(listed)


def test_on_the_scene_a_peak_of_it_stands_in_one_card(scene_id: int, store: Store, glee: SceneView) -> None:
    def listed(kind: str) -> set[str]:
        keys = [str(one.key) for one in visit("scene", scene=scene_id).button]
        return {key.removeprefix(kind) for key in keys if key.startswith(kind)}

    every = {f"glee_{one.peak.track}_{one.peak.start_ms}" for one in glee.suspects_of(glee.channel("glee"))}
    waiting = {f"glee_{one.peak.track}_{one.peak.start_ms}" for one in doubted(glee)}
    assert waiting and listed("see_") == listed("drop_") == every - waiting
    assert {written(one) for one in doubted(glee)} <= listed("peak_")

    one = doubted(glee)[0]
    store.add_verdicts(scene_id, [make_verdict(own_reader("glee"), one.peak, drop=True)])
    assert listed("back_") == {f"glee_{one.peak.track}_{one.peak.start_ms}"}
    assert written(one) not in listed("peak_")


def test_the_button_of_a_row_stays_in_its_row(scene_id: int, store: Store, glee: SceneView) -> None:
    store.add_verdicts(scene_id, [make_verdict(own_reader("glee"), doubted(glee)[0].peak, drop=True)])
    row = row_of(visit("scene", scene=scene_id).main, "back_glee")

    assert row and row.proto.flex_container.direction == row.proto.flex_container.HORIZONTAL
    assert not row.proto.flex_container.wrap


def row_of(block: Block, key: str) -> Block | None:
    """The container in which a button lies."""
    inside = block.children.values()
    if any(str(getattr(one, "key", "")).startswith(key) for one in inside):
        return block
    return next((found for one in inside if isinstance(one, Block) and (found := row_of(one, key))), None)


@pytest.mark.parametrize("settled", [False, True])
def test_the_player_says_what_dropping_it_does_to_its_own_mean(
    scene_id: int, store: Store, glee: SceneView, settled: bool
) -> None:
    one = doubted(glee)[0]
    if settled:
        store.add_verdicts(scene_id, [make_verdict(own_reader("glee"), one.peak, drop=True)])
    told = pages.player(visit("scene", scene=scene_id, t=one.peak.apex_ms))
    before, after = means.mean_without_peak(glee.faces(glee.channel("glee")), one.peak)

    assert before > after
    assert told["moves"][written(one)] == [f"{before:.3f}", f"{after:.3f}"]


def test_a_file_of_verdicts_holds_those_of_the_seven_and_the_page_says_where_the_others_go(
    scene_id: int, store: Store, glee: SceneView
) -> None:
    app = visit("review", scene=scene_id, peak=written(doubted(glee)[0]))
    app.button(key="drop").click().run()

    assert "go with the scene’s bundle" in words_and_toasts(app)
    assert [one.proto.label for one in app.get("download_button")] == ["Save 0 verdicts"]


@pytest.mark.slow
def test_a_story_is_about_a_taught_emotions_peak_once_that_is_dropped(
    scene_id: int, store: Store, glee: SceneView
) -> None:
    scene, wanted = store.scene(scene_id), Choices(taught=emotions.usable_emotions(store))
    assert "Do not believe this happy." in kinds.export_scene(store, scene, "story", wanted).decode()

    one = doubted(glee)[0]
    store.add_verdicts(scene_id, [make_verdict(own_reader("glee"), one.peak, drop=True)])
    told = kinds.export_scene(store, scene, "story", wanted).decode()
    before, after = means.mean_without_peak(glee.faces(glee.channel("glee")), one.peak)

    assert "Do not believe this glee." in told and "of an emotion that passes soon" in told
    assert f"It was dropped: that moves the mean of glee from {before:.3f} to {after:.3f}." in told
    assert all(write_reason(reason) in told for reason in one.reasons)


def _plain(text: str) -> str:
    return common.escape(text)
