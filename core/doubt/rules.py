"""Which peaks not to believe, and why: each rule is a small function that returns its reason as facts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from core.doubt.evidence import LEAST_NEIGHBOURS, Evidence, Looks, gather_evidence
from core.doubt.limits import LIMITS, Limits, share_between
from core.doubt.model import Model
from core.model import CROP_PX, EMOTIONS, Figure, Reason, Suspect, Timeline
from core.reading.closer_look import SHIFT, CloserLook, Key, log_lead

Rule = Callable[[Evidence, Limits], Reason | None]


def find_suspects(
    timeline: Timeline,
    reader: str,
    model: Model,
    *,
    closer: Mapping[Key, CloserLook] | None = None,
    size: tuple[int, int] | None = None,
    limits: Limits = LIMITS,
    others: Looks | None = None,
) -> tuple[Suspect, ...]:
    """Returns every peak of a reader with its doubt and its reasons, the most doubtful first.

    Those with ``doubt >= limits.suspect`` are the ones not to believe; the others are here so that a viewer can sort
    and choose another bar. ``closer`` holds the reader's closer looks taken so far, ``others`` those of other readers
    at the same peaks; ``size`` is the picture's (width, height).
    """
    weighed = (judge_peak(one, model, limits) for one in gather_evidence(timeline, reader, closer, size, others))
    return tuple(sorted(weighed, key=lambda suspect: (-suspect.doubt, suspect.peak.start_ms, suspect.peak.track)))


def judge_peak(one: Evidence, model: Model, limits: Limits = LIMITS) -> Suspect:
    """Returns a peak with its doubt, and what the rules say against it, the strongest first."""
    found = (rule(one, limits) for rule in RULES)
    reasons = [reason for reason in found if reason is not None and reason.strength >= limits.speaks]
    doubt = model.doubt(one)
    if not reasons and doubt >= limits.suspect:
        reasons = [combined_reason(doubt)]
    return Suspect(one.peak, doubt, tuple(sorted(reasons, key=lambda reason: -reason.strength)))


def combined_reason(doubt: float) -> Reason:
    """Returns the reason against a suspect that no single rule speaks against."""
    return _reason("together", doubt, of_100=100 * doubt)


def _reason(rule: str, strength: float, **figures: Figure) -> Reason:
    return Reason(rule, tuple(figures.items()), strength)


def alone(e: Evidence, limits: Limits) -> Reason | None:
    """The score stands far above the same person's score around it."""
    if e.neighbours < LEAST_NEIGHBOURS or e.distance < limits.alone or e.peak.height - e.usual < limits.rise:
        return None
    strength = share_between(e.distance, limits.alone, 4 * limits.alone)
    return _reason("alone", strength, emotion=e.peak.emotion, height=e.peak.height, usual=e.usual)


def between(e: Evidence, limits: Limits) -> Reason | None:
    """One and the same other emotion is shown just before and just after: a face does not leave it for a moment."""
    score, other = max((s, name) for s, name in zip(e.between, EMOTIONS, strict=True) if name != e.peak.emotion)
    if other == "neutral" or score < limits.between or e.length_ms > limits.between_ms:
        return None
    return _reason("between", 0.3 + 0.7 * score, emotion=e.peak.emotion, other=other, score=score)


def brief(e: Evidence, limits: Limits) -> Reason | None:
    """It ends sooner than an expression does; unknown where it fills its whole track or moments lie far apart."""
    if e.length_ms > limits.brief_ms or e.moments == e.sightings:
        return None
    return _reason(
        "brief",
        0.3 + 0.7 * (1 - e.length_ms / limits.brief_ms),
        emotion=e.peak.emotion,
        on_top=e.saying == e.moments,
        moments=e.moments,
        sightings=e.sightings,
        length_s=e.length_ms / 1000,
    )


def second(e: Evidence, limits: Limits) -> Reason | None:
    """Another reader says something else about the same moments."""
    if e.second is None or (top := e.second.scores.top) == e.peak.emotion:
        return None
    score, own = max(e.second.scores), e.second.scores[EMOTIONS.index(e.peak.emotion)]
    return _reason(
        "second",
        2 * score / (score + own) - 1,
        emotion=e.peak.emotion,
        reader=e.second.name,
        other=top,
        score=score,
        unanimous=e.second.unanimous,
    )


def members(e: Evidence, limits: Limits) -> Reason | None:
    """The networks of the ensemble do not say the same."""
    if e.spread is None or not e.split or e.spread < limits.members:
        return None
    strength = share_between(e.spread, 0.0, 0.3)
    return _reason("members", strength, emotion=e.peak.emotion, reader=e.reader, mean=e.mean, spread=e.spread)


def crops(e: Evidence, limits: Limits) -> Reason | None:
    """Seen through crops that are moved a little, the emotion is gone."""
    if e.closer is None or e.closer.survives_crops > limits.crops:
        return None
    survives, shift_px = e.closer.survives_crops, round(SHIFT * CROP_PX)
    return _reason("crops", 1 - survives, emotion=e.peak.emotion, survives=survives, shift_px=shift_px)


def frames(e: Evidence, limits: Limits) -> Reason | None:
    """Frame by frame, it does not last."""
    if e.closer is None or e.closer.survives_ms >= limits.survives_ms or e.closer.window_ms < 2 * limits.survives_ms:
        return None
    strength = 1 - 0.5 * e.closer.survives_ms / limits.survives_ms
    return _reason("frames", strength, emotion=e.peak.emotion, lasts_s=e.closer.survives_ms / 1000)


def unreadable(e: Evidence, limits: Limits) -> Reason | None:
    """Too few pixels, or too soft ones, to read anything from."""
    small, blurred = e.width_px < limits.small_px, e.sharpness < limits.blurred
    if not small and not blurred:
        return None
    nothing = limits.nothing_readable(e.width_px, e.sharpness)
    least = max(
        share_between(limits.small_px - e.width_px, 0, limits.small_px - limits.tiny_px), 0.5 if blurred else 0.0
    )
    return _reason(
        "unreadable",
        1.0 if nothing else 0.3 + 0.5 * least,
        width_px=e.width_px,
        sharpness=e.sharpness,
        small=small,
        blurred=blurred,
        nothing=nothing,
    )


def dark(e: Evidence, limits: Limits) -> Reason | None:
    """Too little light; known only after a closer look."""
    if e.closer is None or e.closer.light >= limits.dark:
        return None
    return _reason("dark", 1 - 0.5 * e.closer.light / limits.dark, light=e.closer.light)


def turned(e: Evidence, limits: Limits) -> Reason | None:
    """Turned away from the camera, by the landmarks."""
    if e.turned < limits.turned:
        return None
    return _reason("turned", 0.3 + share_between(e.turned, limits.turned, 2 * limits.turned) / 2, nose_offset=e.turned)


def cut_off(e: Evidence, limits: Limits) -> Reason | None:
    """Partly outside the picture."""
    return _reason("cut off", 0.4) if e.at_edge else None


def at_cut(e: Evidence, limits: Limits) -> Reason | None:
    """Right beside a cut, where two pictures may be mixed."""
    return _reason("at cut", 0.4) if e.to_cut_ms == 0 and e.moments == 1 else None


def head_down(e: Evidence, limits: Limits) -> Reason | None:
    """The head looks down: lowered lids and the brow's shadow read as sad, whatever is felt."""
    if e.nose_low is None or e.nose_low < limits.nose_low:
        return None
    return _reason("head down", share_between(e.nose_low, limits.nose_low, limits.nose_lowest), nose_low=e.nose_low)


def mouth_moving(e: Evidence, limits: Limits) -> Reason | None:
    """The mouth changes all the while: speech, chewing or a grimace, of which a moment looks like an emotion."""
    if e.closer is None or (moves := e.closer.mouth_moves) is None or moves < limits.mouth_moves:
        return None
    strength = share_between(
        math.log2(moves / limits.mouth_moves), 0, math.log2(limits.mouth_moves_much / limits.mouth_moves)
    )
    return _reason("mouth moving", strength, emotion=e.peak.emotion, moves=moves)


def long_surprise(e: Evidence, limits: Limits) -> Reason | None:
    """Surprise is on the face for longer, or more often, than anybody is surprised."""
    if e.peak.emotion != "surprise" or e.shown_s < limits.surprise_s:
        return None
    strength = share_between(e.shown_s, limits.surprise_s, limits.surprise_long_s)
    return _reason("long surprise", strength, shown_s=e.shown_s)


def mouth_wide(e: Evidence, limits: Limits) -> Reason | None:
    """Surprise is said of a mouth that is not narrowed as a dropped jaw narrows it."""
    if e.peak.emotion != "surprise" or e.mouth_wider is None or e.mouth_wider < limits.mouth_wider:
        return None
    strength = share_between(e.mouth_wider, limits.mouth_wider, limits.mouth_much_wider)
    return _reason("mouth wide", strength, wider=e.mouth_wider)


def unsure(e: Evidence, limits: Limits) -> Reason | None:
    """The finder is not sure that this is a face."""
    drop = e.usual_confidence - e.confidence
    if e.confidence >= limits.unsure or drop < limits.unsure_drop:
        return None
    return _reason("unsure", share_between(drop, 0.0, 0.4), confidence=e.confidence, usual=e.usual_confidence)


def undecided(e: Evidence, limits: Limits) -> Reason | None:
    """No clear winner at the apex: an ambiguous face, not a bad picture."""
    ahead = log_lead(e.scores, EMOTIONS.index(e.peak.emotion))
    if ahead >= limits.undecided:
        return None
    strength = min(1.0, 0.3 + 0.5 * (limits.undecided - ahead) / limits.undecided)
    score, other = max((s, name) for s, name in zip(e.scores, EMOTIONS, strict=True) if name != e.peak.emotion)
    return _reason("undecided", strength, emotion=e.peak.emotion, height=e.peak.height, other=other, score=score)


def faint(e: Evidence, limits: Limits) -> Reason | None:
    """On top, but of little."""
    if e.peak.height >= limits.faint:
        return None
    strength = 0.6 * (limits.faint - e.peak.height) / limits.faint
    return _reason("faint", strength, emotion=e.peak.emotion, height=e.peak.height)


RULES: tuple[Rule, ...] = (
    alone,
    between,
    brief,
    second,
    members,
    crops,
    frames,
    unreadable,
    dark,
    turned,
    cut_off,
    at_cut,
    head_down,
    mouth_moving,
    long_surprise,
    mouth_wide,
    unsure,
    undecided,
    faint,
)
