"""A file on its way to the decoder: what it is by its first bytes, which of its streams is the video, or why not."""

from __future__ import annotations

import re
import stat
from os import PathLike, fsencode, fspath
from pathlib import Path

from av.container.streams import StreamContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from core.errors import VideoError
from core.video.containers import HEAD_BYTES, SOUND, recognise

MAX_PIXELS = 4096 * 2304
"""A larger picture is refused: the decoder keeps several, and one of 8K takes 50 MB."""


def recognise_file(path: str | PathLike[str]) -> tuple[Path, str]:
    """Returns the file's absolute path and its container's name; raises VideoError where it is nothing to open."""
    if re.match(r"[a-z][a-z0-9+.-]+:/", fspath(path), re.IGNORECASE):
        raise VideoError(
            "is a link, not a file", f"“{_printable(fspath(path))}”", "Download the video and choose that file."
        )
    file = Path(path).absolute()
    try:
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise refuse_file(file, "is a folder", "Choose one video file in it.")
        if not stat.S_ISREG(mode):
            raise refuse_file(file, "is not an ordinary file", "Choose a video file.")
        with file.open("rb") as opened:
            head = opened.read(HEAD_BYTES)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise refuse_file(file, "is not there", "Check its name and folder.") from error
    except OSError as error:
        raise refuse_file(
            file, f"cannot be read ({error.strerror})", "Check the file's rights, or choose another."
        ) from error
    if not head:
        raise refuse_file(file, "is empty", "Copy or download it again.")
    content = recognise(head)
    if content.refusal:
        raise refuse_file(file, content.refusal)
    return file, content.format


def refuse_file(path: Path, what: str, remedy: str = "") -> VideoError:
    """Returns the error of a file that is not read: its name, why, and what to do."""
    return VideoError(what, f"“{_printable(path.name)}”", remedy)


def _printable(name: str) -> str:
    """Returns a name that every terminal can print on one line."""
    shown = fsencode(name).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "?" for sign in shown)[:120]


def choose_stream(path: Path, streams: StreamContainer) -> VideoStream:
    """Returns the default video stream, never a cover; raises VideoError if there is none that can be read."""
    cover = Disposition.attached_pic | Disposition.timed_thumbnails
    videos = [stream for stream in streams.video if not stream.disposition & cover]
    if not videos:
        raise refuse_file(path, SOUND if streams.audio else "holds no video. Choose another file.")
    stream = next((stream for stream in videos if stream.disposition & Disposition.default), videos[0])
    if stream.codec_context is None:
        raise refuse_file(path, "holds a kind of video that cannot be decoded here", "Convert it to MP4 (H.264) first.")
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > MAX_PIXELS:
        raise refuse_file(
            path, f"has {width}x{height} pixels, more than 4096x2304", "Make a smaller copy and choose that."
        )
    if not width * height:
        raise refuse_file(path, "holds no picture that can be decoded", "Copy or download it again.")
    return stream
