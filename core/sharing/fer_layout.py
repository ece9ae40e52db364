"""The rows of a scene in the columns of the ``fer`` package, for scripts that were written for its files."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from core.model import EMOTIONS, Face, Sample


def table(samples: Iterable[Sample], reader: str) -> pd.DataFrame:
    """One row per moment: box0, angry0 … of its first face, box1, angry1 … of its second, as ``fer`` 25 writes them.

    Columns are sorted as ``Video.to_csv`` sorts them, a box is ``[left, top, width, height]`` px of the source frame,
    and a moment without a face is an empty row. Like ``fer``'s, the table knows no times: its rows are the moments.
    """
    rows = [_row(sample, reader) for sample in samples]
    most = max([1, *(len(row) // (len(EMOTIONS) + 1) for row in rows)])
    columns = [f"{name}{face}" for name in sorted(("box", *EMOTIONS)) for face in range(most)]
    return pd.DataFrame(rows, columns=columns)


def _row(sample: Sample, reader: str) -> dict[str, object]:
    read = [face for face in sample.faces if reader in face.readings]
    return {f"{name}{place}": value for place, face in enumerate(read) for name, value in _cells(face, reader).items()}


def _cells(face: Face, reader: str) -> dict[str, object]:
    box = face.found.box
    return {"box": str([box.left, box.top, box.width, box.height]), **face.readings[reader].scores._asdict()}
