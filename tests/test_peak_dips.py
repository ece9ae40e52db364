"""Where a curve dips for one moment, its two runs are one peak: measured by the lower of both, wherever it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.doubt.peaks import find_peaks
from core.model import Reading, Sample, Scores, Timeline
from tests.support import builders

STEP_MS = 200


def smiling(*heights: float) -> Timeline:
    """One face that smiles so much, moment by moment; from 0.4 on the smile is on top, below that neutral is."""
    samples = []
    for place, height in enumerate(heights):
        rest = 1 - height
        scores = (
            Scores(happy=height, neutral=rest) if rest > 0.6 else Scores(happy=height, sad=rest / 2, neutral=rest / 2)
        )
        face = replace(builders.face(), readings={"builtin": Reading(scores)})
        samples.append(Sample(place * STEP_MS, (face,)))
    return Timeline(STEP_MS, tuple(samples))


def spans(timeline: Timeline) -> list[tuple[int, int]]:
    return [(peak.start_ms, peak.end_ms) for peak in find_peaks(timeline, "builtin") if peak.emotion == "happy"]


@pytest.mark.parametrize("heights", [(0.9, 0.3, 0.45), (0.45, 0.3, 0.9)])
def test_a_dip_to_two_thirds_of_the_lower_run_parts_nothing(heights: tuple[float, ...]) -> None:
    """It is a third of the higher one: half of that would part them."""
    assert spans(smiling(*heights)) == [(0, 600)]


@pytest.mark.parametrize("heights", [(0.9, 0.2, 0.45), (0.45, 0.2, 0.9)])
def test_a_dip_below_half_of_the_lower_run_parts_them(heights: tuple[float, ...]) -> None:
    assert spans(smiling(*heights)) == [(0, 200), (400, 600)]


def test_two_moments_of_a_dip_part_any_runs() -> None:
    assert spans(smiling(0.9, 0.38, 0.38, 0.9)) == [(0, 200), (600, 800)]
