"""Damage is said: what was left out of a file, and where, in its table's facts, on the terminal and in comparisons."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.analysis import fairness
from core.model import Recipe, Sample, Step, Video
from core.shelf import read_file
from core.video import clip
from core.video.remarks import Damage, describe_remarks, find_damage
from tests.support import clips
from tests.support.films import LONG, damaged, film, grainy
from tests.support.project import ROOT
from tests.support.traps import ALL, Reads

FILM = Video("film.mp4", 10_000, 640, 360, 25.0)
EVERY = Recipe("film.mp4")


def moments(*parts: range, lost: dict[int, int] | None = None) -> list[Sample]:
    return [Sample(t_ms, dropped=(lost or {}).get(t_ms, 0)) for part in parts for t_ms in part]


@pytest.mark.parametrize(
    ("samples", "found"),
    [
        (moments(range(0, 10_000, 200)), []),
        (moments(range(0, 10_000, 200), lost={1000: 3}), [Damage(800, 1000, 3)]),
        (
            moments(range(0, 10_000, 200), lost={1000: 3, 1600: 2, 5000: 1}),
            [Damage(800, 1600, 5), Damage(4800, 5000, 1)],
        ),
        (moments(range(0, 2000, 200), range(6000, 10_000, 200), lost={6000: 90}), [Damage(1800, 6000, 90)]),
        (moments(range(0, 5200, 200), lost={0: 2}), [Damage(0, 0, 2), Damage(5000, 10_000, 0)]),
        ([], []),
    ],
)
def test_damage_lies_where_pictures_were_lost_and_where_moments_end_early(samples, found):
    """Parts close together are one."""
    assert find_damage(EVERY, FILM, samples) == found


def test_what_a_stopped_scene_has_not_reached_is_not_missing():
    assert find_damage(EVERY, FILM, moments(range(0, 5200, 200)), whole=False) == []


def test_the_sentence_names_a_few_places_and_counts_the_rest():
    """A film with a scratch every two seconds does not fill a page."""
    lost = dict.fromkeys(range(1000, 10000, 2000), 1)
    (said,) = describe_remarks(EVERY, FILM, moments(range(0, 5200, 200)))

    assert said == "Parts of it are damaged and were left out: everything from 0:05.0 to 0:10.0."
    (said,) = describe_remarks(EVERY, FILM, moments(range(0, 10_000, 200), lost=lost))
    assert said.endswith("1 picture between 0:04.8 and 0:05.0 and 2 more places.")


def test_a_damaged_film_is_told_in_its_tables_facts_and_read_on_behind_it(tmp_path):
    path = damaged(film(tmp_path / "a.mp4", LONG, grainy), tmp_path / "bad.mp4", range(40, 41))
    table = read_file.read_recipe(Recipe(str(path), Step(200)), equip=clips.equip)

    assert table["t_ms"].max() == 7800
    assert table.attrs["remarks"] == [
        "Parts of it are damaged and were left out: 10 pictures between 0:01.4 and 0:02.0."
    ]
    whole = read_file.read_recipe(Recipe(str(tmp_path / "a.mp4"), Step(200)), equip=clips.equip)
    assert "remarks" not in whole.attrs


def test_a_comparison_says_which_side_is_damaged():
    one = fairness.Facts("A", "r", 200, 1, True, 1.0, 50, "h", ("Parts of it are damaged and were left out: x.",))
    other = fairness.Facts("B", "r", 200, 1, True, 1.0, 50, "h")

    assert fairness.find_caveats([one, other]) == [
        fairness.Caveat("“A”: Parts of it are damaged and were left out: x.")
    ]


@pytest.mark.clips
@pytest.mark.parametrize("name", [name for name, row in ALL.items() if isinstance(row, Reads)])
def test_of_all_the_clips_only_the_corrupt_one_is_called_damaged(name, media):
    """Uneven rates, truncated containers and wrong headers included."""
    path = media / name
    samples = [Sample(frame.t_ms, dropped=frame.dropped) for frame in clip.frames(path)]

    assert bool(find_damage(Recipe(str(path)), clip.probe(path), samples)) is (name == "traps/corrupt_bytes.mp4")


@pytest.mark.slow
@pytest.mark.clips
def test_the_command_line_says_what_is_missing_of_a_corrupt_file(media, tmp_path):
    """26 of 114 moments, and not a word, was worse than an error."""
    path = media / "traps" / "corrupt_bytes.mp4"
    words = ["read", str(path), "--finder", "mtcnn", "--readers", "builtin", "--out", str(tmp_path / "x.csv")]
    run = subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stderr.startswith("corrupt_bytes.mp4: Parts of it are damaged and were left out: ")
    assert run.stderr.endswith(" pictures between 0:02.6 and 0:05.0 and everything from 0:05.0 to 0:22.8.\n")
