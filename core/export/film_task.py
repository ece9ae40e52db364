"""Annotated films in the background: a process of its own writes one, and a small file beside it says how far it is."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from core.emotions import emotion_file
from core.errors import JobError, SceneError
from core.export.film import video_path
from core.export.kinds import Choices, choose_reader, wording
from core.host import home, tasks, turns
from core.model import Scene, Verdict

SILENT_S = 60.0
"""A writer that says nothing for so long is dead: importing what it needs takes seconds, a picture milliseconds."""

BUSY = "Another film is being written just now. Try again in some minutes."

EMOTION_SUFFIX = ".lesson"
"""Ending of a taught emotion's file that lies there while its film is written."""

State = Literal["none", "writing", "done", "failed"]


@dataclass(frozen=True, slots=True)
class FilmStatus:
    """How an annotated film stands."""

    state: State
    path: Path
    share: float = 0.0
    said: str = ""
    """Why it failed."""


def film_status(scene: Scene, wanted: Choices, verdicts: tuple[Verdict, ...] = ()) -> FilmStatus:
    """Say how the film of these choices stands."""
    path = _film_path(scene, wanted, verdicts)
    if path.is_file():
        return FilmStatus("done", path, 1.0)
    told = _read_status(path)
    if not told:
        return FilmStatus("none", path)
    if told.get("state") == "failed":
        return FilmStatus("failed", path, said=str(told.get("said", "")))
    if time.time() - float(told.get("at", 0)) > SILENT_S:
        return FilmStatus("failed", path, said="Writing this film was broken off. Begin again.")
    return FilmStatus("writing", path, float(told.get("share", 0)))


def start_film(scene: Scene, wanted: Choices, verdicts: tuple[Verdict, ...] = (), url: str | None = None) -> FilmStatus:
    """Begin to write it, unless it is there or being written; SceneError where it cannot be."""
    now = film_status(scene, wanted, verdicts)
    if now.state in ("writing", "done"):
        return now
    choose_reader(scene, wanted), wording(wanted), video_path(scene)
    with turns.take_turn("film", BUSY) as turn:
        _stop_file(now.path).unlink(missing_ok=True)
        tasks.write_status(_status_file(now.path), "writing", share=0.0)
        try:
            choices = [f"--{name}={getattr(wanted, name)}" for name in ("reader", "language", "size", "theme")]
            choices += [f"--with={file}" for file in _write_emotions(now.path, wanted)]
            asked = ["export", str(scene.id), "--to=video", f"--out={now.path}", "--told", *choices]
            tasks.start_task("The film", asked, url, turn)
        except SceneError:
            StatusWriter(now.path).end()
            raise
    return film_status(scene, wanted, verdicts)


def _write_emotions(path: Path, wanted: Choices) -> list[Path]:
    """Lay the taught emotions as files beside the film: its writer need not know whose shelf they are on."""
    files = [path.with_suffix(f".{number}{EMOTION_SUFFIX}") for number, _ in enumerate(wanted.taught)]
    try:
        for file, one in zip(files, wanted.taught, strict=True):
            file.write_text(emotion_file.to_json(one), "utf-8")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise JobError(f"The film could not be begun: {why}. Make room on the disk and try again.") from error
    return files


def stop_film(now: FilmStatus) -> None:
    """Have it end at its next picture; nothing stays of it."""
    if now.state == "writing":
        _stop_file(now.path).touch()
    _status_file(now.path).unlink(missing_ok=True)


class StatusWriter:
    """The writer's side: says how far it is, and hears whether it is to go on."""

    def __init__(self, path: Path) -> None:
        self.path, self.at = path, 0.0

    def __call__(self, share: float) -> bool:
        if time.monotonic() - self.at < tasks.STATUS_EVERY_S:
            return True
        self.at = time.monotonic()
        if _stop_file(self.path).exists():
            return False
        tasks.write_status(_status_file(self.path), "writing", share=share)
        return True

    def end(self, said: str = "") -> None:
        """Say that it failed, or take the word away."""
        stopped = _stop_file(self.path).exists()
        _stop_file(self.path).unlink(missing_ok=True)
        for file in self.path.parent.glob(f"{self.path.stem}.*{EMOTION_SUFFIX}"):
            file.unlink(missing_ok=True)
        if said and not stopped:
            tasks.write_status(_status_file(self.path), "failed", said=said)
        else:
            _status_file(self.path).unlink(missing_ok=True)


def _read_status(path: Path) -> dict[str, Any]:
    return tasks.read_status(_status_file(path))


def _film_path(scene: Scene, wanted: Choices, verdicts: tuple[Verdict, ...]) -> Path:
    chosen = [wanted.reader, wanted.language, wanted.size, wanted.theme, scene.created, scene.revision]
    taught = [emotion_file.to_json(one) for one in wanted.taught]
    return home.films_folder(scene.id) / f"{tasks.choices_key(*chosen, *taught, [asdict(one) for one in verdicts])}.mp4"


def _status_file(path: Path) -> Path:
    return path.with_suffix(".json")


def _stop_file(path: Path) -> Path:
    return path.with_suffix(".stop")
