"""Where Outtake keeps what it keeps: the database, uploaded clips, weights and the workers' logs."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import re
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from core.errors import StoreError

LOG = logging.getLogger(__name__)

ERASURES, MOST_ERASURES = "erasures.log", 1_000_000
"""Hosted, its lines say what was deleted when; after so many bytes a new one is begun, and the one before is kept."""

PRIVATE = 0o700
"""Rights of every folder made here: other users of the machine have no business with films and faces."""

LEAST_FREE = 200_000_000
"""Bytes: a scene of some minutes with its pictures, and its clip."""


def home() -> Path:
    """``OUTTAKE_HOME``, or the platform's folder for a user's data; made on demand."""
    chosen = os.environ.get("OUTTAKE_HOME")
    usual = platformdirs.user_data_dir("outtake", appauthor=False)
    return _make_folder(Path(chosen).expanduser().absolute() if chosen else Path(usual))


def clips_folder() -> Path:
    """Where uploaded clips lie; they go when the last scene made of them goes."""
    return _make_folder(home() / "clips")


def fetched_video(link: str) -> Path:
    """Where the video that a link hands out lies once it was fetched whole, alone in its folder; deleted with it."""
    return clips_folder() / f"link-{hashlib.sha256(link.encode()).hexdigest()[:32]}" / "video"


def delete_clip(source: str) -> None:
    """Deletes the clip of a scene, uploaded or fetched, if it is one that lies here; a file of the user's stays."""
    if re.match("https?://", source):
        shutil.rmtree(fetched_video(source).parent, ignore_errors=True)
    elif _is_clip(source):
        Path(source).unlink(missing_ok=True)


def _is_clip(source: str) -> bool:
    """Whether it is an uploaded clip that is kept here; no other file of the machine is touched."""
    return Path(source).resolve().is_relative_to(clips_folder().resolve())


def delete_orphans(sources: Collection[str], *, older_s: float, fetched: bool = True) -> None:
    """Deletes the clips that are no scene's source and have not been touched for so long; what stays is logged.

    Without ``fetched`` a link's video that is whole stays: on one's own machine it was fetched to be used again.
    """
    kept = {fetched_video(source).parent.name if source.startswith("http") else Path(source).name for source in sources}
    for clip in clips_folder().iterdir():
        try:
            wanted = clip.name in kept or (not fetched and (clip / "video").is_file())
            if not wanted and time.time() - clip.stat().st_mtime > older_s:
                shutil.rmtree(clip) if clip.is_dir() else clip.unlink()
        except FileNotFoundError:
            continue  # another process deleted it just now
        except OSError as error:
            LOG.warning("%s is needed by no scene and cannot be deleted: %s", clip, error.strerror)


@contextmanager
def lock_clip(clip: Path) -> Iterator[None]:
    """Holds a clip while a scene of it is added: nobody else's refusal of the same bytes deletes it meanwhile.

    FileNotFoundError where it is gone already.
    """
    with clip.open("rb") as opened:
        fcntl.flock(opened, fcntl.LOCK_SH)
        if not os.fstat(opened.fileno()).st_nlink:
            raise FileNotFoundError(clip)
        yield


def delete_unlocked_clip(source: str) -> bool:
    """Deletes a clip that lies here unless somebody holds it with ``lock_clip``; returns whether nobody does."""
    if re.match("https?://", source) or not _is_clip(source):
        delete_clip(source)
        return True
    try:
        with Path(source).open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            delete_clip(source)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


def clip_bytes(source: str) -> int:
    """Bytes of a scene's clip, uploaded or fetched, as far as it lies here."""
    clip = fetched_video(source) if re.match("https?://", source) else Path(source)
    try:
        return clip.stat().st_size if clip.resolve().is_relative_to(clips_folder().resolve()) else 0
    except (OSError, ValueError):
        return 0


def used_bytes() -> int:
    """Bytes of everything that is kept here."""
    total = 0
    for folder, _, files in os.walk(home()):
        for name in files:
            with suppress(OSError):  # it went just now
                total += Path(folder, name).stat().st_size
    return total


def address_key_file() -> Path:
    """Where the key lies under which visitors' addresses are counted."""
    return home() / "address.key"


def log_erasure(scene_id: int) -> None:
    """Notes when a scene was deleted for good, and nothing of what it was: whoever hosts can show that it was done."""
    file = home() / ERASURES
    with suppress(OSError):  # a full disk: what was asked for is done all the same
        if file.exists() and file.stat().st_size > MOST_ERASURES:
            file.replace(file.with_suffix(".old.log"))
        with file.open("a", encoding="utf-8") as log:
            print(f"{datetime.now(UTC).isoformat(timespec='seconds')} scene {scene_id}", file=log)


def models_folder() -> Path:
    """Where weights are kept that were built or brought at run time."""
    return _make_folder(home() / "models")


def disk_nearly_full() -> bool:
    """Whether the disk has so little room left that nothing can be kept on it that is not wanted."""
    return shutil.disk_usage(home()).free < LEAST_FREE


def log_file(scene_id: int) -> Path:
    """The file that a scene's worker writes its last words to."""
    return _make_folder(home() / "logs") / f"scene-{scene_id}.log"


def turn_file(kind: str, number: int) -> Path:
    """The file whose holder has that turn of a kind of task; it is empty, and says nothing while nobody holds it."""
    return _make_folder(home() / "turns") / f"{kind}-{number}"


def films_folder(scene_id: int) -> Path:
    """Where the annotated films of a scene lie; they go with it."""
    return _make_folder(home() / "films" / f"scene-{scene_id}")


def likeness_folder(scene_id: int) -> Path:
    """Where it is kept how alike the faces of a scene look; it goes with it."""
    return _make_folder(home() / "alike" / f"scene-{scene_id}")


def delete_scene_files(scene_id: int) -> None:
    """Deletes a scene's log, its annotated films, and how alike its faces look; not its clip."""
    log_file(scene_id).unlink(missing_ok=True)
    for kind in ("films", "alike"):
        shutil.rmtree(home() / kind / f"scene-{scene_id}", ignore_errors=True)


def database_url() -> str:
    """``OUTTAKE_DB``, or a SQLite file in the home folder."""
    return os.environ.get("OUTTAKE_DB") or f"sqlite:///{home() / 'outtake.db'}"


def scheduler_address() -> str:
    """``OUTTAKE_SCHEDULER``: address of the Dask scheduler whose workers read the shelf's scenes; empty: read here."""
    return os.environ.get("OUTTAKE_SCHEDULER", "").strip()


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be made ({error.strerror}). Set OUTTAKE_HOME to a writable folder."
        ) from error
    return folder
