"""The page that teaches, run as Streamlit runs it: marks, figures or the reason for none, keeping, deleting, undo."""

from __future__ import annotations

from base64 import b64decode

import pytest
from streamlit.testing.v1 import AppTest

from core.model import Verdict
from core.shelf import emotions
from core.store.scenes import Store
from tests.support import builders, pages, seed
from tests.support.emotions import emotion, examples, lift
from tests.support.project import ROOT

pytestmark = pytest.mark.usefixtures("forgetful_pages")


def opened(scene_id: int, **asked: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in {"scene": str(scene_id), **asked}.items():
        app.query_params[name] = value
    return app.run().switch_page("pages/teach.py").run()


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(each.value) for each in (*app.markdown, *app.caption))


@pytest.fixture
def scene_id(store: Store) -> int:
    """A scene of four people, each happy for a while."""
    scene_id = seed.scene(store, builders.strip(drawing="nnhhh.nn|nnhhnn|nhnn|hhhn"))
    lift(store, scene_id)
    return scene_id


def marked(app: AppTest, store: Store, scene_id: int, each: int) -> AppTest:
    yes, no = examples(store, scene_id)
    app.session_state["teach_yes"] = [str(face) for face in yes[:each]]
    app.session_state["teach_no"] = [str(face) for face in no[:each]]
    return app.run()


def test_a_press_marks_a_face_and_another_takes_it_off(scene_id: int) -> None:
    app = opened(scene_id, sort="in time order")
    key = f"teach_yes_{scene_id}:1000:0_mark"
    app.button(key=key).click().run()
    assert app.session_state["teach_yes"] == [f"{scene_id}:1000:0"]
    assert "Mark 2 more that show it and 3 more that do not" in said(app)

    app.button(key=f"off_teach_yes_{scene_id}:1000:0").click().run()
    assert app.session_state["teach_yes"] == []


def test_faces_of_many_people_give_figures_with_their_intervals(scene_id: int, store: Store) -> None:
    words = said(marked(opened(scene_id), store, scene_id, 9))

    assert "Of 100 faces that show it" in words and "95 % interval" in words


def test_with_too_few_people_the_page_says_so_instead_of_a_number(scene_id: int, store: Store) -> None:
    words = said(marked(opened(scene_id), store, scene_id, 3))

    assert "Too few people and shots" in words
    assert "Of 100 faces" not in words


def test_examples_that_contradict_each_other_are_said_to_instead_of_a_number(scene_id: int, store: Store) -> None:
    """Half of the faces that show it are marked as showing it, half as not."""
    show, show_not = examples(store, scene_id)
    app = opened(scene_id)
    app.session_state["teach_yes"] = [str(face) for face in (*show[::2], *show_not[::2])]
    app.session_state["teach_no"] = [str(face) for face in (*show[1::2], *show_not[1::2])]
    words = said(app.run())

    assert "The examples contradict each other" in words.replace("\\", "")
    assert "Of 100 faces" not in words


def test_an_emotion_is_kept_deleted_and_brought_back(scene_id: int, store: Store) -> None:
    app = marked(opened(scene_id), store, scene_id, 9)
    app.text_input(key="teach_name").input("glee").run()
    app.button(key="save").click().run()
    assert [one.name for one in emotions.list_emotions(store)] == ["glee"]

    app.button(key="delete_glee").click().run()
    assert store.emotions() == ()
    app.button(key="undelete").click().run()
    assert [one.name for one in emotions.list_emotions(store)] == ["glee"]
    assert not app.exception


def test_a_scene_read_before_there_were_embeddings_offers_the_remedies(store: Store) -> None:
    app = opened(seed.scene(store, builders.strip(drawing="nhn")))

    assert "Embed its stored faces, or read it again" in said(app).replace("\\", "")
    assert {"embed", "read_again"} <= {button.key for button in app.button}


def test_an_emotion_of_another_version_says_so_and_offers_to_teach_it_again(scene_id: int, store: Store) -> None:
    from core.emotions import emotion_file

    store.save_emotion("old", emotion_file.to_json(emotion("old", network="00" * 32)))
    app = opened(scene_id)

    assert "Taught on another version of the reader" in said(app)
    app.button(key="again_old").click().run()
    assert "not all on this shelf" in said(app).replace("\\", "")


def test_the_player_is_told_what_was_taught(scene_id: int, store: Store) -> None:
    emotions.save_emotion(store, emotions.learn(store, "glee", *examples(store, scene_id)))
    told = pages.player(opened(scene_id).switch_page("pages/scene.py").run())

    assert told["taught"]["names"] == ["glee"]
    assert len(b64decode(told["taught"]["scores"][0])) == len(store.face_tracks(scene_id))
    assert [one["name"] for one in told["look"]["emotions"]][-1] == "glee" and "glee" in told["curves"]


@pytest.mark.parametrize("page", ["scene", "faces"])
def test_the_pages_show_what_was_taught(scene_id: int, store: Store, page: str) -> None:

    emotions.save_emotion(store, emotions.learn(store, "glee", *examples(store, scene_id)))
    app = opened(scene_id).switch_page(f"pages/{page}.py").run()

    assert not app.exception
    assert "glee" in said(app) + "".join(str(each.options) for each in (*app.selectbox, *app.get("button_group")))


def test_the_player_marks_its_doubtful_peaks_and_no_box_of_the_seven(store: Store) -> None:
    scene_id = seed.scene(store, builders.strip(drawing="nnnnnnhnnnn|hhhhhhhh|nnnn|hhhh"))
    lift(store, scene_id)
    emotions.save_emotion(store, emotions.learn(store, "glee", *examples(store, scene_id)))
    app = opened(scene_id).switch_page("pages/scene.py").run()
    peaks = pages.player(app)["peaks"]
    own = [peak for peak in peaks if peak.get("own")]

    assert own and {peak["emotion"] for peak in own} == {"glee"}
    assert all(peak["reasons"] for peak in own if peak["state"] == "open")
    assert [peak["apex"] for peak in peaks] == sorted(peak["apex"] for peak in peaks)

    store.add_verdicts(
        scene_id, [Verdict("taught.glee", own[0]["track"], "glee", own[0]["start"], own[0]["end"], True)]
    )
    again = [peak for peak in pages.player(app.run())["peaks"] if peak.get("own")]
    assert again[0]["state"] == "dropped" and len(again[0]["gone"]) > 2
