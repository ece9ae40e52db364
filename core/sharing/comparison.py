"""A comparison as files: all its charts, for the page and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.adapters import export_chart
from core.adapters.store import Store
from core.comparing.compare import MOST
from core.errors import SettingError
from core.model import Scene
from core.sharing import chart_sides, outgoing
from core.sharing.chart_sides import Sided
from core.sharing.outgoing import Wanted
from core.sharing.zipping import zipped


def of_scenes(store: Store, scenes: Sequence[Scene], wanted: Wanted | None = None) -> bytes:
    """All charts of whole scenes beside each other, over 0–100 % of each, as one zip; SettingError says what it lacks.

    Where no reader is named, it is the first one's first that read all of them.
    """
    if not 2 <= len(scenes) <= MOST:
        raise SettingError(f"A comparison is of 2 to {MOST} scenes. Name as many.")
    asked = wanted or Wanted()
    common = (name for name in scenes[0].readers if all(name in one.readers for one in scenes))
    wanted = replace(asked, reader=asked.reader or next(common, ""))
    sides = [chart_sides.side(outgoing.charts_of(store, scene, wanted), share=True) for scene in scenes]
    return drawn(sides, "yours", wanted.theme, outgoing.wording(wanted).names)


def drawn(sides: Sequence[Sided], column: str, theme: str, words: Mapping[str, str]) -> bytes:
    """All charts of these sides as one zip; ``column`` as in ``chart_sides.specs``."""
    return zipped(export_chart.drawn(chart_sides.specs(sides, column, theme, words)).items())
