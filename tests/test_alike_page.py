"""Gather by appearance on the pages: who looks alike is proposed, one press gathers, one undo takes all of it back."""

from __future__ import annotations

import errno
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.analysis import alike
from core.errors import JobError, ReaderError
from core.faces import deepface_weights, downloads, identify_deepface
from core.faces.identify_deepface import Identify
from core.host import home, tasks, turns
from core.model import Crop, Sample, Span, Timeline
from core.reading import people
from core.shelf import alike_task
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import face, strip
from tests.support.pages import people_rows, visit, words

pytestmark = pytest.mark.usefixtures("forgetful_pages")

STORY = strip("nnhh|ss|.nnnn|hh", 200)
LOOKS = {0: 0.0, 1: 90.0, 2: 12.0, 3: 95.0}
"""Track → the direction in which its faces lie, degrees: 0 and 2 are one person, 1 and 3 another."""


@pytest.fixture
def scene_id(store: Store) -> int:
    """Four shots, somebody in each."""
    return seed.scene(store, STORY)


def spans(store: Store, scene_id: int) -> tuple[Span, ...]:
    return alike.select_stretches(people.track_spans(store.timeline(scene_id)), store.people(scene_id))


def standing(store: Store, scene_id: int) -> alike_task.Status:
    return alike_task.read_status(store.scene(scene_id), spans(store, scene_id))


def knower(store: Store, scene_id: int) -> Identify:
    """What knows a strip by its turn: the faces of seeded scenes are pictures of nobody."""
    turns = iter(spans(store, scene_id))

    def know(crops: Sequence[Crop]) -> np.ndarray:
        angle = np.radians(LOOKS[next(turns).track])
        return np.tile([np.cos(angle), np.sin(angle)], (len(crops), 1))

    return know


def compared(store: Store, scene_id: int) -> None:
    """Have the faces been compared."""
    now = standing(store, scene_id)
    tasks.write_status(now.path, "working")
    alike_task.run(store, scene_id, now.path, lambda: knower(store, scene_id))


def pressed(scene_id: int, page: str = "scene") -> AppTest:
    app = visit(page, scene=scene_id)
    app.button(key="alike").click().run()
    return app


def test_a_proposal_is_made_of_distances_and_nothing_else_is_kept(store: Store, scene_id: int) -> None:
    compared(store, scene_id)

    now = standing(store, scene_id)
    assert now.apart is not None
    assert now.apart.distances[0].tolist() == pytest.approx([0, 1, 1 - np.cos(np.radians(12)), 1.0872], abs=1e-3)
    assert len(now.path.read_text()) < 400, "no numbers by which a face could be known again"
    store.delete(scene_id)
    assert not now.path.exists()


@pytest.mark.parametrize("page", ["scene", "faces"])
def test_one_press_gathers_the_proposal_and_one_undo_takes_it_back(store: Store, scene_id: int, page: str) -> None:
    compared(store, scene_id)
    app = pressed(scene_id, page)

    assert "One person?** Person 1 and Person 3 :gray[at most 0.02 apart]" in words(app)
    assert app.button(key="alike_these").label == "Gather these 4 into 2"
    assert store.people_decisions(scene_id) == (), "nothing is merged by itself"
    app.button(key="alike_these").click().run()

    assert [person.tracks for person in store.people(scene_id)] == [(0, 2), (1, 3)] and not app.exception
    assert people_rows(app)[-2:] == ["Person 1", "Person 2"]
    app.button(key="people_undo").click().run()
    assert len(store.people(scene_id)) == 4 and store.people_decisions(scene_id) == ()


def test_who_is_taken_out_stays_who_they_are(store: Store, scene_id: int) -> None:
    compared(store, scene_id)
    app = pressed(scene_id)
    app.checkbox(key="alike_1_3").uncheck().run()
    app.button(key="alike_these").click().run()

    assert [person.tracks for person in store.people(scene_id)] == [(0, 2), (1,), (3,)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"state": "done"}',
        '{"state": "done", "at": 1.0}',
        '{"state": "done", "at": 1.0, "spans": [[0, 1, 2], [3]], "distances": []}',
        '{"state": "done", "at": 1.0, "spans": [[0, 1, 2], [1, 1, 2]], "distances": [1, 2, 3]}',
        '{"state": "dancing", "at": 1.0}',
    ],
)
def test_a_file_that_is_not_whole_says_nothing(store: Store, scene_id: int, text: str) -> None:
    standing(store, scene_id).path.write_text(text)

    assert standing(store, scene_id).state == "none"


def test_who_has_said_nothing_for_long_is_taken_for_dead(store: Store, scene_id: int) -> None:
    now = standing(store, scene_id)
    now.path.write_text('{"state": "working", "at": 1.0, "share": 0.5}')

    assert standing(store, scene_id).state == "failed" and "broken off" in standing(store, scene_id).said


def test_a_comparison_that_cannot_be_started_is_told_and_leaves_nothing(
    store: Store, scene_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(JobError, match=r"^The comparison could not be started: .* Close other programs and try again"):
        alike_task.start(store.scene(scene_id), spans(store, scene_id), store.url)

    assert standing(store, scene_id).state == "none" and list(standing(store, scene_id).path.parent.iterdir()) == []


def test_after_a_split_the_faces_are_compared_anew(store: Store, scene_id: int) -> None:
    compared(store, scene_id)
    found = store.people(scene_id)
    store.add_people_decisions(scene_id, [people.split_person(people.track_spans(STORY), found, 0, [Span(0, 0, 250)])])

    assert standing(store, scene_id).state == "none"


def test_where_nobody_is_alike_a_sentence_says_so(store: Store) -> None:
    scene_id = seed.scene(store, strip("nn|hh"))
    compared(store, scene_id)

    assert "Nobody here looks alike in two shots" in words(pressed(scene_id))


def test_two_who_share_the_frame_all_the_time_leave_nothing_to_gather(store: Store) -> None:
    pair = Timeline(200, (Sample(0, (face("happy"), face("sad", left=220, track=1))),))
    app = visit("scene", scene=seed.scene(store, pair))

    assert not [button for button in app.button if button.key == "alike"]


@pytest.mark.slow
def test_without_weights_the_process_says_what_to_do_and_nothing_is_lost(store: Store, scene_id: int) -> None:
    """The whole road in a real process, the download having failed within the hour."""
    (home.models_folder() / "sface.unreachable").write_text(downloads.FAILED)
    app = pressed(scene_id)
    until = time.monotonic() + 300
    while standing(store, scene_id).state == "working" and time.monotonic() < until:
        time.sleep(0.2)
    app.run()

    assert "could not be downloaded" in words(app) and "or merge by hand" in words(app)
    app.button(key="people_cancel").click().run()
    assert people_rows(app) == ["Person 1", "Person 3", "Person 2", "Person 4"]
    assert store.people_decisions(scene_id) == () and standing(store, scene_id).state == "none"


def test_the_page_says_before_the_press_what_will_be_downloaded(scene_id: int) -> None:
    app = visit("scene", scene=scene_id)

    assert "39 MB once" in words(app)
    assert "Nothing is merged until you say so" in app.button(key="alike").help


def test_how_far_it_is_stands_on_the_page_and_stop_ends_it(store: Store, scene_id: int) -> None:
    path = standing(store, scene_id).path
    tasks.write_status(path, "working", share=0.25, said="Looking at the faces: 1 of 4 strips")
    app = visit("scene", scene=scene_id)
    app.session_state["people_mode"], app.session_state["people_scene"] = "alike", scene_id
    app.run()

    assert "1 of 4 strips" in str(app.get("progress")[0].proto)
    app.button(key="people_cancel").click().run()
    told = alike_task._StatusWriter(path)
    assert told(0.5, "Looking") is False, "the process ends at its next word"
    assert people_rows(app) == ["Person 1", "Person 3", "Person 2", "Person 4"]


def test_hosted_one_comparison_at_a_time_and_no_word_of_the_machine(
    store: Store, scene_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    (home.models_folder() / "sface.unreachable").write_text(downloads.FAILED)
    with pytest.raises(ReaderError) as said:
        identify_deepface.open_sface()
    assert "Merge people by hand" in str(said.value) and str(deepface_weights.weights_folder()) not in str(said.value)

    with turns.take_turn("comparison", "busy"), pytest.raises(JobError, match="Try again in a minute"):
        alike_task.start(store.scene(scene_id), spans(store, scene_id))
    alike_task.set_automatic(on=True)
    assert not alike_task.is_automatic()


def test_a_wish_has_scenes_compared_before_anybody_asks(
    store: Store, scene_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(alike_task, "start", lambda scene, spans, url: begun.append(scene.id))
    monkeypatch.setattr(identify_deepface, "is_downloaded", lambda: True)
    visit("scene", scene=scene_id)
    assert begun == []
    alike_task.set_automatic(on=True)
    visit("scene", scene=scene_id)
    assert begun == [scene_id]


def test_one_man_and_one_woman_are_found_again_in_another_shot_by_the_real_sface(
    media: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``scene.mp4``: the man of the first shot and the woman of the second come again."""
    monkeypatch.setenv("DEEPFACE_HOME", str(Path.home()))
    if not identify_deepface.is_downloaded():
        pytest.skip("DeepFace's SFace weights are missing")
    from core.model import Recipe
    from core.shelf import jobs

    scene_id = store.add(Recipe(str(media / "scene.mp4"), readers=("builtin",), finder="mtcnn"), "scene")
    jobs.run(scene_id, store=store)
    known = alike_task.compare_faces(store, scene_id, identify_deepface.open_sface, lambda share, said: True)
    assert known is not None
    seen = people.track_spans(store.timeline(scene_id))
    found = alike.find_groups(seen, store.people(scene_id), known)

    assert [0, 2] in [[person.id for person in group.people] for group in found]
