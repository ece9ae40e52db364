"""The scene page's card on a person's calm span: choose it, see the changes from it, take them along, undo."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import settings
from core.analysis import baseline, tables
from core.charts import baseline as baseline_charts
from core.errors import SettingError
from core.export import tables as export
from core.model import Calm, Person, Scene
from core.settings import clock
from core.shelf import review
from core.shelf.scene_view import SceneView
from core.store.scenes import Store
from core.ui import choices, common, wording

AROUND_MS = 1000
"""To either side of the moment that is looked at: the span that is proposed."""

SWITCH = "calm"
"""In the address: whether the changes are drawn."""


def calm_card(view: SceneView) -> None:
    """Of the chosen person, or the only one; nothing where it is not told whose rest is meant."""
    scene, people = view.scene, view.people
    person = choices.chosen_person(people) or (people[0] if len(people) == 1 else None)
    if person is None:
        return
    calm = next((one for one in common.store().baselines(scene.id) if one.person == person.id), None)
    on = calm is not None and common.param(SWITCH) == "1"
    with st.expander(f"{person.name} at rest", expanded=on, icon=":material/self_improvement:"):
        st.caption(
            "Choose a span in which this person is calm. What the face reads as then is subtracted everywhere else."
        )
        _choose(scene, view.reader, person, calm)
        if calm:
            st.toggle(
                "Show as change from the calm span", **common.bind(SWITCH, on, lambda value: "1" if value else "")
            )
        if calm and on:
            with common.showing_errors():  # another reader may have seen too little of them there
                _changes(view, person, calm)


def _choose(scene: Scene, reader: str, person: Person, calm: Calm | None) -> None:
    """Two times, prefilled from the moment that is looked at; the button that takes them, and the one that undoes."""
    start_ms, end_ms = (calm.start_ms, calm.end_ms) if calm else _proposed_span(scene)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        keys = tuple(f"calm_{name}_{person.id}_{start_ms}_{end_ms}" for name in ("from", "to"))
        st.text_input("Calm from", clock(start_ms), key=keys[0], width=110)
        st.text_input("to", clock(end_ms), key=keys[1], width=110)
        act = partial(_take, scene, reader, person, keys)
        st.button("Take this span", icon=":material/check:", key="calm_take", on_click=act)
        if calm:
            back = partial(_back, scene, person)
            st.button("Undo", icon=":material/undo:", key="calm_undo", type="tertiary", on_click=back)


def _proposed_span(scene: Scene) -> tuple[int, int]:
    samples, asked_ms = common.timeline(scene).samples, common.parse_count(common.param("t"))
    middle = samples[0].t_ms + AROUND_MS if asked_ms is None else min(asked_ms, samples[-1].t_ms)
    return max(samples[0].t_ms, middle - AROUND_MS), min(samples[-1].t_ms + 1, middle + AROUND_MS)


def _take(scene: Scene, reader: str, person: Person, keys: tuple[str, ...]) -> None:
    with common.showing_errors():
        start_ms, end_ms = (settings.parse_moment(st.session_state[key]) for key in keys)
        if start_ms is None or end_ms is None:
            raise SettingError("A calm span needs both its times. Write them like 0:02.5.")
        baseline.measure_levels(common.timeline(scene), reader, person.who, start_ms, end_ms)
        common.store().set_baseline(scene.id, Calm(person.id, start_ms, end_ms))
        common.set_param(SWITCH, "1")


def _back(scene: Scene, person: Person) -> None:
    with common.showing_errors():
        back = common.store().undo_baseline(scene.id, person.id)
        if back:
            st.toast(f"Taken back: calm from {clock(back.start_ms)} to {clock(back.end_ms)}.")


def _changes(view: SceneView, person: Person, calm: Calm) -> None:
    """The changes as curves, the levels in words, and the table with them."""
    scene = view.scene
    how = view.reader, person.who, calm.start_ms, calm.end_ms
    levels = view.compute(baseline.measure_levels, *how)
    curve = baseline.subtract(view.seven.for_person(person.who).curve(), levels)
    chosen = choices.pick_emotions()
    chart = baseline_charts.change(
        curve,
        chosen=chosen,
        span=(calm.start_ms, calm.end_ms),
        cuts=view.compute(tables.cuts),
        theme=common.theme(),
    )
    st.altair_chart(chart, key="change", alt=f"What {person.name} shows more or less of than in the calm span")
    most = sorted(levels.items(), key=lambda each: -each[1])[:3]
    said = ", ".join(f"{wording.emotion_name(name)} {level:.2f}" for name, level in most)
    st.caption(f"At rest: {said}. 0 is as at rest; below it the face shows less of an emotion than at rest.")
    st.download_button(
        "Table with the changes (CSV)",
        partial(changes_csv, common.store(), scene),
        file_name=f"{scene.title}, from calm.csv",
        mime="text/csv",
        icon=":material/download:",
        key="calm_export",
        on_click="ignore",
    )


def changes_csv(store: Store, scene: Scene) -> bytes:
    """The scene's rows with the columns of the changes."""
    return export.to_bytes(review.table_from_calm(store, scene), "csv")
