"""The film scenes that an empty shelf offers by link; what they are and why they may be used stands in samples/."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "samples" / "films.toml"


@dataclass(frozen=True, slots=True)
class Film:
    """One scene of a film."""

    title: str
    kind: str
    link: str
    start: str
    """As people type it."""
    end: str
    licence: str
    """Why it may be used."""


@cache
def films() -> tuple[Film, ...]:
    """Returns the scenes in the file's order."""
    return tuple(Film(**one) for one in tomllib.loads(SOURCES.read_text("utf-8"))["film"])
