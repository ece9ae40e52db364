"""All charts of a scene, for those who take them along: curves, means, sampling, and the evidence of its suspects."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import altair as alt
import pandas as pd

from core.analysis import sampling_check, tables
from core.charts import bars, doubt_on_pictures, evidence, marks, timeline
from core.charts.doubt_layers import Doubts
from core.doubt import verdicts
from core.export.vega import spec
from core.language import ENGLISH, READER_LABELS
from core.model import EMOTIONS, Peak
from core.reading.closer_look import peak_key
from core.shelf.scene_view import SceneView
from core.store.scenes import Store
from core.video import stills

WIDE, NARROW = 1100, 560
"""Width of the curves, and of the other charts, px."""

PIN_PX = 100
MOST_PINS, MOST_SUSPECTS = 60, 12
"""Faces that hang above the curves, and suspects whose evidence is drawn, at most."""


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts of a scene as it is looked at, emotions of one's own beside the seven."""

    view: SceneView
    store: Store
    """Where its stored faces and closer looks lie."""
    theme: str = "light"
    words: Mapping[str, str] = field(default_factory=lambda: ENGLISH)

    def specs(self, emotions: Sequence[str] = EMOTIONS) -> dict[str, dict[str, object]]:
        """Return every chart's name and its Vega-Lite specification."""
        made = {
            "curves": spec(self.curves(emotions), self.theme, WIDE),
            "curves-smoothed": spec(self.curves(emotions, smoothed=True), self.theme, WIDE),
            "means": spec(self.means(), self.theme, NARROW),
        }
        if found := self.sampling():
            made["sampling"] = spec(found, self.theme, NARROW)
        for number, one in enumerate(self.view.seven.open[:MOST_SUSPECTS], start=1):
            for name, chart in self.evidence(one.peak).items():
                made[f"doubt-{number}-{one.peak.emotion}-{one.peak.apex_ms}-{name}"] = spec(chart, self.theme, NARROW)
        return made

    def curves(self, emotions: Sequence[str] = EMOTIONS, *, smoothed: bool = False) -> alt.LayerChart:
        """Return the curves, what was dropped grey, what is doubted hatched; those of one's own are always drawn."""
        view, shown = self.view, self.view.marks()
        return timeline.timeline(
            view.curve(smoothed=smoothed),
            chosen=(*emotions, *view.names),
            cuts=view.compute(tables.cuts),
            gaps=view.compute(tables.gaps),
            theme=self.theme,
            doubts=Doubts(shown, view.curve(whole=True, smoothed=smoothed), self._pins(shown)),
            words=self.words,
        )

    def means(self) -> alt.LayerChart:
        """Return the means of everything, without the suspects, and yours."""
        return bars.means(self.view.means().sort_values("everything", ascending=False), self.theme, self.words)

    def sampling(self) -> alt.LayerChart | None:
        """Return how the means scatter at longer steps; None for a scene that is too short to tell."""
        found = self.view.compute(sampling_check.means_by_phase, self.view.reader)
        if not sampling_check.describe_longest_step(found):
            return None
        steps = {int(ms): f"every {ms / 1000:g} s" for ms in sorted(found["step_ms"].unique())}
        return evidence.sampling(found, self.view.top_emotions(), steps, self.theme)

    def evidence(self, peak: Peak) -> dict[str, alt.LayerChart]:
        """Return what the readers say at a peak's apex, and the closer look where there is one."""
        view, (_, face) = self.view, self.view.face(peak)
        doubted = view.reader, peak.emotion
        made = {"readers": bars.readers(tables.readings(face), self.theme, READER_LABELS, doubted, self.words)}
        if look := self.store.closer_looks(view.scene.id, view.reader).get(peak_key(peak)):
            made["closer"] = evidence.closer_look(look, peak, self.theme)
        return made

    def _pins(self, shown: pd.DataFrame) -> Mapping[int, str]:
        """Return apex, ms → the face that hangs above it, as a data address."""
        hung = shown[shown["state"] != marks.KEPT].nlargest(MOST_PINS, "doubt")
        states = {(row.track, row.emotion, row.start_ms): row.state for row in hung.itertuples()}
        peaks = [one.peak for one in self.view.suspects if verdicts.peak_key(one.peak) in states]
        places = {verdicts.peak_key(peak): (peak.apex_ms, self.view.face(peak)[0]) for peak in peaks}
        crops = self.store.crops(self.view.scene.id, set(places.values()))
        pins: dict[int, str] = {}
        for name, state in states.items():
            if jpeg := crops.get(places[name]):
                small = stills.shrink(stills.decode(jpeg), PIN_PX)
                drawn = (
                    doubt_on_pictures.draw_ring(small, theme=self.theme)
                    if state == marks.OPEN
                    else doubt_on_pictures.strike_out(small)
                )
                pins[places[name][0]] = f"data:image/jpeg;base64,{b64encode(stills.encode(drawn)).decode()}"
        return pins
