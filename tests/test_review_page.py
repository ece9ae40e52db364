"""The review page and what the others say of doubt, on a shelf with planted false peaks."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from core.analysis import means, tables
from core.charts import marks
from core.charts.palette import GROUND
from core.doubt import rules, weights
from core.doubt.verdicts import make_verdict
from core.export import kinds
from core.model import Reading, Suspect, Timeline, Verdict
from core.shelf import review
from core.store.scenes import Store
from core.ui.review import evidence, queue
from tests.support import builders, doubtful, pages, seed
from tests.support.builders import strip
from tests.support.cases import quick
from tests.support.doubtful import FROWN, SMILE
from tests.support.pages import headline, queue_rows, visit, words_and_toasts

pytestmark = pytest.mark.usefixtures("forgetful_pages")

MARKER = GROUND["dark"].marker


@pytest.fixture
def scene_id(store: Store) -> int:
    """A scene with a smile and a frown that are not to be believed."""
    return doubtful.scene(store)


def test_the_page_shows_the_most_doubtful_peak_first_with_its_reasons(store: Store, scene_id: int) -> None:
    app = visit("review", scene=scene_id)

    assert queue_rows(app) == ["0.happy.1600", "0.sad.3200"]
    assert headline(app) == "Do not believe this :violet[happy]"
    assert "2 doubtful peaks" in words_and_toasts(app)
    assert "of 100 peaks like it" in words_and_toasts(app)
    assert "Only this one moment of 24 says happy\\." in words_and_toasts(app)
    assert "DeepFace says neutral 0\\.88\\." in words_and_toasts(app)
    assert "When the crop moves by 4 px, happy is gone\\." in words_and_toasts(app)
    assert "5 frames around the peak, read again" in words_and_toasts(app)


def test_a_decision_names_the_moment_that_the_list_names(store: Store) -> None:
    """A smile that grows for a moment before it is at its height."""
    samples = list(doubtful.timeline().samples)
    face = samples[7].faces[0]
    growing = replace(face, readings=face.readings | {"builtin": Reading(builders.scores("happy", 0.6))})
    samples[7] = replace(samples[7], faces=(growing,))
    scene_id = seed.scene(store, Timeline(doubtful.STEP_MS, tuple(samples)), "Diner", ["builtin", "deepface"])
    app = visit("review", scene=scene_id, peak="0.happy.1400")
    assert "0:01.6" in words_and_toasts(app) and headline(app) == "Do not believe this :violet[happy]"

    app.button(key="drop").click().run()
    assert "Dropped: happy at 0:01.6. U takes it back." in words_and_toasts(app)
    app.button(key="undo").click().run()
    assert "Taken back: happy at 0:01.6 is open again." in words_and_toasts(app)


def test_a_drop_goes_to_the_next_and_says_what_undoes_it(store: Store, scene_id: int) -> None:
    app = visit("review", scene=scene_id)
    app.button(key="drop").click().run()

    assert not app.exception
    assert headline(app) == "Do not believe this :violet[sad]"
    assert "Dropped: happy at 0:01.6. U takes it back." in words_and_toasts(app)
    (kept,) = store.verdicts(scene_id)
    assert (kept.reader, kept.emotion, kept.start_ms, kept.dropped) == ("builtin", "happy", 1600, True)
    assert "1 doubtful peak" in words_and_toasts(app)


def test_undo_brings_the_peak_back(store: Store, scene_id: int) -> None:
    app = visit("review", scene=scene_id)
    app.button(key="drop").click().run()
    app.button(key="undo").click().run()

    assert store.verdicts(scene_id) == ()
    assert headline(app) == "Do not believe this :violet[happy]"
    assert queue_rows(app) == ["0.happy.1600", "0.sad.3200"]
    assert app.button(key="undo").disabled


def test_the_mean_moves_by_what_was_announced(store: Store, scene_id: int) -> None:
    before, after = means.mean_without_peak(tables.faces(store.timeline(scene_id), "builtin"), SMILE)
    app = visit("review", scene=scene_id)

    assert f"{before:.3f} :gray[→] **{after:.3f}**" in words_and_toasts(app)

    app.button(key="drop").click().run()
    app = visit("scene", scene=scene_id)
    app.session_state["means_table"] = True
    table = app.run().dataframe[0].value.set_index("emotion")

    assert table["all"]["happy"] == f"{before:.3f}"
    assert table["after review"]["happy"] == f"{after:.3f}"
    assert table["change"]["happy"] == f"−{round(before, 3) - round(after, 3):.3f}"


def test_every_action_has_its_key(store: Store, scene_id: int) -> None:
    app = visit("review", scene=scene_id)
    keys = {button.proto.id.split("-")[-1]: button.proto.shortcut for button in app.button if button.proto.shortcut}

    assert keys == {"drop": "d", "keep": "k", "undo": "u", "go_Previous": "left", "go_Next": "right"}


def test_one_goes_through_the_queue_and_the_address_says_where_one_is(store: Store, scene_id: int) -> None:
    app = visit("review", scene=scene_id)

    assert app.button(key="go_Previous").disabled

    app.button(key="go_Next").click().run()

    assert app.query_params["peak"] == "0.sad.3200"
    assert headline(app) == "Do not believe this :violet[sad]"
    assert app.button(key="go_Next").disabled


def test_when_all_are_decided_nothing_is_left_and_each_can_be_taken_back(store: Store, scene_id: int) -> None:
    app = visit("review", scene=scene_id)
    app.button(key="drop").click().run()
    app.button(key="keep").click().run()

    assert headline(app) == "Nothing left to doubt"
    assert "You dropped 1 and kept 1." in words_and_toasts(app)
    assert "reviewed" in words_and_toasts(app)
    assert len(app.get("page_link")) == 1

    app.button(key="back_0.happy.1600").click().run()

    assert headline(app) == "Do not believe this :violet[happy]"
    assert [one.emotion for one in store.verdicts(scene_id)] == ["sad"]


def test_all_above_a_doubt_are_dropped_at_once_and_come_back_at_once(store: Store, scene_id: int) -> None:
    app = visit("review", scene=scene_id)
    app.slider(key="bar").set_value(0.5).run()

    assert app.button(key="drop_many").label == ":violet[**Drop these 2**]"

    app.button(key="drop_many").click().run()

    assert len(store.verdicts(scene_id)) == 2
    assert headline(app) == "Nothing left to doubt"

    app.button(key="undo").click().run()

    assert store.verdicts(scene_id) == ()


def test_the_button_names_the_number_before_it_is_pressed(store: Store, scene_id: int) -> None:
    app = visit("review", scene=scene_id)
    app.slider(key="bar").set_value(1.0).run()

    assert app.button(key="drop_many").label == "None is above"
    assert app.button(key="drop_many").disabled


def test_a_verdict_is_about_the_reader_that_is_shown(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [make_verdict("builtin", SMILE, drop=True)])
    app = visit("review", scene=scene_id, reader="deepface")

    assert headline(app) == "Nothing left to doubt"
    assert "No peak of DeepFace is doubted" in words_and_toasts(app)
    assert "no doubt found" in words_and_toasts(app)


def test_a_drop_reloads_no_moments(store: Store, scene_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    app = visit("review", scene=scene_id)
    loaded: list[int] = []
    monkeypatch.setattr(Store, "timeline", lambda self, scene: loaded.append(scene))
    app.button(key="drop").click().run()

    assert not app.exception
    assert loaded == []


def test_verdicts_are_loaded_from_a_file_for_the_same_clip(store: Store, scene_id: int) -> None:
    store.add_verdicts(
        scene_id, [make_verdict("builtin", SMILE, drop=True), make_verdict("builtin", FROWN, drop=False)]
    )
    saved = review.verdicts_json(store, store.scene(scene_id))
    copy = doubtful.scene(store, "Diner again")
    app = visit("review", scene=copy)
    app.file_uploader[0].upload("diner.verdicts.json", saved.encode(), "application/json")
    app.run()

    assert not app.exception
    assert "2 verdicts loaded." in words_and_toasts(app)
    assert [(one.emotion, one.dropped) for one in store.verdicts(copy)] == [("happy", True), ("sad", False)]
    assert headline(app) == "Nothing left to doubt"


@pytest.mark.parametrize("broken", quick([b"\xff\xfe", b"{}", b'{"outtake": "verdicts", "version": 9}'], b"\xff\xfe"))
def test_a_file_that_holds_no_verdicts_is_one_calm_sentence(broken: bytes, store: Store, scene_id: int) -> None:
    app = visit("review", scene=scene_id)
    app.file_uploader[0].upload("x.json", broken, "application/json")
    app.run()

    assert not app.exception
    assert "erdicts" in words_and_toasts(app)
    assert store.verdicts(scene_id) == ()


def test_verdicts_about_another_clip_are_refused(store: Store, scene_id: int) -> None:
    saved = json.loads(review.verdicts_json(store, store.scene(scene_id)))
    saved["clip"]["duration_ms"] += 60_000
    app = visit("review", scene=scene_id)
    app.file_uploader[0].upload("x.json", json.dumps(saved).encode(), "application/json")
    app.run()

    assert "about another clip" in words_and_toasts(app)


def test_a_group_is_one_card_with_one_drop_and_one_undo_and_counts_stay_those_of_peaks(store: Store) -> None:
    crowd = doubtful.crowd(store)
    app = visit("review", scene=crowd)

    assert headline(app) == "4 faces here are too small to read, 6 peaks"
    assert len(queue_rows(app)) == 1
    assert "6 doubtful peaks" in words_and_toasts(app) and "6 left, most doubtful first" in words_and_toasts(app)
    assert app.button(key="drop").label == ":violet[**Drop these 6**]"

    app.button(key="drop").click().run()
    assert "Dropped 6 peaks. U takes it back." in words_and_toasts(app)
    assert [one.dropped for one in store.verdicts(crowd)] == [True] * 6
    assert headline(app) == "Nothing left to doubt"

    app.button(key="undo").click().run()
    assert "Taken back: 6 peaks are open again." in words_and_toasts(app)
    assert store.verdicts(crowd) == ()
    assert headline(app) == "4 faces here are too small to read, 6 peaks"


def test_one_peak_of_a_group_is_looked_at_and_kept_alone(store: Store) -> None:
    app = visit("review", scene=doubtful.crowd(store))
    app.button(key="alone_2.surprise.600").click().run()
    assert headline(app) == "Look twice at this :violet[surprise]"

    app.button(key="keep").click().run()
    assert [(one.track, one.dropped) for one in store.verdicts(1)] == [(2, False)]
    assert headline(app) == "3 faces here are too small to read, 5 peaks"


def test_the_scenes_list_has_the_group_in_one_row_that_drops_it(store: Store) -> None:
    crowd = doubtful.crowd(store)
    app = visit("scene", scene=crowd)
    (button,) = (one for one in app.button if str(one.key).startswith("drop_"))
    assert button.label == "Drop 6" and "4 faces here are too small to read, 6 peaks" in words_and_toasts(app)

    button.click().run()
    assert [one.dropped for one in store.verdicts(crowd)] == [True] * 6
    assert "Nothing left to doubt" in words_and_toasts(app)


def test_of_two_doubts_at_one_moment_the_worse_one_comes_first(store: Store) -> None:
    scene_id = doubtful.torn(store)
    told = pages.player(visit("scene", scene=scene_id))["peaks"]

    assert [one["apex"] for one in told] == [1600, 1600]
    assert told[0]["doubt"] > told[1]["doubt"] >= 0.5


def test_a_scene_without_doubt_says_so(store: Store) -> None:
    app = visit("review", scene=seed.scene(store, strip("nnnnnnnn")))

    assert headline(app) == "Nothing left to doubt"
    assert "No peak of the built-in reader is doubted in this scene." in words_and_toasts(app)


def test_an_address_that_names_no_peak_shows_the_first(store: Store, scene_id: int) -> None:
    assert headline(visit("review", scene=scene_id, peak="9.joy.x")) == "Do not believe this :violet[happy]"


def test_the_scene_marks_every_open_peak_and_begins_at_the_most_doubtful_one(store: Store, scene_id: int) -> None:
    app = visit("scene", scene=scene_id)

    assert "2 doubtful peaks" in words_and_toasts(app)
    assert pages.moment(app) == SMILE.apex_ms
    assert [(one["name"], one["state"]) for one in pages.player(app)["peaks"]] == [
        ("0.happy.1600", marks.OPEN),
        ("0.sad.3200", marks.OPEN),
    ]


def test_what_was_dropped_and_taken_back_stands_on_the_scene_page(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [make_verdict("builtin", SMILE, drop=True)])
    app = visit("scene", scene=scene_id)

    assert "1 doubtful peak" in words_and_toasts(app)
    assert [one["state"] for one in pages.player(app)["peaks"]] == [marks.DROPPED, marks.OPEN]

    store.undo_newest_verdict(scene_id)
    app = visit("scene", scene=scene_id)

    assert "2 doubtful peaks" in words_and_toasts(app)
    assert [one["state"] for one in pages.player(app)["peaks"]] == [marks.OPEN, marks.OPEN]


def test_a_scene_without_doubt_has_no_marker(store: Store) -> None:
    app = visit("scene", scene=seed.scene(store, strip("nnnnnnnn")))

    assert "no doubt found" in words_and_toasts(app)
    assert pages.player(app)["peaks"] == []


def test_the_gallery_shows_doubtful_faces_first_and_a_settled_one_no_more(store: Store, scene_id: int) -> None:
    app = visit("faces", scene=scene_id)

    assert [link.proto.query_string.split("t=")[1].split("&")[0] for link in app.get("page_link")[:2]] == [
        "1600",
        "3200",
    ]

    store.add_verdicts(scene_id, [Verdict("builtin", 0, "happy", 1600, 1800, True)])
    app = visit("faces", scene=scene_id)

    assert "t=3200" in app.get("page_link")[0].proto.query_string


def test_the_shelf_counts_what_is_left_to_review(store: Store, scene_id: int) -> None:
    def alt() -> str:
        pictures = [image.alt for part in visit("shelf").get("image") for image in part.proto.imgs]
        return next(words for words in pictures if words.startswith("Poster"))

    assert alt() == "Poster of Diner, 2 to review"

    store.add_verdicts(scene_id, [make_verdict("builtin", SMILE, drop=True), make_verdict("builtin", FROWN, drop=True)])

    assert alt() == "Poster of Diner"


def test_an_export_carries_doubt_reasons_and_verdicts(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [make_verdict("builtin", SMILE, drop=True)])
    told = kinds.export_scene(store, store.scene(scene_id), "csv").decode()
    dropped = [line for line in csv.DictReader(io.StringIO(told)) if line["dropped"] == "True"]

    assert [(line["t_ms"], line["reader"]) for line in dropped] == [("1600", "builtin")]
    assert float(dropped[0]["doubt"]) > 0.5
    assert "Only this one moment of 24 says happy." in dropped[0]["reasons"]


def test_the_filmstrip_is_the_second_around_the_apex_nine_faces_at_most() -> None:
    timeline = doubtful.timeline()
    shown = next(one for one in review_suspects(timeline) if one.peak.start_ms == 1600)
    times = [one.t_ms for one in evidence.stills(timeline, shown)]

    assert times == [800, 1000, 1200, 1400, 1600, 1800, 2000, 2200, 2400]


def review_suspects(timeline: Timeline) -> tuple[Suspect, ...]:
    """The suspects of a timeline without a closer look."""
    return rules.find_suspects(timeline, "builtin", weights.load_model())


@pytest.mark.parametrize(("ms", "told"), [(-400, "−0.4 s"), (200, "+0.2 s")])
def test_a_still_says_how_far_it_is_from_the_peak(ms: int, told: str) -> None:
    assert evidence.offset(ms) == told


@pytest.mark.parametrize(
    ("fit", "strange", "told"),
    [(1, 0, "1 verdict loaded."), (3, 2, "3 verdicts loaded. 2 fit no peak of this reading.")],
)
def test_loading_says_how_many_fit(fit: int, strange: int, told: str) -> None:
    assert queue.describe_load(fit, strange) == told
