"""The charts of a scene's people: what everybody shows, alone and in company, and as change from their calm span."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from core.analysis import baseline, means, people_tables, tables
from core.charts import baseline as baseline_charts
from core.charts import people, region
from core.errors import SettingError
from core.export.scene_charts import NARROW, WIDE, Charts
from core.export.vega import spec
from core.model import EMOTIONS, Calm, Person
from core.settings import clock

MOST_PEOPLE = 24
"""People, and pairs of them, that are drawn, longest on screen first."""

Spec = dict[str, object]


def specs(charts: Charts) -> Iterator[tuple[str, Spec]]:
    """Yield each chart's name and its Vega-Lite specification; those that the scene has nothing for are left out."""
    found = charts.store.people(charts.scene.id)
    faces = tables.faces(charts.timeline, charts.reader)
    if len(found):
        yield "people", _rows(charts, _means_alone(charts, faces, found))
    pairs = people_tables.shared_times(faces, found, means.dropped_spans(charts.verdicts, charts.reader))
    if len(pairs):
        yield "people-together", _rows(charts, _means_together(charts, pairs, found))
    for calm in charts.store.baselines(charts.scene.id):
        person = next((one for one in found if one.id == calm.person), None)
        if person and (made := _change_from_calm(charts, person, calm)):
            yield f"change-from-calm-{person.id}", made
    if made := _region(charts):
        yield "region", made


def _rows(charts: Charts, table: pd.DataFrame) -> Spec:
    return spec(people.means_by_person(table, charts.theme, charts.words), charts.theme, WIDE)


def _means_alone(charts: Charts, faces: pd.DataFrame, found: tuple[Person, ...]) -> pd.DataFrame:
    """Everybody's means without what was dropped, and how long they are on screen."""
    seen, by_id = people_tables.screen_times(faces, found).head(MOST_PEOPLE), {person.id: person for person in found}
    out = means.dropped_spans(charts.verdicts, charts.reader)
    rows = []
    for one in seen.itertuples():
        own = tables.select_faces(tables.leave_out(faces, out), by_id[one.person].who)[list(EMOTIONS)].mean()
        shots = f"{one.shots} shot{'' if one.shots == 1 else 's'}"
        told = f"{clock(one.moments * charts.timeline.step_ms)} on screen, {shots}"
        rows.append({"who": one.name, "told": told, **own})
    return pd.DataFrame(rows)


def _means_together(charts: Charts, pairs: pd.DataFrame, found: tuple[Person, ...]) -> pd.DataFrame:
    """What somebody shows while somebody else is there."""
    names = {person.id: person.name for person in found}
    shown = pairs.head(MOST_PEOPLE)
    with_whom = shown["other"].map(names)
    length = (shown["moments"] * charts.timeline.step_ms).map(clock)
    return shown.assign(who=shown["person"].map(names), told="with " + with_whom + ", " + length)


def _change_from_calm(charts: Charts, person: Person, calm: Calm) -> Spec | None:
    try:
        levels = baseline.measure_levels(charts.timeline, charts.reader, person.who, calm.start_ms, calm.end_ms)
    except SettingError:  # this reader saw too little of them there
        return None
    out = means.dropped_spans(charts.verdicts, charts.reader)
    curve = baseline.subtract(tables.curve(charts.timeline, charts.reader, person.who, out), levels)
    span, cuts = (calm.start_ms, calm.end_ms), tables.cuts(charts.timeline)
    chart = baseline_charts.change(curve, chosen=EMOTIONS, span=span, cuts=cuts, theme=charts.theme, words=charts.words)
    return spec(chart, charts.theme, WIDE)


def _region(charts: Charts) -> Spec | None:
    """The part of the picture in which faces were looked for, on a frame."""
    scene, jpeg = charts.scene, charts.store.poster(charts.scene.id)
    if not (scene.recipe.region and scene.video and jpeg):
        return None
    size = scene.video.width, scene.video.height
    return spec(region.region_outline(jpeg, size, scene.recipe.region, NARROW, charts.theme), charts.theme, NARROW)
