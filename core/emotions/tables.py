"""Emotions of one's own beside the seven: columns of rows, curves, means; none of them enters the seven's sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from core.emotions.emotion import READER, OwnEmotion, Place
from core.faces import embedding
from core.model import Sample, Timeline


def embeddings_of(samples: Iterable[Sample]) -> dict[Place, bytes]:
    """Return the embeddings that come with the faces' readings, where they have not been left behind."""
    return {
        (sample.t_ms, index): reading.embedding
        for sample in samples
        for index, face in enumerate(sample.faces)
        for reading in [face.readings.get(READER)]
        if reading is not None and reading.embedding is not None
    }


def scores(codes: Mapping[Place, bytes], emotions: Sequence[OwnEmotion]) -> pd.DataFrame:
    """t_ms, index and a column for each emotion: its score of every face that has an embedding."""
    at = pd.DataFrame(list(codes), columns=["t_ms", "index"], dtype="int64")
    table = list(codes.values())
    return at.assign(**{one.name: one.scores(table) for one in emotions})


def places(samples: Iterable[Sample]) -> list[Place | None]:
    """Return the face of every line of ``tables.rows``; None where nobody is."""
    of_line: list[Place | None] = []
    for sample in samples:
        for index, face in enumerate(sample.faces):
            of_line += [(sample.t_ms, index)] * max(len(face.readings), 1)
        if not sample.faces:
            of_line.append(None)
    return of_line


def add_columns(
    table: pd.DataFrame,
    samples: Sequence[Sample],
    emotions: Sequence[OwnEmotion],
    known: Mapping[Place, bytes],
    *,
    embeddings: bool = False,
) -> pd.DataFrame:
    """Return ``tables.rows`` of the samples with a column for each emotion, and ``embedding``, a list of numbers.

    A face's every line has them, whichever reader the line is of; missing where a face has no embedding.
    """
    of_line = places(samples)
    said = scores(known, emotions)
    found = {place: number for number, place in enumerate(known)}
    lines = [found.get(place, -1) if place else -1 for place in of_line]
    more = {one.name: np.append(said[one.name].to_numpy(), np.nan)[lines] for one in emotions}
    if embeddings:
        numbers = [[round(float(each), 4) for each in row] for row in embedding.unpack(list(known.values()))]
        column = [numbers[line] if line >= 0 else None for line in lines]
        return table.assign(**more, embedding=pd.Series(column, table.index, dtype=object))
    return table.assign(**more)


def faces(timeline: Timeline, said: pd.DataFrame) -> pd.DataFrame:
    """t_ms, index, track and a column for each emotion, from :func:`scores`: one row per face that has a score."""
    lines = [(sample.t_ms, index, face.track) for sample in timeline.samples for index, face in enumerate(sample.faces)]
    seen = pd.DataFrame(lines, columns=["t_ms", "index", "track"]).astype({"track": "Int64"})
    return seen.merge(said, on=["t_ms", "index"])


def hundredths(timeline: Timeline, said: pd.DataFrame) -> tuple[bytes, list[bytes]]:
    """Return how many faces each moment has, and each emotion's scores of all of them, a byte each; 255 is unknown.

    The faces are in the order of moments and of their indices.
    """
    counts = bytes(min(len(sample.faces), 255) for sample in timeline.samples)
    places = [(sample.t_ms, index) for sample in timeline.samples for index in range(min(len(sample.faces), 255))]
    known = said.set_index(["t_ms", "index"])[names(said)].reindex(pd.MultiIndex.from_tuples(places))
    fine = (100 * known).round().fillna(255).astype("uint8")
    return counts, [fine[name].to_numpy().tobytes() for name in fine]


def names(said: pd.DataFrame) -> list[str]:
    """The emotions of :func:`scores`, in their order."""
    return [str(name) for name in said.columns if name not in ("t_ms", "index", "track")]
