"""A table of rows → a CSV, Parquet, JSON or Excel file, whole or not at all."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from core import __version__
from core.errors import SettingError
from core.export import excel
from core.host.unfinished import open_unfinished
from core.settings import one_line

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("csv", "parquet", "json", "xlsx")

VERSION_COLUMN = "outtake_version"
"""Last column of a CSV or JSON table. Neither has a place for metadata: a line of comment breaks readers, a file beside
the table is lost when it is sent on, and rows that are joined with others keep their own."""

FORMULA = tuple("=+-@\t\r＝＋－＠")
"""Text that begins with one of these is a formula to a spreadsheet that opens a CSV file, and formulas can do harm."""


def to_bytes(table: pd.DataFrame, kind: str) -> bytes:
    """Return the table in one of ``FORMATS``, with the version of Outtake that wrote it.

    CSV and JSON write every number so that it is read back equal.
    """
    if kind == "csv":
        return _without_formulas(_add_version(table)).to_csv(index=False, lineterminator="\n").encode()
    if kind == "json":
        return _json(_add_version(table)).encode()
    if kind == "parquet":
        return _parquet(table)
    if kind == "xlsx":
        return excel.workbook(table)
    raise SettingError(f"“{kind}” is not a format Outtake writes. Use {', '.join(FORMATS)}.")


def _add_version(table: pd.DataFrame) -> pd.DataFrame:
    return table if VERSION_COLUMN in table else table.assign(**{VERSION_COLUMN: __version__})


def _parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet, the version in the file's metadata as ``outtake``."""
    import pyarrow
    from pyarrow import parquet

    rows = pyarrow.Table.from_pandas(table, preserve_index=False)
    named = {b"outtake": __version__.encode(), b"PANDAS_ATTRS": json.dumps(table.attrs).encode()}
    buffer = io.BytesIO()
    parquet.write_table(rows.replace_schema_metadata({**(rows.schema.metadata or {}), **named}), buffer)
    return buffer.getvalue()


def _without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before texts that a spreadsheet would take for formulas, each text on one line.

    A line's end within a text begins a row in programs that do not mind the quotes around it, and the csv module
    itself leaves a carriage return without any.
    """

    def harmless(value: object) -> object:
        return without_formula(one_line(value) if isinstance(value, str) else value)

    texts = [name for name in table.columns if table[name].dtype.kind not in "iufb" and table[name].dtype != "boolean"]
    plain = table.assign(**{name: table[name].map(harmless, na_action="ignore") for name in texts})
    return plain.rename(columns=harmless)


def without_formula(value: object) -> object:
    """The cell of a CSV file, an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _json(table: pd.DataFrame) -> str:
    """A list with one object a line; what is missing is null. pandas' own writer rounds to 15 digits."""
    plain = table.astype(object).where(table.notna(), None).to_dict("records")
    return "[\n" + ",\n".join(json.dumps(row) for row in plain) + "\n]\n"


def check_target(path: Path) -> str:
    """Return the format that the file's name asks for; SettingError when it cannot be written, before any work."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise SettingError(f"{path} should end in .csv, .parquet, .json or .xlsx, which says what to write.")
    if path.is_dir():
        raise SettingError(f"{path} is a folder. Name a file in it.")
    if not path.parent.is_dir():
        raise SettingError(f"{path} cannot be written: there is no folder {path.parent}. Make it first.")
    if not os.access(path.parent, os.W_OK):
        raise SettingError(f"{path} cannot be written: {path.parent} is not yours to write in. Choose another folder.")
    return kind


def write_table(table: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write the table as the file's suffix says; after an error the file is what it was before."""
    write_bytes(to_bytes(table, check_target(Path(path))), path)


def write_bytes(data: bytes, path: str | os.PathLike[str]) -> None:
    """Write a whole file; after an error it is what it was before. SettingError when it cannot be written."""
    target = Path(path)
    try:
        with open_unfinished(target) as file:
            file.path.write_bytes(data)
            file.keep()
    except OSError as error:
        raise SettingError(f"{target} cannot be written ({error.strerror}). Choose another place.") from error
