"""The scene page's parts around the moment: title and actions, how the numbers came about."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import settings
from core.analysis import tables
from core.faces import backends, downloads
from core.faces.deepface_weights import EMOTION
from core.model import Scene, Timeline
from core.shelf.scene_view import SceneView
from core.ui import choices, common, doubts
from core.ui.shelf import read_again
from core.video import extent
from core.video.remarks import describe_scene_remarks

LONGEST_TITLE = 36
"""Signs of a title that stand in one line with the badge and the actions of a laptop's page."""

REMEMBERED = ("reader", "t", "who", "face", "show", "curve")
"""Choices of this page that come back when one returns to it."""


def head(view: SceneView) -> DeltaGenerator:
    """Title, doubt, reader, share and export in one row, below it how the numbers came about; return Export, empty."""
    scene, reader = view.scene, view.reader
    with st.container(gap="xxsmall"):
        export = _title_row(view)
        said = view.remember(("how read", reader), lambda: how_read(scene, view.timeline, reader))
        st.caption(said, help=missing_reader(scene) or None)
        for remark in view.remember(("remarks",), lambda: describe_scene_remarks(scene, view.timeline.samples)):
            st.caption(f":material/info: {remark}")
    return export


def _title_row(view: SceneView) -> DeltaGenerator:
    """In one row, and with whom: what is looked at belongs to the page, not to the film."""
    scene, reader = view.scene, view.reader
    with st.container(horizontal=True, vertical_alignment="center"):
        cut = len(scene.title) > LONGEST_TITLE
        title = f"{scene.title[: LONGEST_TITLE - 1].rstrip()}…" if cut else scene.title
        st.title(common.escape(title), width="content", anchor=False, help=common.escape(scene.title) if cut else None)
        doubts.badge(view)
        st.space("stretch")
        choices.person_switch(view.people, choices.pick_person(view.people))
        choices.reader_switch(scene, reader)
        read_again.menu(scene)
        with st.popover("Share", icon=":material/link:", on_change="rerun"):  # so that it links to what is shown now
            st.caption("This link opens this moment with these choices, wherever this shelf can be reached.")
            st.code(common.share_link("scene"), language=None, wrap_lines=True)
        # It takes what is chosen now, and is filled last: what it offers is not what anybody waits for.
        return st.popover("Export", icon=":material/download:", on_change="rerun")


def how_read(scene: Scene, timeline: Timeline, reader: str) -> str:
    """Length, moments, coverage, finder and readers, in one grey line."""
    count, most = len(timeline.samples), max(len(sample.faces) for sample in timeline.samples)
    others = [common.reader_words(name) for name in scene.readers if name != reader]
    part = scene.recipe.region
    parts = [
        extent.describe_length(scene, timeline.samples[-1].t_ms),
        f"{count} moment{'s' if count > 1 else ''}, one {settings.pace(scene.recipe)}",
        f"a face in {common.percent(tables.coverage(timeline))} of them",
        "one at a time" if most == 1 else f"up to {most} at once" if most else "",
        f"found by {backends.finder_label(scene.finder)}",
        f"searched in a part of {part.width} x {part.height} px" if part else "",
        f"read by {common.reader_words(reader)}" + (f", checked by {' and '.join(others)}" if others else ""),
    ]
    return " · ".join(part for part in parts if part)


def missing_reader(scene: Scene) -> str:
    """The calm line where DeepFace was wanted and did not read here."""
    if "auto" not in scene.recipe.readers or "deepface" in scene.readers:
        return ""
    if downloads.has_changed(EMOTION):
        return (
            "DeepFace’s emotion model here is not the file that came first, so only the built-in reader was used. "
            "Whoever runs this Outtake puts the first one back, or accepts the new one."
        )
    return "DeepFace’s emotion model is not available here, so only the built-in reader was used."
