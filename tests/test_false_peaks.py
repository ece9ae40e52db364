"""What the doubt is worth on a few scenes of pictures that nothing was fitted on: bounds far below the benchmark."""

from __future__ import annotations

import pytest

from bench.cases import gathered
from bench.doubt_figures import Figures, figures
from bench.false_peaks import judged, models
from core.doubt import weights
from core.doubt.limits import LIMITS
from core.model import Read
from tests.support.project import SHARED, skip_or_fail
from training import data

FERPLUS = SHARED / "data" / "ferplus"
PICTURES = {False: 260, True: 60}

pytestmark = [pytest.mark.slow, pytest.mark.clips]


def builtin_alone() -> dict[str, Read]:
    from core.faces.read_builtin import open_builtin

    return {"builtin": open_builtin()}


@pytest.fixture(scope="module")
def seen() -> Figures:
    if not FERPLUS.is_dir():
        skip_or_fail(str(FERPLUS))
    peaks = gathered(data.load(FERPLUS, "test").seven(), builtin_alone, PICTURES, seed=3)
    group = judged(peaks, *models(weights.CARD), "built-in alone")
    return figures(group.false, group.doubt(), LIMITS.suspect)


def test_the_doubt_parts_false_peaks_from_true_ones(seen: Figures) -> None:
    assert seen.peaks > 80
    assert seen.auroc > 0.75


def test_most_suspects_are_false_and_most_true_peaks_are_none(seen: Figures) -> None:
    assert seen.precision > 0.5
    assert seen.recall > 0.4
    assert seen.true_doubted < 0.3


def test_the_doubt_keeps_its_word(seen: Figures) -> None:
    assert seen.ece < 0.2
