"""A comparison's charts and those of people, as files: each opens, says whose it is, and carries the page's numbers."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow

from core import language as words
from core.__main__ import main
from core.analysis import compare, tables
from core.analysis.compare import Axis
from core.charts import compare_views
from core.charts.compare_lanes import Lane
from core.charts.palette import GROUND, Theme
from core.errors import SettingError
from core.export import compare_charts, comparison, people_charts, render
from core.export.compare_charts import ComparedSide
from core.export.scene_charts import Charts
from core.model import EMOTIONS, Box, Calm, Sample, Scene, Timeline
from core.shelf.scene_view import view_scene
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import LETTERS, face, strip
from tests.support.cases import quick
from tests.support.charts import texts

NOTHING = pd.DataFrame(columns=["emotion", "at", "end_at", "apex_at", "score", "state"])
PAIR = tuple(
    Sample(200 * at, (face(LETTERS[one]), face(LETTERS[other], left=220, track=1)))
    for at, (one, other) in enumerate(zip("nnhhhh", "sssnnn", strict=True))
)


@pytest.fixture
def scenes(store: Store) -> list[Scene]:
    """Three scenes: a smile, a frown, and two people."""
    for timeline, title in ((strip("nnhhnnhh"), "Diner"), (strip("ssnnssnnss"), "Rain"), (Timeline(200, PAIR), "Two")):
        seed.scene(store, timeline, title)
    return store.scenes()[::-1]


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def ground(png: bytes) -> str:
    pixel = Pillow.open(io.BytesIO(png)).convert("RGB").getpixel((0, 0))
    return "#{:02x}{:02x}{:02x}".format(*pixel)  # type: ignore[misc]


@pytest.mark.parametrize("theme", quick(["light", "dark"], "dark"))
def test_a_comparison_leaves_as_svg_and_png_and_says_whose_lines_are_whose(
    store: Store, scenes: list[Scene], theme: Theme
) -> None:
    files = unpacked(comparison.scenes_zip(store, scenes, seed_wanted(theme)))

    names = ("lanes", "scene-by-scene", "means", "difference")
    assert set(files) == {f"{name}.{kind}" for name in names for kind in ("svg", "png")}
    for name in names:
        assert ground(files[f"{name}.png"]) == GROUND[theme].background
        assert set(words.ENGLISH.values()) <= set(texts(files[f"{name}.svg"]))
    assert "filled: Diner · dashed: Rain · dotted: Two" in texts(files["lanes.svg"])
    assert {"Diner", "Rain", "Two"} <= set(texts(files["scene-by-scene.svg"]))
    said = " ".join(texts(files["difference.svg"]))
    assert "above the line more in Diner, below it less" in said and "dotted: against Two" in said


def seed_wanted(theme: str, language: str = "en") -> comparison.Choices:
    return comparison.Choices(theme=theme, language=language)


def test_its_means_are_the_scenes_means(store: Store, scenes: list[Scene]) -> None:
    said = texts(unpacked(comparison.scenes_zip(store, scenes[:2]))["means.svg"])

    one, two = (tables.means(store.timeline(scene.id), "builtin").set_index("emotion")["mean"] for scene in scenes[:2])
    for name in EMOTIONS:
        gap = f"{abs(one[name] - two[name]):.3f}"
        assert any(word.lstrip("+−") == gap for word in said), name


@pytest.mark.slow
def test_charts_say_the_emotions_in_six_languages(store: Store, scenes: list[Scene]) -> None:
    """Pictures in scripts that this machine cannot write are refused; their words are in the drawing all the same."""
    specs = {}
    for code, language in words.LANGUAGES.items():
        views = [view_scene(store, scene, "builtin") for scene in scenes]
        charts = [Charts(view, store, "light", language.names) for view in views]
        sides = [ComparedSide(view, share=True) for view in views]
        made = compare_charts.specs(sides, "yours", "light", language.names) | dict(people_charts.specs(charts[2]))
        specs |= {f"{code} {name}": one for name, one in (made | {"of-one": charts[0].specs()["means"]}).items()}
    drawn = render.render_charts(specs, ("svg",))

    assert len(drawn) == len(specs) == 6 * 7
    for name, svg in drawn.items():
        assert set(words.LANGUAGES[name.split()[0]].names.values()) <= set(texts(svg)), name


def test_people_leave_with_their_means_alone_and_together_and_from_their_calm(
    store: Store, scenes: list[Scene]
) -> None:
    two = scenes[2]
    store.set_baseline(two.id, Calm(0, 400, 1200))
    charts = Charts(view_scene(store, two, "builtin"), store, "dark")
    specs = dict(people_charts.specs(charts))
    drawn = render.render_charts(specs)

    assert set(specs) == {"people", "people-together", "change-from-calm-0"}
    said = texts(drawn["people.svg"])
    assert {"Person 1", "Person 2", "0:01.2 on screen, 1 shot"} <= set(said)
    mine = tables.means(charts.view.timeline, "builtin", 0).set_index("emotion")["mean"]
    assert {f"{mine[name]:.3f}" for name in EMOTIONS} <= set(said)
    assert "with Person 2, 0:01.2" in texts(drawn["people-together.svg"])
    assert {"calm", "+1", "−1", "happy"} <= set(texts(drawn["change-from-calm-0.svg"]))
    assert all(ground(png) == GROUND["dark"].background for name, png in drawn.items() if name.endswith("png"))


def test_a_part_of_the_picture_leaves_outlined_on_a_frame(store: Store, scenes: list[Scene]) -> None:
    view = view_scene(store, scenes[0], "builtin")
    narrow = replace(view.scene, recipe=replace(view.scene.recipe, region=Box(10, 10, 60, 60)))
    whole, part = (dict(people_charts.specs(Charts(one, store))) for one in (view, replace(view, scene=narrow)))

    assert "region" not in whole and "region" in part
    picture = Pillow.open(io.BytesIO(render.render_charts({"region": part["region"]})["region.png"]))
    assert picture.width > 1000


def test_the_difference_is_the_first_minus_each_other_where_both_have_a_face() -> None:
    curves = [tables.curve(strip(drawing, 1000), "builtin") for drawing in ("hhhhhhhh", "nnnn....")]
    axes = [Axis(0, 7000, share=True)] * 2
    table = compare_views.differences(curves, axes)

    happy = table[table["emotion"] == "happy"]
    score = {letter: tables.means(strip(letter), "builtin").set_index("emotion")["mean"] for letter in "hn"}
    assert np.allclose(happy["score"], score["h"]["happy"] - score["n"]["happy"])
    assert happy["at"].max() < 55, "beyond that the second shows nobody"
    assert compare_views.differences(curves[:1], axes[:1]).empty


def test_a_difference_stops_where_somebody_is_gone_and_goes_on_as_another_run() -> None:
    curves = [tables.curve(strip(drawing, 1000), "builtin") for drawing in ("hhhhhhhhh", "nnn...nnn")]
    table = compare_views.differences(curves, [Axis(0, 8000, share=False)] * 2)

    assert table[table["emotion"] == "sad"].groupby("run")["at"].agg(["min", "max"]).round().values.tolist() == [
        [0, 2],
        [6, 8],
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_views_draw_every_side_and_every_emotion(theme: str) -> None:
    curves = [tables.curve(strip(drawing), "builtin") for drawing in ("nnhh", "ssnn", "hhss")]
    axes = [Axis(0, 1500, share=True)] * 3
    sides = [Lane(compare.add_axis_places(one, axis), NOTHING) for one, axis in zip(curves, axes, strict=True)]
    strips = compare_views.strips(sides, ["A", "B", "C"], end=100.0, share=True, theme=theme).to_dict()
    apart = compare_views.differences(curves, axes)
    lanes = compare_views.difference(apart, EMOTIONS, end=100.0, share=True, theme=theme).to_dict()

    assert strips["height"] > 2 * lanes["height"] / 3
    marks = [layer["mark"]["type"] for layer in lanes["layer"]]
    assert marks.count("area") == 1 and marks.count("line") == 2, "the second is filled, the third a line"


@pytest.mark.parametrize("ids", [["1"], ["1"] * 7])
def test_a_comparison_of_one_or_too_many_is_told_in_a_sentence(
    store: Store, scenes: list[Scene], ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *ids, "--to", "comparison", "--out", str(tmp_path / "both.zip")]) == 2
    assert re.search("2 to 6 scenes", capsys.readouterr().err)


@pytest.mark.slow
def test_the_command_line_writes_a_comparison(store: Store, scenes: list[Scene], tmp_path: Path) -> None:
    out = tmp_path / "both.zip"

    assert main(["export", "1", "2", "--to", "comparison", "--out", str(out), "--language", "de"]) == 0
    assert "fröhlich" in texts(unpacked(out.read_bytes())["lanes.svg"])
    with pytest.raises(SettingError, match="not a language"):
        comparison.scenes_zip(store, scenes, seed_wanted("light", "tlh"))
