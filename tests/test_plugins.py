"""Finders and readers that an installed package adds, and what is said of one that does not work."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.errors import FinderError, ReaderError
from core.faces import backends, plugins
from core.model import Box, Found
from tests.support import clips
from tests.support.project import ROOT

PAGE = (ROOT / "docs" / "PLUGINS.md").read_text("utf-8")
PICTURE = np.zeros((108, 192, 3), np.uint8)
CROP = np.full((96, 96, 3), 51, np.uint8)


def block(language: str) -> str:
    """The page's example in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return found


POINTS = {
    group: line.replace('"', "")
    for group, line in re.findall(r'^\[project\.entry-points\."(.+?)"\]\n(.+)$', block("toml"), re.MULTILINE)
}
"""Group → the example's entry point, as a wheel has it."""


def write_wheel(folder: Path, code: str, points: dict[str, str], package: str = "outtake-example") -> Path:
    """Write what a build of a package with one module would give."""
    module = package.replace("-", "_")
    wheel, info = folder / f"{module}-1.0-py3-none-any.whl", f"{module}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr(f"{module}.py", code)
        made.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        made.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        lines = "".join(f"[{group}]\n{line}\n" for group, line in points.items())
        made.writestr(f"{info}/entry_points.txt", lines.replace("outtake_example", module))
        made.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install a package for this process: unpacked on the path, as an installer leaves it."""

    def install(code: str, *groups: str, name: str = "outtake-example") -> Path:
        site = tmp_path / name
        site.mkdir()
        points = {group: POINTS[group] for group in groups or POINTS}
        zipfile.ZipFile(write_wheel(tmp_path, code, points, name)).extractall(site)
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.delitem(sys.modules, name.replace("-", "_"), raising=False)
        plugins._entry_points.cache_clear()
        return site

    yield install
    plugins._entry_points.cache_clear()


def outtake(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What the command line does where the package is installed."""
    known = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-m", "core", *words]
    return subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, timeout=200)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clips.film(tmp_path_factory.mktemp("film") / "film.mp4", 3.0)


@pytest.mark.slow
def test_the_pages_example_is_installed_by_pip_and_reads_a_clip(film: Path, tmp_path: Path) -> None:
    site, table = tmp_path / "site", tmp_path / "faces.csv"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)]
    subprocess.run([*pip, str(write_wheel(tmp_path, block("python"), POINTS))], check=True, capture_output=True)

    words = ("--every", "500ms", "--finder", "dots", "--readers", "brightness", "--out", str(table))
    done = outtake(site, "read", str(film), *words)

    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(table.open()))
    assert [row["t_ms"] for row in rows] == ["0", "520", "1000", "1520", "2000", "2520"]
    assert {row["reader"] for row in rows} == {"brightness"}
    for row in rows:
        assert [row[side] for side in ("left", "top", "right", "bottom")] == ["48", "27", "96", "54"]
        assert float(row["happy"]) + float(row["neutral"]) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("fault", ["import nothing", "def open_brightness(): return lambda crops: [] if crops else []"])
def test_the_command_line_says_one_sentence_of_a_broken_one(fault: str, film: Path, package) -> None:
    code = block("python").split("def open_brightness")[0]
    site = package(f"{fault}\n{code}", *(["outtake.readers"] if "import" in fault else []))
    finder = "mtcnn" if "import" in fault else "dots"

    done = outtake(site, "read", str(film), "--every", "1s", "--finder", finder, "--readers", "brightness")

    assert done.returncode == 2
    assert done.stderr.startswith("The reader “brightness” of the package outtake-example ")
    assert done.stderr.endswith("Update or uninstall that package, or choose another reader.\n")
    assert done.stderr.count("\n") == 1


def test_it_is_among_the_choices_and_takes_no_name_of_ours(package) -> None:
    package(block("python"))
    package("def open_brightness(): 1 / 0", "outtake.readers", name="outtake-thief")
    assert (backends.finder_names()[-1], backends.reader_names()[-1]) == ("dots", "brightness")

    with pytest.raises(ReaderError, match="outtake-example and outtake-thief both add a reader “brightness”"):
        backends.open_readers(["brightness"])


def test_a_name_of_ours_stays_ours(package, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(POINTS, "outtake.readers", "builtin = outtake_example:open_brightness")
    package("def open_brightness(): 1 / 0")

    assert len(backends.open_readers(["builtin"])["builtin"]([CROP])) == 1


def test_a_reading_is_what_the_package_says(package) -> None:
    package(block("python"))

    (reading,) = backends.open_readers(["brightness"])["brightness"]([CROP])

    assert reading.scores.happy == pytest.approx(0.2) and reading.scores.neutral == pytest.approx(0.8)
    assert {type(score) for score in reading.scores} == {float}


READS = "def open_brightness(): return lambda crops: "
FAULTS = {
    "does not import": ("import nothing_of_this_name", "ModuleNotFoundError (No module named 'nothing_of_this_name')"),
    "lacks its function": ("", "AttributeError"),
    "fails as it is opened": ("def open_brightness(): 1 / 0", "ZeroDivisionError (division by zero)"),
    "is no function": ("def open_brightness(): return 3", "TypeError ('int' object is not callable)"),
    "fails as it reads": (f"{READS}crops[99]", "IndexError"),
    "forgets a face": (f"{READS}[Scores(happy=1.0)]", "gave 1 readings for 2 faces"),
    "gives words": (f"{READS}['happy'] * 2", "gave happy, which is no Scores"),
    "gives percentages": (f"{READS}[Scores(happy=97.0)] * 2", "which is no Scores from 0 to 1"),
    "gives no number": (f"{READS}[Scores(happy=float('nan'))] * 2", "which is no Scores from 0 to 1"),
    "gives too little": (f"{READS}[Scores(happy=0.5)] * 2", "which is no Scores from 0 to 1 that add up to 1"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_reader_that_is_broken_is_one_sentence(name: str, package) -> None:
    code, words = FAULTS[name]
    package(f"from core.model import Scores\n{code}", "outtake.readers")

    with pytest.raises(ReaderError) as error:
        backends.open_readers(["brightness"])["brightness"]([CROP, CROP])

    assert words in str(error.value)
    assert str(error.value).startswith("The reader “brightness” of the package outtake-example ")
    assert str(error.value).endswith("Update or uninstall that package, or choose another reader.")


@pytest.mark.parametrize(
    ("gave", "words"),
    [
        ("[(1, 2, 3, 4)]", "AttributeError"),
        ("[Found(Box(0, 0, float('nan'), 9), 1.0)]", "ValueError"),
        ("[Found(Box(0, 0, 9, 9), float('nan'))]", "ValueError"),
        ("3", "TypeError"),
    ],
)
def test_a_finder_that_gives_no_faces_is_one_sentence(gave: str, words: str, package) -> None:
    package(f"from core.model import Box, Found\ndef open_dots(px): return lambda image: {gave}", "outtake.finders")

    with pytest.raises(FinderError, match=rf"finder “dots” of the package outtake-example failed: {words}"):
        backends.open_finder("dots")[1](PICTURE)


def test_a_finder_is_told_the_smallest_face_and_kept_inside_the_picture(package) -> None:
    code = """
from numpy import float32
from core.model import Box, Found
def open_dots(smallest_face_px):
    far, whole = Found(Box(500, 0, 600, 90), 0.9), Found(Box(0, 0, 192, 108), 0.9)
    return lambda image: [Found(Box(float32(-4.0), 10, smallest_face_px, 40), float32(0.5)), far, whole]
"""
    package(code, "outtake.finders")

    found = backends.open_finder("dots", 36)[1](PICTURE)

    assert found == (Found(Box(0, 10, 36, 40), 0.5),)
    assert {type(side) for side in found[0].box} == {int}


def test_a_finder_that_follows_is_followed(package) -> None:
    code = """
from core.model import Box, Found
class Follower:
    def __call__(self, image):
        return [Found(Box(10, 10, 60, 60), 0.9)]
    def search_near(self, image, before):
        return [Found(Box(11, 10, 61, 60), 0.9) for _ in before]
def open_dots(smallest_face_px):
    return Follower()
"""
    package(code, "outtake.finders")
    _, find = backends.open_finder("dots")

    assert find.search_near(PICTURE, find(PICTURE)) == (Found(Box(11, 10, 61, 60), 0.9),)  # type: ignore[attr-defined]
