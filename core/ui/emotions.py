"""What the pages share about emotions of one’s own: which there are, and their scores, curves and means in a scene."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from core.analysis import means, tables
from core.charts import marks
from core.doubt import weights
from core.emotions import doubts
from core.emotions import tables as taught_tables
from core.emotions.emotion import OwnEmotion, Place
from core.model import EMOTIONS, Peak, Scene, Span, Suspect, Timeline, Who
from core.player import data
from core.shelf import emotions as lessons
from core.ui import choices, common, wording
from core.ui import doubts as ui_doubts
from core.ui.cache import once_per_page
from core.ui.doubts import Doubted

MOST_DRAWN = 4
"""Taught emotions beside the seven: there are no more dashes to tell them apart by."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The taught emotions of a shelf in one scene."""

    emotions: tuple[OwnEmotion, ...]
    said: pd.DataFrame
    """As from ``taught_tables.scores``; without rows where the scene has no embeddings."""
    why: str
    """Why they cannot be shown, with the remedy; empty where they can, or where there are none."""

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called, in the order in which they were taught."""
        return tuple(one.name for one in self.emotions)


def beside(scene: Scene) -> Beside:
    """The emotions on the shelf that fit this version of the reader, read into a scene once for its rows."""
    return once_per_page((beside, common.rows_key(scene)), lambda: _beside(scene, taught()))


def taught() -> tuple[str, ...]:
    """The files of the emotions on the shelf; a page asks for them once while it is drawn."""
    return once_per_page(taught, lambda: common.store().emotions())


def _beside(scene: Scene, texts: tuple[str, ...]) -> Beside:
    if not texts or not scene.found:
        return Beside((), taught_tables.scores({}, ()), "")
    return common.remember(_beside, scene, texts, make=lambda: _read_into(scene))


def _read_into(scene: Scene) -> Beside:
    shelf = common.store()
    emotions = lessons.usable_emotions(shelf)[-MOST_DRAWN:]
    why = lessons.why_no_embeddings(shelf, scene) if emotions else ""
    known = lessons.embeddings_of(shelf, scene.id) if emotions and not why else {}
    shown = emotions if known else ()
    return Beside(shown, taught_tables.scores(known, shown), why)


def names(scene: Scene) -> tuple[str, ...]:
    """The taught emotions that are drawn in a scene."""
    return beside(scene).names


def chosen(scene: Scene) -> tuple[OwnEmotion, ...]:
    """Those of them that are chosen on the page, all unless the address says fewer; they leave with the scene."""
    found = beside(scene)
    wanted = choices.pick_emotions(found.names)
    return tuple(one for one in found.emotions if one.name in wanted)


def for_player(scene: Scene) -> dict[str, Any] | None:
    """Their scores of every face, as the player reads them; None where there are none."""
    found = beside(scene)
    if not found.names:
        return None
    return common.remember(for_player, scene, taught(), make=lambda: _for_player(common.timeline(scene), found.said))


def _for_player(timeline: Timeline, said: pd.DataFrame) -> dict[str, Any]:
    counts, scores = taught_tables.hundredths(timeline, said)
    written = [b64encode(each).decode() for each in (counts, *scores)]
    return {"names": taught_tables.names(said), "faces": written[0], "scores": written[1:]}


def curves(known: Doubted, who: Who, *, smoothed: bool = False) -> pd.DataFrame:
    """Their rows to put beside those of ``tables.curve``, what was dropped left out; none where none are taught."""
    found = beside(known.scene)
    if not found.names:
        return common.compute_once(_no_curves, known.scene)
    left = {name: spans(known, name) for name in found.names}
    curve = taught_tables.curves(common.timeline(known.scene), found.said, who, left)
    return tables.smooth(curve) if smoothed and len(curve) else curve


def _no_curves(timeline: Timeline) -> pd.DataFrame:
    return taught_tables.curves(timeline, taught_tables.scores({}, ()))


def spans(known: Doubted, name: str) -> tuple[Span, ...]:
    """What the viewer dropped of one of them."""
    return means.dropped_spans(known.verdicts, doubts.own_reader(name))


def suspects(scene: Scene, name: str) -> tuple[Suspect, ...]:
    """Its peaks in a scene, the most doubtful first."""
    found = beside(scene)
    one = found.emotions[found.names.index(name)]

    def made() -> tuple[Suspect, ...]:
        size = (scene.video.width, scene.video.height) if scene.video else None
        said = found.said[["t_ms", "index", name]]
        return doubts.suspects(common.timeline(scene), said, name, weights.load_model(), size)

    return common.remember(suspects, scene, name, one.weights, one.bias, make=made)


def joined(known: Doubted) -> Doubted:
    """The reader's peaks with those of the taught emotions that are chosen: one list to judge, by doubt."""
    return replace(known, own=tuple(each for one in chosen(known.scene) for each in suspects(known.scene, one.name)))


def all_joined(known: Sequence[Doubted]) -> list[Doubted]:
    """The same of several scenes, with every emotion of one's own that is drawn in each; asks for these once."""
    texts = taught()
    return [replace(one, own=_suspected(one.scene, texts)) if texts and one.scene.found else one for one in known]


def _suspected(scene: Scene, texts: tuple[str, ...]) -> tuple[Suspect, ...]:
    def made() -> tuple[Suspect, ...]:
        return tuple(each for name in names(scene) for each in suspects(scene, name))

    return common.remember(_suspected, scene, texts, make=made)


def moves(known: Doubted, peak: Peak) -> tuple[float, float]:
    """The mean of the peak's emotion without the peak's moments being dropped, and with; a taught one's of its own."""
    if peak.emotion in EMOTIONS:
        return ui_doubts.moves(known, peak)
    found, left = beside(known.scene), ui_doubts.others(known, peak)
    one = found.emotions[found.names.index(peak.emotion)]

    def made() -> tuple[float, float]:
        said = found.said[["t_ms", "index", peak.emotion]]
        return means.mean_of_faces_without_peak(taught_tables.faces(common.timeline(known.scene), said), peak, left)

    return common.remember(moves, known.scene, peak, one.weights, one.bias, left, make=made)


def of_faces(scene: Scene, name: str, places: Collection[Place]) -> dict[Place, float]:
    """One of them → its score of each of these faces that has one; of none where it is one of the seven."""
    if name in EMOTIONS:
        return {}
    said = beside(scene).said
    near = said[said["t_ms"].isin([t_ms for t_ms, _ in places])]
    every = zip(zip(near["t_ms"], near["index"], strict=True), near[name], strict=True)
    return {place: float(score) for place, score in every if place in places}


def every_peak(scene: Scene) -> list[tuple[str, Peak]]:
    """The peaks of all of them, each with the reader that verdicts about it name."""
    return [(doubts.own_reader(name), one.peak) for name in names(scene) for one in suspects(scene, name)]


def peaks(known: Doubted, who: Who) -> Iterator[dict[str, Any]]:
    """The marked peaks of those that are chosen, as the player reads them; they doubt no box of the seven."""
    found = beside(known.scene)
    for name in (one.name for one in chosen(known.scene)):
        judged = suspects(known.scene, name)
        shown = marks.mark_table(judged, known.verdicts, doubts.own_reader(name), who)
        curve = taught_tables.curves(common.timeline(known.scene), found.said[["t_ms", "index", name]], who)
        places = ui_doubts.places(known, [one.peak for one in judged])
        for peak in data.peaks(shown, judged, places, curve, wording.write_reason):
            yield peak | {"own": True}


def rows(known: Doubted, who: Who) -> pd.DataFrame:
    """Their rows to put below those of ``means.means_table``."""
    each = [_row(known.scene, one, who, spans(known, one.name)) for one in beside(known.scene).emotions]
    return pd.concat(each, ignore_index=True) if each else pd.DataFrame()


def _row(scene: Scene, one: OwnEmotion, who: Who, dropped: tuple[Span, ...]) -> pd.DataFrame:
    def made() -> pd.DataFrame:
        timeline = common.timeline(scene)
        seen = tables.select_faces(taught_tables.faces(timeline, beside(scene).said), who)
        return means.means_of_faces(timeline, seen, [one.name], means.suspect_spans(suspects(scene, one.name)), dropped)

    return common.remember(_row, scene, one.name, one.weights, one.bias, who, dropped, make=made)


def on_faces(faces: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """The rows of the gallery with a column for each taught emotion; 0 where a face has no score."""
    found = beside(scene)
    return faces.merge(found.said, on=["t_ms", "index"], how="left").fillna(dict.fromkeys(found.names, 0.0))


def explain_missing(scene: Scene) -> None:
    """One quiet line where taught emotions cannot be shown in a scene, with what to do."""
    if sentence := beside(scene).why:
        common.say(f"Your own emotions are not shown here. {sentence}", icon="school")
