"""Files in one zip, the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator

from core import __version__

WHEN = (1980, 1, 1, 0, 0, 0)


def zip_files(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip of the files, its comment the version of Outtake; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in _zip_entries(files):
            packed.writestr(name, data)
        packed.comment = f"Outtake {__version__}".encode()
    return buffer.getvalue()


def _zip_entries(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    for name, data in files:
        entry = zipfile.ZipInfo(name, WHEN)
        entry.external_attr = 0o644 << 16
        entry.compress_type = zipfile.ZIP_STORED if name.endswith((".jpg", ".png", ".zip")) else zipfile.ZIP_DEFLATED
        yield entry, data
