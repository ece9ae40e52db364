"""Where the project lies, and what becomes of a test that lacks what it needs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
"""Clips and pictures with known truth, beside the checkout."""


def skip_or_fail(what: str) -> None:
    """Skip the test that needs ``what``; with CI=true a missing thing is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI may not skip")
    pytest.skip(f"{what} is missing")
