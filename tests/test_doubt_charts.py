"""The closer look and the sampling check, read from their specifications."""

from __future__ import annotations

from typing import Any

import pytest

from core.analysis import sampling_check
from core.charts import evidence
from core.charts.palette import GROUND
from core.model import Peak
from core.reading.closer_look import CloserLook
from tests.support.builders import strip

PEAK = Peak(0, "happy", 1600, 1800, 1600, 0.88)
AGAIN = ((1200, 0.02), (1520, 0.04), (1600, 0.88), (1680, 0.05), (2000, 0.02))
LOOK = CloserLook(0.0, 0.08, -2.2, 0, 800, 0.15, 120.0, AGAIN)

Spec = dict[str, Any]


def rows(spec: Spec, kind: str) -> list[list[Spec]]:
    """The data of every layer with this mark."""
    layers = (layer for layer in spec["layer"] if layer["mark"]["type"] == kind)
    return [spec["datasets"][layer.get("data", spec.get("data"))["name"]] for layer in layers]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_closer_look_shows_every_frame_read_around_the_peak_in_seconds(theme: str) -> None:
    spec = evidence.closer_look(LOOK, PEAK, theme).to_dict()
    (line,) = rows(spec, "line")

    assert [(row["from_s"], row["score"]) for row in line] == [
        (-0.4, 0.02),
        (-0.08, 0.04),
        (0.0, 0.88),
        (0.08, 0.05),
        (0.4, 0.02),
    ]
    assert spec["layer"][1]["encoding"]["x"]["scale"]["domain"] == [-0.5, 0.5]


def test_what_moved_crops_say_is_a_hollow_mark_in_the_colour_of_doubt() -> None:
    spec = evidence.closer_look(LOOK, PEAK).to_dict()
    hollow = spec["layer"][-1]

    assert hollow["encoding"]["stroke"] == {"value": GROUND["dark"].marker}
    assert rows(spec, "point")[-1][0]["score"] == 0.08


def test_the_peak_itself_is_hatched_inside_the_axis() -> None:
    long = Peak(0, "happy", 1000, 9000, 1600, 0.88)
    (column,) = rows(evidence.closer_look(LOOK, long).to_dict(), "image")

    assert (column[0]["from_s"], column[0]["end_s"]) == (-0.5, 0.5)


def test_every_step_has_a_row_and_every_phase_a_mark() -> None:
    found = sampling_check.means_by_phase(strip("nnhhhnnsnnhnnnnhhnnsnnhnnnnhhh", step_ms=200), "builtin")
    steps = {200: "every 0.2 s", 400: "every 0.4 s", 1000: "every 1 s"}
    found = found[found["step_ms"].isin(list(steps))]
    spec = evidence.sampling(found, ["happy"], steps).to_dict()
    points = rows(spec, "point")[0]

    assert spec["layer"][0]["encoding"]["y"]["sort"] == list(steps.values())
    assert {row["emotion"] for row in points} == {"happy"}
    assert [sum(row["step_ms"] == ms for row in points) for ms in steps] == [1, 2, 5]
