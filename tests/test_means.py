"""The table of means: what is left out, what its intervals are worth, and how far one peak moves it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bench import intervals as simulated
from core.analysis import intervals, means, tables
from core.model import EMOTIONS, Peak, Reading, Sample, Scores, Span, Suspect, Timeline, Verdict
from tests.support import builders
from tests.support.builders import strip

STORY = strip("nnhnn.nn|nnnn")
PEAK = Peak(0, "happy", 1000, 1500, 1000, 0.88)
DROP = Verdict("builtin", 0, "happy", 1000, 1500, True)


def row(timeline: Timeline, suspects: tuple[Suspect, ...] = (), verdicts: tuple[Verdict, ...] = ()) -> dict[str, float]:
    """The line of happy."""
    table = means.means_table(timeline, "builtin", suspects, verdicts)
    return table.set_index("emotion").loc["happy"].to_dict()


def wavering(count: int, rng: np.random.Generator, persistence: float = 0.9) -> Timeline:
    """Moments at which happy wanders about 0.5, each like the one before it."""
    noise = rng.normal(0, 0.05, count)
    for at in range(1, count):
        noise[at] += persistence * noise[at - 1]
    happy = np.clip(0.5 + noise, 0, 1)
    face = builders.face("neutral")
    faces = [replace(face, readings={"builtin": Reading(Scores(happy=h, neutral=1 - h))}) for h in happy]
    return Timeline(200, tuple(Sample(200 * at, (face,)) for at, face in enumerate(faces)))


def test_everything_is_the_plain_mean_and_a_gap_is_neither_zero_nor_neutral() -> None:
    table = means.means_table(STORY, "builtin", (), ())

    assert table["everything"].tolist() == tables.means(STORY, "builtin")["mean"].tolist()
    assert table["emotion"].tolist() == list(EMOTIONS)
    assert row(STORY)["everything"] == pytest.approx((0.88 + 10 * 0.02) / 11)


def test_what_was_dropped_leaves_yours_and_what_is_suspect_leaves_automatic() -> None:
    suspected = (Suspect(PEAK, 0.7),)
    happy = row(STORY, suspected, (DROP,))
    undecided, kept = row(STORY, suspected), row(STORY, suspected, (replace(DROP, dropped=False),))

    assert happy["yours"] == happy["automatic"] == pytest.approx(0.02)
    assert happy["change"] == pytest.approx(0.02 - happy["everything"])
    assert undecided["yours"] == kept["yours"] == happy["everything"] and undecided["automatic"] == pytest.approx(0.02)


def test_a_peak_under_the_bar_stays_in_automatic() -> None:
    table = means.means_table(STORY, "builtin", (Suspect(PEAK, 0.49),), ())

    assert table["automatic"].tolist() == table["everything"].tolist()


def test_all_seven_scores_of_a_dropped_moment_leave() -> None:
    table = means.means_table(STORY, "builtin", (), (DROP,)).set_index("emotion")

    assert table["yours"]["neutral"] == pytest.approx(0.88)
    assert table["yours"].sum() == pytest.approx(1)


def test_another_readers_drop_changes_nothing() -> None:
    happy = row(STORY, (), (replace(DROP, reader="deepface"),))

    assert happy["yours"] == happy["everything"] and happy["change"] == 0


def test_another_person_at_the_same_moment_stays() -> None:
    two = Timeline(500, (Sample(0, (builders.face("happy", track=0), builders.face("happy", left=10, track=1))),))

    assert row(two, (), (replace(DROP, start_ms=0, end_ms=500),))["yours"] == pytest.approx(0.88)


def test_one_persons_means_are_of_that_person_alone() -> None:
    table = means.means_table(strip("hh|nn"), "builtin", (), (), track=1)

    assert table.set_index("emotion")["everything"]["happy"] == pytest.approx(0.02)


def test_dropping_everything_leaves_no_number_at_all() -> None:
    happy = row(strip("h", 1000), (), (replace(DROP, start_ms=0, end_ms=1000),))

    assert happy["everything"] == pytest.approx(0.88)
    assert np.isnan([happy[name] for name in ("yours", "yours_low", "yours_high", "change")]).all()


@pytest.mark.parametrize("drawing", ["", "....", "n", "h.", "nh|n"])
def test_the_shortest_scenes_have_a_table_too(drawing: str) -> None:
    assert len(means.means_table(strip(drawing), "builtin", (), ())) == len(EMOTIONS)


def test_the_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    timeline = wavering(300, np.random.default_rng(5))
    first, second = row(timeline), row(timeline)

    assert first == second
    assert first["everything_low"] < first["everything"] < first["everything_high"]


def test_a_scene_that_never_changes_has_an_interval_without_width() -> None:
    happy = row(strip("n" * 70))

    assert happy["everything_low"] == pytest.approx(0.02) == happy["everything_high"]


@pytest.mark.parametrize(
    ("drawing", "given"),
    [
        ("nh" * 25, False),
        ("nh" * 35, True),
        ("nhnhnh|" * 10, True),
        ("nhnhnh|" * 9, False),
        ("nh" * 20 + "|" + "n" * 40, False),
    ],
)
def test_an_interval_needs_thirty_seconds_and_six_shots_or_one_take(drawing: str, given: bool) -> None:
    happy = row(strip(drawing))

    assert np.isfinite([happy["everything_low"], happy["everything_high"]]).all() == given
    assert np.isfinite(happy["everything"])


def test_moments_without_a_face_say_nothing_of_how_sure_a_mean_is() -> None:
    seen = "nhnnhn" * 12
    with_gaps = "".join(letter + ("." * 30 if place % 24 == 23 else "") for place, letter in enumerate(seen))

    bounds = [[row(strip(one))[f"everything_{end}"] for end in ("low", "high")] for one in (seen, with_gaps)]
    assert bounds[0] == pytest.approx(bounds[1])


def test_a_person_of_whom_one_short_shot_is_there_has_no_interval_in_a_long_scene() -> None:
    scene = strip("nh" * 40 + "|" + "nhn" * 4 + "|" + "nh" * 40)

    assert np.isnan(means.means_table(scene, "builtin", (), (), track=1)["everything_low"]).all()


def test_the_ends_stay_between_nought_and_one() -> None:
    table = means.means_table(strip("n" * 60 + "h" + "n" * 60), "builtin", (), ())

    assert (table["everything_low"] > 0).all() and (table["everything_high"] < 1).all()


def test_the_quantiles_are_those_of_students_t() -> None:
    freedom = intervals.FEWEST_WAVES + np.arange(len(intervals.STUDENT_T))

    assert pytest.approx(stats.t.ppf(0.975, freedom), abs=5e-4) == intervals.STUDENT_T


@pytest.mark.parametrize("kind", [kind for kind in simulated.KINDS if kind.seen == 1], ids=lambda kind: kind.name)
def test_an_interval_holds_the_true_mean_about_as_often_as_it_says(kind: simulated.Kind) -> None:
    """Of a minute, whatever its shots; moments taken for independent would hold it in fewer than half of the scenes."""
    cell = simulated.measure_cell(kind, 60, -1, 1.2, 120)

    assert cell.given == 120 and cell.held / cell.given >= 0.87
    assert cell.gaps == 60 and cell.gaps_held / cell.gaps >= 0.87


def test_a_gap_of_two_scenes_is_no_surer_than_either_of_them() -> None:
    one, other = (
        pd.DataFrame({"mean": [m], "low": [low], "high": [high]})
        for m, low, high in ((0.4, 0.3, 0.6), (0.1, 0.06, 0.2))
    )
    gap = intervals.gap_intervals(one, other).iloc[0]

    assert gap["gap_low"] == pytest.approx(0.3 - np.hypot(0.1, 0.1)) and gap["gap_high"] == pytest.approx(
        0.3 + np.hypot(0.2, 0.04)
    )


def test_how_far_a_peak_moves_the_mean_is_what_dropping_it_does() -> None:
    before, after = means.mean_without_peak(tables.faces(STORY, "builtin"), PEAK)
    happy = row(STORY, (), (DROP,))

    assert (before, after) == (happy["everything"], happy["yours"])


def test_what_is_dropped_already_is_out_before_and_after() -> None:
    story = strip("nnhnnhnn")
    before, after = means.mean_without_peak(tables.faces(story, "builtin"), PEAK, [Span(0, 2500, 3000)])

    assert before == pytest.approx((0.88 + 6 * 0.02) / 7) and after == pytest.approx(0.02)


def test_without_takes_rows_from_faces_and_scores_from_a_persons_curve() -> None:
    spans = means.dropped_spans([DROP], "builtin")
    faces, curve = tables.faces(STORY, "builtin"), tables.curve(STORY, "builtin")

    assert set(faces["t_ms"]) - set(tables.leave_out(faces, spans)["t_ms"]) == {1000}
    left = tables.leave_out(curve, spans)
    assert set(left[left["score"].isna()]["t_ms"]) == {1000, 2500}
    assert curve["score"].isna().sum() == len(EMOTIONS)  # what was handed in is as it was


def test_a_curve_without_a_persons_moment_keeps_the_other_people_there() -> None:
    two = Timeline(500, (Sample(0, (builders.face("happy", track=0), builders.face("sad", left=10, track=1))),))
    scores = tables.curve(two, "builtin", without=[Span(0, 0, 500)]).set_index("emotion")["score"]

    assert scores["sad"] == pytest.approx(0.88) and scores["happy"] == pytest.approx(0.02)
    assert tables.curve(two, "builtin", without=[Span(0, 0, 500), Span(1, 0, 500)])["score"].isna().all()
