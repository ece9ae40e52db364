"""How a good bundle is spoilt."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from core.export import bundle_read

SMALL = bundle_read.ImportLimits(bytes=20 * bundle_read.MB, moments=30, moment_bytes=140_000)

Files = dict[str, bytes]
Spoil = Callable[[Files], Files | bytes]


@dataclass(frozen=True)
class Bad:
    """How a good bundle is spoilt, and what the sentence says."""

    spoil: Spoil
    said: str


def text(name: str, **changes: object) -> Spoil:
    """Change fields of a JSON file in it."""

    def spoil(files: Files) -> Files:
        return files | {name: json.dumps(json.loads(files[name]) | changes).encode()}

    return spoil


def holds(name: str, data: bytes = b"x") -> Spoil:
    return lambda files: files | {name: data}


def lacks(name: str) -> Spoil:
    return lambda files: {other: data for other, data in files.items() if other != name}


def zipped(files: Files, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()
