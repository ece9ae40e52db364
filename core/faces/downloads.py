"""Weights that are downloaded when somebody asks for them: within a time limit, and at most one attempt an hour."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import ReaderError
from core.host import home

REMEMBERED_S = 3600
"""So long a failed download is not tried again: a scene every few minutes must not wait every few minutes."""

POLL_S = 0.05
"""Between two looks at a download that another process has under way."""

FAILED = "This download failed. Delete this file to try again within the hour."
"""What a mark says once its attempt has failed; it is empty while the attempt is under way."""

FETCH = """
import pathlib, requests, sys
answer = requests.get(sys.argv[1])
answer.raise_for_status()
pathlib.Path(sys.argv[2]).write_bytes(answer.content)
"""
"""What the child process runs for a file of known address and hash."""

FETCH_AND_OPEN = f"{FETCH}\nimport onnxruntime\nonnxruntime.InferenceSession(sys.argv[2])\n"
"""The same for a file whose hash is not known: a page that says "not found" is no network."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A model's files, where they lie, and where they come from."""

    model: str
    files: tuple[str, ...]
    folder: Callable[[], Path]
    limit_s: float = 120.0
    """Longest wait for the download: someone asked for this model by its name."""
    url: str = ""
    """Of the only file; empty where ``code`` is to fetch."""
    sha256: str = ""
    """Of the only file; empty where no hash is published: then the child must be able to open it."""
    code: tuple[str, ...] = ()
    """A Python program and its arguments that fetch and open the files where no address is known."""

    @property
    def path(self) -> Path:
        """Where the first file lies, or would."""
        return self.folder() / self.files[0]


def are_present(weights: Weights) -> bool:
    """Whether all its files are here and, where a hash is known, unaltered."""
    return all(_is_intact(weights.folder() / file, weights) for file in weights.files)


def ensure_present(weights: Weights, limit_s: float | None = None) -> bool:
    """Downloads what is missing; returns whether the files are here, now or within the limit."""
    if are_present(weights):
        return True
    limit_s = weights.limit_s if limit_s is None else limit_s
    mark = home.models_folder() / f"{weights.model.lower()}.unreachable"
    if not _claim_attempt(mark):
        while _is_under_way(mark) and _age_s(mark) < limit_s:
            time.sleep(POLL_S)
        return are_present(weights)
    if _download(weights, limit_s):
        mark.unlink(missing_ok=True)
    else:
        mark.write_text(FAILED, "utf-8")
    return are_present(weights)


def explain_missing(weights: Weights) -> str:
    """Returns the end of a sentence for somebody who asked for this model: why it is not here, and what to do now."""
    names = " and ".join(weights.files)
    return f"could not be downloaded (tried at most once an hour). Put {names} into {weights.folder()}"


def has_changed(weights: Weights) -> bool:
    """Whether its file is here and is not the one that was opened here first."""
    first = _first_hash(weights)
    return bool(first) and weights.path.is_file() and hash_file(weights.path) != first


def check_first_hash(weights: Weights) -> None:
    """Raises ReaderError when the file is not the one that was opened here first.

    For weights whose hash nobody publishes: they cannot be known to be right, only to be the same as ever here.
    """
    if has_changed(weights):
        found, first = hash_file(weights.path)[:12], _first_hash(weights)[:12]
        raise ReaderError(
            f"{weights.path} is not the file that came first: its SHA-256 begins with {found}, the first one's with"
            f" {first}. Put the first one back, or delete {_hash_note(weights)} if you trust the new one."
        )


def keep_first_hash(weights: Weights) -> None:
    """Notes the file's hash where none is noted; called once it was opened and is the network that it should be."""
    if not _first_hash(weights):
        _hash_note(weights).write_text(hash_file(weights.path), "utf-8")


def _first_hash(weights: Weights) -> str:
    try:
        return _hash_note(weights).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def _hash_note(weights: Weights) -> Path:
    return home.models_folder() / f"{weights.path.stem}.sha256"


def hash_file(path: Path) -> str:
    """Returns the file's SHA-256 in hex, worked out once for the file that it is now: a page asks at every run."""
    known = path.stat()
    return _hash_version(path, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=16)
def _hash_version(path: Path, changed_ns: int, size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_intact(path: Path, weights: Weights) -> bool:
    return path.is_file() and (not weights.sha256 or hash_file(path) == weights.sha256)


def _claim_attempt(mark: Path) -> bool:
    """Sets the mark that says "tried just now"; False when it stood there already, for less than an hour."""
    if mark.exists() and not 0 <= _age_s(mark) < REMEMBERED_S:
        mark.unlink(missing_ok=True)
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _age_s(mark: Path) -> float:
    try:
        return time.time() - mark.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _is_under_way(mark: Path) -> bool:
    try:
        return mark.read_text("utf-8") != FAILED
    except FileNotFoundError:
        return False


def _download(weights: Weights, limit_s: float) -> bool:
    """Lets a child process download into a folder of its own; what came whole moves to where it belongs."""
    folder = weights.folder()
    folder.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        staged = stage / ".deepface" / "weights"
        shutil.copytree(folder, staged, copy_function=os.symlink)
        fetch = (FETCH if weights.sha256 else FETCH_AND_OPEN, weights.url, str(staged / weights.files[0]))
        done = subprocess.run(  # noqa: S603  # our own words
            [sys.executable, "-P", "-c", *(fetch if weights.url else weights.code)],
            env={**os.environ, "DEEPFACE_HOME": str(stage), "DEEPFACE_BACKEND_ENGINE": "onnx"},
            timeout=limit_s,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        came = [staged / file for file in weights.files]
        if done.returncode or not all(_is_intact(file, weights) for file in came):
            return False
        for file in came:
            if not file.is_symlink():
                file.replace(folder / file.name)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        shutil.rmtree(stage, ignore_errors=True)
