"""What a file is by its first bytes: a container that Outtake opens, or the sentence that refuses it."""

from __future__ import annotations

from codecs import getincrementaldecoder
from typing import NamedTuple

HEAD_BYTES = 4096
"""So much of a file's beginning is enough to recognise it."""


class Content(NamedTuple):
    """What the first bytes show."""

    format: str
    """FFmpeg's name of the container; empty when the file is refused."""
    refusal: str = ""
    """What the file is and what to do, to be read after its name."""


CONTAINERS: tuple[tuple[int, bytes, str], ...] = (
    *((4, atom, "mov") for atom in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"styp", b"pnot")),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (8, b"AVI ", "avi"),
    (0, b"\x00\x00\x01\xba", "mpeg"),
    (0, b"FLV\x01", "flv"),
    (0, b"OggS", "ogg"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
)
"""Offset, signature, container."""

OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "JPEG picture"),
    (0, b"\x89PNG", "PNG picture"),
    (0, b"BM", "BMP picture"),
    (0, b"II*\x00", "TIFF picture"),
    (0, b"MM\x00*", "TIFF picture"),
    (8, b"WEBP", "WebP picture"),
    (0, b"%PDF", "PDF document"),
    (0, b"PK\x03\x04", "ZIP archive"),
    (0, b"Rar!", "RAR archive"),
    (0, b"7z\xbc\xaf", "7-Zip archive"),
    (0, b"\x1f\x8b", "GZIP archive"),
)
SOUNDS: tuple[tuple[int, bytes], ...] = ((8, b"WAVE"), (0, b"ID3"), (0, b"fLaC"), (0, b"\xff\xfb"), (0, b"\xff\xf1"))
STILLS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"crx "}
"""Brands of the MP4 family that are pictures."""
PLAYLISTS = ("#extm3u", "[playlist]", "ffconcat", "v=0\n", "v=0\r", "<asx", "<smil")
PAGES = ("<!doctype html", "<html", "<head", "<body")

SOUND = "holds sound but no picture. Choose another file."
UNKNOWN = (
    "is not a video that Outtake knows. Choose an MP4, MOV, MKV, WebM, AVI, MPEG, WMV, FLV, OGG, GIF, animated WebP or "
    "APNG file."
)
ENDINGS = (
    *(
        "mp4",
        "m4v",
        "mov",
        "mkv",
        "webm",
        "avi",
        "gif",
        "webp",
        "apng",
        "png",
        "ts",
        "mts",
        "m2ts",
        "mpg",
        "mpeg",
        "vob",
    ),
    *("3gp", "flv", "f4v", "ogv", "ogg", "wmv", "asf"),
)
"""How names of these files end; what a file really is, its first bytes say."""

LONE_PACKETS, PACKETS = 3, 8
"""So many MPEG packets in a row are known at the beginning of a file, and behind other bytes."""


def recognise(head: bytes) -> Content:
    """Returns what a file is whose first bytes are ``head``."""
    if (words := _text(head)) is not None:
        return Content("", _prose(words))
    if head[4:8] == b"ftyp" and head[8:12] in STILLS:
        return Content("", "is a HEIC or AVIF picture, not a video. Choose a video file.")
    for offset, signature, name in CONTAINERS:
        if head.startswith(signature, offset):
            return Content(name)
    if head.startswith(b"\x89PNG") and b"acTL" in head.split(b"IDAT")[0]:
        return Content("apng")
    if head[8:16] == b"WEBPVP8X" and len(head) > 20 and head[20] & 2:
        return Content("webp")
    return Content("mpegts") if _transport(head) else Content("", _refusal(head))


def _text(head: bytes) -> str | None:
    """Returns the text that the bytes are: UTF-8 without control signs, a letter may be cut at the end. Else None."""
    try:
        words = getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return None
    return None if any(sign < " " and sign not in "\t\r\n\f" for sign in words) else words.strip().lower()


def _prose(words: str) -> str:
    if words.startswith(PLAYLISTS) or "<mpd" in words:
        return "is a playlist that points to other files, not a video. Choose the video file itself."
    if words.startswith(PAGES):
        return "is a web page, not a video. Download the video itself and choose that file."
    return "is text, not a video. Choose a video file."


def _transport(head: bytes) -> bool:
    """Whether MPEG packets of 188 bytes, or of 192 as cameras write them, follow one another.

    A recording that was cut at any byte, or that has a recorder's head, begins with others.
    """
    if any(head[at : at + LONE_PACKETS * size : size] == b"G" * LONE_PACKETS for at, size in ((0, 188), (4, 192))):
        return True
    return any(
        head[at : at + PACKETS * size : size] == b"G" * PACKETS
        for size in (188, 192)
        for at in range(len(head) - PACKETS * size)
    )


def _refusal(head: bytes) -> str:
    for offset, signature, name in OTHERS:
        if head.startswith(signature, offset):
            remedy = "Unpack it and choose the video in it." if "archive" in name else "Choose a video file."
            return f"is a {name}, not a video. {remedy}"
    return SOUND if any(head.startswith(signature, offset) for offset, signature in SOUNDS) else UNKNOWN
