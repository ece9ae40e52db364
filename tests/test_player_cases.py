"""What stands in Python and in the player's scripts alike, held against one file of cases that both are tested with."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from core.charts import spacing
from core.emotions.training import SHOWN_FROM
from core.settings import clock

FOLDER = Path(__file__).parent / "player"
CASES = json.loads((FOLDER / "cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["clock"], ids=lambda case: f"{case['ms']} ms")
def test_a_moment_is_written_as_the_player_writes_it(case: dict) -> None:
    assert (clock(case["ms"]), clock(case["ms"], tenths=False)) == (case["tenths"], case["seconds"])


def test_the_axis_has_the_players_ticks() -> None:
    assert list(spacing.TICKS_S) == CASES["ticks_s"]
    for case in CASES["ticks"]:
        found = spacing.ticks(case["start_s"], case["end_s"], case["most"])
        assert len(found) == case.get("count", len(found))
        assert "times_s" not in case or np.allclose(found, case["times_s"])


def test_emotions_of_ones_own_are_shown_from_the_same_score() -> None:
    assert CASES["own_shown_from"] == SHOWN_FROM


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed; .ci/run installs it")
def test_the_players_scripts_pass_their_own_tests() -> None:
    done = subprocess.run(["node", "--test", "."], cwd=FOLDER, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stdout[-3000:]
