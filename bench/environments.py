"""Environments of the benches' own: what is measured against us is installed apart from us, once, and kept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path


def cache() -> Path:
    """Return the folder in which benches keep what they made: environments, converted networks, clips."""
    return user_cache_path("outtake-bench", appauthor=False, ensure_exists=True)


def python(name: str, *requirements: str, alone: Sequence[str] = ()) -> Path:
    """Return the interpreter of a virtual environment that holds ``requirements``, made at the first call.

    What is named in ``alone`` is put in without what it asks for.
    """
    key = sha256("\n".join([sys.version, *requirements, *alone]).encode()).hexdigest()[:8]
    folder = cache() / f"{name}-{key}"
    interpreter = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(interpreter), "-m", "pip", "install", "-q"]
        subprocess.run([*install, *requirements], check=True)
        if alone:
            subprocess.run([*install, "--no-deps", *alone], check=True)
        (folder / "ready").touch()
    return interpreter


def wheel(requirement: str) -> Path:
    """Return the one wheel of ``requirement``, without what it depends on, downloaded at the first call."""
    folder = cache() / "wheels" / requirement
    if not any(folder.glob("*.whl")):
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), requirement]
        subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))
