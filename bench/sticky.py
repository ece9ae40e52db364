"""A track as a time series, to compare with: seven sticky states whose emissions are the reader's scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.film_peaks import READER, FilmPeak, ReadClip
from core.doubt.peaks import sightings_by_track
from core.model import EMOTIONS

STAYS = (0.6, 0.8, 0.9, 0.95, 0.98)
"""Chances that a face shows at the next moment what it shows now."""


def doubts(found: Sequence[FilmPeak], clips: Sequence[ReadClip], stay: float) -> NDArray[np.float64]:
    """Returns for every peak how little the track believes in it: 1 − the mean belief in its emotion over it."""
    beliefs = {clip.name: _beliefs(clip, stay) for clip in clips}
    made = []
    for one in found:
        peak = one.evidence.peak
        times, belief = beliefs[one.clip][peak.track]
        inside = (times >= peak.start_ms) & (times < peak.end_ms)
        made.append(1 - belief[inside, EMOTIONS.index(peak.emotion)].mean())
    return np.array(made)


def _beliefs(clip: ReadClip, stay: float) -> dict[int, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    tracks = sightings_by_track(clip.timeline, READER)
    return {
        track: (np.array([each.t_ms for each in run]), smooth(np.array([each.scores(READER) for each in run]), stay))
        for track, run in tracks.items()
    }


def smooth(scores: NDArray[np.float64], stay: float) -> NDArray[np.float64]:
    """Returns the belief in each state at each moment, (n, 7) like ``scores``, from what comes before and after."""
    states = scores.shape[1]
    change = np.full((states, states), (1 - stay) / (states - 1))
    np.fill_diagonal(change, stay)
    likely = np.maximum(scores, 1e-3)
    forward, backward = np.empty_like(likely), np.ones_like(likely)
    for at, each in enumerate(likely):
        forward[at] = each * (forward[at - 1] @ change if at else 1 / states)
        forward[at] /= forward[at].sum()
    for at in range(len(likely) - 2, -1, -1):
        backward[at] = change @ (likely[at + 1] * backward[at + 1])
        backward[at] /= backward[at].sum()
    both = forward * backward
    return both / both.sum(axis=1, keepdims=True)
