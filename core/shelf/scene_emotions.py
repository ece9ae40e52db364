"""Taught emotions in one scene of the store, for whatever leaves it: their scores, curves, means, peaks and doubts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import pandas as pd

from core.analysis import means, tables
from core.doubt import weights
from core.emotions import doubts
from core.emotions import tables as taught_tables
from core.emotions.emotion import OwnEmotion, Place
from core.emotions.training import SHOWN_FROM
from core.model import Face, Reading, Sample, Scene, Span, Suspect, Timeline, Verdict, Who
from core.shelf import emotions as lessons
from core.store.scenes import Store


class Company:
    """The emotions that keep the seven company in a scene, from its moments and its faces' embeddings.

    ``size`` is the picture's width and height.
    """

    def __init__(
        self,
        timeline: Timeline,
        emotions: Sequence[OwnEmotion],
        codes: Mapping[Place, bytes],
        size: tuple[int, int] | None = None,
    ) -> None:
        self.names = tuple(one.name for one in emotions)
        self._timeline, self._size = timeline, size
        self.said = taught_tables.scores(codes, emotions)
        self.suspects: dict[str, tuple[Suspect, ...]] = {name: self._suspects(name) for name in self.names}

    def _suspects(self, name: str) -> tuple[Suspect, ...]:
        said, model = self.said[["t_ms", "index", name]], weights.load_model()
        return doubts.suspects(self._timeline, said, name, model, self._size)

    @property
    def by_reader(self) -> dict[str, tuple[Suspect, ...]]:
        """Every peak by the reader that verdicts about it name."""
        return {doubts.own_reader(name): found for name, found in self.suspects.items()}

    def curves(self, decided: Sequence[Verdict] = (), who: Who = None) -> pd.DataFrame:
        """Their rows to put beside those of ``tables.curve``, what was dropped of each left out."""
        left = {name: _dropped(decided, name) for name in self.names}
        return taught_tables.curves(self._timeline, self.said, who, left)

    def faces(self) -> pd.DataFrame:
        """A row for each face that has scores, with whose it is: as ``taught_tables.faces``."""
        return taught_tables.faces(self._timeline, self.said)

    def rows(self, decided: Sequence[Verdict] = (), who: Who = None) -> pd.DataFrame:
        """Their rows to put below those of ``means.means_table``."""
        seen = tables.select_faces(self.faces(), who)
        each = [
            means.means_of_faces(self._timeline, seen, [name], means.suspect_spans(found), _dropped(decided, name))
            for name, found in self.suspects.items()
        ]
        return pd.concat(each, ignore_index=True) if each else pd.DataFrame()

    def scores(self) -> Mapping[Place, Mapping[str, float]]:
        """The scores of every face that has them, by moment and index."""
        rows = self.said.to_dict("records")
        return {(row["t_ms"], row["index"]): {name: row[name] for name in self.names} for row in rows}

    def shown(self, sample: Sample) -> list[dict[str, float]]:
        """What each face of a moment shows of them: those that are likelier than not."""
        return [self._shown.get((sample.t_ms, index), {}) for index in range(len(sample.faces))]

    @cached_property
    def _shown(self) -> dict[Place, dict[str, float]]:
        every = (
            (place, {name: of for name, of in said.items() if of >= SHOWN_FROM})
            for place, said in self.scores().items()
        )
        return {place: said for place, said in every if said}

    def marked(self) -> Timeline:
        """The timeline, with a reading more for each of them that a face shows; ``worn`` finds it again."""
        return Timeline(self._timeline.step_ms, tuple(self._marked(sample) for sample in self._timeline.samples))

    def _marked(self, sample: Sample) -> Sample:
        pairs = zip(sample.faces, self.shown(sample), strict=True)
        faces = tuple(
            replace(face, readings={**face.readings, **_read(said)}) if said else face for face, said in pairs
        )
        return replace(sample, faces=faces)

    def worn(self, face: Face) -> dict[str, float]:
        """What a face of the marked timeline shows of them."""
        said = {name: face.readings.get(doubts.own_reader(name)) for name in self.names}
        return {name: getattr(one.scores, doubts.STANDS_FOR) for name, one in said.items() if one}


def of(store: Store, scene: Scene, timeline: Timeline, emotions: Sequence[OwnEmotion] = ()) -> Company:
    """Return their company in a scene of the store; SettingError where its faces have no embeddings."""
    if emotions and (sentence := lessons.why_no_embeddings(store, scene)):
        raise lessons.embeddings_error(scene, sentence)
    size = (scene.video.width, scene.video.height) if scene.video else None
    return Company(timeline, emotions, lessons.embeddings_of(store, scene.id) if emotions else {}, size)


def _read(said: Mapping[str, float]) -> dict[str, Reading]:
    return {doubts.own_reader(name): doubts.reading(score) for name, score in said.items()}


def _dropped(decided: Sequence[Verdict], name: str) -> tuple[Span, ...]:
    return means.dropped_spans(decided, doubts.own_reader(name))
