"""Every file that leaves names the version that wrote it, in a place that no reader of its kind stumbles on."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest

from core import __version__
from core.export import kinds
from core.model import Scene
from core.shelf import review
from core.store.scenes import Store
from tests.support import builders, seed

NAMED: dict[str, Callable[[bytes], Any]] = {
    "csv": lambda data: pd.read_csv(io.BytesIO(data))["outtake_version"].unique().tolist(),
    "summary": lambda data: pd.read_csv(io.BytesIO(data))["outtake_version"].unique().tolist(),
    "peaks": lambda data: pd.read_csv(io.BytesIO(data))["outtake_version"].unique().tolist(),
    "fer": lambda data: pd.read_csv(io.BytesIO(data))["outtake_version"].unique().tolist(),
    "json": lambda data: list({row["outtake_version"] for row in json.loads(data)}),
    "parquet": lambda data: [pyarrow.parquet.read_schema(io.BytesIO(data)).metadata[b"outtake"].decode()],
    "xlsx": lambda data: [openpyxl.load_workbook(io.BytesIO(data)).properties.version],
    "elan": lambda data: [data.decode().split('AUTHOR="Outtake ')[1].split('"')[0]],
    "webvtt": lambda data: [data.decode().splitlines()[2].rsplit(" ", 1)[1]],
    "frames": lambda data: [zipfile.ZipFile(io.BytesIO(data)).comment.decode().removeprefix("Outtake ")],
    "charts": lambda data: [zipfile.ZipFile(io.BytesIO(data)).comment.decode().removeprefix("Outtake ")],
    "story": lambda data: [data.decode().split('name="generator" content="Outtake ')[1].split('"')[0]],
    "bundle": lambda data: [
        json.loads(zipfile.ZipFile(io.BytesIO(data)).read("manifest.json"))["outtake_version"],
    ],
}
"""Kind of file → the versions that it names."""


@pytest.fixture
def scene(store: Store) -> Scene:
    return store.scene(seed.scene(store, builders.strip("nnhnn")))  # noqa: B005  # a storyboard, not text


def test_every_kind_is_asked() -> None:
    assert set(NAMED) == set(kinds.KINDS)


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_what_is_exported_names_the_version(kind: str, store: Store, scene: Scene) -> None:
    data = kinds.export_scene(store, scene, kind, kinds.Choices(which="all"))

    assert NAMED[kind](data) == [__version__]


def test_a_file_of_verdicts_names_it_and_is_read_again(store: Store, scene: Scene) -> None:
    text = review.verdicts_json(store, scene)

    assert json.loads(text)["outtake_version"] == __version__
