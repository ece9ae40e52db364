"""A comparison: who is held against whom and how, and all its charts as files, for the page and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from core.analysis.compare import MOST
from core.errors import SettingError
from core.export import compare_charts, kinds, render
from core.export.compare_charts import ComparedSide
from core.export.kinds import Choices
from core.export.zip import zip_files
from core.model import Person, Scene
from core.store.scenes import Store

YOURS, EVERYTHING = "yours", "everything"
"""Whose numbers: without what was dropped, or with it."""


class One(NamedTuple):
    """Who is on one side: everybody of a scene, or one person."""

    scene: Scene
    person: Person | None = None


def scenes_zip(store: Store, scenes: Sequence[Scene], wanted: Choices | None = None) -> bytes:
    """All charts of whole scenes beside each other, over 0–100 % of each, as one zip; as ``sides`` and ``drawn``."""
    asked = wanted or Choices()
    made = sides(store, [One(scene) for scene in scenes], asked)
    return charts_zip(made, YOURS, asked.theme, kinds.wording(asked).names)


def sides(
    store: Store, chosen: Sequence[One], wanted: Choices, *, share: bool = True, column: str = YOURS
) -> list[ComparedSide]:
    """The sides of a comparison, over 0–100 % of each scene or in seconds; SettingError says what it lacks.

    Where no reader is named, it is the first scene's first that read all of them, else each scene's own.
    """
    if not 2 <= len(chosen) <= MOST:
        raise SettingError(f"A comparison is of 2 to {MOST} scenes. Name as many.")
    wanted = replace(wanted, reader=wanted.reader or common_reader([one.scene for one in chosen]))
    views = [
        kinds.scene_view(store, one.scene, wanted).for_person(one.person.who if one.person else None) for one in chosen
    ]
    each = zip(views, chosen, strict=True)
    return [ComparedSide(view, share, one.person, whole=column == EVERYTHING) for view, one in each]


def common_reader(scenes: Sequence[Scene]) -> str:
    """The first scene's first reader that read all of them; empty where there is none."""
    return next((name for name in scenes[0].readers if all(name in one.readers for one in scenes)), "")


def charts_zip(sides: Sequence[ComparedSide], column: str, theme: str, words: Mapping[str, str]) -> bytes:
    """All charts of these sides as one zip; ``column`` as in ``chart_sides.specs``."""
    return zip_files(render.render_charts(compare_charts.specs(sides, column, theme, words)).items())
