"""The scene page's parts around the moment: title and actions, how the numbers came about, means, people."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from core import charts, tables, ui, ui_pictures
from core.adapters import export
from core.model import Scene, Timeline
from core.palette import mark
from core.settings import clock

REMEMBERED = ("reader", "t", "who", "face", "show", "curve")
"""Choices of this page that come back when one returns to it."""

MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "json": "application/json"}

MOST_PEOPLE = 6
"""People with a row of their own beside the means; the gallery has the rest."""


def head(scene: Scene, timeline: Timeline, reader: str) -> None:
    """Title, reader, share and export in one row; below it how the numbers came about."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(ui.plain(scene.title), width="content", anchor=False)
        st.space("stretch")
        ui.reader_switch(scene, reader)
        with st.popover("Share", icon=":material/link:"):
            st.caption("This link opens this moment with these choices, wherever this shelf can be reached.")
            st.code(ui.share_link("scene"), language=None, wrap_lines=True)
        with st.popover("Export", icon=":material/download:"):
            _downloads(scene)
    st.caption(came_about(scene, timeline, reader))
    if missing := not_to_be_had(scene):
        st.caption(missing)


def _downloads(scene: Scene) -> None:
    st.caption("One row per moment, face and reader.")
    for kind, mime in MIME.items():
        st.download_button(
            kind.upper() if kind != "parquet" else "Parquet",
            partial(exported, scene, kind),
            file_name=f"{scene.title}.{kind}",
            mime=mime,
            key=f"export_{kind}",
            on_click="ignore",
            width="stretch",
        )


def exported(scene: Scene, kind: str) -> bytes:
    """The scene's rows as a file, made when someone asks for it."""
    return export.to_bytes(tables.rows(ui.timeline(scene).samples), kind)


def came_about(scene: Scene, timeline: Timeline, reader: str) -> str:
    """Length, moments, coverage, finder and readers, in one grey line."""
    count, most = len(timeline.samples), max(len(sample.faces) for sample in timeline.samples)
    others = [ui.reader_name(name) for name in scene.readers if name != reader]
    parts = [
        clock(scene.video.duration_ms) if scene.video else "",
        f"{count} moment{'s' if count > 1 else ''}, one every {scene.recipe.step}",
        f"a face in {tables.coverage(timeline):.0%} of them",
        "one at a time" if most == 1 else f"up to {most} at once" if most else "",
        f"found by {ui.finder_name(scene.finder)}",
        f"read by {ui.reader_name(reader)}" + (f", checked by {' and '.join(others)}" if others else ""),
    ]
    return " · ".join(part for part in parts if part)


def not_to_be_had(scene: Scene) -> str:
    """The calm line where DeepFace was wanted and could not be had here."""
    if "auto" not in scene.recipe.readers or "deepface" in scene.readers:
        return ""
    return "DeepFace’s emotion model is not to be had on this machine, so the built-in reader read alone."


def curve_switch() -> bool:
    """Raw or smoothed; True for smoothed."""
    smoothed = ui.asked("curve") == "smoothed"
    st.segmented_control(
        "Curves",
        [False, True],
        format_func=lambda on: "Smoothed" if on else "Raw",
        required=True,
        label_visibility="collapsed",
        **ui.bind("curve", smoothed, lambda on: "smoothed" if on else ""),
    )
    return smoothed


def means(scene: Scene, timeline: Timeline, reader: str, person: int | None) -> None:
    """The mean of every emotion, as bars and as the table that can be copied."""
    with st.container(border=True, height="stretch"):
        st.subheader("Means of the scene", anchor=False)
        left, right = st.columns([3, 2], gap="medium")
        left.altair_chart(
            charts.means(tables.means(timeline, reader, person), ui.theme()),
            theme=None,
            key="means",
            alt=f"Means of the emotions, read by {ui.reader_name(reader)}",
        )
        right.dataframe(
            by_reader(scene, timeline, person).style.format(precision=3), hide_index=True, alt="The same by reader"
        )
        st.caption(counted(timeline, person))


def by_reader(scene: Scene, timeline: Timeline, person: int | None) -> pd.DataFrame:
    """emotion and a column of means per reader, under the names that people read."""
    every = {name: tables.means(timeline, name, person).set_index("emotion")["mean"] for name in scene.readers}
    return pd.DataFrame(every).rename(columns=ui.reader_name).reset_index()


def counted(timeline: Timeline, person: int | None) -> str:
    """Over what the means were taken."""
    share = tables.coverage(timeline, person)
    moments = round(share * len(timeline.samples))
    who = "a face" if person is None else "this person"
    return (
        f"Over the {moments} moments with {who}, {share:.0%} of all. The others count neither as zero nor as neutral."
    )


def people(scene: Scene, timeline: Timeline, reader: str) -> None:
    """Who is on screen, longest first, each with a face and what it shows most."""
    seen = tables.people(timeline).nlargest(MOST_PEOPLE, "moments")
    portraits = ui_pictures.portraits(scene, reader)
    with st.container(border=True, height="stretch"):
        st.subheader("People", anchor=False)
        for person in seen.itertuples():
            with st.container(horizontal=True, vertical_alignment="center"):
                st.image(portraits[person.track], width=44, alt=person.label)
                with st.container(gap=None):
                    st.markdown(f"**{person.label}** {_tops(timeline, reader, person.track)}")
                    st.caption(f"{clock(person.moments * timeline.step_ms)} on screen, from {clock(person.start_ms)}")
        st.caption(f"{len(tables.people(timeline))} in all, followed inside each shot, never across a cut.")


def _tops(timeline: Timeline, reader: str, track: int) -> str:
    mean = tables.means(timeline, reader, track).dropna().nlargest(2, "mean")
    return "  ".join(f"{mark(row.emotion, ui.theme())} {row.emotion} {row.mean:.0%}" for row in mean.itertuples())
