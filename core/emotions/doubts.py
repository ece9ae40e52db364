"""Peaks of a taught emotion and what is doubted about them, by the rules that need no other emotion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from core.doubt import evidence, rules
from core.doubt.limits import LIMITS
from core.doubt.model import Model
from core.emotions.emotion import Place
from core.model import Face, Reading, Reason, Sample, Scores, Suspect, Timeline

RULES = frozenset(
    {"alone", "brief", "unreadable", "turned", "cut off", "at cut", "unsure", "undecided", "faint", "together"}
)
"""Rules that hold for an emotion that has no neighbours among the seven."""

STANDS_FOR = "surprise"
"""The rules and their weights know the seven: a taught emotion is weighed as this one is, another that passes soon."""


def own_reader(name: str) -> str:
    """The reader that verdicts about a taught emotion's peaks name: dropping one leaves the seven alone."""
    return f"taught.{name}"


def suspects(
    timeline: Timeline, said: pd.DataFrame, name: str, model: Model, size: tuple[int, int] | None = None
) -> tuple[Suspect, ...]:
    """Return the emotion's peaks with their doubt and its reasons, the most doubtful first.

    ``said`` as from ``taught_tables.scores``. A peak is where it is likelier than not, or raised far above its usual.
    """
    own = own_reader(name)
    scores = dict(zip(zip(said["t_ms"], said["index"], strict=True), said[name], strict=True))
    alone = Timeline(timeline.step_ms, tuple(_alone(sample, own, scores) for sample in timeline.samples))
    found = (
        _named(rules.judge_peak(replace(one, between=Scores()), model), name)
        for one in evidence.gather_evidence(alone, own, size=size)
        if one.peak.emotion == STANDS_FOR
    )
    return tuple(sorted(found, key=lambda one: (-one.doubt, one.peak.start_ms, one.peak.track)))


def _alone(sample: Sample, own: str, scores: Mapping[Place, float]) -> Sample:
    """The moment with faces that nobody has read but the taught emotion."""
    faces = tuple(
        _read(face, own, float(scores[sample.t_ms, index])) if (sample.t_ms, index) in scores else _unread(face)
        for index, face in enumerate(sample.faces)
    )
    return replace(sample, faces=faces)


def _read(face: Face, own: str, score: float) -> Face:
    return replace(face, readings={own: reading(score)})


def reading(score: float) -> Reading:
    """Return a taught emotion's score as a reading, in the place of the one that it stands for."""
    return Reading(Scores(**{STANDS_FOR: score, "neutral": 1 - score}))


def _unread(face: Face) -> Face:
    return replace(face, readings={})


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
