"""Which peaks not to believe, and why: each rule is a small function that returns its reason, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.doubt.evidence import LEAST_NEIGHBOURS, Evidence, Looks, gather_evidence
from core.doubt.limits import LIMITS, Limits
from core.doubt.model import Model
from core.model import EMOTIONS, Reason, Suspect, Timeline
from core.reading.closer_look import CloserLook, Key, log_lead

LOOKS = {
    "angry": "an angry look",
    "disgust": "a look of disgust",
    "fear": "a look of fear",
    "happy": "a smile",
    "sad": "a sad look",
    "surprise": "a look of surprise",
}
"""What a peak of each emotion is called in a sentence."""

NAMES = {"builtin": "The ensemble", "deepface": "DeepFace"}
"""What readers are called in a sentence; others by their own name."""

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
    """Return every peak of a reader with its doubt and its reasons, the most doubtful first.

    Those with ``doubt >= limits.suspect`` are the ones not to believe; the others are here so that a viewer can sort
    and choose another bar. ``closer`` holds the reader's closer looks taken so far, ``others`` those of other readers
    at the same peaks; ``size`` is the picture's (width, height).
    """
    weighed = (judge_peak(one, model, limits) for one in gather_evidence(timeline, reader, closer, size, others))
    return tuple(sorted(weighed, key=lambda suspect: (-suspect.doubt, suspect.peak.start_ms, suspect.peak.track)))


def judge_peak(one: Evidence, model: Model, limits: Limits = LIMITS) -> Suspect:
    """Return a peak with its doubt, and what the rules say against it, the strongest first."""
    doubt = model.doubt(one)
    said = (rule(one, limits) for rule in RULES)
    reasons = [reason for reason in said if reason is not None and reason.strength >= limits.speaks]
    if not reasons and doubt >= limits.suspect:
        reasons = [combined_reason(doubt)]
    return Suspect(one.peak, doubt, tuple(sorted(reasons, key=lambda reason: -reason.strength)))


def combined_reason(doubt: float) -> Reason:
    """What is said of a suspect that no single rule speaks against."""
    text = f"No one thing speaks against it, but of 100 such peaks {100 * doubt:.0f} were false."
    return Reason("together", "ambiguous", text, doubt)


def alone(e: Evidence, limits: Limits) -> Reason | None:
    """The score stands far above the same person's score around it."""
    if e.neighbours < LEAST_NEIGHBOURS or e.distance < limits.alone or e.peak.height - e.usual < limits.rise:
        return None
    text = f"{e.peak.emotion.capitalize()} stands at {e.peak.height:.2f} here and at {e.usual:.2f} around it."
    return Reason("alone", "time", text, _share(e.distance, limits.alone, 4 * limits.alone))


def between(e: Evidence, limits: Limits) -> Reason | None:
    """One and the same other emotion is shown just before and just after: a face does not leave it for a moment."""
    shown, other = max((s, name) for s, name in zip(e.between, EMOTIONS, strict=True) if name != e.peak.emotion)
    if other == "neutral" or shown < limits.between or e.length_ms > limits.between_ms:
        return None
    text = f"Just before it and just after it the face shows {other} ({shown:.2f} or more)."
    return Reason("between", "time", text, 0.3 + 0.7 * shown)


def brief(e: Evidence, limits: Limits) -> Reason | None:
    """It ends sooner than an expression does; unknown where it fills its whole track or moments lie far apart."""
    length_ms = e.length_ms
    if length_ms > limits.brief_ms or e.moments == e.sightings:
        return None
    look = LOOKS[e.peak.emotion].capitalize()
    text = f"{_counted(e)} {look} lasts longer than {length_ms / 1000:.1f} s."
    return Reason("brief", "time", text, 0.3 + 0.7 * (1 - length_ms / limits.brief_ms))


def _counted(e: Evidence) -> str:
    if e.saying != e.moments:
        return f"It stands out for {'one moment' if e.moments == 1 else f'{e.moments} moments'} only."
    if e.moments == 1:
        return f"Only this one moment of {e.sightings} says {e.peak.emotion}."
    return f"Only these {e.moments} moments of {e.sightings} say {e.peak.emotion}."


def second(e: Evidence, limits: Limits) -> Reason | None:
    """Another reader says something else about the same moments."""
    if e.second is None:
        return None
    mine, top = e.second.scores[EMOTIONS.index(e.peak.emotion)], e.second.scores.top
    if top == e.peak.emotion:
        return None
    agreed = "; all of its members agree" if e.second.unanimous else ""
    text = f"{NAMES.get(e.second.name, e.second.name)} says {top} {max(e.second.scores):.2f}{agreed}."
    against = max(e.second.scores) / (max(e.second.scores) + mine)
    return Reason("second", "readers", text, 2 * against - 1)


def members(e: Evidence, limits: Limits) -> Reason | None:
    """The networks of the ensemble do not say the same."""
    if e.spread is None or not e.split or e.spread < limits.members:
        return None
    name = NAMES.get(e.reader, e.reader)
    text = f"{name} is not of one mind: {e.peak.emotion} {e.mean:.2f}, give or take {e.spread:.2f}."
    return Reason("members", "readers", text, _share(e.spread, 0.0, 0.3))


def crops(e: Evidence, limits: Limits) -> Reason | None:
    """Seen through crops that are moved a little, the emotion is gone."""
    if e.closer is None or e.closer.survives_crops > limits.crops:
        return None
    gone = "gone" if e.closer.survives_crops == 0 else "mostly gone"
    text = f"{_the(e)} is {gone} when the crop is moved by 4 px."
    return Reason("crops", "closer look", text, 1 - e.closer.survives_crops)


def frames(e: Evidence, limits: Limits) -> Reason | None:
    """Frame by frame, it does not last."""
    if e.closer is None or e.closer.survives_ms >= limits.survives_ms or e.closer.window_ms < 2 * limits.survives_ms:
        return None
    lasts = f"lasts {e.closer.survives_ms / 1000:.2f} s" if e.closer.survives_ms else "is there for one frame at most"
    text = f"Read frame by frame, {_the(e).lower()} {lasts}."
    return Reason("frames", "closer look", text, 1 - 0.5 * e.closer.survives_ms / limits.survives_ms)


def _the(e: Evidence) -> str:
    return "The " + LOOKS[e.peak.emotion].split(" ", 1)[1]


def unreadable(e: Evidence, limits: Limits) -> Reason | None:
    """Too few pixels, or too soft ones, to read anything from."""
    small, blurred = e.width_px < limits.small_px, e.sharpness < limits.blurred
    if not small and not blurred:
        return None
    worst = e.width_px < limits.tiny_px or (small and blurred)
    said = f"{e.width_px} pixels wide" if small else ""
    said += (" and " if said else "") + "blurred" if blurred else ""
    text = f"The face is {said}; {'nothing' if worst else 'little'} can be read from it."
    strength = max(_share(limits.small_px - e.width_px, 0, limits.small_px - limits.tiny_px), 0.5 if blurred else 0.0)
    return Reason("unreadable", "bad picture", text, 1.0 if worst else 0.3 + 0.5 * strength)


def dark(e: Evidence, limits: Limits) -> Reason | None:
    """Too little light; known only after a closer look."""
    if e.closer is None or e.closer.light >= limits.dark:
        return None
    text = f"The face is dark: {e.closer.light:.0f} of 255 grey levels on average."
    return Reason("dark", "bad picture", text, 1 - 0.5 * e.closer.light / limits.dark)


def turned(e: Evidence, limits: Limits) -> Reason | None:
    """Turned away from the camera, by the landmarks."""
    if e.turned < limits.turned:
        return None
    return Reason(
        "turned", "bad picture", "The face is turned away from the camera.", 0.3 + _share(e.turned, 0.35, 0.7) / 2
    )


def cut_off(e: Evidence, limits: Limits) -> Reason | None:
    """Partly outside the picture."""
    if not e.at_edge:
        return None
    return Reason("cut off", "bad picture", "The picture's edge cuts the face off.", 0.4)


def at_cut(e: Evidence, limits: Limits) -> Reason | None:
    """Right beside a cut, where two pictures may be mixed."""
    if e.to_cut_ms > 0 or e.moments > 1:
        return None
    return Reason("at cut", "bad picture", "It stands right beside a cut, where two pictures may be mixed.", 0.4)


def unsure(e: Evidence, limits: Limits) -> Reason | None:
    """The finder is not sure that this is a face."""
    if e.confidence >= limits.unsure or e.usual_confidence - e.confidence < limits.unsure_drop:
        return None
    text = f"The finder is less sure of this face: {e.confidence:.2f} instead of {e.usual_confidence:.2f}."
    return Reason("unsure", "bad picture", text, _share(e.usual_confidence - e.confidence, 0.0, 0.4))


def undecided(e: Evidence, limits: Limits) -> Reason | None:
    """No clear winner at the apex: an ambiguous face, not a bad picture."""
    ranked = sorted(zip(e.scores, EMOTIONS, strict=True), reverse=True)
    ahead = log_lead(e.scores, EMOTIONS.index(e.peak.emotion))
    if ahead >= limits.undecided:
        return None
    other_score, other = next(pair for pair in ranked if pair[1] != e.peak.emotion)
    text = f"No clear winner: {e.peak.emotion} {e.peak.height:.2f}, {other} {other_score:.2f}."
    return Reason("undecided", "ambiguous", text, min(1.0, 0.3 + 0.5 * (limits.undecided - ahead) / limits.undecided))


def faint(e: Evidence, limits: Limits) -> Reason | None:
    """On top, but of little."""
    if e.peak.height >= limits.faint:
        return None
    text = f"{e.peak.emotion.capitalize()} reaches {e.peak.height:.2f} at most."
    return Reason("faint", "ambiguous", text, 0.6 * (limits.faint - e.peak.height) / limits.faint)


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
    unsure,
    undecided,
    faint,
)


def _share(value: float, low: float, high: float) -> float:
    """Return how far a value lies between two bounds, 0–1."""
    return min(max((value - low) / (high - low), 0.0), 1.0)
