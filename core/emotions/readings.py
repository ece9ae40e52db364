"""Scores of emotions of one's own on faces: each emotion is a reader of its own, with a name that verdicts keep."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from core.emotions.emotion import Place
from core.model import Face, Reading, Sample, Scores, Timeline

STANDS_FOR = "surprise"
"""A reading has a place for each of the seven: an emotion of one's own stands in that of another that passes soon."""


def own_reader(name: str) -> str:
    """Return the reader that verdicts about an own emotion's peaks name: dropping one leaves the seven alone."""
    return f"taught.{name}"  # as databases, bundles and files of verdicts have had it since the first version


def own_reading(score: float) -> Reading:
    """Return an own emotion's score, 0–1, as a reading."""
    return Reading(Scores(**{STANDS_FOR: score, "neutral": 1 - score}))


def own_scores(face: Face, names: Collection[str]) -> dict[str, float]:
    """Return the scores, 0–1, that :func:`with_scores` wrote on a face, by the emotion's name."""
    read = {name: face.readings.get(own_reader(name)) for name in names}
    return {name: getattr(one.scores, STANDS_FOR) for name, one in read.items() if one}


def with_scores(timeline: Timeline, scores: Mapping[Place, Mapping[str, float]], *, alone: bool = False) -> Timeline:
    """Return the timeline with a reading more for each of these scores; ``alone`` leaves those of all readers out.

    ``scores`` are an emotion's name → score of the faces that have any, by moment and index.
    """

    def write(sample: Sample) -> Sample:
        faces = []
        for index, face in enumerate(sample.faces):
            own = scores.get((sample.t_ms, index), {})
            more = {own_reader(name): own_reading(float(score)) for name, score in own.items()}
            faces.append(replace(face, readings=more if alone else {**face.readings, **more}))
        return replace(sample, faces=tuple(faces))

    return Timeline(timeline.step_ms, tuple(write(sample) for sample in timeline.samples))
