"""All charts of a scene, for those who take them along: curves, means, sampling, and the evidence of its suspects."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from core.analysis import means, sampling_check, tables
from core.charts import bars, doubt_on_pictures, marks, timeline
from core.charts import evidence as doubt_charts
from core.charts.doubt_layers import Doubts
from core.doubt import verdicts
from core.emotions.emotion import OwnEmotion
from core.emotions.tables import append_rows
from core.export.vega import spec
from core.language import ENGLISH, READER_LABELS
from core.model import EMOTIONS, Face, Peak, Sample, Scene, Suspect, Timeline, Verdict, Who
from core.reading.closer_look import peak_key
from core.shelf import review, scene_emotions
from core.store.scenes import Store
from core.video import stills

WIDE, NARROW = 1100, 560
"""Width of the curves, and of the other charts, px."""

PIN_PX = 100
MOST_PINS, MOST_SUSPECTS = 60, 12
"""Faces that hang above the curves, and suspects whose evidence is drawn, at most."""


class Charts:
    """A reader's charts of one scene, with emotions of one's own beside the seven."""

    def __init__(
        self,
        store: Store,
        scene: Scene,
        reader: str,
        theme: str = "light",
        taught: Sequence[OwnEmotion] = (),
        words: Mapping[str, str] = ENGLISH,
    ) -> None:
        self.store, self.scene, self.reader, self.theme, self.words = store, scene, reader, theme, words
        self.timeline: Timeline = store.timeline(scene.id)
        self.suspects: tuple[Suspect, ...] = review.suspects_of(store, scene, self.timeline, reader)
        self.verdicts: tuple[Verdict, ...] = store.verdicts(scene.id)
        self.beside = scene_emotions.of(store, scene, self.timeline, taught)
        self._time_ms = {sample.t_ms: sample for sample in self.timeline.samples}

    @property
    def open(self) -> tuple[Suspect, ...]:
        """The suspects that nobody decided on, the most doubtful first."""
        return marks.open_suspects(self.suspects, self.verdicts, self.reader)

    @property
    def every(self) -> tuple[Suspect, ...]:
        """Every peak, also those of taught emotions."""
        return (*self.suspects, *(one for found in self.beside.suspects.values() for one in found))

    @property
    def every_open(self) -> tuple[Suspect, ...]:
        """The suspects that nobody decided on, also those of taught emotions."""
        taught = self.beside.by_reader.items()
        more = (one for reader, found in taught for one in marks.open_suspects(found, self.verdicts, reader))
        return (*self.open, *more)

    def specs(self, emotions: Sequence[str] = EMOTIONS) -> dict[str, dict[str, object]]:
        """Every chart's name and its Vega-Lite specification."""
        made = {
            "curves": spec(self.curves(emotions), self.theme, WIDE),
            "curves-smoothed": spec(self.curves(emotions, smoothed=True), self.theme, WIDE),
            "means": spec(self.means(), self.theme, NARROW),
        }
        if found := self.sampling():
            made["sampling"] = spec(found, self.theme, NARROW)
        for number, one in enumerate(self.open[:MOST_SUSPECTS], start=1):
            for name, chart in self.evidence(one.peak).items():
                made[f"doubt-{number}-{one.peak.emotion}-{one.peak.apex_ms}-{name}"] = spec(chart, self.theme, NARROW)
        return made

    def curves(self, emotions: Sequence[str] = EMOTIONS, *, smoothed: bool = False) -> alt.LayerChart:
        """The curves of everybody, what was dropped grey, what is doubted hatched; taught ones are always drawn."""
        whole, left = (self.curve(decided) for decided in ((), self.verdicts))
        if smoothed:
            whole, left = tables.smooth(whole), tables.smooth(left)
        shown = self.marks()
        return timeline.timeline(
            left,
            chosen=(*emotions, *self.beside.names),
            cuts=tables.cuts(self.timeline),
            gaps=tables.gaps(self.timeline),
            theme=self.theme,
            doubts=Doubts(shown, whole, self._pins(shown)),
            words=self.words,
        )

    def curve(self, decided: Sequence[Verdict] = (), who: Who = None) -> pd.DataFrame:
        """The curves as numbers, of one person or all, without what those verdicts drop."""
        seven = tables.curve(self.timeline, self.reader, who, means.dropped_spans(decided, self.reader))
        return append_rows(seven, self.beside.curves(decided, who))

    def marks(self, who: Who = None) -> pd.DataFrame:
        """What is doubted or decided, of the reader and of every taught emotion, about one person or all."""
        every = {self.reader: self.suspects, **self.beside.by_reader}
        found = [marks.mark_table(suspects, self.verdicts, reader, who) for reader, suspects in every.items()]
        return pd.concat(found, ignore_index=True).sort_values("t_ms", ignore_index=True)

    def means(self) -> alt.LayerChart:
        """The means of everything, without the suspects, and yours."""
        return bars.means(self.mean_table().sort_values("everything", ascending=False), self.theme, self.words)

    def mean_table(self, decided: Sequence[Verdict] | None = None, who: Who = None) -> pd.DataFrame:
        """The numbers of that chart, those of taught emotions below the seven; also if something else was decided."""
        decided = self.verdicts if decided is None else decided
        seven = means.means_table(self.timeline, self.reader, self.suspects, decided, who)
        return append_rows(seven, self.beside.rows(decided, who))

    def sampling(self) -> alt.LayerChart | None:
        """How the means scatter at longer steps; None for a scene that is too short to tell."""
        found = sampling_check.means_by_phase(self.timeline, self.reader)
        if not sampling_check.describe_longest_step(found):
            return None
        steps = {int(ms): f"every {ms / 1000:g} s" for ms in sorted(found["step_ms"].unique())}
        ranked = [name for name, _ in tables.top_emotions(self.timeline, self.reader, 3) if name != "neutral"]
        return doubt_charts.sampling(found, ranked[:2], steps, self.theme)

    def evidence(self, peak: Peak) -> dict[str, alt.LayerChart]:
        """What the readers say at its apex, and the closer look where there is one."""
        made = {}
        face = self.face(peak)
        if face:
            doubted = self.reader, peak.emotion
            made["readers"] = bars.readers(tables.readings(face), self.theme, READER_LABELS, doubted, self.words)
        if look := self.store.closer_looks(self.scene.id, self.reader).get(peak_key(peak)):
            made["closer"] = doubt_charts.closer_look(look, peak, self.theme)
        return made

    def sample(self, peak: Peak) -> Sample:
        """The moment of its apex."""
        return self._time_ms[peak.apex_ms]

    def face(self, peak: Peak) -> Face | None:
        """The face that it is about, at its apex."""
        return next((face for face in self.sample(peak).faces if face.track == peak.track), None)

    def _pins(self, shown: pd.DataFrame) -> Mapping[int, str]:
        """Apex, ms → the face that hangs above it, as a data address."""
        hung = shown[shown["state"] != marks.KEPT].nlargest(MOST_PINS, "doubt")
        wanted = {(row.track, row.emotion, row.start_ms): row.state for row in hung.itertuples()}
        peaks = {verdicts.peak_key(one.peak): one.peak for one in self.every}
        pins: dict[int, str] = {}
        for name, state in wanted.items():
            picture = self._crop(peaks[name])
            if picture is not None:
                small = stills.shrink(stills.decode(picture), PIN_PX)
                done = (
                    doubt_on_pictures.draw_ring(small, theme=self.theme)
                    if state == marks.OPEN
                    else doubt_on_pictures.strike_out(small)
                )
                pins[peaks[name].apex_ms] = f"data:image/jpeg;base64,{b64encode(stills.encode(done)).decode()}"
        return pins

    def _crop(self, peak: Peak) -> bytes | None:
        tracks = [face.track for face in self.sample(peak).faces]
        where = peak.apex_ms, tracks.index(peak.track) if peak.track in tracks else -1
        return self.store.crops(self.scene.id, [where]).get(where)
