"""From evidence to one doubt: a logistic regression over the rules' figures, weighed by what evidence there is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.closer import lead
from core.doubt_evidence import Evidence, logit
from core.model import EMOTIONS

Figures = dict[str, float]
"""Name of a figure → its value, of the order of 1: the larger, the more it speaks against the peak."""


def _alone(e: Evidence) -> Figures:
    rise = max(e.peak.height - e.usual, 0.0)
    return {"distance": min(max(e.distance, 0.0), 10.0) / 10, "rise": rise, "no neighbours": float(e.neighbours == 0)}


def _brief(e: Evidence) -> Figures:
    length_ms = min(max(e.peak.end_ms - e.peak.start_ms, 100), 3200)
    return {"short": -math.log2(length_ms / 800) / 3, "few": 1 - e.moments / e.sightings}


def _second(e: Evidence) -> Figures:
    if e.second is None:
        return {}
    place = EMOTIONS.index(e.peak.emotion)
    return {
        "second's other": -lead(e.second.scores, place) / 3,
        "second's doubt": -logit(e.second.scores[place]) / 3,
        "second's usual": -logit(e.second.usual) / 3,
    }


def _members(e: Evidence) -> Figures:
    if e.spread is None:
        return {}
    return {"spread": 4 * e.spread, "split": float(bool(e.split))}


def _closer(e: Evidence) -> Figures:
    if e.closer is None:
        return {}
    return {
        "gone in crops": 1 - e.closer.survives_crops,
        "other in crops": -e.closer.crops_lead / 3,
        "gone in time": 1 - e.closer.survives_ms / max(e.closer.window_ms, 1),
        "low in time": -logit(e.closer.again_score) / 3,
    }


def _picture(e: Evidence) -> Figures:
    small = math.log2(48 / min(max(e.width_px, 12), 48))
    return {"small": small, "turned": min(e.turned, 0.6), "at cut": float(e.to_cut_ms == 0)}


def _undecided(e: Evidence) -> Figures:
    entropy = -sum(score * math.log(max(score, 1e-6)) for score in e.scores) / math.log(len(e.scores))
    low, mean = -logit(e.peak.height) / 3, -logit(e.mean) / 3
    return {"low": low, "low on average": mean, "close": -e.lead / 3, "entropy": entropy}


FIGURES: dict[str, Callable[[Evidence], Figures]] = {
    "alone": _alone,
    "brief": _brief,
    "second": _second,
    "members": _members,
    "closer": _closer,
    "picture": _picture,
    "undecided": _undecided,
}
"""Rule → the figures that it gives to the model."""


def figures(evidence: Evidence) -> Figures:
    """Return all figures of a peak, those of absent evidence left out."""
    return {name: value for figure in FIGURES.values() for name, value in figure(evidence).items()}


INTERCEPT = "always"
"""Name of the weight that is there without any figure."""

EITHER_WAY = (INTERCEPT, "no neighbours")
"""Weights of either sign; all others are at least 0, so that no reason against a peak ever makes it more believable."""

UNKNOWN = ("second", "members", "closer")
"""Rules whose evidence may be absent: with each combination of them the figures weigh differently."""


def kind(evidence: Evidence) -> str:
    """Return which weights a peak is weighed by: "happy: second+closer", "other: score", …

    Joy has its own: it is read best of all, so that the same score is worth more there than with any other emotion.
    """
    there = {"second": evidence.second, "members": evidence.spread, "closer": evidence.closer}
    known = "+".join(name for name in UNKNOWN if there[name] is not None) or "score"
    return f"{'happy' if evidence.peak.emotion == 'happy' else 'other'}: {known}"


@dataclass(frozen=True, slots=True)
class Model:
    """Weights for every kind of peak."""

    weights: Mapping[str, Mapping[str, float]]
    """Kind of peak → figure → weight."""

    def doubt(self, evidence: Evidence) -> float:
        """Return the share of such peaks that were false, 0–1."""
        weights = self.weights[kind(evidence)]
        known = figures(evidence) | {INTERCEPT: 1.0}
        total = sum(weight * known[name] for name, weight in weights.items())
        return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))
