"""The rows of a scene in the columns of the ``fer`` package, for scripts that were written for its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from core.model import EMOTIONS, Face, Sample

TaughtScores = Mapping[tuple[int, int], Mapping[str, float]]
"""Scores of emotions of one's own, by moment, ms, and the face's index in it."""


def table(
    samples: Iterable[Sample], reader: str, taught: TaughtScores | None = None, names: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per moment: box0, angry0 … of its first face, box1, angry1 … of its second, as ``fer`` 25 writes them.

    Columns are sorted as ``Video.to_csv`` sorts them, a box is ``[left, top, width, height]`` px of the source frame,
    and a moment without a face is an empty row. Like ``fer``'s, the table knows no times: its rows are the moments.
    The taught emotions of ``names`` come last, panic0, panic1 …, where scripts that were written for ``fer`` end.
    """
    moments = list(samples)
    rows = [_row(sample, reader, taught or {}, names) for sample in moments]
    most = max([1, *(_faces(sample, reader) for sample in moments)])
    columns = [f"{name}{face}" for name in (*sorted(("box", *EMOTIONS)), *names) for face in range(most)]
    return pd.DataFrame(rows, columns=columns)


def _faces(sample: Sample, reader: str) -> int:
    return sum(reader in face.readings for face in sample.faces)


def _row(sample: Sample, reader: str, taught: TaughtScores, names: Sequence[str]) -> dict[str, object]:
    read = [(index, face) for index, face in enumerate(sample.faces) if reader in face.readings]
    return {
        f"{name}{place}": value
        for place, (index, face) in enumerate(read)
        for name, value in (_cells(face, reader) | _own_cells(taught.get((sample.t_ms, index), {}), names)).items()
    }


def _cells(face: Face, reader: str) -> dict[str, object]:
    box = face.found.box
    return {"box": str([box.left, box.top, box.width, box.height]), **face.readings[reader].scores._asdict()}


def _own_cells(said: Mapping[str, float], names: Sequence[str]) -> dict[str, object]:
    return {name: said[name] for name in names if name in said}
