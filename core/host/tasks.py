"""Work beside a page: a process of its own, and a small file in which it says how far it is."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from core.errors import JobError
from core.host import home

ROOT = Path(__file__).parents[2]

STATUS_EVERY_S = 0.5
"""Between two words about how far it is."""


def choices_key(*choices: Any) -> str:
    """Returns a file's stem for these choices, which JSON can hold: other ones have another."""
    return hashlib.sha256(json.dumps(choices).encode()).hexdigest()[:20]


def start_task(what: str, words: Sequence[str], url: str | None = None, turn: Sequence[int] = ()) -> None:
    """Starts ``python -m core`` with these words, on this home and database, in a turn of ``turns.take_turn``.

    JobError where no process can be started, for ``what``, as it is called at the beginning of a sentence.
    """
    own = {"OUTTAKE_HOME": str(home.home()), "OUTTAKE_DB": url or home.database_url()}
    quiet: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    command = [sys.executable, "-m", "core", *words]
    try:
        subprocess.Popen(  # noqa: S603  # our own
            command, cwd=ROOT, env=os.environ | own, start_new_session=True, pass_fds=turn, **quiet
        )
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise JobError(f"{what} could not be started: {why}. Close other programs and try again.") from error


def write_status(file: Path, state: str, **more: Any) -> None:
    """Writes down how it stands and when that was said, whole or not at all."""
    fresh = file.with_suffix(".new")
    with suppress(OSError):  # a full disk, or the scene is gone: then nobody waits for it
        fresh.write_text(json.dumps({"state": state, "at": time.time(), **more}))
        fresh.replace(file)


def read_status(file: Path) -> dict[str, Any]:
    """Returns what was written down last; nothing where nothing can be made out."""
    try:
        said = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
