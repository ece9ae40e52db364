"""What charts say and hold, read from their specs and from SVG."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pandas as pd

ROW = "{http://www.w3.org/2000/svg}"

Spec = dict[str, Any]

NO_MARKS = pd.DataFrame(columns=["emotion", "at", "end_at", "apex_at", "score"]).astype({"at": float, "score": float})


def texts(svg: bytes) -> list[str]:
    """What a chart says, in its order."""
    tree = ElementTree.fromstring(svg)  # noqa: S314  # our own
    return ["".join(one.itertext()) for one in tree.iter(f"{ROW}text")]


def drawn(spec: Spec, kind: str) -> list[tuple[Spec, list[Spec]]]:
    """The layers with this mark, each with its rows."""
    chosen = [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]
    return [(layer, spec["datasets"][layer.get("data", spec.get("data"))["name"]]) for layer in chosen]
