"""Peaks of an emotion of one's own and what is doubted about them, by the rules that need no other emotion."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from core.doubt import evidence, rules
from core.doubt.limits import LIMITS
from core.doubt.model import Model
from core.emotions.readings import STANDS_FOR, own_reader, with_scores
from core.model import Reason, Scores, Suspect, Timeline

RULES = frozenset(
    {
        *("alone", "brief", "unreadable", "turned", "cut off", "at cut", "head down", "unsure", "undecided", "faint"),
        "together",
    }
)
"""Rules that hold for an emotion that has no neighbours among the seven."""


def suspects(
    timeline: Timeline, said: pd.DataFrame, name: str, model: Model, size: tuple[int, int] | None = None
) -> tuple[Suspect, ...]:
    """Return the emotion's peaks with their doubt and its reasons, the most doubtful first.

    ``said`` as from ``taught_tables.scores``. A peak is where it is likelier than not, or raised far above its usual.
    """
    own = own_reader(name)
    scores = {
        (t_ms, index): {name: score} for t_ms, index, score in zip(said["t_ms"], said["index"], said[name], strict=True)
    }
    found = (
        _named(rules.judge_peak(replace(one, between=Scores()), model), name)
        for one in evidence.gather_evidence(with_scores(timeline, scores, alone=True), own, size=size)
        if one.peak.emotion == STANDS_FOR
    )
    return tuple(sorted(found, key=lambda one: (-one.doubt, one.peak.start_ms, one.peak.track)))


def _named(one: Suspect, name: str) -> Suspect:
    """The suspect under the emotion's own name, with the reasons that can be given for it."""
    reasons = tuple(_own_reason(reason, name) for reason in one.reasons if reason.rule in RULES)
    if not reasons and one.doubt >= LIMITS.suspect:
        reasons = (rules.combined_reason(one.doubt),)
    return replace(one, peak=replace(one.peak, emotion=name), reasons=reasons)


def _own_reason(reason: Reason, name: str) -> Reason:
    """The reason about the emotion itself, without the other one: of the seven it has none beside it."""
    named = ((figure, name if figure == "emotion" else value) for figure, value in reason.figures)
    return reason._replace(figures=tuple(pair for pair in named if pair[0] not in ("other", "score")))
