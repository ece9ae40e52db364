"""A scene's peaks as an ELAN file (EAF 3.0): a tier for each person, and below it what is doubted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from core import __version__
from core.export.notes import Note

XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
PEAK, DOUBT = "peak", "doubt"
MIME = {"mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "mpg": "video/mpeg"}

UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot say in any way."""

ASSOCIATION = "1-1 association with a parent annotation"


def eaf(notes: Sequence[Note], media_url: str, relative_url: str, made: str) -> str:
    """Return the file's text; ``made`` is when, ISO 8601, and the addresses are those of the video.

    A tier holds a person's peaks of one reader, ``happy 0.88``; peaks at the same time share no tier, so that a second
    one follows where they overlap. A tier ``… doubt`` below it says of suspects why.
    """
    ElementTree.register_namespace("xsi", XSI)
    said = {"AUTHOR": f"Outtake {__version__}", "DATE": made, "FORMAT": "3.0", "VERSION": "3.0"}
    root = ElementTree.Element("ANNOTATION_DOCUMENT", said | {f"{{{XSI}}}noNamespaceSchemaLocation": SCHEMA})
    header = _add(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    _add(
        header, "MEDIA_DESCRIPTOR", MEDIA_URL=media_url, MIME_TYPE=_mime(relative_url), RELATIVE_MEDIA_URL=relative_url
    )
    times = sorted({ms for note in notes for ms in (note.start_ms, note.end_ms)})
    slots = {ms: f"ts{number}" for number, ms in enumerate(times, start=1)}
    order = _add(root, "TIME_ORDER")
    for ms, slot in slots.items():
        _add(order, "TIME_SLOT", TIME_SLOT_ID=slot, TIME_VALUE=str(ms))
    used = _Tiers(root, slots).write(notes)
    _add(header, "PROPERTY", NAME="lastUsedAnnotationId").text = str(used)
    _types(root)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


class _Tiers:
    """Writes tiers, and counts the annotations."""

    def __init__(self, root: ElementTree.Element, slots: dict[int, str]) -> None:
        self.root, self.slots, self.count = root, slots, 0

    def write(self, notes: Iterable[Note]) -> int:
        """Write every note and return how many annotations there are."""
        rows: dict[tuple[str, str], list[list[Note]]] = defaultdict(list)
        for note in sorted(notes, key=lambda note: (note.reader, note.who, note.start_ms, note.end_ms)):
            beside = rows[note.reader, note.who]
            free = next((row for row in beside if row[-1].end_ms <= note.start_ms), None)
            if free is None:
                beside.append([note])
            else:
                free.append(note)
        for (reader, who), beside in rows.items():
            for number, row in enumerate(beside, start=1):
                self._tier(reader, who, row, f" ({number})" if number > 1 else "")
        return self.count

    def _tier(self, reader: str, who: str, row: list[Note], nth: str) -> None:
        name = _clean(f"{who}, {reader}{nth}")
        tier = _add(self.root, "TIER", TIER_ID=name, PARTICIPANT=_clean(who), LINGUISTIC_TYPE_REF=PEAK)
        doubts: list[tuple[str, str]] = []
        for note in row:
            parts = {"TIME_SLOT_REF1": self.slots[note.start_ms], "TIME_SLOT_REF2": self.slots[note.end_ms]}
            number = self._annotation(tier, "ALIGNABLE_ANNOTATION", f"{note.emotion} {note.height:.2f}", **parts)
            if note.suspect:
                doubts.append((number, note.doubt_line))
        if doubts:
            about = {"PARENT_REF": name, "PARTICIPANT": _clean(who), "LINGUISTIC_TYPE_REF": DOUBT}
            below = _add(self.root, "TIER", TIER_ID=f"{name}, doubt", **about)
            for number, text in doubts:
                self._annotation(below, "REF_ANNOTATION", text, ANNOTATION_REF=number)

    def _annotation(self, tier: ElementTree.Element, kind: str, text: str, **said: str) -> str:
        self.count += 1
        number = f"a{self.count}"
        made = _add(_add(tier, "ANNOTATION"), kind, ANNOTATION_ID=number, **said)
        _add(made, "ANNOTATION_VALUE").text = _clean(text)
        return number


def _types(root: ElementTree.Element) -> None:
    graphic = {"GRAPHIC_REFERENCES": "false"}
    _add(root, "LINGUISTIC_TYPE", LINGUISTIC_TYPE_ID=PEAK, TIME_ALIGNABLE="true", **graphic)
    tied = {"CONSTRAINTS": "Symbolic_Association", **graphic}
    _add(root, "LINGUISTIC_TYPE", LINGUISTIC_TYPE_ID=DOUBT, TIME_ALIGNABLE="false", **tied)
    _add(root, "CONSTRAINT", STEREOTYPE="Symbolic_Association", DESCRIPTION=ASSOCIATION)


def _add(parent: ElementTree.Element, name: str, **said: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, name, said)


def _mime(name: str) -> str:
    return MIME.get(name.rpartition(".")[2].lower(), "video/*")


def _clean(text: str) -> str:
    return UNWRITABLE.sub("�", text)
