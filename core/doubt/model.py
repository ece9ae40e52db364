"""From evidence to one doubt: a logistic regression over the rules' figures, weighed by what evidence there is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import fmean

from core.doubt.evidence import Evidence, logit
from core.doubt.limits import LIMITS, share_between
from core.model import EMOTIONS
from core.reading.closer_look import log_lead

NEUTRAL = EMOTIONS.index("neutral")

Figures = dict[str, float]
"""Name of a figure → its value, of the order of 1: the larger, the more it speaks against the peak."""


def _neighbour_figures(e: Evidence) -> Figures:
    """How little else says the same, and how firmly one other emotion is shown on both sides.

    How far the score stands above the neighbours is told in words, but weighs nothing: in scenes made from valid true
    peaks stand out farther than false ones.
    """
    own = EMOTIONS.index(e.peak.emotion)
    sides = (score for at, score in enumerate(e.between) if at not in (own, NEUTRAL))
    return {"few": e.neighbours / (e.moments + e.neighbours), "between": max(sides)}


def _length_figures(e: Evidence) -> Figures:
    length_ms = min(max(e.length_ms, 100), 3200)
    return {"short": -math.log2(length_ms / 800) / 3}


def _score_figures(e: Evidence) -> Figures:
    """How low the reader's own score is, on average over the ways in which it was asked."""
    own = EMOTIONS.index(e.peak.emotion)
    if e.closer is None:
        asked = [logit(e.peak.height), log_lead(e.scores, own), e.lead]
    else:
        asked = [logit(e.peak.height), e.closer.crops_lead, logit(e.closer.again_score)]
    return {"low": -fmean(asked) / 3}


def _second_figures(e: Evidence) -> Figures:
    """How low the second reader's score is, on average over the ways in which it was asked."""
    if e.second is None:
        return {}
    own = EMOTIONS.index(e.peak.emotion)
    asked = [log_lead(e.second.scores, own), logit(e.second.scores[own])]
    if (look := e.second.look) is not None and e.closer is not None:
        asked += [look.crops_lead, logit(look.crops_score), logit(look.again_score)]
    return {"second low": -fmean(asked) / 3}


def _member_figures(e: Evidence) -> Figures:
    return {} if e.spread is None else {"spread": 4 * e.spread}


def _picture_figures(e: Evidence) -> Figures:
    small = math.log2(48 / min(max(e.width_px, 12), 48))
    return {"small": small, "at cut": float(e.to_cut_ms == 0)}


FIGURES: dict[str, Callable[[Evidence], Figures]] = {
    "alone": _neighbour_figures,
    "brief": _length_figures,
    "score": _score_figures,
    "second": _second_figures,
    "members": _member_figures,
    "picture": _picture_figures,
}
"""Rule → the figures that it gives to the model; a closer look makes the scores' figures better ones."""


def collect_figures(evidence: Evidence) -> Figures:
    """Returns all figures of a peak, those of absent evidence left out."""
    return {name: value for figure in FIGURES.values() for name, value in figure(evidence).items()}


INTERCEPT = "always"
"""Name of the weight that is there without any figure."""

JOY_IN_BAD_PICTURES = 0.3
"""How much a bad picture counts against joy, compared with other emotions: a smile is recognised from farther away and
in profile (Smith and Schyns 2009, "Smile through your fear and sadness")."""


def collect_film_figures(e: Evidence) -> Figures:
    """Returns what single pictures cannot teach: figures of moving film, each 0 where it says nothing.

    A mouth that surprise narrows speaks for a peak: its figure is negative then. That a face's movement is known says
    nothing itself: its weight, of either sign, is where the others' scale begins.
    """
    return _moving_figures(e) | _surprise_figures(e) | _bad_picture_figures(e)


def _moving_figures(e: Evidence) -> Figures:
    moves = e.closer.mouth_moves if e.closer else None
    times = 0.0 if moves is None else math.log2(max(moves, 0.01) / LIMITS.mouth_moves)
    down = 0.0 if e.nose_low is None else share_between(e.nose_low, LIMITS.nose_low, LIMITS.nose_lowest)
    known = float(moves is not None or e.mouth_wider is not None)
    return {"movement known": known, "mouth moving": share_between(times, 0, 1), "head down": down}


def _surprise_figures(e: Evidence) -> Figures:
    if e.peak.emotion != "surprise":
        return {"long surprise": 0.0, "mouth wide": 0.0}
    wide = (
        0.0 if e.mouth_wider is None else share_between(e.mouth_wider, LIMITS.mouth_wider, LIMITS.mouth_much_wider, -1)
    )
    return {"long surprise": share_between(e.shown_s, LIMITS.surprise_s, LIMITS.surprise_long_s), "mouth wide": wide}


def _bad_picture_figures(e: Evidence) -> Figures:
    figures = {
        "turned": share_between(e.turned, LIMITS.turned, 2 * LIMITS.turned),
        "cut off": float(e.at_edge),
        "blurred": share_between(-e.sharpness, -LIMITS.blurred, 0),
        "unsure": share_between(-e.confidence, -LIMITS.surely_a_face, -LIMITS.hardly_a_face),
        "dark": 0.0 if e.closer is None else share_between(-e.closer.light, -LIMITS.dark, 0),
    }
    counts = JOY_IN_BAD_PICTURES if e.peak.emotion == "happy" else 1.0
    return {name: counts * figure for name, figure in figures.items()}


EITHER_WAY = (INTERCEPT, "movement known")
"""Weights of either sign; all others are at least 0, so that no reason against a peak ever makes it more believable."""

UNKNOWN = ("second", "members", "closer")
"""Rules whose evidence may be absent: with each combination of them the figures weigh differently."""


def weights_name(evidence: Evidence) -> str:
    """Returns which weights a peak is weighed by: "happy: second+closer", "other: score", …

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
    film: Mapping[str, float] = field(default_factory=dict)
    """Figure of moving film → weight, the same for every kind of peak."""

    def doubt(self, evidence: Evidence) -> float:
        """Returns the share of such peaks that were false, 0–1; at least the bar where nothing can be read.

        How sure a reader is of a smear says nothing: scenes made from sharp pictures hold too few of these to learn it.
        """
        total = self.scene_logit(evidence) + self.film_logit(evidence)
        floor = LIMITS.suspect if LIMITS.nothing_readable(evidence.width_px, evidence.sharpness) else 0.0
        return max(floor, 1 / (1 + math.exp(-max(min(total, 30.0), -30.0))))

    def scene_logit(self, evidence: Evidence) -> float:
        """Returns the logit of the doubt by the figures that scenes made of pictures teach."""
        known = collect_figures(evidence) | {INTERCEPT: 1.0}
        return sum(weight * known[name] for name, weight in self.weights[weights_name(evidence)].items())

    def film_logit(self, evidence: Evidence) -> float:
        """Returns what moving film adds to the logit."""
        moving = collect_film_figures(evidence)
        return sum(weight * moving[name] for name, weight in self.film.items())
