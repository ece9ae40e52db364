"""A bundle out of a zip that anybody may have made: all of it is looked at before anything is believed."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from core.doubt import verdicts
from core.errors import SettingError
from core.export import bundle, bundle_emotions, bundle_values
from core.export.bundle import FILE
from core.model import Sample, Verdict
from core.store.imports import BundledScene, FacePlace

CHUNK = 1 << 20
MB = 1_000_000

ENTRY = re.compile(r"thumbs/(0|[1-9][0-9]{0,8})\.jpg|crops/(0|[1-9][0-9]{0,8})-(0|[1-9][0-9]{0,2})\.jpg")

PICTURES = {"thumbs": (2 * MB, 1280), "crops": (MB // 2, 512)}
"""Folder → bytes of a picture, and px of its longer side, at most: Outtake's own are 640 and 96 px wide."""

TEXT_ENTRIES = {*bundle.TEXTS, bundle.TAUGHT, bundle.EMBEDDINGS}
"""Every entry that is no picture."""

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    struct.error,
)
"""What Python says of a zip that is damaged, or none."""

LARGEST_LINE = MB // 2
"""Bytes of a moment: 256 faces, each read by several readers, are fewer."""


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """How much a bundle may hold."""

    bytes: int = 4_000 * MB
    """Unpacked, all together."""
    moment_bytes: int = 3_000
    """Of a moment's text, on average: two faces, each read by two readers, take 2,400."""
    moments: int = 200_000
    longest_ms: int = bundle_values.LONGEST_MS

    @property
    def entry_bytes(self) -> dict[str, int]:
        """Bytes of each entry that is no picture, unpacked: nothing larger is read at all."""
        return {
            bundle.MANIFEST: 100_000,
            bundle.MOMENTS: self.moments * self.moment_bytes,
            bundle.CLOSER: MB + self.moments * bundle_values.LOOK_BYTES,
            bundle.VERDICTS: verdicts.LARGEST_BYTES,
            bundle.PEOPLE: 2 * MB,
            bundle.TAUGHT: bundle_emotions.LARGEST_BYTES,
            bundle.EMBEDDINGS: self.moments * self.moment_bytes,
        }


class Bundle:
    """A bundle that has been looked at from end to end."""

    def __init__(self, packed: zipfile.ZipFile, told: BundledScene, samples: tuple[Sample, ...], digest: str) -> None:
        self._packed, self.told, self.samples, self.digest = packed, told, samples, digest

    def moments(self) -> Iterator[tuple[Sample, bytes, tuple[bytes, ...]]]:
        """Yield each moment with its picture and its faces', as a store keeps them."""
        for sample in self.samples:
            thumb, *crops = (self._packed.read(name) for name in bundle.picture_names(sample))
            yield sample, thumb, tuple(crops)


def read(file: BinaryIO, most: ImportLimits | None = None) -> Bundle:
    """Return what is in a bundle; SettingError with a sentence for anything that Outtake did not write like that."""
    most = most or ImportLimits()
    try:
        packed = zipfile.ZipFile(file)
        _check_entries(packed, most)
        manifest = packed.read(bundle.MANIFEST)
        told = bundle_values.read_manifest(manifest, most.moments)
        if told.video.duration_ms > most.longest_ms:
            FILE.refuse("its video is longer than what is taken here")
        crops = sum(name.startswith("crops/") for name in packed.namelist())
        samples = tuple(bundle_values.read_samples(_lines(packed), told, crops))
        closer = bundle_values.read_closer_looks(packed.read(bundle.CLOSER), told)
        decided = bundle_values.read_verdicts(packed.read(bundle.VERDICTS), told)
        people = bundle_values.read_people(packed.read(bundle.PEOPLE))
        emotions, judged = _taught(packed)
        codes = _codes(packed, bundle_emotions.read_code_bytes(manifest), samples)
        _check_complete(packed, told, samples)
        _check_pictures(packed)
    except BROKEN as error:
        raise SettingError(
            "This bundle cannot be imported: it is not a whole zip file. Copy or download it again."
        ) from error
    told = replace(told, closer=closer, verdicts=decided, people=people)
    told = replace(told, emotions=emotions, own_verdicts=judged, embeddings=codes)
    return Bundle(packed, told, samples, _digest(file))


def _taught(packed: zipfile.ZipFile) -> tuple[dict[str, str], tuple[Verdict, ...]]:
    """The emotions of one's own, and what was decided about them; a bundle of version 1 holds none."""
    if bundle.TAUGHT not in packed.namelist():
        return {}, ()
    return bundle_emotions.read_emotions(packed.read(bundle.TAUGHT))


def _codes(packed: zipfile.ZipFile, size: int, samples: Sequence[Sample]) -> dict[FacePlace, bytes]:
    """The embeddings, where the manifest says that there are any."""
    if (bundle.EMBEDDINGS in packed.namelist()) != (size > 0):
        FILE.refuse("its manifest and its embeddings do not fit each other")
    return bundle_emotions.read_embeddings(packed.read(bundle.EMBEDDINGS), size, samples) if size else {}


def _check_entries(packed: zipfile.ZipFile, most: ImportLimits) -> None:
    """Look at the list of what is in the zip, before any of it is unpacked."""
    entries = packed.infolist()
    if len(entries) > most.moments * 8:
        FILE.refuse("it holds too many files")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        FILE.refuse("a name is in it twice")
    largest = most.entry_bytes
    for entry in entries:
        _check_entry(entry)
        if entry.file_size > largest.get(entry.filename, entry.file_size):
            FILE.refuse(f"its {entry.filename} is larger than what is taken here")
    lacking = [name for name in bundle.TEXTS if name not in names]
    if lacking:
        FILE.refuse(f"it holds no {lacking[0]}, so it is not a scene that Outtake exported, or not all of it")
    if sum(entry.file_size for entry in entries) > most.bytes:
        FILE.refuse("unpacked it would be larger than what is taken here")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in name or "\\" in name or ":" in name:
        FILE.refuse("a name in it leads out of it")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        FILE.refuse("it holds something else than plain files")
    if name not in TEXT_ENTRIES and not ENTRY.fullmatch(name):
        shown = "".join(sign if sign.isprintable() else "?" for sign in name)[:60]
        FILE.refuse(f"it holds “{shown}”, which is no part of a scene")
    if entry.flag_bits & 0x1:
        FILE.refuse("it is locked with a password")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        FILE.refuse("it is packed in a way that Outtake does not use")
    folder = name.partition("/")[0]
    if folder in PICTURES and entry.file_size > PICTURES[folder][0]:
        FILE.refuse("a picture in it is larger than Outtake's are")


def _lines(packed: zipfile.ZipFile) -> Iterator[bytes]:
    """Yield the lines of the moments, none of them endless."""
    with packed.open(bundle.MOMENTS) as opened:
        while line := opened.readline(LARGEST_LINE + 1):
            if len(line) > LARGEST_LINE:
                FILE.refuse("a moment in it is larger than any is")
            yield line


def _check_complete(packed: zipfile.ZipFile, told: BundledScene, samples: Sequence[Sample]) -> None:
    """Every moment and every face has its picture, and there is no other."""
    if len(samples) != told.moments:
        FILE.refuse(f"its manifest promises {told.moments} moments, and it holds {len(samples)}")
    wanted = {name for sample in samples for name in bundle.picture_names(sample)}
    there = set(packed.namelist()) - TEXT_ENTRIES
    if wanted - there:
        FILE.refuse("a moment or a face in it has no picture")
    if there - wanted:
        FILE.refuse("it holds pictures of no moment")


def _check_pictures(packed: zipfile.ZipFile) -> None:
    for name in packed.namelist():
        if name not in TEXT_ENTRIES:
            _check_picture(packed.read(name), PICTURES[name.partition("/")[0]][1])


def _check_picture(data: bytes, longest: int) -> None:
    """Refuse what is no JPEG of a fitting size that can be decoded."""
    try:
        with Pillow.open(io.BytesIO(data), formats=("JPEG",)) as seen:
            width, height = seen.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Pillow.DecompressionBombError):
        FILE.refuse("a picture in it is no JPEG")
    if max(width, height) > longest:
        FILE.refuse("a picture in it is larger than Outtake's are")
    if not data.rstrip(b"\x00").endswith(b"\xff\xd9") or _decode(data) is None:
        FILE.refuse("a picture in it is damaged")


def _decode(data: bytes) -> object:
    try:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)
    except cv2.error:
        return None


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(CHUNK):
        digest.update(part)
    return digest.hexdigest()
