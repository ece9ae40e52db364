"""Foreign files are read in a process of their own, within limits: what they do to it, the pages do not feel."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Concatenate, ParamSpec

from core import errors
from core.errors import SceneError, SettingError, StoreError
from core.host import home, limits, sandbox

ROOT = Path(__file__).parents[2]

ERRAND = "OUTTAKE_ERRAND"
"""Environment variable of that process: what it is to do, as JSON. Command lines can be read by everybody."""

PASSED_ON = ("PATH", "LANG", "PYTHONPATH", "OUTTAKE_HOSTED", "OUTTAKE_HOME", "OUTTAKE_TIMING", "DEEPFACE_HOME")
"""Of the environment: no secret, and no address of a database but the one in the errand."""

CHUNK = 1 << 20

MOST_ANSWER_BYTES = 8_000_000

TOO_LARGE = "It holds more than is read here. Choose a smaller one."
TOO_LONG = "Reading it takes longer than it may here. Choose a smaller one."

P = ParamSpec("P")


def run_confined(act: Callable[Concatenate[BinaryIO, P], Any], data: BinaryIO, *args: P.args, **named: P.kwargs) -> Any:
    """Returns what ``act(data, *args, **named)`` gives, done in a process of its own; all but ``data`` goes as JSON.

    Raises whatever SceneError it raises, and SettingError where it takes more memory or time than it may.
    """
    errand = {"act": f"{act.__module__}:{act.__qualname__}", "args": args, "named": named}
    own = {ERRAND: json.dumps(errand), "OUTTAKE_HOME": str(home.home())}
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | own
    with _copy(data) as file:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "core.host.confined"],
                cwd=ROOT,
                env=environment,
                stdin=file,
                capture_output=True,
                timeout=limits.current_limits().import_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise SettingError(TOO_LONG) from error
    try:
        said = json.loads(done.stdout[:MOST_ANSWER_BYTES])
    except ValueError as error:  # it was ended: for want of memory or time, or by a fault that its last words tell
        raise SettingError(TOO_LARGE) from error
    if "error" in said:
        name, *parts = said["error"]
        raise getattr(errors, name)(*parts)
    return said["given"]


def _copy(data: BinaryIO) -> Any:
    """Returns an upload as a file without a name: nothing of it stays, whatever is killed."""
    data.seek(0)
    try:
        file = tempfile.TemporaryFile(dir=home.home())  # noqa: SIM115  # whoever is given it closes it
        shutil.copyfileobj(data, file, CHUNK)
        file.seek(0)
    except OSError as error:
        raise StoreError(
            f"This file cannot be kept while it is read ({error.strerror}). Make room on the disk."
        ) from error
    return file


def main() -> int:
    """Is that process."""
    errand = json.loads(os.environ.pop(ERRAND))
    module, _, name = errand["act"].partition(":")
    act = getattr(importlib.import_module(module), name)
    sandbox.confine(limits.current_limits().importing)
    sandbox.seal()
    try:
        answer = {"given": act(sys.stdin.buffer, *errand["args"], **errand["named"])}
    except SceneError as error:
        answer = {"error": [type(error).__name__, error.what, error.which, error.remedy]}
    except MemoryError:
        answer = {"error": [SettingError.__name__, TOO_LARGE]}
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
