"""What yt-dlp is told to fetch and how, and which videos are fit to be fetched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Info = dict[str, Any]
"""What yt-dlp says of a video."""

FORMATS = "bv[height<=720]/b[height<=720]/bv*[height<=?720]/wv*"
"""One stream with pictures, without sound where the site offers one; 720 lines show every face that can be read."""

SORT = ["res:720", "vcodec:h264", "proto:https"]
"""The largest of those, rather in what decodes fastest, rather in one piece."""

PROTOCOLS = ("http", "https", "m3u8", "m3u8_native", "http_dash_segments")
"""What yt-dlp itself fetches through Python's sockets; for the others it would start a program."""

ADULT = 18
"""Years: a video for those who are older is only handed out to whoever shows their age."""


def options(said: Mapping[str, Any], progress: Callable[[Info], None]) -> Info:
    """Returns what yt-dlp is told; nothing of it comes from the link."""
    return {
        "format": FORMATS,
        "format_sort": SORT,
        "outtmpl": {"default": str(Path(said["folder"]) / "video.%(ext)s")},
        "allowed_extractors": said["extractors"],
        "progress_hooks": [progress],
        "logger": Silence(),
        "noplaylist": True,
        "extract_flat": "in_playlist",
        "playlist_items": "1:2",
        "cachedir": False,
        "proxy": "",
        "fixup": "never",
        "ffmpeg_location": said["folder"],
        "external_downloader": {"default": "native", "m3u8": "native"},
        "hls_prefer_native": True,
        "skip_unavailable_fragments": False,
        "retries": 2,
        "fragment_retries": 2,
        "extractor_retries": 1,
        "socket_timeout": 10,
    }


class Silence:
    """Takes yt-dlp's remarks: they quote sites, and answers go another way."""

    def debug(self, said: str) -> None:
        """Drops it."""

    warning = error = info = debug


def find_refusal(info: Info, said: Mapping[str, Any]) -> str:
    """Returns the name of the sentence that says why this video is not fetched; empty where it is."""
    seconds = info.get("duration")
    if info.get("is_live") or info.get("live_status") in ("is_live", "is_upcoming"):
        return "LIVE"
    if (info.get("age_limit") or 0) >= ADULT:
        return "AGE"
    if seconds is None and said["needs_length"]:
        return "NO_LENGTH"
    if (seconds or 0) * 1000 > said["longest_ms"]:
        return "TOO_LONG"
    if info.get("requested_formats") or info.get("protocol") not in PROTOCOLS:
        return "IN_PIECES"
    return "TOO_LARGE" if (info.get("filesize") or 0) > said["most_bytes"] else ""
