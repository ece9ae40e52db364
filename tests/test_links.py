"""What the shelf and the command line say of links, and the films that an empty shelf offers."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import settings
from core.cli import links as linking
from core.errors import FetchError, SettingError
from core.host import limits
from core.links import fetch, local_copy, suggestions
from core.model import Recipe, Scene, Video
from core.shelf import jobs
from core.store.scenes import Store
from core.ui import progress
from core.ui.shelf import link as ui_link
from tests.support import clips, hostile
from tests.support.project import ROOT

LINK = "https://archive.org/details/x"
SCENE = Scene(1, "X", Recipe(LINK), state="reading", alive=True)
SEEN = local_copy.Preview(LINK, "A *title* with [signs]", 754_000, "archive.org", 45_300_000)


@pytest.mark.parametrize(
    ("scene", "says", "share"),
    [
        (SCENE, "Asking the site for the video", 0.0),
        (replace(SCENE, fetched=12_000_000, size=48_000_000), "Fetching the video: 12 of 48 MB", 0.25),
        (replace(SCENE, fetched=12_000_000), "Fetching the video: 12 MB so far", 0.0),
        (replace(SCENE, video=Video("x", 1, 1, 1, 1.0), expected=10, found=5), "Reading faces: 5 of 10 moments", 0.5),
        (replace(SCENE, state="queued", waiting=True, alive=False), "Waiting for its turn", 0.0),
    ],
)
def test_the_live_card_says_what_becomes_of_a_link(scene: Scene, says: str, share: float) -> None:
    assert (progress.describe_work(scene), progress.share(scene)) == (says, share)
    assert progress.is_live(scene)


def test_a_preview_tells_length_site_and_size() -> None:
    assert ui_link.describe(SEEN) == "12:34 · archive.org · about 45 MB"
    assert ui_link.describe(replace(SEEN, duration_ms=0, size_bytes=0)) == "archive.org"


def test_a_part_after_the_videos_end_is_refused_before_it_is_fetched() -> None:
    ui_link.check_start(SEEN, 700_000)
    ui_link.check_start(replace(SEEN, duration_ms=0), 800_000)
    with pytest.raises(SettingError, match="ends at 12:34"):
        ui_link.check_start(SEEN, 754_000)


def test_a_link_is_a_recipes_source_as_it_is_and_a_path_becomes_absolute() -> None:
    assert settings.recipe(LINK).source == LINK
    assert Path(settings.recipe("a.mp4").source).is_absolute()


def test_every_film_has_a_link_to_a_known_site_a_part_and_a_reason() -> None:
    assert len(suggestions.films()) >= 3
    for film in suggestions.films():
        recipe = settings.recipe(limits.check_link(film.link, limits.HOSTED), start=film.start, end=film.end)
        assert recipe.end_ms and recipe.start_ms < recipe.end_ms <= recipe.start_ms + 120_000
        assert film.licence.endswith(".") and film.title[-4:].isdigit()


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An empty shelf whose workers are started by name only."""
    st.cache_resource.clear()
    st.cache_data.clear()
    started: list[int] = []
    monkeypatch.setattr(jobs, "start", lambda scene_id, store=None: started.append(scene_id))
    return started


def paste(app: AppTest, link: str) -> AppTest:
    return app.text_input(key="link_0").set_value(link).run()


def test_a_pasted_link_is_shown_and_then_read_with_start_and_end(
    shelf: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_copy, "preview_link", lambda link: replace(SEEN, link=link))
    app = paste(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run(), LINK)
    assert any("title" in said.value for said in app.markdown)
    app.text_input(key="start").set_value("0:10")
    app.text_input(key="end").set_value("0:20")
    app.button(key="add_pressed").click().run()

    [scene] = Store().scenes()
    assert (scene.recipe.source, scene.recipe.start_ms, scene.recipe.end_ms) == (LINK, 10_000, 20_000)
    assert scene.title == SEEN.title and shelf == [scene.id]


def test_a_link_that_hands_out_nothing_is_a_sentence_and_can_be_looked_at_again(
    shelf: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look(link: str) -> local_copy.Preview:
        asked.append(link)
        raise FetchError("This video is gone or was never there. Check the link, or paste another.")

    monkeypatch.setattr(local_copy, "preview_link", look)
    app = paste(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run(), f"{LINK}?2")
    assert any("gone or was never there" in said.value for said in app.markdown)
    app.run()
    assert len(asked) == 1
    app.button(key="look_again").click().run()
    assert len(asked) == 2 and shelf == [] and Store().scenes() == []


def test_a_film_of_the_empty_shelf_is_read_in_one_click(shelf: list[int]) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.button(key="try_0").click().run()

    [scene] = Store().scenes()
    assert scene.recipe.source == suggestions.films()[0].link and shelf == [scene.id]


def test_the_command_line_fetches_a_link_and_names_it_by_its_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hostile.site() as site:
        monkeypatch.setattr(fetch, "allowed", (site.address,))
        site.answers["/a_scene.mp4"] = hostile.file(clips.film(tmp_path / "a.mp4", 1.0).read_bytes())
        recipe = settings.recipe(site.link("/a_scene.mp4"))

        assert linking.title(recipe.source) == "a_scene" and linking.check_recipe(recipe) is recipe
        assert Path(linking.fetch_link(recipe).source).is_file()


def test_the_command_line_says_in_one_sentence_what_is_wrong_with_a_link(home: Path) -> None:
    command = [sys.executable, "-m", "core", "read", "http://127.0.0.1:9/a.mp4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("This link leads into a private network") and done.stderr.count("\n") == 1
