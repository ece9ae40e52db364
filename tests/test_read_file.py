"""The road without a screen: a path in, a DataFrame out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import settings
from core.analysis import tables
from core.errors import SettingError, VideoError
from core.model import Found, Image
from core.shelf import read_file
from core.video import clip
from tests.support import clips


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clips.film(tmp_path_factory.mktemp("film") / "film.mp4", 4.0)


def read(path: Path, equip: read_file.Equip = clips.equip, **said: str | int) -> pd.DataFrame:
    return read_file.read_recipe(settings.recipe(path, **said), equip=equip)


def test_every_moment_has_a_row_for_each_face_and_reader(film: Path) -> None:
    table = read(film, every="200ms")

    assert list(table.columns) == list(tables.ROW_TYPES)
    assert sorted(table["t_ms"].unique()) == list(range(0, 4000, 200))
    faces = table.dropna(subset=["reader"]).groupby(["t_ms", "left", "confidence"])["reader"].agg(list)
    assert len(faces) > 5 and all(readers == ["doubting", "certain"] for readers in faces)
    assert np.allclose(table.dropna()[list(tables.SCORES)].sum(axis=1), 1)


def test_nobody_in_the_picture_is_one_row_without_a_face(film: Path) -> None:
    nobody = read(film, lambda recipe: ("nobody", lambda image: (), {}), every="1s")

    assert len(nobody) == 4
    assert nobody[list(tables.ROW_TYPES)[2:]].isna().all().all()


def test_shots_are_counted(film: Path) -> None:
    table = read(film)

    assert {0, 1000, 2000, 3000} <= set(table.groupby("shot")["t_ms"].min())


def test_the_table_says_what_it_was_read_with(film: Path) -> None:
    attrs = read(film).attrs

    assert (attrs["finder"], attrs["readers"]) == ("pixels", ["doubting", "certain"])
    assert (attrs["video"]["width"], attrs["video"]["path"]) == (clips.WIDTH, str(film))


def test_start_end_budget_and_frames_choose_the_moments(film: Path) -> None:
    assert read(film, start="0:01", end="0:02", every="0.4s")["t_ms"].unique().tolist() == [1000, 1400, 1800]
    assert read(film, every_frames=50)["t_ms"].unique().tolist() == [0, 2000]
    assert read(film, budget=3)["t_ms"].nunique() == 3


def test_progress_is_told_after_every_moment(film: Path) -> None:
    told: list[tuple[int, int]] = []
    read_file.read_recipe(settings.recipe(film), progress=lambda *now: told.append(now), equip=clips.equip)

    assert told == [(number, 20) for number in range(1, 21)]


def test_reading_twice_gives_the_same_table(film: Path) -> None:
    pd.testing.assert_frame_equal(read(film), read(film), check_exact=True)


def test_one_frame_at_a_time_is_in_memory(film: Path) -> None:
    """No more pictures live at once than the pipeline's group and the one being made."""
    import weakref

    living: weakref.WeakValueDictionary[int, np.ndarray] = weakref.WeakValueDictionary()
    most = 0

    def counting(image: Image) -> tuple[Found, ...]:
        nonlocal most
        living[len(seen)] = image
        seen.append(1)
        most = max(most, len(living))
        return ()

    seen: list[int] = []
    read(film, lambda recipe: ("counting", counting, {}), every="80ms")
    assert len(seen) == 50 and most <= 20


def test_a_span_without_a_picture_is_told_in_a_sentence(film: Path) -> None:
    with pytest.raises(VideoError, match=r"no picture between 1:00\.0 and its end"):
        read(film, start="1:00")


def test_a_missing_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"gone\.mp4"):
        read_file.read(tmp_path / "gone.mp4")


def test_a_wrong_setting_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="every"):
        read_file.read(tmp_path / "gone.mp4", every="often")


def test_the_estimate_of_moments_is_right_for_a_plain_film(film: Path) -> None:
    recipe = settings.recipe(film, every="200ms", start="0:01")

    assert (
        read_file.expected_moments(recipe, clip.probe(film))
        == len(list(clip.frames(film, recipe.step, start_ms=recipe.start_ms)))
        == 15
    )
