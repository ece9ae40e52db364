"""A table as an Excel workbook, in which no text ever becomes a formula."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from core import __version__
from core.errors import SettingError

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_048_575
"""Rows below the head that a sheet can hold."""


def workbook(table: pd.DataFrame) -> bytes:
    """Return an .xlsx file with one sheet, ``rows``: the head, then the table; what is missing is an empty cell.

    The properties of the file name Outtake and its version.
    """
    from openpyxl import Workbook

    if len(table) > MOST_ROWS:
        raise SettingError(f"Excel holds {MOST_ROWS} rows, and these are {len(table)}. Choose CSV or Parquet.")
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.version = "Outtake", __version__
    sheet = book.create_sheet("rows")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name) for name in table.columns])
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False, name=None):
        sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    """Text as text, whatever it begins with; numbers and truths as they are."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        return None if isinstance(value, float) and not math.isfinite(value) else value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("�", value))
    cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
    cell.quotePrefix = True  # and so it stays text when somebody edits the cell
    return cell
