"""Timeline → tidy DataFrames: the export's rows, and what the charts, the gallery and the captions show."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from core.model import EMOTIONS, Face, Sample, Span, Timeline, Who
from core.reading import people as persons

SCORES = list(EMOTIONS)
ROW_TYPES: dict[str, str] = {
    "t_ms": "int64",
    "shot": "int64",
    "track": "Int64",
    **dict.fromkeys(("left", "top", "right", "bottom"), "Int64"),
    **dict.fromkeys(("confidence", "sharpness"), "float64"),
    "reader": "str",
    **dict.fromkeys(SCORES, "float64"),
}
"""Columns and dtypes of :func:`rows`, in order: px in the source frame, scores 0–1."""

Remark = tuple[float | None, str | None, bool]
"""What an export says of one reader's face: highest doubt of a peak there, its reasons, whether it was dropped."""

REMARK_TYPES = {"doubt": "float64", "reasons": "str", "dropped": "boolean"}
"""Columns and dtypes that remarks add: doubt and reasons are missing outside a peak, dropped where no reader is."""

FACE_TYPES: dict[str, str] = {
    **dict.fromkeys(("t_ms", "index"), "int64"),
    "track": "Int64",
    "shot": "int64",
    **dict.fromkeys(("confidence", "sharpness"), "float64"),
    "top": "str",
    **dict.fromkeys(("score", *SCORES), "float64"),
}
"""Columns and dtypes of :func:`faces`: ``(t_ms, index)`` names the crop, ``top`` and ``score`` are its winner."""


def rows(samples: Iterable[Sample], remarks: Mapping[tuple[int, int, str], Remark] | None = None) -> pd.DataFrame:
    """One row per moment, face and reader; a moment without anybody is one row whose face columns are missing.

    Columns and dtypes are those of ``ROW_TYPES``, also when there is nothing; a face that no reader read has one row.
    ``remarks``, by t_ms, track and reader, add those of ``REMARK_TYPES``.
    """
    lines = [line for sample in samples for line in _sample_rows(sample)]
    table = pd.DataFrame(lines, columns=list(ROW_TYPES)).astype(ROW_TYPES)
    return table if remarks is None else pd.concat([table, _remark_columns(table, remarks)], axis=1)


def _remark_columns(table: pd.DataFrame, remarks: Mapping[tuple[int, int, str], Remark]) -> pd.DataFrame:
    """The columns that remarks add, a line for each of the table's."""
    there = table["reader"].notna()
    unsaid: Remark = (None, None, False)
    keys = zip(table["t_ms"], table["track"], table["reader"], there, strict=True)
    said = [
        (unsaid if pd.isna(track) else remarks.get((t_ms, track, reader), unsaid)) if read else (None, None, None)
        for t_ms, track, reader, read in keys
    ]
    return pd.DataFrame(said, columns=list(REMARK_TYPES)).astype(REMARK_TYPES)


def _sample_rows(sample: Sample) -> Iterator[tuple[object, ...]]:
    """The rows of one moment."""
    missing = (None,) * len(SCORES)
    if not sample.faces:
        yield (sample.t_ms, sample.shot, *(None,) * 8, *missing)
    for face in sample.faces:
        start = (sample.t_ms, sample.shot, face.track, *face.found.box, face.found.confidence, face.sharpness)
        if not face.readings:
            yield (*start, None, *missing)
        for reader, reading in face.readings.items():
            yield (*start, reader, *reading.scores)


def faces(timeline: Timeline, reader: str) -> pd.DataFrame:
    """One row per face that ``reader`` read, in time order, with the columns of ``FACE_TYPES``.

    It is made once for a timeline, since almost every other table begins with it; each caller has a copy of its own.
    """
    return _faces(_SamplesById(timeline.samples), reader).copy(deep=False)


class _SamplesById:
    """Samples that are the same only as themselves: to compare them one by one would take longer than their table."""

    def __init__(self, samples: tuple[Sample, ...]) -> None:
        self.samples = samples

    def __hash__(self) -> int:
        return id(self.samples)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SamplesById) and other.samples is self.samples


@lru_cache(maxsize=4)
def _faces(same: _SamplesById, reader: str) -> pd.DataFrame:
    lines = [
        (sample.t_ms, index, face.track, sample.shot, face.found.confidence, face.sharpness, s.top, max(s), *s)
        for sample in same.samples
        for index, face in enumerate(sample.faces)
        if reader in face.readings
        for s in [face.readings[reader].scores]
    ]
    return pd.DataFrame(lines, columns=list(FACE_TYPES)).astype(FACE_TYPES)


def readings(face: Face) -> pd.DataFrame:
    """What every reader says of one face: reader, emotion, score, spread (NaN where the reader has none)."""
    lines = [
        (name, emotion, score, spread)
        for name, reading in face.readings.items()
        for emotion, score, spread in zip(
            EMOTIONS, reading.scores, reading.spread or (np.nan,) * len(EMOTIONS), strict=True
        )
    ]
    types = {"reader": "str", "emotion": "str", "score": "float64", "spread": "float64"}
    return pd.DataFrame(lines, columns=list(types)).astype(types)


def leave_out(table: pd.DataFrame, spans: Sequence[Span]) -> pd.DataFrame:
    """The same table without those moments: of :func:`faces` their rows are gone, of one person's :func:`curve` NaN.

    A curve does not know whose it is: give it the spans of that person. Where others are on screen, give the spans to
    :func:`curve` itself, so that these stay.
    """
    t_ms, out = table["t_ms"].to_numpy(), np.zeros(len(table), bool)
    whose = table["track"].to_numpy("int64", na_value=-1) if "track" in table else None
    for span in spans:
        inside = (t_ms >= span.start_ms) & (t_ms < span.end_ms)
        out |= inside if whose is None else inside & (whose == span.track)
    return table.assign(score=table["score"].mask(out)) if whose is None else table[~out]


def curve(timeline: Timeline, reader: str, track: Who = None, without: Sequence[Span] = ()) -> pd.DataFrame:
    """t_ms, t_s, shot, run, emotion, score: the mean over each moment's faces, or of ``track``'s; NaN where nobody is.

    The faces in the spans of ``without`` are taken for absent. ``run`` numbers the stretches without a cut or a gap: a
    line is drawn inside a run, never from one to the next.
    """
    return build_curve(timeline, leave_out(select_faces(faces(timeline, reader), track), without), SCORES)


def build_curve(timeline: Timeline, seen: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The rows of :func:`curve` from the faces that count: t_ms and a column for each of ``names``."""
    moments = _moments(timeline)
    means = seen.groupby("t_ms")[list(names)].mean().reindex(moments["t_ms"])
    there = moments["t_ms"].isin(seen["t_ms"]).to_numpy()
    broken = (there != np.roll(there, 1)) | (moments["shot"] != moments["shot"].shift())
    wide = moments.assign(t_s=moments["t_ms"] / 1000, run=broken.cumsum() - 1, **means.reset_index(drop=True))
    return wide.melt(["t_ms", "t_s", "shot", "run"], list(names), "emotion", "score")


def smooth(curve: pd.DataFrame, window_ms: int = 1000) -> pd.DataFrame:
    """The same rows with a centred rolling mean, both ends of the window in; only inside a run, nowhere else."""
    ordered = curve.sort_values(["emotion", "run", "t_ms"])
    t_ms, score = ordered["t_ms"].to_numpy(), ordered["score"].to_numpy()
    runs = ordered.groupby(["emotion", "run"], sort=False).ngroup().to_numpy()
    line = t_ms + runs * (t_ms.max(initial=0) + window_ms + 1)  # runs end to end, further apart than a window
    first = np.searchsorted(line, line - window_ms / 2, "left")
    end = np.searchsorted(line, line + window_ms / 2, "right")
    there = ~np.isnan(score)
    sums = np.cumsum(np.append(0.0, np.where(there, score, 0.0)))
    counts = np.cumsum(np.append(0, there))
    mean = (sums[end] - sums[first]) / np.maximum(counts[end] - counts[first], 1)
    return curve.assign(score=pd.Series(np.where(there, mean.clip(0, 1), np.nan), ordered.index))


def means(timeline: Timeline, reader: str, track: Who = None) -> pd.DataFrame:
    """emotion, mean: over the rows of faces, so moments without anybody count neither as zero nor as neutral."""
    means = select_faces(faces(timeline, reader), track)[SCORES].mean()
    return pd.DataFrame({"emotion": SCORES, "mean": means.to_numpy(dtype="float64")})


def top_emotions(timeline: Timeline, reader: str, n: int = 2) -> list[tuple[str, float]]:
    """The ``n`` emotions with the highest means, highest first; empty where no face was read."""
    ranked = means(timeline, reader).dropna().nlargest(n, "mean")
    return list(ranked.itertuples(index=False, name=None))


def coverage(timeline: Timeline, track: Who = None) -> float:
    """Share of moments with a face (or with that person), 0–1; 0 where there are no moments."""
    theirs = persons.face_filter(track)
    there = [any(theirs(face.track, sample.t_ms) for face in sample.faces) for sample in timeline.samples]
    return sum(there) / max(len(there), 1)


def cuts(timeline: Timeline) -> list[int]:
    """The first moment of every shot but the first, ms."""
    pairs = itertools.pairwise(timeline.samples)
    return [after.t_ms for before, after in pairs if after.shot != before.shot]


def gaps(timeline: Timeline) -> pd.DataFrame:
    """start_s, end_s of the spans without anybody: from the first empty moment up to the next one with a face."""
    spans: list[tuple[float, float]] = []
    samples = timeline.samples
    for empty, group in itertools.groupby(enumerate(samples), key=lambda item: not item[1].faces):
        if empty:
            places = [place for place, _ in group]
            after = places[-1] + 1
            end_ms = samples[after].t_ms if after < len(samples) else samples[-1].t_ms + timeline.step_ms
            spans.append((samples[places[0]].t_ms / 1000, end_ms / 1000))
    return pd.DataFrame(spans, columns=["start_s", "end_s"], dtype="float64")


def _moments(timeline: Timeline) -> pd.DataFrame:
    """t_ms and shot of every moment, with or without a face."""
    moments = [(sample.t_ms, sample.shot) for sample in timeline.samples]
    return pd.DataFrame(moments, columns=["t_ms", "shot"], dtype="int64")


def select_faces(read: pd.DataFrame, who: Who) -> pd.DataFrame:
    """The rows of :func:`faces` of one person, or of everybody."""
    if who is None:
        return read
    return read[persons.face_mask(who, read["track"].to_numpy("int64", na_value=-1), read["t_ms"].to_numpy())]
