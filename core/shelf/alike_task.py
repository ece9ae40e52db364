"""How alike a scene's faces look, worked out beside the page: a process of its own, and a file that says how far it is.

Only distances are kept, nothing by which a face could be known again elsewhere; they go with the scene.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from core.analysis import alike, people_tables, tables
from core.analysis.alike import Distances
from core.errors import JobError, SceneError
from core.faces import identify_deepface
from core.faces.identify_deepface import Identify
from core.host import home, limits, tasks, turns
from core.model import Scene, Span
from core.reading import people
from core.store.scenes import Store
from core.video import stills

SILENT_S = 330.0
"""Whoever says nothing for so long is dead: the download of the weights is given up after five minutes."""

BROKEN = "Comparing the faces was broken off. Try again, or merge by hand."

BUSY = "Faces of another scene are being compared just now. Try again in a minute, or merge by hand."

ALWAYS = "always"
"""The file that says that every scene is to be compared by itself."""

State = Literal["none", "working", "done", "failed"]

Report = Callable[[float, str], bool]
"""Says how far it is, 0–1, and what is being done; returns whether to go on."""


@dataclass(frozen=True, slots=True, eq=False)
class Status:
    """How the comparison of a scene's faces stands."""

    state: State
    path: Path
    share: float = 0.0
    said: str = ""
    """What is being done, or why it failed."""
    apart: Distances | None = None


def read_status(scene: Scene, spans: Sequence[Span]) -> Status:
    """Say how the comparison of these stretches stands."""
    path = _path(scene, spans)
    told = _read_file(path)
    state = told.get("state", "none")
    if state == "done":
        apart = _parse_distances(told)
        return Status("done" if apart else "none", path, 1.0, apart=apart)
    if state == "working" and time.time() - float(told.get("at", 0)) > SILENT_S:
        return Status("failed", path, said=BROKEN)
    return Status(state, path, float(told.get("share", 0)), str(told.get("said", "")))


def start(scene: Scene, spans: Sequence[Span], url: str | None = None) -> None:
    """Begin it, unless it is done or under way; JobError where too much is done already."""
    now = read_status(scene, spans)
    if now.state in ("working", "done"):
        return
    with turns.take_turn("comparison", BUSY) as turn:
        tasks.write_status(now.path, "working", share=0.0, said="Starting")
        try:
            tasks.start_task("The comparison", ["people", str(scene.id), "--alike", f"--told={now.path}"], url, turn)
        except JobError:
            now.path.unlink(missing_ok=True)
            raise


def stop(now: Status) -> None:
    """Have it end at its next face, or forget why it failed; what was worked out already stays."""
    if now.state != "done":
        now.path.unlink(missing_ok=True)


def run(shelf: Store, scene_id: int, path: Path, knower: Callable[[], Identify] = identify_deepface.open_sface) -> None:
    """Be the process that does it: write down how far it is, and at its end what was found or why not."""
    said = BROKEN
    try:
        found = compare_faces(shelf, scene_id, knower, _StatusWriter(path))
        if found:
            upper = found.distances[np.triu_indices(len(found.spans), 1)].round(4)
            known = [None if np.isnan(one) else one for one in upper]
            tasks.write_status(path, "done", spans=found.spans, distances=known)
        said = ""
    except SceneError as error:
        said = limits.public_message(error)
        raise
    finally:
        if said:
            tasks.write_status(path, "failed", said=said)


def compare_faces(shelf: Store, scene_id: int, knower: Callable[[], Identify], tell: Report) -> Distances | None:
    """Compare the faces of everybody's stretches; None when it was stopped. ReaderError without what knows faces."""
    timeline, found = shelf.timeline(scene_id), shelf.people(scene_id)
    spans = alike.select_stretches(people.track_spans(timeline), found)
    faces = tables.faces(timeline, next(iter(shelf.scene(scene_id).readers), ""))
    if not identify_deepface.is_downloaded() and not tell(
        0.0, f"Downloading SFace, {identify_deepface.MEGABYTES} MB, once"
    ):
        return None
    know = knower()
    codes = {}
    for place, span in enumerate(spans):
        crops = shelf.crops(scene_id, people_tables.pick_telling_faces(faces, (span,), alike.FACES_PER_STRETCH))
        codes[span] = know([stills.decode(jpeg) for jpeg in crops.values()])
        if not tell((place + 1) / len(spans), f"Looking at the faces: {place + 1} of {len(spans)} strips"):
            return None
    return alike.measure_distances(codes)


def is_automatic() -> bool:
    """Whether every scene that was read is compared by itself; hosted, nobody can wish that for the others."""
    return not limits.is_hosted() and (home.home() / "alike" / ALWAYS).is_file()


def set_automatic(*, on: bool) -> None:
    """Keep the wish that every scene is compared by itself, or that none is."""
    folder = home.home() / "alike"
    folder.mkdir(exist_ok=True)
    if on:
        (folder / ALWAYS).touch()
    else:
        (folder / ALWAYS).unlink(missing_ok=True)


class _StatusWriter:
    """The process's side: says how far it is, and hears whether it is to go on."""

    def __init__(self, path: Path) -> None:
        self.path, self.at = path, 0.0

    def __call__(self, share: float, said: str) -> bool:
        if time.monotonic() - self.at < tasks.STATUS_EVERY_S:
            return True
        self.at = time.monotonic()
        if not self.path.exists():
            return False
        tasks.write_status(self.path, "working", share=share, said=said)
        return True


def _path(scene: Scene, spans: Sequence[Span]) -> Path:
    return home.likeness_folder(scene.id) / f"{tasks.choices_key(scene.created, scene.revision, *spans)}.json"


def _read_file(path: Path) -> dict[str, Any]:
    said = tasks.read_status(path)
    known = said.get("state") in ("working", "done", "failed")
    return said if known and isinstance(said.get("at"), float) else {}


def _parse_distances(told: dict[str, Any]) -> Distances | None:
    """What was found; None where the file is not whole."""
    try:
        spans = tuple(Span(*one) for one in told["spans"])
        distances = np.zeros((len(spans), len(spans)))
        rows, columns = np.triu_indices(len(spans), 1)
        distances[rows, columns] = distances[columns, rows] = np.array(told["distances"], np.float64)
    except (KeyError, TypeError, ValueError):
        return None
    return Distances(spans, distances)
