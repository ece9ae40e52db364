"""What the player is told of a scene, small enough to send: curves as they are drawn, moments, doubts, looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.charts import marks, thinning
from core.charts.palette import (
    DASH,
    GLYPH,
    GROUND,
    PALETTE,
    SHAPE,
    STAR,
    STAR_GLYPH,
    TAUGHT,
    TAUGHT_WIDTH,
    WIDTH,
    dash,
    shorten,
)
from core.doubt import verdicts
from core.doubt.limits import LIMITS
from core.language import write_reason, write_tier
from core.model import EMOTIONS, Face, Peak, Reason, Sample, Suspect, Timeline, Verdict

WINDOW = 600
"""Moments whose readings travel together: two minutes at five a second, 60 kB."""

MOST_REASONS = 3
"""Reasons told beside the picture; the review page has them all."""

FINE = 1000
"""Heights travel as whole thousandths."""

Table = dict[str, Any]


def look(
    theme: str, label: Callable[[str], str] = str, quoted: Callable[[str], str] = str, taught: Sequence[str] = ()
) -> Table:
    """Everything that has a colour, a dash or a sign, in one theme; ``on_picture`` is what lies over frames.

    ``label`` names an emotion, ``quoted`` inside a sentence. The emotions ``taught`` come after the seven, so that a
    place among a reading's scores stays what it is.
    """
    emotions: list[Table] = [
        {
            "name": name,
            "label": label(name),
            "quoted": quoted(name),
            "glyph": GLYPH[name],
            "shape": SHAPE[name],
            "dash": DASH[name],
            "width": WIDTH[name],
            "colour": PALETTE[theme][name],
            "on_picture": PALETTE["dark"][name],
        }
        for name in EMOTIONS
    ]
    emotions += [
        {
            "name": name,
            "label": shorten(name),
            "full": name,
            "quoted": name,
            "glyph": STAR_GLYPH,
            "shape": STAR,
            "dash": dash(place),
            "width": TAUGHT_WIDTH,
            "colour": TAUGHT[theme],
            "on_picture": TAUGHT["dark"],
        }
        for place, name in enumerate(taught)
    ]
    return {
        "theme": theme,
        "ground": GROUND[theme]._asdict(),
        "on_picture": GROUND["dark"]._asdict(),
        "emotions": emotions,
    }


def window(sample: Sample) -> list[Any]:
    """``[t_ms, shot, [[track, left, top, right, bottom, confidence, {reader: [scores, spreads]}], …]]``."""
    return [sample.t_ms, sample.shot, [_face(face) for face in sample.faces]]


def _face(face: Face) -> list[Any]:
    said = {
        name: [_fine_thousandths(reading.scores), _thousandths(reading.spread) if reading.spread else None]
        for name, reading in face.readings.items()
    }
    return [face.track, *face.found.box, round(face.found.confidence, 3), said]


def _fine_thousandths(scores: Sequence[float]) -> list[float]:
    """Thousandths that are printed with two digits: finer than that, or a second rounding would tell another number."""
    return [round(FINE * score, 2) for score in scores]


def _thousandths(scores: Sequence[float]) -> list[int]:
    return [round(FINE * score) for score in scores]


def times(timeline: Timeline) -> list[int]:
    """Return the moments' times, ms, as the first one and then the steps from each to the next."""
    return np.diff([sample.t_ms for sample in timeline.samples], prepend=0).tolist()


def lines(curve: pd.DataFrame, named: Iterable[tuple[str, int]] = ()) -> dict[str, list[list[int]]]:
    """Return each emotion's line as runs of ``[t_ms, score, t_ms, score, …]``.

    Of a long curve the summits stay, and each peak of ``named``, (emotion, apex in ms), even beside a higher one.
    """
    drawn = thinning.thin(curve, peaks=named).sort_values(["emotion", "run", "t_ms"])
    points = np.column_stack([drawn["t_ms"], (drawn["score"] * FINE).round()]).astype("int64")
    names, runs = drawn["emotion"].to_numpy(), drawn["run"].to_numpy()
    new = np.flatnonzero((names[1:] != names[:-1]) | (runs[1:] != runs[:-1])) + 1
    found: dict[str, list[list[int]]] = {}
    for first, run in zip([0, *new], np.split(points, new), strict=True):
        if len(run):
            found.setdefault(str(names[first]), []).append(run.ravel().tolist())
    return found


def gap_spans(gaps: pd.DataFrame) -> list[list[int]]:
    """Return where nobody is, as ``[start_ms, end_ms]``."""
    return [[round(1000 * row.start_s), round(1000 * row.end_s)] for row in gaps.itertuples()]


def peaks(
    shown: pd.DataFrame,
    suspects: Sequence[Suspect],
    faces: Mapping[tuple[int, int], int],
    curve: pd.DataFrame,
    write: Callable[[Reason], str] = write_reason,
    advise: Callable[[Suspect], str] = lambda one: write_tier(LIMITS.tier(one.doubt), one.peak.emotion),
) -> list[Table]:
    """Return a line for each mark of ``marks.mark_table``, in time order, with its reasons and its place on the curve.

    ``faces`` says which of the moment's faces it is, by apex and track; ``curve`` is everything that was read;
    ``write`` puts a reason, ``advise`` what to do about the peak into the words of whoever looks.
    """
    known = {verdicts.peak_key(one.peak): one for one in suspects}
    scores = curve.set_index(["t_ms", "emotion"])["score"] if len(shown) else pd.Series(dtype="float64")
    marked = [(row, known[row.track, row.emotion, row.start_ms]) for row in shown.itertuples()]
    return [
        _peak(row, one, faces, scores) | {"reasons": _reasons(one, write), "advice": advise(one)} for row, one in marked
    ]


def _reasons(suspect: Suspect, write: Callable[[Reason], str]) -> list[list[str]]:
    return [[one.kind, write(one)] for one in suspect.reasons[:MOST_REASONS]]


def _peak(
    row: Any,
    suspect: Suspect,
    faces: Mapping[tuple[int, int], int],
    scores: pd.Series,
) -> Table:
    score = scores.get((row.t_ms, row.emotion), row.height)
    return {
        "name": peak_name(suspect.peak),
        "emotion": row.emotion,
        "track": row.track,
        "start": row.start_ms,
        "end": row.end_ms,
        "apex": row.t_ms,
        "height": round(row.height, 3),
        "at": round(row.height if pd.isna(score) else float(score), 3),
        "doubt": float(row.doubt),  # printed there as elsewhere: rounded once
        "tier": LIMITS.tier(row.doubt),
        "state": row.state,
        "face": faces.get((row.t_ms, row.track)),
        "gone": _dropped_part(row, scores) if row.state == marks.DROPPED else [],
    }


def _dropped_part(row: Any, scores: pd.Series) -> list[int]:
    """The dropped part of the emotion's own line, with a moment to either side, as ``lines`` writes them."""
    own = scores.xs(row.emotion, level="emotion")
    inside = np.flatnonzero((own.index >= row.start_ms) & (own.index < row.end_ms))
    part = own.iloc[max(inside[0] - 1, 0) : inside[-1] + 2].dropna() if len(inside) else own.iloc[:0]
    return [int(value) for t_ms, score in part.items() for value in (t_ms, round(FINE * score))]


def peak_name(of: Peak | Verdict) -> str:
    """A peak's name as it stands in the address: ``0.happy.2600``."""
    return ".".join(str(part) for part in verdicts.peak_key(of))
