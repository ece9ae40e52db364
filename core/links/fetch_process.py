"""The process that speaks with a site: yt-dlp behind the guard, told its errand on standard input, answering in lines.

It is started for one link and ends with it; when whoever started it is gone, it ends itself and what it started.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.host import sandbox
from core.links.ytdlp_options import Info, find_refusal, options
from core.links.ytdlp_refusals import SENTENCES, explain

sys.modules["curl_cffi"] = None  # type: ignore[assignment]  # it speaks past Python's sockets, and so past the guard

from yt_dlp import YoutubeDL  # noqa: E402
from yt_dlp.networking import Request  # noqa: E402
from yt_dlp.utils import DownloadCancelled, YoutubeDLError  # noqa: E402
from yt_dlp.utils._jsruntime import DenoJsRuntime  # noqa: E402

PROGRESS_EVERY_S = 0.25
"""Between two words about progress."""

MOST_PICTURE = 3_000_000
PICTURE_PX = 320
SPARE_BYTES = 100_000_000
"""Of the disk: the shelf's database needs room too."""


class UnfitError(Exception):
    """The link is not one to fetch; its text names one of the sentences."""


class Errand:
    """One link, what is wanted of it, within which limits, and where the answers go."""

    def __init__(self, said: Mapping[str, Any], say: Callable[..., None]) -> None:
        self.said, self.say = said, say
        self.folder = Path(said["folder"])
        self.over = ""
        """The sentence for what made us break off."""
        self._translate_errors = 0.0

    def progress(self, facts: Mapping[str, Any]) -> None:
        """Tells how far the download is, and breaks it off beyond its limit: yt-dlp knows announced sizes only."""
        done, total = facts.get("downloaded_bytes") or 0, facts.get("total_bytes") or 0
        if max(done, total) > self.said["most_bytes"]:
            self.over = "TOO_LARGE"
        elif total - done > shutil.disk_usage(self.folder).free - SPARE_BYTES:
            self.over = "DISK_FULL"
        if self.over:
            raise DownloadCancelled
        if time.monotonic() - self._translate_errors > PROGRESS_EVERY_S:
            self._translate_errors = time.monotonic()
            self.say("progress", done=done, total=int(total or facts.get("total_bytes_estimate") or 0))


def main() -> None:
    """Reads the errand, does it, and says how it ended."""
    said = json.loads(_read_errand())
    errand = Errand(said, _open_answers())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _shut_in(said)
    try:
        _run_errand(errand)
    except UnfitError as error:
        errand.say("refused", sentence=SENTENCES["GUARDED" if sandbox.refusals else str(error)])
    except MemoryError:
        errand.say("refused", sentence=SENTENCES["NO_MEMORY"])


def _read_errand() -> bytes:
    """Reads the errand, one line; the pipe then says nothing more until its end."""
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(0, 1 << 16)
        if not part:
            sys.exit(1)
        line += part
    return line


def _open_answers() -> Callable[..., None]:
    """Keeps standard output for answers alone: whatever else prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(what: str, **facts: object) -> None:
        out.write(json.dumps({"what": what, **facts}) + "\n")
        out.flush()

    return say


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _shut_in(said: Mapping[str, Any]) -> None:
    deno = DenoJsRuntime().info
    sandbox.confine(sandbox.Bounds(**said["bounds"]))
    allowed = [(host, port) for host, port in said["allowed"]]
    sandbox.seal(ports=said["ports"], programs=[shutil.which(deno.path) or deno.path] if deno else [], allowed=allowed)


def _run_errand(errand: Errand) -> None:
    try:
        with YoutubeDL(options(errand.said, errand.progress)) as site:
            info = _extract_info(site, errand.said)
            if errand.said["task"] == "look":
                errand.say("preview", **_make_preview(site, info))
                return
            _keep_choice(errand.folder, info)
            site.process_ie_result(info, download=True)
    except (YoutubeDLError, OSError) as error:
        if errand.over or sandbox.refusals:
            raise UnfitError(errand.over or "GUARDED") from error
        errand.say("refused", sentence=explain(f"{error} {error.__cause__}"))
        return
    _hand_over(errand)


def _extract_info(site: YoutubeDL, said: Mapping[str, Any]) -> Info:
    """Returns what the link leads to, once it is known to be one video that may be fetched."""
    info: Info = site.extract_info(said["link"], download=False)
    if "entries" in info:
        entries = [entry for entry in info["entries"] if entry]
        if len(entries) != 1:
            raise UnfitError("LIST" if entries else "UNSUPPORTED")
        info = entries[0]
        if info.get("_type", "video") != "video":
            info = site.extract_info(info["url"], download=False, ie_key=info.get("ie_key"))
    if "entries" in info:
        raise UnfitError("LIST")
    if wrong := find_refusal(info, said):
        raise UnfitError(wrong)
    if sandbox.refusals:
        raise UnfitError("GUARDED")
    return info


def _make_preview(site: YoutubeDL, info: Info) -> Info:
    size = info.get("filesize") or info.get("filesize_approx")
    return {
        "title": str(info.get("title") or "").removesuffix(" (1)"),  # a page's videos are counted even if there is one
        "duration_ms": round((info.get("duration") or 0) * 1000),
        "size_bytes": int(size or 0),
        "picture": _fetch_picture(site, str(info.get("thumbnail") or "")),
    }


def _fetch_picture(site: YoutubeDL, address: str) -> str:
    """Returns the video's own picture, small, as JPEG in base64; empty where there is none."""
    import cv2

    from core.video import stills

    if not address.startswith(("http://", "https://")):
        return ""
    try:
        foreign = site.urlopen(Request(address)).read(MOST_PICTURE)
        return base64.b64encode(stills.encode(stills.decode(foreign), width=PICTURE_PX)).decode()
    except (YoutubeDLError, OSError, ValueError, MemoryError, cv2.error):
        return ""


def _keep_choice(folder: Path, info: Info) -> None:
    """Leaves what came of this very stream to go on with; begins anew when the site hands out another."""
    choice = f"{info.get('extractor')} {info.get('id')} {info.get('format_id')}"
    note = folder / "choice"
    if not note.is_file() or note.read_text("utf-8") != choice:
        for part in folder.glob("video.*"):
            part.unlink()
        note.write_text(choice, "utf-8")


def _hand_over(errand: Errand) -> None:
    """Gives the whole file the name that says it is whole; yt-dlp may come back content without having fetched any."""
    whole = [file for file in errand.folder.glob("video.*") if not file.name.endswith((".part", ".ytdl"))]
    if sandbox.refusals or len(whole) != 1:
        for file in errand.folder.glob("video.*"):
            file.unlink()
        raise UnfitError("GUARDED" if sandbox.refusals else "SILENT")
    size = whole[0].stat().st_size
    whole[0].replace(errand.folder / "video")
    errand.say("fetched", size_bytes=size)


if __name__ == "__main__":
    main()
