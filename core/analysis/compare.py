"""Scenes side by side: who is compared, on which axis, where they are most alike, and how their means differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.analysis import tables
from core.analysis.intervals import gap_intervals
from core.language import ENGLISH
from core.model import EMOTIONS, Timeline, Who, own_emotions
from core.reading import people

MOST = 6
"""Sides at most: a seventh line in a lane could no longer be told from the others."""

PLACES = 400
"""Places of the axis at which sides are held against each other."""

NEAR = 0.05
"""Moments that are alike by no less than the most alike ones, but for this, are as good; those that say most win."""

NOT_ALIKE, NOT_UNLIKE = 0.3, 0.2
"""Sides that are so far apart are not alike, and those that are no further not unlike."""

_SIDE = re.compile(r"([0-9]{1,9})(?::(-?[0-9]{1,9}))?")

Floats = NDArray[np.float64]

_SEVEN, _OWN = slice(len(EMOTIONS)), slice(len(EMOTIONS), None)
"""Where the scores of the seven stand, and those of emotions of one's own."""


class Side(NamedTuple):
    """A scene, or one person of it."""

    scene: int
    person: int | None = None
    """The number that the scene gives to that person; None is everyone."""


class Axis(NamedTuple):
    """How a scene lies on the common axis: its first and last moment, and whether the axis is a share of it."""

    first_ms: int
    last_ms: int
    share: bool

    def place(self, t_ms: pd.Series) -> pd.Series:
        """Where moments lie: in % of the scene, or in s since its first moment."""
        passed = (t_ms - self.first_ms).astype("float64")
        return passed * (100 / max(self.last_ms - self.first_ms, 1)) if self.share else passed / 1000

    @property
    def end(self) -> float:
        """Where the last moment lies."""
        return float(self.place(pd.Series([self.last_ms]))[0])


class Meeting(NamedTuple):
    """A place of the axis at which two sides are held against each other."""

    at: float
    """On the axis."""
    sides: tuple[int, int]
    """Their places in the row of sides."""
    t_ms: tuple[int, int]
    """The moment of each that lies there."""
    scores: tuple[Floats, Floats]
    """What each says there, (7 + taught,), a second smoothed; NaN of a taught emotion that is not known of a scene."""
    apart: float
    """Half of what their scores differ by, 0–1: 0 is the same, 1 nothing in common."""
    taught: tuple[str, ...] = ()
    """Emotions of one's own, no part of the seven's sum: sides are as far apart as in what parts them most."""


def parse_sides(asked: str, known: Collection[int]) -> tuple[Side, ...]:
    """Returns the sides that an address names, ``"1,3:2"``: scenes, or a person of one; unknown scenes are left out."""
    found = (_SIDE.fullmatch(part) for part in asked.split(",")[: 10 * MOST])
    named = [Side(int(one[1]), int(one[2]) if one[2] else None) for one in found if one]
    return tuple(side for side in named if side.scene in known)[:MOST]


def find_unknown_scenes(asked: str, known: Collection[int]) -> tuple[str, ...]:
    """Returns what an address names as a scene and is none of those that are known, each once."""
    named = (part.split(":")[0] for part in asked.split(",")[: 10 * MOST] if part)
    numbers = {str(scene) for scene in known}
    return tuple(dict.fromkeys(one for one in named if (one.lstrip("0") or "0") not in numbers))


def format_sides(chosen: Sequence[Side]) -> str:
    """Returns the sides as they stand in an address."""
    return ",".join(f"{scene}" if person is None else f"{scene}:{person}" for scene, person in chosen)


def add_axis_places(curve: pd.DataFrame, axis: Axis) -> pd.DataFrame:
    """Returns a curve with ``at``, its moments' places on the axis."""
    return curve.assign(at=axis.place(curve["t_ms"]))


def keep_faces_of(timeline: Timeline, who: Who) -> Timeline:
    """Returns a timeline with the faces of ``who`` only."""
    if who is None:
        return timeline
    own = people.face_filter(who)
    kept = (
        replace(one, faces=tuple(face for face in one.faces if own(face.track, one.t_ms))) for one in timeline.samples
    )
    return Timeline(timeline.step_ms, tuple(kept))


def find_meetings(curves: Sequence[pd.DataFrame], axes: Sequence[Axis]) -> tuple[Meeting, Meeting] | None:
    """Returns where two of the sides are most alike and where most unlike; None where no two have a face at one place.

    ``curves`` as from ``tables.curve``, emotions of one's own below the seven. They are smoothed over a
    second first, so that no lone moment decides.
    """
    held = list(_pair_scores(curves, axes))
    if not held:
        return None
    apart = np.concatenate([one.apart for one in held])
    calm = np.concatenate([one.calm for one in held])
    alike = np.where(apart <= apart.min() + NEAR, calm, np.inf)
    own = collect_own_emotions(curves)
    return _make_meeting(held, int(alike.argmin()), own), _make_meeting(held, int(apart.argmax()), own)


def collect_own_emotions(curves: Sequence[pd.DataFrame]) -> tuple[str, ...]:
    """Returns the emotions of one's own that any of the sides shows."""
    return tuple(own_emotions(chain.from_iterable(curve["emotion"].unique() for curve in curves)))


class _PairScores(NamedTuple):
    """Two sides against each other, at every place where both have a face."""

    sides: tuple[int, int]
    at: Floats
    t_ms: tuple[NDArray[np.int64], NDArray[np.int64]]
    scores: tuple[Floats, Floats]
    apart: Floats
    calm: Floats
    """The mean of their neutral."""


def _pair_scores(curves: Sequence[pd.DataFrame], axes: Sequence[Axis]) -> Iterator[_PairScores]:
    at, names = axis_grid(axes), [*EMOTIONS, *collect_own_emotions(curves)]
    taken = [sample_curve(tables.smooth(curve), axis, at, names) for curve, axis in zip(curves, axes, strict=True)]
    for pair in combinations(range(len(curves)), 2):
        (times, scores), (other_times, others) = (taken[place] for place in pair)
        there = ~(np.isnan(scores[:, 0]) | np.isnan(others[:, 0]))
        if there.any():
            one, two = scores[there], others[there]
            neutral = EMOTIONS.index("neutral")
            apart, calm = _score_distances(np.abs(one - two)), (one[:, neutral] + two[:, neutral]) / 2
            yield _PairScores(pair, at[there], (times[there], other_times[there]), (one, two), apart, calm)


def _score_distances(differ: Floats) -> Floats:
    """Returns how far sides are apart, (places,): in the seven together, or in a taught emotion where it is further."""
    seven, own = differ[:, _SEVEN].sum(axis=1) / 2, np.nan_to_num(differ[:, _OWN])
    return np.maximum(seven, own.max(axis=1, initial=0))


def _make_meeting(held: Sequence[_PairScores], place: int, own: tuple[str, ...]) -> Meeting:
    """Returns the place that is number ``place`` of all that were held against each other."""
    for one in held:
        if place < len(one.at):
            times, scores = (one.t_ms[0][place], one.t_ms[1][place]), (one.scores[0][place], one.scores[1][place])
            moments, apart = (int(times[0]), int(times[1])), float(one.apart[place])
            return Meeting(float(one.at[place]), one.sides, moments, scores, apart, own)
        place -= len(one.at)
    raise IndexError(place)


def axis_grid(axes: Sequence[Axis]) -> Floats:
    """Returns the places at which sides are held against each other: as far as the two longest reach."""
    ends = sorted((axis.end for axis in axes), reverse=True)
    return np.linspace(0, ends[min(1, len(ends) - 1)] if ends else 0, PLACES + 1)


def sample_curve(curve: pd.DataFrame, axis: Axis, at: Floats, names: Sequence[str]) -> tuple[NDArray[np.int64], Floats]:
    """Returns the moment nearest to each place, (places,), and its scores, (places, names); NaN beyond the end."""
    wide = curve.pivot(index="t_ms", columns="emotion", values="score").reindex(columns=list(names))
    times = wide.index.to_numpy("int64")
    own = axis.place(pd.Series(times)).to_numpy()
    after = np.searchsorted(own, at).clip(1, max(len(own) - 1, 1))
    if len(own) < 2:
        nearest = np.zeros(len(at), np.intp)
    else:
        nearest = np.where(at - own[after - 1] <= own[after] - at, after - 1, after)
    scores = wide.to_numpy("float64")[nearest]
    scores[at > axis.end + 1e-9] = np.nan
    return times[nearest], scores


def rank_by_difference(curves: Sequence[pd.DataFrame], axes: Sequence[Axis]) -> list[str]:
    """Returns the emotions, those first in which sides part most over the axis; neutral, what the others leave, last.

    Where no two sides meet, those first in which their means part most; of one alone, those that it shows most.
    """
    names = [*EMOTIONS, *collect_own_emotions(curves)]
    means = [curve.groupby("emotion")["score"].mean().reindex(names).fillna(0).to_numpy() for curve in curves]
    apart = [np.nan_to_num(np.abs(one.scores[0] - one.scores[1])).mean(axis=0) for one in _pair_scores(curves, axes)]
    found = np.max(apart, axis=0) if apart else np.ptp(means, axis=0) if len(curves) > 1 else means[0]
    return sorted(names, key=lambda name: (name == "neutral", -found[names.index(name)]))


def mean_gaps(told: Sequence[pd.DataFrame], column: str) -> pd.DataFrame:
    """Returns side, emotion, mean, low, high, gap, gap_low and gap_high, the widest gap first.

    ``told`` are tables of ``means.means_table``; ``column``: "everything" or "yours". The gap of two sides is the first
    one's mean − the second one's, with its 95 % interval; of more, what lies between the highest and the lowest, which
    has none. NaN where it is not known.
    """
    names = {column: "mean", f"{column}_low": "low", f"{column}_high": "high"}
    emotions = pd.Index(list(dict.fromkeys(chain.from_iterable(one["emotion"] for one in told))), name="emotion")
    whole = [one.set_index("emotion")[list(names)].reindex(emotions).reset_index() for one in told]
    parts = [one.rename(columns=names).assign(side=place, row=range(len(one))) for place, one in enumerate(whole)]
    every = pd.concat(parts, ignore_index=True)
    wide = every.pivot(index="emotion", columns="side", values="mean")
    gap = wide[0] - wide[1] if len(told) == 2 else wide.max(axis=1) - wide.min(axis=1)
    gap = gap.where(wide.notna().sum(axis=1) > 1)
    sides = [one.set_index("emotion") for one in parts]
    between = gap_intervals(*sides) if len(sides) == 2 else pd.DataFrame(columns=["gap_low", "gap_high"], dtype=float)
    every = every.assign(gap=every["emotion"].map(gap)).join(between, on="emotion")
    order = every["gap"].abs().fillna(-1)
    by_mean = every.groupby("emotion")["mean"].transform("max").fillna(-1)
    sorted_ = every.assign(order=order, most=by_mean).sort_values(
        ["order", "most", "row", "side"], ascending=[False, False, True, True]
    )
    return sorted_[["side", "emotion", "mean", "low", "high", "gap", "gap_low", "gap_high"]].reset_index(drop=True)


def describe_meeting(meeting: Meeting, *, alike: bool, words: Mapping[str, str] = ENGLISH) -> str:
    """What the sides of a meeting say there, ``"sad 0.70, happy 0.86"``, and where that is not what its name says."""
    seven, own = (np.abs(meeting.scores[0] - meeting.scores[1])[part] for part in (_SEVEN, _OWN))
    if own.size and np.nanmax(own, initial=0) > seven.sum() / 2:
        return _describe_own_emotion(meeting, int(np.nanargmax(own)))
    tops = [(words[EMOTIONS[int(one[_SEVEN].argmax())]], float(one[_SEVEN].max())) for one in meeting.scores]
    (name, score), (other, others) = tops
    said = f"{name} {score:.2f}, {other} {others:.2f}"
    if name == other:
        said = f"both {name}, {score:.2f} and {others:.2f}"
    if alike and meeting.apart > NOT_ALIKE:
        return f"{said}. They never come nearer."
    return f"{said}. They never part further." if not alike and meeting.apart < NOT_UNLIKE else said


def _describe_own_emotion(meeting: Meeting, place: int) -> str:
    """What sides say that are further apart in a taught emotion than in the seven."""
    one, other = (float(scores[_OWN][place]) for scores in meeting.scores)
    return f"{meeting.taught[place]} {one:.2f} and {other:.2f}"
