"""The whole road, headless, on clips whose truth is known: who is there, where the cuts are, who smiles."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import core
from core import model

pytestmark = pytest.mark.clips

STEP_MS = 200
CUTS_MS = (5160, 9840, 13240, 15160, 18080, 21080)
EMOTIONS = list(model.EMOTIONS)
PEOPLE = (1, 2, 3, 1, 1, 4, 1)
"""People in each shot of scene.mp4; in the fourth, an empty room, at most so many."""


@pytest.fixture(scope="module")
def read(media: Path, tmp_path_factory: pytest.TempPathFactory):
    """Read each clip once: name → the built-in reader's rows, found by MTCNN."""
    rows: dict[str, pd.DataFrame] = {}

    def of(name: str) -> pd.DataFrame:
        if name not in rows:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("OUTTAKE_HOME", str(tmp_path_factory.getbasetemp() / "truths"))
                settings = {"every": f"{STEP_MS}ms", "finder": "mtcnn", "readers": "builtin"}
                rows[name] = core.read(media / name, **settings)
        return rows[name]

    return of


def shots(rows: pd.DataFrame) -> pd.Series:
    """Number of the true shot of every row of scene.mp4; moments within a step of a cut are left out."""
    times = rows["t_ms"]
    near = pd.concat([(times - cut).abs() < 40 for cut in CUTS_MS], axis=1).any(axis=1)
    return pd.Series([sum(t >= cut for cut in CUTS_MS) for t in times], rows.index)[~near]


def test_the_six_cuts_are_found_within_one_step_and_no_other(read) -> None:
    rows = read("scene.mp4")
    firsts = rows.groupby("shot")["t_ms"].min().iloc[1:]

    assert len(firsts) == len(CUTS_MS)
    for found, true in zip(firsts, CUTS_MS, strict=True):
        assert 0 <= found - true <= STEP_MS


@pytest.mark.parametrize("name", ["crying_to_laughing.mp4", "one_face.mp4"])
def test_a_clip_without_a_cut_is_one_shot(read, name: str) -> None:
    assert set(read(name)["shot"]) == {0}


@pytest.mark.parametrize("shot", range(7))
def test_the_people_of_every_shot_are_found(read, shot: int) -> None:
    rows = read("scene.mp4")
    moments = rows[shots(rows).reindex(rows.index).eq(shot)]
    faces = moments.groupby("t_ms")["confidence"].count()
    right = faces <= 1 if shot == 3 else faces == PEOPLE[shot]

    assert right.mean() >= 0.85


def test_the_first_shot_is_happy_in_every_moment_and_no_later_one_is(read) -> None:
    """What a moment shows is the mean of its faces, as on the chart."""
    rows = read("scene.mp4").dropna(subset="confidence")
    moments = rows.groupby("t_ms")[EMOTIONS].mean()
    happy = moments.idxmax(axis=1) == "happy"

    assert happy[moments.index < CUTS_MS[0]].all()
    assert not happy[moments.index > CUTS_MS[0]].any()


def test_no_face_that_can_be_seen_well_is_happy_after_the_first_shot(read) -> None:
    """The faces of 14 to 24 px of the sixth shot are left out: some of them do read as happy."""
    rows = read("scene.mp4").dropna(subset="confidence")
    later = rows[(rows["t_ms"] > CUTS_MS[0]) & (rows["right"] - rows["left"] > 30)]

    assert len(later) > 100
    assert not (later[EMOTIONS].idxmax(axis=1) == "happy").any()


def test_the_crying_woman_is_not_happy_and_the_laughing_woman_is(read) -> None:
    rows = read("crying_to_laughing.mp4")

    assert rows.loc[rows["t_ms"] < 9000, "happy"].mean() <= 0.10
    assert rows.loc[rows["t_ms"] >= 11000, "happy"].mean() >= 0.85
    assert rows.groupby("t_ms")["confidence"].count().gt(0).mean() >= 0.95


def test_a_title_animation_holds_no_face_and_still_has_its_moments(read) -> None:
    rows = read("no_face.mp4")

    assert rows["confidence"].isna().all()
    assert len(rows) == 19 or len(rows) == 20


def test_one_persons_face_in_one_shot_is_one_track(read) -> None:
    rows = read("one_face.mp4")

    assert rows["track"].dropna().nunique() == 1
