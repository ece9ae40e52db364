"""Timeline → tidy DataFrames: the export's rows, and what the charts, the gallery and the captions show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from core.model import EMOTIONS, Sample

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


def rows(samples: Iterable[Sample]) -> pd.DataFrame:
    """One row per moment, face and reader; a moment without anybody is one row whose face columns are missing.

    Columns and dtypes are those of ``ROW_TYPES``, also when there is nothing; a face that no reader read has one row.
    """
    lines = [line for sample in samples for line in _lines(sample)]
    return pd.DataFrame(lines, columns=list(ROW_TYPES)).astype(ROW_TYPES)


def _lines(sample: Sample) -> Iterator[tuple[object, ...]]:
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
