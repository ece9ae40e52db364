"""What the player is told is small, and nothing of it is lost that can be seen."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest

from core.analysis import tables
from core.charts import marks
from core.charts.palette import DASH, GROUND, PALETTE
from core.doubt import verdicts
from core.model import EMOTIONS, Reading, Sample, Scores, Suspect, Timeline
from core.player import data
from tests.support import builders, doubtful
from tests.support.builders import strip


def test_looks_come_from_the_palette() -> None:
    look = data.look("light")

    assert look["ground"] == GROUND["light"]._asdict()
    assert [(one["name"], one["colour"], one["dash"]) for one in look["emotions"][: len(EMOTIONS)]] == [
        (name, PALETTE["light"][name], DASH[name]) for name in EMOTIONS
    ]


def test_times_are_the_steps_between_moments() -> None:
    timeline = strip("nnhn", 200)

    assert data.times(timeline) == [0, 200, 200, 200]
    assert list(itertools.accumulate(data.times(timeline))) == [one.t_ms for one in timeline.samples]


def test_a_line_is_broken_where_nobody_is_and_at_cuts() -> None:
    runs = data.lines(tables.curve(strip("nh.n|nn"), "builtin"))["happy"]

    assert [run[::2] for run in runs] == [[0, 500], [1500], [2000, 2500]]
    assert runs[0][1::2] == [20, 880]


def test_a_long_scene_is_small_and_keeps_its_lone_peak() -> None:
    drawing = ["n"] * 18_000
    drawing[12_345] = "h"
    curve = tables.curve(strip("".join(drawing), 200), "builtin")
    told = data.lines(curve)

    assert max(max(run[1::2]) for run in told["happy"]) == 880
    assert len(json.dumps(told)) < 250_000


def test_every_named_peak_of_a_long_scene_is_drawn_even_beside_a_higher_one() -> None:
    curve = tables.curve(strip("n" * 18_000, 200), "builtin")
    happy, named = curve["emotion"] == "happy", [("happy", t_ms) for t_ms in range(4_000, 3_600_000, 12_000)]
    for _, t_ms in named:  # of each 12 s, which are drawn with two points, another moment is higher
        curve.loc[happy & (curve["t_ms"] == t_ms), "score"] = 0.6
        curve.loc[happy & (curve["t_ms"] == t_ms + 2_000), "score"] = 0.9
    runs = data.lines(curve, named)["happy"]
    told = {t_ms: score for run in runs for t_ms, score in zip(run[::2], run[1::2], strict=True)}

    assert [told.get(t_ms) for _, t_ms in named] == [600] * len(named)
    assert len(json.dumps(data.lines(curve, named))) < 250_000


@pytest.mark.parametrize(("drop", "state"), [(None, marks.OPEN), (True, marks.DROPPED)])
def test_a_doubtful_peak_is_told_with_its_place_and_its_reasons(drop: bool | None, state: str) -> None:
    timeline = Timeline(200, doubtful.timeline().samples)
    suspect = Suspect(doubtful.SMILE, 0.93)
    decided = () if drop is None else (verdicts.make_verdict("builtin", doubtful.SMILE, drop=drop),)
    shown = marks.mark_table([suspect], decided, "builtin")
    (told,) = data.peaks(shown, [suspect], {(1600, 0): 0}, tables.curve(timeline, "builtin"))

    assert (told["name"], told["apex"], told["at"], told["face"]) == ("0.happy.1600", 1600, 0.88, 0)
    assert told["state"] == state
    assert told["gone"] == ([1400, 20, 1600, 880, 1800, 20] if drop else [])
    json.dumps(told)


def test_a_moment_is_told_with_boxes_and_every_readers_scores() -> None:
    sample = builders.Sample(400, (builders.face("happy", deepface="fear"),), 2)
    t_ms, shot, ((track, *box, confidence, said),) = data.window(sample)

    assert (t_ms, shot, track, box, confidence) == (400, 2, 0, [100, 60, 180, 140], 0.99)
    assert said["builtin"][0][EMOTIONS.index("happy")] == said["deepface"][0][EMOTIONS.index("fear")] == 880


@pytest.mark.parametrize("score", [0.34451, 0.34499, 0.345, 0.34512, 0.98502, 0.0049, 0.99501])
def test_a_score_is_printed_as_everywhere_else_not_rounded_twice(score: float) -> None:
    face = builders.face("happy")
    said = replace(face, readings={"builtin": Reading(Scores(happy=score, neutral=1 - score))})
    ((_, _, ((*_, told),)),) = [data.window(Sample(0, (said,)))]

    assert f"{told['builtin'][0][EMOTIONS.index('happy')] / 1000:.2f}" == f"{score:.2f}"
