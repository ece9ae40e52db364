"""What pages show of a scene first, worked out by its worker as it ends: suspects, what leads, its card."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from core.analysis import tables
from core.charts import doubt_on_pictures, on_pictures
from core.charts.palette import Theme
from core.model import Image, Peak, Reason, Scene, Suspect, Timeline
from core.shelf import review
from core.shelf.scene_view import Key, ReadClip, SceneView
from core.store.scenes import Store
from core.video import stills

T = TypeVar("T")

CORE = Path(__file__).parents[1]

MADE_BY = ("doubt", "analysis", "charts", "model.py", "shelf", "video/stills.py", "../models/doubts.json")
"""What the findings depend on besides a scene's rows."""

POSTER_QUALITY = 92
"""Of a poster's JPEG: its barcode has fine lines."""


def last_ms(timeline: Timeline) -> int | None:
    """Return the last moment, ms; None where there is none."""
    return timeline.samples[-1].t_ms if timeline.samples else None


TABLES: tuple[Callable[..., Any], ...] = (last_ms, tables.top_emotions)
"""What is worked out of moments alone, and is JSON."""


def work_out(store: Store, scene_id: int) -> None:
    """Work out what the pages show first of a scene that was read to its end, and keep it beside its rows."""
    scene = store.scene(scene_id)
    timeline = store.timeline(scene_id)
    made: dict[str | None, Any] = {_name(_table_key(last_ms)): last_ms(timeline)}
    suspects = {reader: review.suspects_of(store, scene, timeline, reader) for reader in scene.readers}
    for reader, found_by_it in suspects.items():
        made[_name(_table_key(tables.top_emotions, reader))] = tables.top_emotions(timeline, reader)
        made[_name(("suspects", reader))] = [_pack_suspect(one) for one in found_by_it]
    found = {name: zlib.compress(json.dumps(value).encode()) for name, value in made.items() if name}
    if scene.readers and scene.found:
        reader, thumb = scene.readers[0], store.poster(scene_id)
        view = SceneView(scene, reader, ReadClip(timeline, suspects), store.verdicts(scene_id))
        doubts = tuple(one.peak.apex_ms for one in view.open)
        themes: tuple[Theme, ...] = ("dark", "light")
        for theme in themes:
            picture = draw_poster(stills.decode(thumb) if thumb else None, timeline, reader, doubts, theme)
            found[_name(("poster", reader, doubts, theme)) or ""] = stills.encode(picture, quality=POSTER_QUALITY)
    store.save_findings(scene_id, scene.revision, version(), found)


def recall(store: Store, scene: Scene, key: Key, make: Callable[[], T]) -> T:
    """Return what a scene's worker found for a key, as ``make`` gives it, or what ``make`` gives."""
    name = _name(key) if scene.state == "done" else None
    data = store.finding(scene.id, scene.revision, version(), name) if name else None
    if data is None:
        return make()
    if key[0] == "poster":
        return data  # type: ignore[return-value]  # as ``make`` does
    said = json.loads(zlib.decompress(data))
    if key[0] == "suspects":
        return tuple(_unpack_suspect(one) for one in said)  # type: ignore[return-value]
    return [tuple(one) for one in said] if isinstance(said, list) else said  # type: ignore[return-value]


def draw_poster(thumb: Image | None, timeline: Timeline, reader: str, doubts: Sequence[int], theme: Theme) -> Image:
    """Return a scene's card: its picture, its barcode, a flag that counts the doubtful peaks, and a pin for each.

    ``doubts`` are their moments, ms; a plain surface stands where there is no picture.
    """
    first_ms = timeline.samples[0].t_ms
    length_ms = timeline.samples[-1].t_ms - first_ms + timeline.step_ms
    picture = on_pictures.plain_surface(theme) if thumb is None else thumb
    card = on_pictures.poster(picture, timeline, reader, length_ms, theme)
    if not doubts:
        return card
    flagged = doubt_on_pictures.draw_flag(card, f"{len(doubts)} to review")
    places = [(t_ms - first_ms + timeline.step_ms / 2) / length_ms for t_ms in doubts]
    below = doubt_on_pictures.draw_pins(flagged[-on_pictures.BARCODE_PX :], places, theme)
    return np.vstack([flagged[: -on_pictures.BARCODE_PX], below])


@cache
def version() -> str:
    """Return what tells these findings from those of another Outtake: a digest of all that they depend on."""
    files = [
        file
        for name in MADE_BY
        for file in sorted((CORE / name).glob("**/*.py") if (CORE / name).is_dir() else [CORE / name])
    ]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _table_key(table: Callable[..., Any], *how: object) -> Key:
    return table.__module__, table.__qualname__, how


def _name(key: Key) -> str | None:
    """Return the name under which a key's finding is kept; None where workers work out none."""
    match key:
        case ("suspects", str(reader)):
            return f"suspects {reader}"
        case ("poster", str(reader), tuple(doubts), theme):
            return f"poster {reader} {theme} {hashlib.sha256(json.dumps(doubts).encode()).hexdigest()[:16]}"
        case (str(module), str(name), tuple(how)) if any((module, name) == _table_key(one)[:2] for one in TABLES):
            return f"{name} {json.dumps(how)}"
    return None


def _pack_suspect(one: Suspect) -> list[Any]:
    peak = one.peak
    said = [peak.track, peak.emotion, peak.start_ms, peak.end_ms, peak.apex_ms, float(peak.height)]
    return [said, float(one.doubt), [[rule, figures, float(strength)] for rule, figures, strength in one.reasons]]


def _unpack_suspect(said: list[Any]) -> Suspect:
    peak, doubt, reasons = said
    return Suspect(
        Peak(*peak),
        doubt,
        tuple(
            Reason(rule, tuple((name, figure) for name, figure in figures), weight) for rule, figures, weight in reasons
        ),
    )
