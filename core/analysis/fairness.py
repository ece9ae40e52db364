"""What differs between scenes besides their faces: what makes a comparison wrong, and what one should know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from core.analysis.sampling_check import format_step
from core.model import Recipe

COARSER = 1.5
"""Steps that differ by this factor show expressions of different length."""

COVERED = 0.2
"""Shares of moments with a face that differ by this much are told."""

FEW = 10
"""Under so many moments with a face a mean says little."""


class Facts(NamedTuple):
    """What must be alike for a comparison to be fair."""

    title: str
    reader: str
    """In words."""
    step_ms: int
    people: int
    everyone: bool
    """Whether the side is everyone, not one person."""
    coverage: float
    """Share of the moments with a face of this side, 0–1."""
    faces: int
    """Those moments."""
    how: str
    """How faces were searched: finder, smallest face, region, in words."""
    remarks: tuple[str, ...] = ()
    """What is to be known of its file, in sentences (``core.video.remarks``)."""


def describe_search(recipe: Recipe, finder: str) -> str:
    """How faces were searched, in words; ``finder`` as people call it."""
    how = f"{finder}, faces from {recipe.smallest_face_px} px"
    how += ", in a part of the picture" if recipe.region else ""
    return how + (", at keyframes" if recipe.skim else "")


class Caveat(NamedTuple):
    """What differs besides the faces."""

    text: str
    wrong: bool = False
    """Whether the comparison itself would be wrong."""


def find_caveats(facts: Sequence[Facts]) -> list[Caveat]:
    """Returns what differs besides the faces, first what makes the comparison wrong."""
    if len(facts) < 2:
        return []
    told = [Caveat(f"{_quote_title(one)}: {remark}") for one in facts for remark in one.remarks]
    said = (_readers(facts), *_empty(facts), _steps(facts), _people(facts), _coverage(facts), _search(facts), *told)
    return sorted((one for one in said if one), key=lambda one: not one.wrong)


def _readers(facts: Sequence[Facts]) -> Caveat | None:
    if len({one.reader for one in facts}) < 2:
        return None
    return Caveat(
        f"Read by different readers: {_group_titles(facts, lambda one: one.reader)}. What differs may be the "
        "readers, not the faces: read one of them again.",
        wrong=True,
    )


def _empty(facts: Sequence[Facts]) -> Iterator[Caveat]:
    for one in facts:
        if not one.faces:
            yield Caveat(f"No face was read in {_quote_title(one)}: there is nothing to compare.", wrong=True)
        elif one.faces < FEW:
            moments = "moment" if one.faces == 1 else "moments"
            yield Caveat(f"Only {one.faces} {moments} of {_quote_title(one)} show a face: its means say little.")


def _steps(facts: Sequence[Facts]) -> Caveat | None:
    steps = [one.step_ms for one in facts]
    if max(steps) < COARSER * max(min(steps), 1):
        return None
    told = _group_titles(facts, lambda one: f"every {format_step(one.step_ms)}")
    finest = facts[steps.index(min(steps))]
    return Caveat(f"The scenes differ in step: {told}. Short expressions show in {_quote_title(finest)} first of all.")


def _people(facts: Sequence[Facts]) -> Caveat | None:
    if len({one.people for one in facts if one.everyone}) < 2:
        return None
    told = _group_titles([one for one in facts if one.everyone], lambda one: f"{one.people}")
    words = "Compare a person with a person, or read these as averages over everyone."
    return Caveat(f"The scenes differ in people: {told}. {words}")


def _coverage(facts: Sequence[Facts]) -> Caveat | None:
    shares = [one.coverage for one in facts]
    if max(shares) - min(shares) < COVERED:
        return None
    told = _group_titles(facts, lambda one: f"{one.coverage:.0%}".replace("%", "\u00a0%"))
    return Caveat(f"The scenes differ in how often a face is seen: {told} of the moments. The rest is left out.")


def _search(facts: Sequence[Facts]) -> Caveat | None:
    if len({one.how for one in facts}) < 2:
        return None
    return Caveat(f"Faces were searched in different ways: {_group_titles(facts, lambda one: one.how)}.")


def _group_titles(facts: Sequence[Facts], word: Callable[[Facts], str]) -> str:
    """``"A in “One”, B in “Two” and “Three”"``: who has the same is named together."""
    groups: dict[str, list[str]] = {}
    for one in facts:
        groups.setdefault(word(one), []).append(_quote_title(one))
    return ", ".join(f"{said} in {' and '.join(dict.fromkeys(titles))}" for said, titles in groups.items())


def _quote_title(one: Facts) -> str:
    return f"“{one.title}”"
