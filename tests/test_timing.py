"""How long one waits: the times of the environment hold here and in the workers that are started from here."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.host import timing
from core.host.timing import Timing, current_timing
from tests.support.project import ROOT


def test_a_time_in_the_environment_holds_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    assert current_timing() == Timing()
    monkeypatch.setenv(timing.VARIABLE, '{"heartbeat_s": 0.1}')
    assert current_timing() == Timing(heartbeat_s=0.1)
    said = "from core.host.timing import current_timing; print(current_timing().heartbeat_s)"
    assert subprocess.check_output([sys.executable, "-c", said], cwd=ROOT, text=True) == "0.1\n"


def test_a_time_that_nobody_waits_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(timing.VARIABLE, '{"patience_s": 1}')
    with pytest.raises(TypeError, match="patience_s"):
        current_timing()


def test_a_worker_is_given_up_only_after_several_heartbeats_and_killed_only_after_its_grace() -> None:
    usual = Timing()
    assert usual.alive_s >= 3 * usual.heartbeat_s
    assert usual.obey_s >= usual.heartbeat_s + usual.grace_s
