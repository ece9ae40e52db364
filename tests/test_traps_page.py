"""Every trap dropped on the shelf's page becomes a scene with right times, or one plain sentence and no scene."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import settings
from core.shelf import jobs, worker
from core.store.scenes import Store
from tests.support import clips
from tests.support.cases import quick
from tests.support.pages import visit
from tests.support.traps import TRAPS, Reads, Refused

pytestmark = pytest.mark.usefixtures("forgetful_pages")

STEP_MS = 1000
PATIENCE_S = 60
SLACK_MS = 100
"""How late the picture of an uneven film may answer; the exact times are the decoder's table's."""

OURS = {"Faces are found by": "mtcnn", "Emotions are read by": "builtin"}
"""What every machine has; other networks may have to be fetched first."""

BAD = {name: row for name, row in TRAPS.items() if isinstance(row, Refused)}
GOOD = {name: row for name, row in TRAPS.items() if isinstance(row, Reads)}


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty shelf whose worker, the real one, has done its work when the page comes back."""
    monkeypatch.setattr(jobs, "start", lambda scene_id, store: worker.run(scene_id, store=store))
    return Store()


def dropped(name: str, data: bytes) -> AppTest:
    """Drop a file on the shelf, ask for a moment every second, and press the button."""
    app = visit("shelf", PATIENCE_S)
    app.file_uploader[0].upload(name, data, "video/mp4")
    choice = {box.label: box for box in app.selectbox}
    choice["One moment every"].set_value("1 s")
    for label, tool in OURS.items():
        choice[label].set_value(tool)
    app.button(key="add_pressed").click().run()
    assert not app.exception
    return app


def lines(app: AppTest) -> list[str]:
    """What the page says, its Markdown's escapes taken out."""
    return [re.sub(r"\\(.)", r"\1", each.value) for each in (*app.markdown, *app.caption)]


@pytest.mark.clips
@pytest.mark.parametrize("name", quick(GOOD, "one_frame.mp4", "видео ü (1) 100% #x.mp4"))
def test_a_file_that_reads_becomes_a_scene_with_right_times(name: str, store: Store, media: Path) -> None:
    """Its card is on the shelf, and its page tells how many moments there are and how long it is."""
    shelf = dropped(name, (media / "traps" / name).read_bytes())
    (scene,) = store.scenes()
    times = [sample.t_ms for sample in store.samples(scene.id)]

    assert scene.state == "done"
    assert shelf.button(key=f"open_{scene.id}")
    assert len(times) == GOOD[name].last_ms // STEP_MS + 1
    assert all(0 <= t_ms - number * STEP_MS < SLACK_MS for number, t_ms in enumerate(times))
    told = next(line for line in lines(visit("scene", PATIENCE_S, scene=scene.id)) if "found by MTCNN" in line)
    assert re.search(rf"\b{len(times)} moments?, one every 1000 ms", told)
    assert settings.clock(GOOD[name].duration_ms) in told
    broken = name == "corrupt_bytes.mp4"
    assert ("could be read as far as 0:05.0 of 0:22.8" in told) is broken
    assert ("Could be read as far as 0:05.0 of 0:22.8" in lines(shelf)) is broken


@pytest.mark.clips
@pytest.mark.parametrize("name", quick(BAD, "empty.mp4", "text_named.mp4", "trunc_no_moov.mp4"))
def test_a_file_that_is_refused_leaves_one_plain_sentence_and_nothing_else(
    name: str, store: Store, media: Path, home: Path
) -> None:
    """It calls the file by the name it was dropped under; no scene is half made, and the file is not kept."""
    said = [line for line in lines(dropped(name, (media / "traps" / name).read_bytes())) if BAD[name].words in line]

    assert len(said) == 1
    assert re.fullmatch(rf":material/info: “{re.escape(name)}” [^\n]+\. [A-Z][^\n]+\.", said[0])
    assert store.scenes() == []
    assert list((home / "clips").iterdir()) == []


HOSTILE = {
    "../../x.mp4": "X",
    "/etc/passwd.mp4": "Passwd",
    "..\\..\\x.mp4": "X",
    "~/.ssh/id.mp4": "Id",
    "😀 %2e%2e%2f $(reboot) `x`.mp4": "😀 %2e%2e%2f $(reboot) `x`",
    f"{'very long ' * 60}.mp4": ("very long " * 8).strip().capitalize(),
    "<b>bold</b>\n\x1b[31m.mp4": "B> [31m",
    ".mp4": "Mp4",
}
"""Name of a file → the title that its scene gets."""


@pytest.mark.parametrize("name", quick(HOSTILE, "../../x.mp4", "<b>bold</b>\n\x1b[31m.mp4"))
def test_a_hostile_name_becomes_a_title_and_never_a_path(name: str, store: Store, home: Path, tmp_path: Path) -> None:
    """The clip is kept under what it holds; beside the home folder nothing appears."""
    film = clips.film(tmp_path / "film.mp4", 1.0, shots=1)
    before = {*tmp_path.iterdir(), home}
    dropped(name, film.read_bytes())
    (scene,) = store.scenes()
    (kept,) = (home / "clips").iterdir()

    assert re.fullmatch(r"[0-9a-f]{64}\.(mp4|bin)", kept.name)
    assert (scene.recipe.source, scene.state, scene.title) == (str(kept), "done", HOSTILE[name])
    assert set(tmp_path.iterdir()) == before


def test_a_hostile_name_is_repeated_in_the_sentence_that_refuses_it(store: Store) -> None:
    """On one line, as it was, and as text: no markup of it is believed."""
    shelf = dropped("../*a* [b](http://c) :red[d]\n.mp4", b"hello")

    assert [line for line in lines(shelf) if "is text, not a video" in line] == [
        ":material/info: “../*a* [b](http://c) :red[d]?.mp4” is text, not a video. Choose a video file."
    ]
    assert store.scenes() == []
