"""Every benchmark is there to be run by anyone: each module of bench/ can be loaded with what is installed."""

from __future__ import annotations

import subprocess
import sys

from tests.support.project import ROOT

ELSEWHERE = {"finder_tensorflow", "speed_deepface", "speed_fer"}
"""Scripts that run in the environments of the tools they measure."""

FILES = (path.relative_to(ROOT / "bench").with_suffix("") for path in (ROOT / "bench").rglob("*.py"))
MODULES = sorted({".".join(path.parts) for path in FILES if path.name != "__init__"} - ELSEWHERE)
LOADED = "import sys, bench; [__import__(f'bench.{name}') and print(name) for name in sys.argv[1:]]"


def test_every_benchmark_can_be_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, *MODULES], cwd=ROOT, capture_output=True, text=True)

    assert done.stdout.split() == MODULES, done.stderr
