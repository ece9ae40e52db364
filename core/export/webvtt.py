"""A scene's peaks as a WebVTT file: cues that any player shows under the video."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core import __version__
from core.export.notes import Note


def webvtt(notes: Iterable[Note], title: str, reader: str, taught: Collection[str] = ()) -> str:
    """Return a reader's peaks as cues in time order, a doubtful one with its reasons on a second line.

    ``taught`` names what else counts as a reader: emotions of one's own, which stand between the others in time.
    """
    lines = [
        "WEBVTT",
        "",
        f"NOTE {_line(title)}: peaks of predicted facial expressions, read by {_line(reader)}, Outtake {__version__}",
    ]
    mine = sorted(
        (note for note in notes if note.reader in (reader, *taught)), key=lambda note: (note.start_ms, note.end_ms)
    )
    for number, note in enumerate(mine, start=1):
        said = f"{'? ' if note.suspect else ''}{note.emotion} {note.height:.2f}"
        text = [f"<v {_line(note.who)}>{_line(said)}</v>"] + [_line(note.doubt_line)] * note.suspect
        end_ms = max(note.end_ms, note.start_ms + 1)
        lines += ["", str(number), f"{timestamp(note.start_ms)} --> {timestamp(end_ms)}", *text]
    return "\n".join([*lines, ""])


def timestamp(ms: int) -> str:
    """``62500`` → ``00:01:02.500``."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _line(text: str) -> str:
    """Text as it may stand in a cue: one line, nothing that begins a tag or an arrow."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
