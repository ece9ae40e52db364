"""A film that is skimmed, from the command line or the page to what leaves: resumed, told in words, and not misread."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import core
from core import settings
from core.__main__ import main
from core.analysis import versions
from core.doubt import rules, verdicts
from core.doubt.evidence import Evidence, gather_evidence
from core.doubt.limits import LIMITS
from core.errors import SettingError
from core.export import bundle_exchange, story_of_scene
from core.model import Found, Image, Recipe, Step, Timeline
from core.sampling import spacing_ms
from core.shelf import jobs, read_file
from core.shelf.scene_view import view_scene
from core.store.scenes import Store
from core.ui.shelf import add
from tests.support import clips, films, seed
from tests.support.builders import strip
from tests.support.films import FORCED, SLOW, UNEVEN
from tests.support.pages import visit, words

SKIMMED = [0, 6200, 12_000, 15_000, 19_000, 25_000, 28_000, 34_400, 42_000, 46_600, 50_000, 55_000]
"""What a step of five seconds gets of ``UNEVEN``: the nearest keyframe, and at four points the exact picture."""


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute with keyframes here and there, in which coloured squares wander."""
    colours = np.random.default_rng(1).integers(0, 255, (3, 3))
    path = tmp_path_factory.mktemp("skim") / "uneven.mp4"
    return films.film(path, SLOW, lambda number: clips.picture(colours, number), options=FORCED, keys=UNEVEN)


def test_a_worker_that_failed_is_resumed_to_the_same_rows(store: Store, uneven: Path) -> None:
    whole, halted = (store.add(settings.recipe(uneven, every="2s", skim=True, smallest_face=px), "") for px in (24, 25))
    jobs.run(whole, store=store, equip=clips.equip)
    seen = 0

    def find(image: Image) -> tuple[Found, ...]:
        nonlocal seen
        seen += 1
        if seen == 17:
            raise OSError("unplugged")
        return clips.find(image)

    with pytest.raises(OSError, match="unplugged"):
        jobs.run(halted, store=store, equip=lambda recipe: ("pixels", find, clips.equip(recipe)[2]))
    assert 0 < store.scene(halted).found < store.scene(whole).found
    jobs.run(halted, store=store, equip=clips.equip)

    assert store.samples(halted) == store.samples(whole)
    assert store.scene(whole).found == store.scene(whole).expected == 30
    assert store.timeline(whole).step_ms == 2000


def test_the_command_line_skims_where_it_is_asked_to(
    uneven: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.json"
    said = ["read", str(uneven), "--every", "5s", "--finder", "mtcnn", "--readers", "builtin", "--out", str(table)]

    assert main([*said, "--skim"]) == 0
    assert sorted({row["t_ms"] for row in json.loads(table.read_text())}) == SKIMMED
    assert main(said) == 0
    assert {row["t_ms"] for row in json.loads(table.read_text())} == set(range(0, 60_000, 5000))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (["--skim"], r"Skimming every 200 ms makes no sense: .* from 2s up"),
        (["--skim", "--every", "1.9s"], r"Skimming every 1900 ms makes no sense"),
        (["--skim", "--every-frames", "500"], r"cannot count frames. Choose a step like 5s\."),
    ],
)
def test_a_skim_that_makes_no_sense_is_a_sentence(
    said: list[str], sentence: str, uneven: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(uneven), *said]) == 2
    told = capsys.readouterr().err
    with pytest.raises(SettingError, match=sentence):
        raise SettingError(told)


def test_a_budget_may_widen_a_step_until_it_can_be_skimmed(uneven: Path) -> None:
    recipe = settings.recipe(uneven, budget=12, skim=True)
    table = read_file.read_recipe(recipe, equip=clips.equip)

    assert sorted(set(table["t_ms"])) == SKIMMED
    assert table.attrs["sampled"] == "every 200 ms, at the nearest keyframes"
    assert spacing_ms(recipe, SKIMMED) == 5000


@pytest.mark.usefixtures("forgetful_pages")
@pytest.mark.parametrize(("every", "step"), [("5 s, skimmed", 5000), ("2 s", 2000)])
def test_the_page_offers_to_skim_beside_the_steps(
    store: Store, monkeypatch: pytest.MonkeyPatch, uneven: Path, every: str, step: int
) -> None:
    monkeypatch.setattr(jobs, "start", lambda scene_id, store=None: None)
    app = visit("shelf")
    choice = next(box for box in app.selectbox if box.label == "One moment every")
    assert "5 s, skimmed" in choice.options and "often a shot’s first picture" in choice.proto.help
    app.file_uploader[0].upload("uneven.mp4", uneven.read_bytes(), "video/mp4")
    choice.set_value(every)
    app.button(key="add_pressed").click().run()

    assert not app.exception
    (scene,) = store.scenes()
    assert (scene.recipe.step, scene.recipe.skim) == (Step(step), every != "2 s")


@pytest.mark.parametrize("every", ["20 s, skimmed", "20s skim", "20 s,Skimmed ", "20000ms  skimmed"])
def test_other_steps_may_be_typed_and_too_short_a_one_to_skim_is_a_sentence(every: str) -> None:
    """The pages’ tests cannot type what a field does not offer."""
    asked = add.FormValues(every, "", "", "auto", "auto", "24")
    recipe = add.recipe_of("a.mp4", asked)

    assert (recipe.step, recipe.skim) == (Step(20_000), True)
    for wrong in ("500 ms, skimmed", "50 frames, skimmed", "skimmed", "often skimmed"):
        with pytest.raises(SettingError, match=r"\.$"):
            add.recipe_of("a.mp4", replace(asked, every=wrong))


@pytest.fixture
def read(store: Store, uneven: Path) -> int:
    """A scene skimmed by its worker, with faces on it."""
    scene_id = store.add(settings.recipe(uneven, every="5s", skim=True), "A film")
    jobs.run(scene_id, store=store, equip=clips.equip)
    return scene_id


@pytest.mark.usefixtures("forgetful_pages")
def test_the_scene_its_story_and_its_verdicts_say_that_it_was_skimmed(store: Store, read: int) -> None:
    scene = store.scene(read)

    assert "12 moments, one every 5000 ms, at the nearest keyframes" in words(visit("scene", scene=read))
    view = view_scene(store, scene, scene.readers[0])
    assert "one every 5000 ms, at the nearest keyframes" in story_of_scene.how_read(view)
    assert scene.video and '"5000 ms, at the nearest keyframes"' in verdicts.format_verdicts(
        "", scene.video, scene.recipe, ()
    )
    assert (
        settings.recipe("a.mp4", **settings.parse_density(settings.density_text(scene.recipe))).step
        == scene.recipe.step
    )
    plain = replace(scene, id=9, recipe=replace(scene.recipe, skim=False))
    assert versions.describe_own(scene, [scene, plain]) == "at the nearest keyframes"


def test_a_bundle_keeps_whether_it_was_skimmed_and_one_of_before_says_nothing(
    store: Store, read: int, tmp_path: Path
) -> None:
    elsewhere = Store(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    exact = seed.scene(store, strip("nnhh"), "Diner")
    skimmed, plain = (bundle_exchange.export_bundle(store, store.scene(one)) for one in (read, exact))
    theirs = [bundle_exchange.import_bundle(elsewhere, io.BytesIO(data)) for data in (skimmed, plain)]

    assert [elsewhere.scene(one).recipe.skim for one in theirs] == [True, False]
    assert elsewhere.samples(theirs[0]) == tuple(replace(one, look=b"") for one in store.samples(read))
    assert b'"skim"' not in b"".join(_parts(plain))


def _parts(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [packed.read(name) for name in packed.namelist()]


def test_a_recipe_of_before_is_the_same_scene(store: Store) -> None:
    scene_id = store.add(Recipe("/a.mp4", Step(5000)), "A film")

    assert store.add(Recipe("/a.mp4", Step(5000), skim=True), "A film") != scene_id
    assert store.add(Recipe("/a.mp4", Step(5000), skim=False), "A film") == scene_id
    assert not store.scene(scene_id).recipe.skim


def uneven_ones(drawing: str) -> tuple[Evidence, Evidence]:
    """What is known of the smile in a storyboard, at an even step of 4 s, and where the moments lie unevenly."""
    even = strip(drawing, 4000)
    shifted = [0, 5900, 6100, 13_800, 14_000, 21_900, 22_100, 29_900, 33_800]
    moved = tuple(replace(one, t_ms=t_ms) for one, t_ms in zip(even.samples, shifted, strict=False))
    found = (gather_evidence(Timeline(4000, samples), "builtin") for samples in (even.samples, moved))
    first, second = (next(one for one in each if one.peak.emotion == "happy") for each in found)
    return first, second


@pytest.mark.parametrize("drawing", ["ffhff", "ffff|hff", "ffh|ff", "fffhffff"])
def test_uneven_gaps_are_not_taken_for_missing_moments(drawing: str) -> None:
    """The next moment is the next one, however far away it is; what lies beside a cut lies beside it."""
    even, uneven = uneven_ones(drawing)

    assert uneven.between == even.between
    assert (uneven.to_cut_ms == 0) == (even.to_cut_ms == 0)
    assert rules.brief(even, LIMITS) is rules.brief(uneven, LIMITS) is None
    assert bool(rules.between(even, LIMITS)) == bool(rules.between(uneven, LIMITS))


def test_any_number_of_processes_skims_the_same(uneven: Path) -> None:
    """Helpers are processes of their own, which are told with the recipe."""
    said = {"every": "2s", "skim": True, "finder": "mtcnn", "readers": "builtin"}
    alone, together = (core.read(uneven, workers=count, **said) for count in (1, 2))

    pd.testing.assert_frame_equal(alone, together, check_exact=True)
    assert len(alone["t_ms"].unique()) == 30 and 6200 in set(alone["t_ms"])
