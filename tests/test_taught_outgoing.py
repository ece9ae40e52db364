"""What leaves with emotions of one's own: after the seven in tables, dashed in charts, named in films and stories."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.charts import on_pictures
from core.charts.palette import STAR_GLYPH, TAUGHT, dash
from core.emotions import emotion_file
from core.emotions.readings import own_scores, with_scores
from core.errors import SettingError
from core.export import film_task, kinds
from core.export.kinds import Choices
from core.export.notes import FaceFollower
from core.export.scene_charts import Charts
from core.model import EMOTIONS, Scene
from core.shelf import emotions
from core.store.scenes import Store
from tests.support import builders, seed
from tests.support.builders import strip
from tests.support.emotions import examples, lift, view_with_own


@pytest.fixture
def scene(store: Store) -> Scene:
    """Four people who are happy for a while, one only for a moment, and "glee" taught from them."""
    scene_id = seed.scene(store, strip("nnnnnnhnnnn|hhhhhhhh|nnnn|hhhh"))
    lift(store, scene_id)
    emotions.save_emotion(store, emotions.learn(store, "glee", *examples(store, scene_id)))
    return store.scene(scene_id)


def made(store: Store, scene: Scene, kind: str) -> bytes:
    return kinds.export_scene(store, scene, kind, Choices(taught=emotions.usable_emotions(store)))


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("csv", pd.read_csv),
        ("xlsx", pd.read_excel),
        ("parquet", pd.read_parquet),
        ("json", lambda file: pd.DataFrame(json.load(file))),
    ],
)
def test_every_table_has_its_column_after_all_others(kind: str, read: object, store: Store, scene: Scene) -> None:
    table = read(io.BytesIO(made(store, scene, kind)))  # type: ignore[operator]

    assert [name for name in table if name != "outtake_version"][-1] == "glee"
    assert np.allclose(table[list(EMOTIONS)].astype(float).sum(axis=1), 1)
    assert ((table["glee"] > 0.5) == (table["happy"] > 0.5)).all()


def test_in_the_layout_of_fer_it_comes_behind_what_scripts_know(store: Store, scene: Scene) -> None:
    plain = pd.read_csv(io.BytesIO(kinds.export_scene(store, scene, "fer")))
    table = pd.read_csv(io.BytesIO(made(store, scene, "fer")))

    assert list(table.columns) == [*plain.columns[:-1], "glee0", "outtake_version"]
    pd.testing.assert_frame_equal(table[plain.columns], plain)
    assert ((table["glee0"] > 0.5) == (table["happy0"] > 0.5)).all()


def test_the_shelf_in_one_table_leaves_it_open_where_it_cannot_be_read(store: Store, scene: Scene) -> None:
    seed.scene(store, strip("nn"), "Plain")
    table = kinds.shelf_table(store, store.scenes(), Choices(taught=emotions.usable_emotions(store)))

    assert table[table["title"] == "Plain"]["glee"].isna().all()
    assert table[table["title"] == "Diner"]["glee"].notna().all()


def test_annotations_hold_its_peaks_and_why_they_are_doubted(store: Store, scene: Scene) -> None:
    elan, cues = (made(store, scene, kind).decode() for kind in ("elan", "webvtt"))
    view = view_with_own(store, scene.id)
    found = view.suspects_of(view.channel("glee"))

    assert 'TIER_ID="Person 1, taught.glee"' in elan and 'TIER_ID="Person 1, taught.glee, doubt"' in elan
    assert len(re.findall(r"glee [01]\.[0-9]{2}</ANNOTATION_VALUE>", elan)) == len(found) > 1
    assert len(re.findall(r">(?:\? )?glee [01]\.", cues)) == len(found)
    assert "? glee" in cues and "glee" not in kinds.export_scene(store, scene, "webvtt").decode()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_charts_draw_it_dashed_in_its_colour_with_its_doubts(theme: str, store: Store, scene: Scene) -> None:
    charts = Charts(view_with_own(store, scene.id), store, theme)
    specs = charts.specs()
    curves, means = json.dumps(specs["curves"]), json.dumps(specs["means"])

    assert TAUGHT[theme] in curves and json.dumps(dash(0)) in curves and TAUGHT[theme] in means
    assert '"glee"' in means
    assert "glee" in {one.peak.emotion for one in charts.view.open}
    assert charts.view.means()["emotion"].tolist() == [*EMOTIONS, "glee"]


def test_a_story_names_it_beside_the_seven(store: Store, scene: Scene) -> None:
    told = made(store, scene, "story").decode()

    assert f"glee, dashed and marked {STAR_GLYPH}, was taught from a few faces" in told
    assert f'<span style="color: var(--taught)" aria-hidden="true">{STAR_GLYPH}</span> glee <b>' in told
    assert "var(--glee)" not in told and f"--taught: {TAUGHT['dark']}" in told
    assert "glee" not in kinds.export_scene(store, scene, "story").decode()


def test_pictures_mark_a_face_that_shows_it_and_no_other(store: Store, scene: Scene) -> None:
    with zipfile.ZipFile(io.BytesIO(kinds.export_scene(store, scene, "frames", _all(store)))) as packed:
        own = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(io.BytesIO(kinds.export_scene(store, scene, "frames", Choices(which="all")))) as packed:
        plain = {name: packed.read(name) for name in packed.namelist()}
    happy = {
        f"{sample.t_ms:08}.jpg"
        for sample in store.samples(scene.id)
        if sample.faces[0].readings["builtin"].scores.top == "happy"
    }

    assert {name for name in own if own[name] != plain[name]} == happy


def _all(store: Store) -> Choices:
    return Choices(which="all", taught=emotions.usable_emotions(store))


def test_between_two_moments_a_film_says_what_the_moment_says(store: Store, scene: Scene) -> None:
    view = view_with_own(store, scene.id)
    follower = FaceFollower(with_scores(view.timeline, view.own_shown))
    times = {t_ms: [own_scores(face, view.names) for face in follower.faces(t_ms)] for t_ms in (2600, 3000, 3100, 6100)}

    assert times[2600] == [{}] and list(times[3000][0]) == list(times[3100][0]) == list(times[6100][0]) == ["glee"]


def test_the_line_around_a_face_and_its_plate_are_drawn() -> None:
    picture, face = builders.picture(360, 640), builders.face("h")
    plain = on_pictures.draw_boxes(picture, [face], "builtin")
    own = on_pictures.draw_boxes(picture, [face], "builtin", "dark", None, [{"glee": 0.9}])

    assert (plain != own).any(axis=2).sum() > 200
    assert (own == np.array(list(bytes.fromhex(TAUGHT["dark"][1:])))).all(axis=2).sum() > 50


def test_a_name_that_no_font_here_writes_is_said_before_anything_is_drawn(store: Store, scene: Scene) -> None:
    strange = emotions.learn(store, "\U00010380\U00010381\U00010382", *examples(store, scene.id))

    with pytest.raises(SettingError, match="no font that can write"):
        kinds.export_scene(store, scene, "frames", Choices(which="all", taught=(strange,)))


def test_a_scene_without_embeddings_says_what_to_do(store: Store, scene: Scene) -> None:
    plain = store.scene(seed.scene(store, strip("nhn"), "Plain"))

    for kind in ("csv", "fer", "elan", "webvtt", "charts", "story", "frames"):
        with pytest.raises(SettingError, match=f"core embed {plain.id}"):
            kinds.export_scene(store, plain, kind, _all(store))


def test_the_command_line_takes_its_file_for_every_kind(store: Store, scene: Scene, tmp_path: Path) -> None:
    lesson = tmp_path / "glee.json"
    lesson.write_text(emotion_file.to_json(emotions.usable_emotions(store)[0]), "utf-8")
    for out in ("a.csv", "b.vtt", "c.html", "d.outtake.zip"):
        assert main(["export", str(scene.id), "--with", str(lesson), "--out", str(tmp_path / out)]) == 0
        data = (tmp_path / out).read_bytes()
        assert b"glee" in data or b"taught.json" in data, out


def test_peaks_of_a_taught_emotion_stand_among_the_others(
    store: Store, scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["peaks", str(scene.id), "--with", "glee", "--all"]) == 0
    assert "glee" in capsys.readouterr().out
    assert main(["peaks", str(scene.id), "--with", "glee", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    own = [peak for peak in said["peaks"] if peak["emotion"] == "glee"]

    assert own and all(peak["dropped"] is None for peak in own)
    assert [peak["doubt"] for peak in said["peaks"]] == sorted((p["doubt"] for p in said["peaks"]), reverse=True)


def test_a_film_with_it_is_another_film(store: Store, scene: Scene) -> None:
    one, other = Choices(), Choices(taught=emotions.usable_emotions(store))

    assert film_task.film_status(scene, one).path != film_task.film_status(scene, other).path
