"""The 95 % interval of a scene's mean: how far it could lie from that of a longer scene of the same kind.

Neighbouring moments resemble each other, and those of one shot more than others. So the scatter is taken from the
scene's slowest waves alone, the first few cosines over its moments (Müller 2007, “A theory of robust long-run variance
estimation”; the choice of few waves and Student's t after Lazarus, Lewis, Stock and Watson 2018, “HAR inference”). How
few follows from the length of the shots. It is added on the scale of log-odds, so that the ends of the interval of a
rare emotion stay above zero. ``python -m bench.intervals`` prints how often it holds the truth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.model import Timeline

SHOT_S = (3.0, 10.0)
"""Shots count as no shorter and no longer: a cut soon after another need not change what is shown."""

TAKE_S = 5.0
"""In a scene without a cut an expression is taken to last about so long."""

SHOTS_A_WAVE = 5
"""There is a wave for so many shots: faster ones show what scatters inside shots, which is less."""

LEAST_SHOTS, LEAST_S = 6, 30.0
"""Fewer shots than six, or less than 30 s with faces, say little of how shots scatter: no interval then."""

FEWEST_MOMENTS = 6
"""Moments with a face that an interval needs, however far apart they are."""

FEWEST_WAVES = 2
STUDENT_T = (4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306)
"""The two-sided 95 % quantiles of Student's t with as many degrees of freedom as there are waves: 2, 3, … 8."""

Floats = NDArray[np.float64]


def mean_intervals(faces: pd.DataFrame, names: Sequence[str], timeline: Timeline) -> tuple[Floats, Floats]:
    """Returns the lower and the upper end of each score's 95 % interval, (names,), 0–1; NaN where there is none.

    ``faces`` has a row for each face of the timeline that counts, with ``t_ms`` and a column for each of ``names``;
    moments without one are passed over. None is given where the faces' time is too short for one.
    """
    by_moment = faces.groupby("t_ms", sort=True)
    counts = by_moment.size()
    shot_at = {sample.t_ms: sample.shot for sample in timeline.samples}
    waves = _count_waves(len(counts), counts.index.map(shot_at).nunique(), _moments_apart_ms(timeline))
    if not waves:
        unknown = np.full(len(names), np.nan)
        return unknown, unknown
    each = counts.to_numpy("float64")
    sums = by_moment[list(names)].sum().to_numpy("float64")
    mean = sums.sum(axis=0) / each.sum()
    strays = (sums - each[:, None] * mean) / each.mean()
    places = (np.arange(len(each)) + 0.5) / len(each)
    cosines = np.cos(np.pi * np.outer(np.arange(1, waves + 1), places)) * np.sqrt(2 / len(each))
    error = np.sqrt(np.square(cosines @ strays).mean(axis=0) / len(each))
    inside = np.clip(mean, 1e-9, 1 - 1e-9)
    log_odds = np.log(inside / (1 - inside))
    reach = STUDENT_T[waves - FEWEST_WAVES] * error / (inside * (1 - inside))
    ends = 1 / (1 + np.exp(-np.clip([log_odds - reach, log_odds + reach], -700, 700)))
    low, high = np.where(error > 1e-12, ends, mean)
    return low, high


def _moments_apart_ms(timeline: Timeline) -> float:
    """Returns how far moments are apart on average; those of a skim are keyframes."""
    samples = timeline.samples
    return (samples[-1].t_ms - samples[0].t_ms) / (len(samples) - 1) if len(samples) > 1 else timeline.step_ms


def _count_waves(moments: int, shots: int, apart_ms: float) -> int:
    """Returns how many waves the scatter is taken from, 2–8; 0 where the faces' time is too short."""
    length_s = moments * apart_ms / 1000
    shot_s = float(np.clip(length_s / shots, *SHOT_S)) if shots > 1 else TAKE_S
    if moments < FEWEST_MOMENTS or length_s < max(LEAST_S, LEAST_SHOTS * shot_s):
        return 0
    waves = int(length_s / (SHOTS_A_WAVE * shot_s))
    return min(max(waves, FEWEST_WAVES), len(STUDENT_T) + FEWEST_WAVES - 1, moments // 2)


def gap_intervals(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Returns ``gap_low`` and ``gap_high``, the ends of the 95 % interval of each of one's means − the other's.

    Both have mean, low and high, a row per emotion in the same order, of scenes that have nothing to do with each
    other; versions of one clip rise and fall together, and their gap is surer than this says. After Zou and Donner
    2008, “Construction of confidence limits about effect measures”: the lopsidedness of the two stays. NaN where either
    has no interval.
    """
    gap = one["mean"] - other["mean"]
    below = np.hypot(one["mean"] - one["low"], other["high"] - other["mean"])
    above = np.hypot(one["high"] - one["mean"], other["mean"] - other["low"])
    return pd.DataFrame({"gap_low": gap - below, "gap_high": gap + above})


def describe_intervals(table: pd.DataFrame) -> str:
    """What the means of ``means.means_table`` have about them: their intervals, or why there are none."""
    return "with its 95 % interval" if table["yours_low"].notna().any() else "too short for a 95 % interval"
