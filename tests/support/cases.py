"""Which of a test's many cases run by default."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def quick(every: Iterable[Any], *by_default: Any) -> list[Any]:
    """Returns every case for ``parametrize``; those not ``by_default``, one or two of a kind, are marked slow."""
    cases = list(every)
    assert all(case in cases for case in by_default), "a case by default is none of the cases"
    return [case if case in by_default else pytest.param(case, marks=pytest.mark.slow) for case in cases]
