"""Every promise of the pages, on a seeded shelf: started at the frame, as a visitor does."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import VideoError
from core.model import Recipe, Sample, Timeline
from core.shelf import jobs
from core.store.scenes import Store
from tests.support import builders, clips, pages, seed
from tests.support.builders import strip
from tests.support.pages import NOTICE, visit, words

pytestmark = pytest.mark.usefixtures("forgetful_pages")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Scenes whose worker would have been started: the pages' tests read no video."""
    asked: list[int] = []
    monkeypatch.setattr(jobs, "start", lambda scene_id, store=None: asked.append(scene_id))
    return asked


def two_readers(drawing: str = "nnhh|ss..") -> Timeline:
    """A scene whose second reader always says fear."""
    samples = [
        Sample(
            one.t_ms,
            tuple(
                builders.face(face.readings["builtin"].scores.top, track=face.track, deepface="fear")
                for face in one.faces
            ),
            one.shot,
        )
        for one in strip(drawing).samples
    ]
    return Timeline(500, tuple(samples))


@pytest.mark.parametrize("page", ["shelf", "scene", "review", "faces"])
def test_every_page_ends_with_the_notice_also_when_there_is_nothing(page: str, store: Store) -> None:
    app = visit(page)

    assert app.caption[-1].value == NOTICE


@pytest.mark.parametrize("page", ["shelf", "scene", "review", "faces"])
def test_every_page_ends_with_the_notice_when_there_is_a_scene(page: str, store: Store) -> None:
    seed.scene(store, strip("nnhh"))

    assert visit(page).caption[-1].value == NOTICE


@pytest.mark.parametrize("page", ["scene", "review", "faces"])
def test_a_page_without_a_scene_leads_to_the_shelf(page: str, store: Store) -> None:
    app = visit(page)

    assert [title.value for title in app.title] == ["No scene yet"]
    assert len(app.get("page_link")) == 1


def test_an_empty_shelf_offers_the_sample_scene_in_one_click(store: Store, started: list[int]) -> None:
    app = visit("shelf")
    app.button(key="open_sample").click().run()

    assert [scene.title for scene in store.scenes()] == ["The sample scene"]
    assert started == [1]
    assert not app.exception
    assert "The sample scene" in words(app)


def test_a_shelf_with_scenes_shows_a_card_for_each_with_its_strongest_emotions(store: Store) -> None:
    seed.scene(store, strip("hhhn"), "Diner")
    seed.scene(store, strip("ssss"), "Rain *by* night")
    app = visit("shelf")

    assert [button.label for button in app.button if button.key.startswith("open_")] == [
        "**Rain \\*by\\* night**",
        "**Diner**",
    ]
    assert any("happy\u00a066" in line.value for line in app.markdown)
    assert any("sad\u00a088" in line.value for line in app.markdown)


def test_the_shelf_is_searched_as_one_types(store: Store) -> None:
    seed.scene(store, strip("hh"), "Diner")
    seed.scene(store, strip("ss"), "Rain")
    app = visit("shelf")
    app.text_input(key="words").set_value("rai").run()

    assert [button.label for button in app.button if button.key.startswith("open_")] == ["**Rain**"]

    app.text_input(key="words").set_value("snow").run()

    assert "No scene is called “snow”" in words(app)


def test_a_scene_without_a_face_says_so_and_offers_to_look_closer(store: Store, started: list[int]) -> None:
    seed.scene(store, strip("...."), "The long room")
    app = visit("shelf")

    assert "No face was found in 4 moments." in words(app)

    app.button(key="remedy_1").click().run()

    assert not app.exception
    assert started == [2]
    assert store.scene(2).recipe.smallest_face_px == 12


def test_a_failed_scene_is_one_sentence_and_can_be_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    monkeypatch.setattr(jobs, "retry", lambda scene_id, store=None: tried.append(scene_id))
    scene_id = store.add(Recipe("/clips/x.mp4"), "x.mp4")
    store.fail(scene_id, store.claim(scene_id), "x.mp4 holds sound but no picture. Choose another file.")
    app = visit("shelf")

    assert "x\\.mp4 holds sound but no picture\\. Choose another file\\." in words(app)

    app.button(key="remedy_1").click().run()

    assert tried == [1]


def test_a_failed_upload_is_called_by_its_title_and_not_by_the_name_it_is_kept_under(store: Store) -> None:
    """The worker writes its error down about the scene; pages show it as it is."""
    scene_id = store.add(Recipe("/home/clips/0123abcd.mp4", start_ms=9000), "Rain")
    error = VideoError(
        "has no picture between 0:09.0 and its end", "/home/clips/0123abcd.mp4", "Choose an earlier start."
    )
    store.fail(scene_id, store.claim(scene_id), str(error.about("“Rain”")))

    for app in (visit("shelf"), visit("scene", scene=scene_id)):
        assert "“Rain” has no picture between" in words(app).replace("\\", "") and "0123abcd" not in words(app)


def test_a_stopped_scene_says_where_and_can_be_resumed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    resumed: list[int] = []
    monkeypatch.setattr(jobs, "start", lambda scene_id, store=None: resumed.append(scene_id))
    scene_id = seed.scene(store, strip("nnhh"), done=False)
    store.stop(scene_id)
    app = visit("shelf")

    assert "Stopped at 0:01.5" in words(app)

    app.button(key="remedy_1").click().run()

    assert resumed == [1]


def test_a_scene_is_renamed_in_a_dialog(store: Store) -> None:
    seed.scene(store, strip("nnhh"), "Diner")
    app = visit("shelf")
    app.menu_button(key="menu_1").click("Rename").run()
    app.text_input(key="new_title").set_value(" The *phone* call ")
    app.button(key="rename").click().run()

    assert not app.exception
    assert [scene.title for scene in store.scenes()] == ["The *phone* call"]
    assert "**The \\*phone\\* call**" in [button.label for button in app.button]


def test_a_scene_can_be_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(jobs, "read_again", lambda scene_id, store=None: asked.append(scene_id))
    seed.scene(store, strip("nnhh"), "Diner")
    app = visit("shelf")
    app.menu_button(key="menu_1").click("Read again").run()

    assert not app.exception
    assert asked == [1]


def test_a_scene_being_read_shows_its_progress_and_its_growing_curves_and_can_be_stopped(store: Store) -> None:
    scene_id = store.add(Recipe("/clips/diner.mp4"), "Diner")
    token = store.claim(scene_id)
    store.begin_reading(scene_id, token, seed.VIDEO, "mtcnn", ["builtin"], 8)
    store.append(scene_id, token, seed.stored(strip("nnh")))
    app = visit("shelf")

    assert "Reading “Diner”" in words(app)
    assert app.get("progress")[0].proto.text == "Reading faces: 3 of 8 moments"
    assert len(app.get("vega_lite_chart")) == 1

    app.button(key="stop_1").click().run()

    assert store.scene(scene_id).state == "stopped"
    assert "Stopped at 0:01.0" in words(app)


def test_a_dropped_file_is_kept_put_on_the_shelf_and_read(
    store: Store, started: list[int], home: Path, tmp_path: Path
) -> None:
    film = clips.film(tmp_path / "film.mp4", 1.0, shots=1).read_bytes()
    app = visit("shelf")
    app.file_uploader[0].upload("crying_to_laughing.mp4", film, "video/mp4")
    app.text_input(key="start").set_value("0:02")
    app.button(key="add_pressed").click().run()

    assert not app.exception
    (scene,) = store.scenes()
    assert (scene.title, scene.recipe.start_ms) == ("Crying to laughing", 2000)
    assert Path(scene.recipe.source).parent == home / "clips"
    assert Path(scene.recipe.source).read_bytes() == film
    assert started == [scene.id]
    assert not app.file_uploader[0].value


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [("start", "noon", "is not a moment"), ("end", "0", "is not after the start")],
)
def test_a_setting_that_makes_no_sense_is_one_calm_sentence(
    field: str, typed: str, sentence: str, store: Store, started: list[int]
) -> None:
    app = visit("shelf")
    app.file_uploader[0].upload("film.mp4", b"film", "video/mp4")
    app.text_input(key=field).set_value(typed)
    app.button(key="add_pressed").click().run()

    assert not app.exception
    assert sentence in words(app)
    assert (store.scenes(), started) == ([], [])


def test_a_file_of_sound_alone_says_so_in_a_sentence(store: Store, started: list[int]) -> None:
    app = visit("shelf")
    app.file_uploader[0].upload("a.mp3", b"ID3" + bytes(2000), "audio/mpeg")
    app.button(key="add_pressed").click().run()

    assert not app.exception
    assert "“a\\.mp3” holds sound but no picture\\. Choose another file\\." in words(app)
    assert (store.scenes(), started) == ([], [])


def test_pressing_read_without_a_file_says_what_to_do(store: Store, started: list[int]) -> None:
    app = visit("shelf")
    app.button(key="add_pressed").click().run()

    assert "Paste a link or drop a video file first" in words(app)


def test_a_scene_shows_picture_curves_both_readers_means_and_people(store: Store) -> None:
    scene_id = seed.scene(store, two_readers(), "Diner", ["deepface", "builtin"])
    app = visit("scene", scene=scene_id)

    assert app.title[0].value == "Diner"
    assert "8 moments, one every 200 ms · a face in 75\u00a0% of them" in words(app)
    assert len(app.get("vega_lite_chart")) == 2
    assert not app.dataframe, "a table is made once somebody opens it"
    app.session_state["means_table"] = True
    app.run()
    assert list(app.dataframe[0].value.columns)[::2] == [
        "emotion",
        "all, 95 %",
        "without doubtful, 95 %",
        "after review, 95 %",
    ]
    assert "**Person 1**" in [button.label for button in app.button]
    assert "75\u00a0% of all" in words(app)


def test_the_address_says_which_moment_is_shown(store: Store) -> None:
    scene_id = seed.scene(store, two_readers(), "Diner", ["deepface", "builtin"])

    assert pages.moment(visit("scene", scene=scene_id, t=2000)) == 2000
    assert pages.player(visit("scene", scene=scene_id, t=500))["moment"][:2] == [500, 0]
    assert pages.player(visit("scene", scene=scene_id, t=3000))["moment"] == [3000, 1, []]


def test_where_the_player_stopped_stays_in_the_address_and_sends_it_nowhere(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnhh"))
    app = visit("scene", scene=scene_id, t=500)
    before = pages.player(app)["seek"]
    says(app, scene_id, at={"t": 1000, "face": 0, "n": 1})

    assert (app.query_params["t"], app.query_params["face"]) == ("1000", "0")
    assert pages.player(app)["seek"] == [before[0], 1000, 0]


def says(app: AppTest, scene_id: int, **said: object) -> None:
    """The player tells something, and the page runs."""
    app.session_state[f"player_{scene_id}"] = said
    app.run()
    assert not app.exception


def test_switching_the_reader_reads_nothing_again_and_stays_in_the_address(store: Store, started: list[int]) -> None:
    app = visit("scene", scene=seed.scene(store, two_readers(), "Diner", ["deepface", "builtin"]))

    assert pages.player(app)["reader"] == "deepface"

    app.get("button_group")[0].set_value("builtin").run()

    assert not app.exception
    assert app.query_params["reader"] == "builtin"
    assert pages.player(app)["reader"] == "builtin"
    assert "read by the built-in reader, checked by DeepFace" in words(app)
    assert started == []


def test_the_chosen_emotions_stay_in_the_address_and_come_back(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnhh"))
    app = visit("scene", scene=scene_id)
    says(app, scene_id, show={"names": ["happy", "sad"], "n": 1})

    assert app.query_params["show"] == "happy,sad"

    app.switch_page("pages/shelf.py").run()
    app.switch_page("pages/scene.py").run()

    assert app.query_params["show"] == "happy,sad"
    assert pages.player(app)["chosen"] == ["happy", "sad"]


def test_a_missing_deepface_is_one_calm_line(store: Store) -> None:
    app = visit("scene", scene=seed.scene(store, strip("nnhh")))

    assert "DeepFace’s emotion model is not available here" in "".join(one.help or "" for one in app.caption)


def test_an_address_that_makes_no_sense_shows_something_sensible(store: Store) -> None:
    seed.scene(store, strip("nnhh"), "Diner")
    app = visit("scene", t="-5", who="99", face="77", reader="nobody", show="joy", curve="?")

    assert app.title[0].value == "Diner"


def test_a_shared_link_to_the_root_opens_the_scene_at_its_moment(store: Store) -> None:
    seed.scene(store, strip("nnhh"), "Diner")
    wanted = seed.scene(store, strip("ssss"), "Rain")
    app = visit("scene", scene=wanted, t=1000)

    assert app.title[0].value == "Rain"
    assert pages.moment(app) == 1000


def test_the_gallery_shows_every_face_a_page_at_a_time(store: Store) -> None:
    scene_id = seed.scene(store, strip("n" * 30))
    app = visit("faces", scene=scene_id)

    assert app.title[0].value == "Faces of “Diner”"
    assert len(app.get("page_link")) == 28

    second = visit("faces", scene=scene_id, page=2)

    assert len(second.get("page_link")) == 2


def test_the_gallery_is_filtered_by_emotion_and_sorted_by_any(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnhhs"))

    assert len(visit("faces", scene=scene_id, emotion="happy").get("page_link")) == 2
    assert "No face" in words(visit("faces", scene=scene_id, emotion="fear"))

    app = visit("faces", scene=scene_id, sort="most sad")

    assert "sad **0.88**" in app.get("page_link")[0].proto.label


def test_the_gallery_is_filtered_by_person_and_time(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnn|hh"))

    assert len(visit("faces", scene=scene_id, who=1).get("page_link")) == 2
    assert len(visit("faces", scene=scene_id, span="500-1500").get("page_link")) == 3


def test_the_span_of_time_stays_when_a_person_is_chosen_and_everyone_again(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnn|hh"))
    app = visit("faces", scene=scene_id)
    app.select_slider[0].set_range(500, 1500).run()

    assert len(app.get("page_link")) == 3

    app.button("who_1").click().run()

    assert len(app.get("page_link")) == 1

    app.button("who_everyone").click().run()

    assert len(app.get("page_link")) == 3
    assert not app.exception


def test_a_face_leads_to_its_moment(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnh."))
    link = visit("faces", scene=scene_id, emotion="happy").get("page_link")[0].proto

    assert link.query_string == f"scene={scene_id}&t=1000&reader=builtin&face=0"


def test_a_deleted_scene_is_gone_and_nothing_breaks(store: Store) -> None:
    gone = seed.scene(store, strip("nnhh"), "Diner")
    seed.scene(store, strip("ss"), "Rain")
    jobs.delete(gone, store)

    assert visit("scene", scene=gone).title[0].value == "This scene is not here"


@pytest.mark.parametrize("view", ["faces", "teach"])
def test_a_scene_without_a_face_says_so_where_its_faces_would_be(store: Store, view: str) -> None:
    scene_id = seed.scene(store, strip("...."), "Empty street")
    app = visit(view, scene=scene_id)

    assert "No face was found in 4 moments" in words(app)
    assert "of this choice" not in words(app) and "Nothing more to ask" not in words(app)
