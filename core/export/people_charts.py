"""The charts of a scene's people: what everybody shows, alone and in company, and as change from their calm span."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from core.analysis import baseline, people_tables, tables
from core.charts import baseline as baseline_charts
from core.charts import people, region
from core.errors import SettingError
from core.export.scene_charts import NARROW, WIDE, Charts
from core.export.vega import spec
from core.model import EMOTIONS, Calm, Person
from core.settings import clock
from core.shelf.scene_view import SceneView

MOST_PEOPLE = 24
"""People, and pairs of them, that are drawn, longest on screen first."""

Spec = dict[str, object]


def specs(charts: Charts) -> Iterator[tuple[str, Spec]]:
    """Yield each chart's name and its Vega-Lite specification; those that the scene has nothing for are left out."""
    view = charts.view.seven
    found, faces, dropped = view.people, view.compute(tables.faces, view.reader), view.dropped(view.channels[0])
    if found:
        alone = _means_alone(view, tables.leave_out(faces, dropped))
        yield "people", spec(people.means_by_person(alone, charts.theme, charts.words), charts.theme, WIDE)
    pairs = people_tables.shared_times(faces, found, dropped)
    if len(pairs):
        paired = _means_together(view, pairs)
        yield "people-together", spec(people.means_by_person(paired, charts.theme, charts.words), charts.theme, WIDE)
    for calm in charts.store.baselines(view.scene.id):
        person = next((one for one in found if one.id == calm.person), None)
        if person and (made := _change_from_calm(charts, person, calm)):
            yield f"change-from-calm-{person.id}", made
    if made := _region(charts):
        yield "region", made


def _means_alone(view: SceneView, left: pd.DataFrame) -> pd.DataFrame:
    """Everybody's means of the faces that are ``left``, and how long they are on screen."""
    by_id = {person.id: person for person in view.people}
    rows = []
    for one in people_tables.screen_times(view.compute(tables.faces, view.reader), view.people)[
        :MOST_PEOPLE
    ].itertuples():
        means = tables.select_faces(left, by_id[one.person].who)[list(EMOTIONS)].mean()
        shots = f"{one.shots} shot{'' if one.shots == 1 else 's'}"
        length = clock(one.moments * view.timeline.step_ms)
        rows.append({"who": one.name, "told": f"{length} on screen, {shots}", **means})
    return pd.DataFrame(rows)


def _means_together(view: SceneView, pairs: pd.DataFrame) -> pd.DataFrame:
    """What somebody shows while somebody else is there."""
    names = {person.id: person.name for person in view.people}
    shown = pairs.head(MOST_PEOPLE)
    with_whom = shown["other"].map(names)
    length = (shown["moments"] * view.timeline.step_ms).map(clock)
    return shown.assign(who=shown["person"].map(names), told="with " + with_whom + ", " + length)


def _change_from_calm(charts: Charts, person: Person, calm: Calm) -> Spec | None:
    view = charts.view.seven.for_person(person.who)
    try:
        levels = baseline.measure_levels(view.timeline, view.reader, person.who, calm.start_ms, calm.end_ms)
    except SettingError:  # this reader saw too little of them there
        return None
    span, cuts = (calm.start_ms, calm.end_ms), view.compute(tables.cuts)
    curve = baseline.subtract(view.curve(), levels)
    chart = baseline_charts.change(curve, chosen=EMOTIONS, span=span, cuts=cuts, theme=charts.theme, words=charts.words)
    return spec(chart, charts.theme, WIDE)


def _region(charts: Charts) -> Spec | None:
    """The part of the picture in which faces were looked for, on a frame."""
    scene, jpeg = charts.view.scene, charts.store.poster(charts.view.scene.id)
    if not (scene.recipe.region and scene.video and jpeg):
        return None
    size = scene.video.width, scene.video.height
    return spec(region.region_outline(jpeg, size, scene.recipe.region, NARROW, charts.theme), charts.theme, NARROW)
