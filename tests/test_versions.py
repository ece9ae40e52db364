"""The same video read more than once: versions stand side by side, and what differs is told in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.analysis import versions
from core.charts import region
from core.errors import JobError
from core.model import Box, Recipe, Scene, Step, Verdict
from core.shelf import jobs
from core.store.scenes import Store
from core.ui.shelf import read_again
from tests.support import seed
from tests.support.builders import strip
from tests.support.pages import visit, words

FILM = Recipe("/film.mp4")


def scenes(*recipes: Recipe) -> list[Scene]:
    """A shelf, the newest scene first."""
    return [Scene(number, "Film", recipe, found=9) for number, recipe in enumerate(recipes, 1)][::-1]


def test_versions_are_scenes_of_one_source_on_one_shelf_the_oldest_first() -> None:
    shelf = scenes(FILM, Recipe("/other.mp4"), replace(FILM, smallest_face_px=12))
    foreign = replace(shelf[0], id=9, owner="somebody")

    assert [one.id for one in versions.find_versions(shelf[0], [*shelf, foreign])] == [1, 3]
    assert {number: len(same) for number, same in versions.group_by_source([*shelf, foreign]).items()} == {
        1: 2, 2: 1, 3: 2, 9: 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (FILM, ""),
        (replace(FILM, step=Step(100)), "every 100 ms"),
        (replace(FILM, step=Step(50, "frames")), "every 50 frames"),
        (replace(FILM, start_ms=5000, end_ms=62_500), "from 0:05.0 to 1:02.5"),
        (replace(FILM, finder="mtcnn", readers=("builtin",)), "found by mtcnn, read by builtin"),
        (replace(FILM, region=Box(100, 50, 600, 400)), "a part of 500 x 350 px"),
        (replace(FILM, thorough=True, budget=500), "at most 500 moments, searched thoroughly"),
    ],
)
def test_what_a_version_was_read_otherwise_with_is_told_in_words(recipe: Recipe, said: str) -> None:
    assert versions.describe_difference(recipe, FILM) == said


def test_each_of_several_versions_tells_the_settings_in_which_any_two_differ() -> None:
    same = scenes(FILM, replace(FILM, step=Step(100)), replace(FILM, smallest_face_px=12))[::-1]

    assert [versions.describe_own(one, same) for one in same] == [
        "every 200 ms, faces from 24 px",
        "every 100 ms, faces from 24 px",
        "every 200 ms, faces from 12 px",
    ]


def test_a_new_version_is_called_by_the_first_ones_title_and_what_is_different() -> None:
    first, second = scenes(FILM, replace(FILM, step=Step(100)))[::-1]
    named = replace(second, title="Film, every 100 ms")

    assert versions.version_title(named, [first, named], replace(FILM, step=Step(50))) == "Film, every 50 ms"
    assert len(versions.version_title(replace(first, title="x" * 80), [], replace(FILM, finder="mtcnn"))) <= 80


def test_versions_are_compared_with_each_other_and_a_lone_scene_with_the_newest() -> None:
    shelf = scenes(FILM, Recipe("/other.mp4"), replace(FILM, smallest_face_px=12))

    assert read_again.side_by_side(shelf[0], shelf) == "1,3"
    assert read_again.side_by_side(shelf[1], shelf) == "2,3"
    assert read_again.side_by_side(shelf[1], [shelf[1]]) == "2"


def test_what_is_drawn_is_a_part_inside_the_picture() -> None:
    def event(x: list[float], y: list[float]) -> dict[str, object]:
        return {"selection": {"part": {"x": x, "y": y}}}

    assert region.selected_region(event([353.6, 136.2], [59.4, 236.0]), (640, 360)) == Box(136, 59, 354, 236)
    assert region.selected_region(event([-20, 700], [-5, 999]), (640, 360)) == Box(0, 0, 640, 360)
    assert region.selected_region({"selection": {"part": {}}}, (640, 360)) is None
    assert region.selected_region({}, (640, 360)) is None


def test_a_part_stands_on_the_frame_where_it_was(home: Path) -> None:
    spec = region.region_picker(b"jpeg", (640, 360), Box(100, 50, 300, 200), 320).to_dict()
    part = next(one for one in spec["params"] if one["name"] == "part")

    assert part["value"] == {"x": [100, 300], "y": [50, 200]}
    assert (spec["width"], spec["height"]) == (320, 180)


@pytest.mark.usefixtures("forgetful_pages")
def test_the_shelf_shows_versions_and_leads_to_their_comparison(store: Store) -> None:
    first = seed.scene(store, strip("nnhh"), "Diner")
    recipe = replace(store.scene(first).recipe, smallest_face_px=12)
    other = store.add(recipe, "Diner, faces from 12 px")
    token = store.claim(other)
    store.begin_reading(other, token, seed.VIDEO, "mtcnn", ["builtin"], 4)
    store.append(other, token, seed.stored(strip("nnss")))
    store.finish(other, token)
    app = visit("shelf")

    assert "2 versions · this one faces from 24 px" in words(app)
    assert "2 versions · this one faces from 12 px" in words(app)
    links = [link.proto for link in app.get("page_link") if link.proto.label == "Compare"]
    assert len(links) == 2 and all("scenes=1%2C2" in link.query_string for link in links)


@pytest.mark.usefixtures("forgetful_pages")
def test_the_settings_of_a_scene_are_filled_in(store: Store) -> None:
    seed.scene(store, strip("nnhh"), "Diner")
    app = visit("shelf")
    app.menu_button(key="menu_1").click("Read again with other settings").run()
    edges = [app.number_input(key=f"part_{edge}_1") for edge in read_again.EDGES]

    assert app.selectbox(key="again_every").value == "200 ms"
    assert [edge.value for edge in edges] == [0, 0, 320, 180]
    assert "This version stays as it is" in words(app)


def test_reading_again_puts_the_old_reading_away_and_undo_brings_it_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "start", lambda scene_id, store=None: None)
    old = seed.scene(store, strip("nnhh"), "Diner")
    store.add_verdicts(old, [Verdict("builtin", 0, "happy", 1000, 2000, True)])
    fresh = jobs.read_again(old, store)

    assert [(scene.id, scene.title, scene.found) for scene in store.scenes()] == [(fresh, "Diner", 0)]

    jobs.restore(old, store)

    assert [scene.id for scene in store.scenes()] == [old]
    assert len(store.verdicts(old)) == 1


def test_a_reading_that_cannot_begin_leaves_the_old_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(scene_id: int, store: Store | None = None) -> None:
        raise JobError("One scene at a time.")

    monkeypatch.setattr(jobs, "start", refused)
    old = seed.scene(store, strip("nnhh"), "Diner")
    with pytest.raises(JobError):
        jobs.read_again(old, store)

    assert [scene.id for scene in store.scenes()] == [old]
    assert store.trashed_scenes() == []
