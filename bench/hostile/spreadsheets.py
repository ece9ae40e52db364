"""Titles and names that would be rows and formulas of a table, in everything that a page hands out as a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import openpyxl
import sqlalchemy as sa

from bench.hostile.ground import Ground
from core.export import kinds
from core.export.kinds import Choices
from core.model import Gathering
from core.shelf import review
from core.store.scenes import Store
from tests.support import doubtful

TEXTS = (
    "=HYPERLINK(1)",
    "a\r=1+1",
    "a\n@SUM(A1)",
    "a\x85+1",
    "a\u2028-1+cmd|' /C calc'!A0",
    "\t=1",
    '","=1',
    "＝1",
    "\x1b]0;x\x07",
    "a\x00=1",
    "\u202e=1",
)


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    store = ground.store
    for text in TEXTS:
        scene_id = doubtful.scene(store, text)
        store.add_people_decisions(scene_id, [Gathering("name", 0, text)])
        scene = store.scene(scene_id)
        name = store.people_decisions(scene_id)[0].name
        yield from (f"{one!r} is kept with signs that end a line" for one in (scene.title, name) if not _is_line(one))
        with store._db.begin_write() as db:  # as an Outtake before this one kept it
            db.execute(sa.text("UPDATE scenes SET title = :text WHERE id = :id"), {"text": text, "id": scene_id})
        yield from _tables(store, scene_id, text)


def _is_line(text: str) -> bool:
    return not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]", text)


def _tables(store: Store, scene_id: int, text: str) -> Iterator[str]:
    scene = store.scene(scene_id)
    made = {kind: kinds.export_scene(store, scene, kind, Choices()) for kind in ("csv", "fer", "xlsx")}
    made["shelf.csv"] = kinds.tables.to_bytes(kinds.shelf_table(store, [scene]), "csv")
    made["judged.csv"] = kinds.tables.to_bytes(review.table(store, scene), "csv")
    for kind, data in made.items():
        cells = _excel(data) if kind == "xlsx" else _cells(data.decode())
        if any(re.match(r"[=+@＝＋－＠\t\r]|-(?![\d.])", cell) for cell in cells):
            yield f"{text!r} becomes a formula in {kind}"


def _cells(text: str) -> list[str]:
    """Every cell, however a program splits the rows: by the quotes, or at each sign that ends a line."""
    quoted = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    return quoted + [row for row in re.split("[\r\n\x85\u2028]", text) if row]


def _excel(data: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [str(cell.value) for row in book["rows"].iter_rows() for cell in row if cell.data_type == "f"]
