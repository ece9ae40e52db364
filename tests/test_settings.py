"""What people type becomes the model's values, and a slip becomes one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import settings
from core.errors import SettingError
from core.model import Recipe, Step


@pytest.mark.parametrize(
    ("said", "every_ms"),
    [("200ms", 200), ("0.2s", 200), (".2s", 200), ("1s", 1000), (" 1.5 S ", 1500), ("2m", 120_000), (200, 200)],
)
def test_a_step_is_a_length_of_time_with_its_unit(said: str | int, every_ms: int) -> None:
    assert settings.parse_step(said) == Step(every_ms, "ms")


@pytest.mark.parametrize("said", ["0ms", "0.0001s", "61m", "-1s", "200", "fast", "", "ms", "1e3ms", "nan", 0, -5, True])
def test_a_step_that_makes_no_sense_is_refused_with_a_sentence(said: str | int) -> None:
    with pytest.raises(SettingError, match=r"every .*\.$"):
        settings.parse_step(said)


def test_every_so_many_frames_is_a_step_of_its_own() -> None:
    assert settings.step_in_frames("50") == settings.step_in_frames(50) == Step(50, "frames")


@pytest.mark.parametrize("said", [0, -1, "1.5", "", "many", "9" * 30])
def test_a_number_of_frames_is_a_whole_number_above_nought(said: str | int) -> None:
    with pytest.raises(SettingError, match="whole number"):
        settings.step_in_frames(said)


@pytest.mark.parametrize(
    ("said", "ms"),
    [
        ("1:02.5", 62_500),
        ("62.5", 62_500),
        ("62.5s", 62_500),
        ("62500ms", 62_500),
        ("0:10", 10_000),
        ("90:00", 5_400_000),
        ("1:30:00.25", 5_400_250),
        ("0", 0),
        (None, None),
        ("  ", None),
    ],
)
def test_a_moment_can_be_said_in_the_ways_of_players(said: str | None, ms: int | None) -> None:
    assert settings.parse_moment(said) == ms


@pytest.mark.parametrize("said", ["1:75", "1:75:00", "-3", "soon", "1:2:3:4", "::", "9" * 400, "9" * 400 + ":00", 10])
def test_a_moment_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(SettingError, match=r"like 1:02\.5"):
        settings.parse_moment(said)


@pytest.mark.parametrize(
    ("ms", "shown", "short"),
    [(0, "0:00.0", "0:00"), (2560, "0:02.6", "0:02"), (62_500, "1:02.5", "1:02"), (3_723_400, "1:02:03.4", "1:02:03")],
)
def test_a_clock_shows_minutes_seconds_and_tenths(ms: int, shown: str, short: str) -> None:
    assert (settings.clock(ms), settings.clock(ms, tenths=False)) == (shown, short)


@given(st.integers(0, 10**8))
def test_what_the_clock_shows_is_read_back_to_the_tenth(ms: int) -> None:
    assert abs((settings.parse_moment(settings.clock(ms)) or 0) - ms) <= 50


def test_nothing_said_is_the_usual_recipe(tmp_path: Path) -> None:
    assert settings.recipe(tmp_path / "clip.mp4") == Recipe(str(tmp_path / "clip.mp4"))


def test_a_relative_path_is_kept_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert settings.recipe("clip.mp4").source == str(tmp_path / "clip.mp4")


def test_every_setting_has_its_place_in_the_recipe() -> None:
    made = settings.recipe(
        "/c.mp4", every_frames="50", start="0:10", end="1:30", budget="500",
        finder=" MTCNN", readers="deepface, builtin,deepface", smallest_face="30",
    )  # fmt: skip

    assert made == Recipe(
        "/c.mp4", Step(50, "frames"), 10_000, 90_000, 500, "mtcnn", ("deepface", "builtin"), smallest_face_px=30
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"start": "1:00", "end": "0:30"}, "not after the start"),
        ({"start": "5", "end": "5"}, "not after the start"),
        ({"every": "1s", "every_frames": 5}, "Choose one"),
        ({"budget": 0}, "budget 0"),
        ({"smallest_face": 3}, "8 to 400 px"),
        ({"smallest_face": "big"}, "smallest-face big"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(wrong: dict[str, str], says: str) -> None:
    with pytest.raises(SettingError, match=says):
        settings.recipe("/c.mp4", **wrong)
