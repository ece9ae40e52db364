"""A long curve is thinned to what the eye sees of it: summits and named peaks stay, no line crosses a cut or a gap."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import tables
from core.charts import thinning
from core.doubt import peaks
from core.model import EMOTIONS, Face, Found, Reading, Sample, Scores, Timeline
from tests.support import builders
from tests.support.builders import strip

RANDOM = settings(max_examples=12, deadline=None)


@st.composite
def films(draw: st.DrawFn) -> Timeline:
    """A film of short and long shots, of faces that waver, with moments of nobody."""
    random = draw(st.randoms(use_true_random=False))
    samples: list[Sample] = []
    for shot, length in enumerate(draw(st.lists(st.integers(1, 60), min_size=1, max_size=12))):
        for _ in range(length):
            faces = () if random.random() < 0.05 else (_face(random, shot),)
            samples.append(Sample(200 * len(samples), faces, shot))
    return Timeline(200, tuple(samples))


def _face(random: Random, shot: int) -> Face:
    raised = [0.01 + random.random() ** 6 for _ in EMOTIONS]
    scores = Scores(*(each / sum(raised) for each in raised))
    return Face(Found(builders.found().box, 0.9), 100.0, shot, {"builtin": Reading(scores)})


def rows(table: pd.DataFrame) -> set[tuple[str, int]]:
    return set(table[["emotion", "t_ms"]].itertuples(index=False, name=None))


@RANDOM
@given(films(), st.integers(2, 60))
def test_the_apex_of_every_named_peak_stays(film: Timeline, points: int) -> None:
    curve = tables.curve(film, "builtin")
    named = [(peak.emotion, peak.apex_ms) for peak in peaks.find_peaks(film, "builtin")]

    assert set(named) <= rows(thinning.thin(curve, points, named))


@RANDOM
@given(films(), st.integers(2, 60))
def test_the_highest_and_the_lowest_of_every_emotion_stay_and_nothing_is_made_up(film: Timeline, points: int) -> None:
    curve = tables.curve(film, "builtin").dropna(subset="score")
    thinned = thinning.thin(curve, points)

    for extreme in ("max", "min"):
        assert thinned.groupby("emotion")["score"].agg(extreme).equals(curve.groupby("emotion")["score"].agg(extreme))
    assert len(thinned.merge(curve)) == len(thinned)


@RANDOM
@given(films(), st.integers(2, 60))
def test_no_line_reaches_across_a_cut_or_a_gap(film: Timeline, points: int) -> None:
    thinned = thinning.thin(tables.curve(film, "builtin"), points)
    breaks = {*tables.cuts(film), *(sample.t_ms for sample in film.samples if not sample.faces)}

    for _, line in thinned.groupby(["emotion", "run"]):
        for before, after in pairwise(sorted(line["t_ms"])):
            assert not any(before < t_ms <= after for t_ms in breaks)


@RANDOM
@given(films(), st.integers(2, 60))
def test_what_is_a_line_stays_a_line_and_there_are_few_points(film: Timeline, points: int) -> None:
    curve = tables.curve(film, "builtin").dropna(subset="score")
    thinned = thinning.thin(curve, points)
    whole = curve.groupby(["emotion", "run"]).size()
    left = thinned.groupby(["emotion", "run"]).size()

    assert not ((left == 1) & (whole.loc[left.index] > 1)).any()
    assert len(thinned) <= max(2 * points, 4) * len(EMOTIONS)


def test_an_hour_of_short_shots_has_a_few_thousand_points() -> None:
    drawing = "|".join("n" * 14 + "h" + "n" * 15 for _ in range(600))
    curve = tables.curve(builders.strip(drawing, 200), "builtin")

    assert len(curve) == 18_000 * len(EMOTIONS)
    assert len(thinning.thin(curve)) <= 8000


def test_a_line_that_breaks_where_there_is_no_score_is_drawn_run_by_run() -> None:
    curve = tables.curve(strip("nnhh..nn|nn"), "builtin").dropna(subset="score")
    whole = thinning.break_between_runs(curve, "t_s")
    happy = whole[whole["emotion"] == "happy"]
    pieces = happy["score"].isna().cumsum()[happy["score"].notna()]

    assert happy["t_s"].is_monotonic_increasing
    assert happy["run"][pieces.index].groupby(pieces).unique().map(list).tolist() == [[0], [2], [3]]
    assert len(whole) - len(curve) == 2 * len(EMOTIONS), "one between each run and the next, none after the last"
    assert set(whole.dropna(subset="score")["score"]) == set(curve["score"])
