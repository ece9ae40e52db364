"""Charts and pages as kept texts: old beside new where they differ, and one option that takes the new ones.

``python -m pytest tests/test_golden.py --accept`` writes what is drawn now over what was kept.
"""

from __future__ import annotations

import difflib
import html
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import vl_convert
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element, Node

from tests.support.project import ROOT

FOLDER = ROOT / "tests" / "golden"

DECIMALS = 4
"""Of every number: what differs after these differs between processors as well."""

ROWS = 80
"""Of a table, about: a curve of hundreds of points is the same curve at every third."""

PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAAC"
"""Stands for every picture inside a chart: how a JPEG is packed is not what is looked at here."""

INNERMOST = re.compile(r"[\[{][^\[\]{}]*[\]}]")


def chart_text(spec: Mapping[str, Any]) -> str:
    """Return a Vega-Lite specification as JSON: numbers rounded, a row of data a line, of long tables every so many."""
    tables = spec.get("datasets", {})
    names = {name: f"data-{place}" for place, name in enumerate(dict.fromkeys(_tables(spec)), start=1)}
    whole = json.dumps(_plain({key: part for key, part in spec.items() if key != "datasets"}), ensure_ascii=False)
    for name, plain in names.items():  # Altair calls a table by the hash of its numbers, the last digit included
        whole = whole.replace(name, plain)
    kept = {plain: _plain(tables[name][:: max(1, len(tables[name]) // ROWS)]) for name, plain in names.items()}
    text = json.dumps(json.loads(whole) | {"datasets": kept}, indent=1, ensure_ascii=False, sort_keys=True)
    return INNERMOST.sub(lambda found: " ".join(found[0].split()), text) + "\n"


def _tables(part: Any) -> Iterator[str]:
    """The names of a specification's tables in the order in which its layers ask for them."""
    if isinstance(part, Mapping):
        data = part.get("data")
        if isinstance(data, Mapping) and "name" in data:
            yield data["name"]
        for name, inner in part.items():
            if name not in ("data", "datasets"):
                yield from _tables(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _tables(inner)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, str) and value.startswith("data:image/"):
        return PICTURE
    return value


def page_text(app: AppTest) -> str:
    """Return what a page says and offers, an element a line, its parts indented below it."""
    return "\n".join(_lines(app.main, 0)) + "\n"


def _lines(node: Node, depth: int) -> Iterable[str]:
    if isinstance(node, Element):
        yield "  " * depth + _element(node)
        return
    deeper = depth
    if isinstance(node, Block) and node.type not in ("main", "vertical", "flex_container", "container"):
        label = getattr(getattr(node.proto, str(node.type), node.proto), "label", "")
        yield "  " * depth + " ".join(filter(None, (node.type, _said(label))))
        deeper += 1
    for child in node.children.values():
        yield from _lines(child, deeper)


def _element(element: Element) -> str:
    """An element's kind, label, value, choices, and whether it can be used."""
    label = _said(getattr(element, "label", "") or getattr(element.proto, "label", ""))
    parts = [element.type, label]
    if hasattr(element.proto, "imgs"):
        parts.append(_said("; ".join(image.alt or image.caption for image in element.proto.imgs)))
    elif "button" not in element.type or element.type == "button_group":
        value = getattr(element, "value", None)
        said = _said(str(_plain(value))) if isinstance(value, str | int | float | list | tuple) else ""
        parts.append(f"= {said}" if said and said != label else "")
    if options := getattr(element, "options", None):
        parts.append(f"of {', '.join(map(_said, options))}")
    parts.append("(disabled)" if getattr(element, "disabled", False) else "")
    return " ".join(filter(None, parts))


def _said(text: str) -> str:
    """A text in one line, without what differs from run to run: bytes of pictures, ids."""
    text = re.sub(r"data:image/[\w+;,=/%.-]+", "a picture", " ".join(text.split()))
    return re.sub(r"\b[0-9a-f]{32,}\b", "an id", text)


def check(name: str, text: str, *, accept: bool) -> None:
    """Compare with what is kept; AssertionError names a report of both. With ``accept`` the new one is kept."""
    kept = FOLDER / name
    if accept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text, "utf-8")
    old = kept.read_text("utf-8") if kept.exists() else ""
    if old == text:
        return
    changes = "\n".join(difflib.unified_diff(old.splitlines(), text.splitlines(), "kept", "now", lineterm="", n=2))
    report = Path(tempfile.mkdtemp(prefix="outtake-golden-")) / f"{kept.stem}.html"
    report.write_text(_report(name, old, text, changes), "utf-8")
    raise AssertionError(f"{name} differs: {report} shows both. If it should, run this again with --accept.\n{changes}")


def _report(name: str, old: str, new: str, changes: str) -> str:
    pictures = [_picture(text) for text in (old, new)] if name.endswith(".json") else ["", ""]
    return (
        f"<!doctype html><meta charset=utf-8><title>{name}</title><style>body{{font:14px sans-serif}}"
        "td{vertical-align:top;padding:8px}pre{white-space:pre-wrap}</style>"
        f"<h1>{name}</h1><table><tr><th>kept<th>now<tr><td>{pictures[0]}<td>{pictures[1]}</table>"
        f"<pre>{html.escape(changes)}</pre>"
    )


def _picture(text: str) -> str:
    return vl_convert.vegalite_to_svg(json.loads(text), allowed_base_urls=[]) if text else "nothing"
