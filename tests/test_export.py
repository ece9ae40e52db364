"""Tables leave as CSV, Parquet or JSON, number for number, whole or not at all."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.analysis import tables
from core.errors import SettingError
from core.export import tables as export
from tests.support import builders


@pytest.fixture
def table() -> pd.DataFrame:
    """Two moments with somebody, one without; scores that 15 digits cannot say."""
    timeline = builders.strip("hh.")  # noqa: B005  # a storyboard, not text
    made = tables.rows(timeline.samples)
    made["confidence"] = np.nextafter(0.1 + 0.2, 1)
    return made


def test_csv_is_read_back_equal(table: pd.DataFrame) -> None:
    back = pd.read_csv(io.BytesIO(export.to_bytes(table, "csv"))).drop(columns="outtake_version").astype(table.dtypes)

    pd.testing.assert_frame_equal(back, table, check_exact=True)


def test_parquet_is_read_back_equal_with_its_types(table: pd.DataFrame) -> None:
    table.attrs = {"finder": "mtcnn", "readers": ["builtin"], "video": {"path": "/clip.mp4"}}
    back = pd.read_parquet(io.BytesIO(export.to_bytes(table, "parquet")))

    pd.testing.assert_frame_equal(back, table, check_exact=True)
    assert back.attrs == table.attrs


def test_json_is_read_back_equal_and_what_is_missing_is_null(table: pd.DataFrame) -> None:
    back = json.loads(export.to_bytes(table, "json"))

    assert [row["t_ms"] for row in back] == [0, 500, 1000]
    assert list(back[0]) == [*table.columns, "outtake_version"]
    assert (back[0]["happy"], back[0]["confidence"]) == (table["happy"][0], table["confidence"][0])
    assert {key for key, value in back[2].items() if value is None} == set(table.columns[2:]) - {"confidence"}
    assert isinstance(back[0]["left"], int) and isinstance(back[0]["t_ms"], int)


@pytest.mark.parametrize("kind", export.FORMATS)
def test_a_table_without_rows_is_written_with_its_columns(kind: str, tmp_path: Path) -> None:
    export.write_table(tables.rows(()), tmp_path / f"none.{kind}")

    assert (tmp_path / f"none.{kind}").stat().st_size > 0


def test_the_suffix_may_be_in_capitals(table: pd.DataFrame, tmp_path: Path) -> None:
    export.write_table(table, tmp_path / "CLIP.CSV")

    assert (tmp_path / "CLIP.CSV").read_bytes() == export.to_bytes(table, "csv")


@pytest.mark.parametrize("name", ["clip.xls", "clip", "nowhere/clip.csv", "folder.csv"])
def test_a_place_that_cannot_be_written_is_told_in_a_sentence(name: str, table: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()

    with pytest.raises(SettingError, match=r"clip|folder"):
        export.write_table(table, tmp_path / name)
    assert [each.name for each in tmp_path.iterdir()] == ["folder.csv"]


def test_an_unknown_format_is_told_in_a_sentence(table: pd.DataFrame) -> None:
    with pytest.raises(SettingError, match="csv, parquet, json"):
        export.to_bytes(table, "xml")


def test_a_disk_that_gives_out_leaves_the_old_file_and_nothing_beside_it(
    table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "clip.csv"
    target.write_text("what was here before")

    def full(self: Path, to: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SettingError, match="No space left on device"):
        export.write_table(table, target)
    assert target.read_text() == "what was here before"
    assert list(tmp_path.iterdir()) == [target]


def test_any_bytes_are_written_whole_or_told_in_a_sentence(tmp_path: Path) -> None:
    export.write_bytes(b"{}", tmp_path / "verdicts.json")

    assert (tmp_path / "verdicts.json").read_bytes() == b"{}"
    with pytest.raises(SettingError, match="cannot be written"):
        export.write_bytes(b"{}", tmp_path / "nowhere" / "verdicts.json")


def test_a_written_file_may_be_read_by_whom_the_user_allows(table: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    export.write_table(table, tmp_path / "clip.csv")

    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("usual", "clip.csv")]
    assert modes[0] == modes[1]
