"""The pictures of a comparison's sides: who it is, the barcode, the face of a moment."""

from __future__ import annotations

import streamlit as st

from core.analysis import compare, tables
from core.charts import doubt_on_pictures, on_pictures
from core.model import Image, Scene, Who
from core.ui import common, pictures
from core.ui.compare.sides import PageSide

CODE_PX = (900, 34)
"""Width and height of a barcode."""


def picture(one: PageSide) -> Image | bytes | str:
    """The scene's, or the person's."""
    if one.person is None:
        return pictures.small_poster(one.scene)
    return pictures.portrait(pictures.portraits(one.scene, one.view.reader), one.person.tracks[0])


def barcode(one: PageSide) -> Image:
    """The side at a glance, with a pin at each of its open doubts."""
    scene, doubts = one.scene, tuple(each.peak.apex_ms for each in one.view.open)
    return _barcode(
        scene, scene.id, scene.created, scene.revision, one.view.reader, one.view.who, doubts, common.theme()
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _barcode(
    _scene: Scene,
    scene_id: int,
    created: str,
    revision: int,
    reader: str,
    who: Who,
    doubts: tuple[int, ...],
    theme: str,
) -> Image:
    timeline = compare.keep_faces_of(common.timeline(_scene), who)
    first_ms = timeline.samples[0].t_ms
    length_ms = timeline.samples[-1].t_ms - first_ms + timeline.step_ms
    places = [(t_ms - first_ms + timeline.step_ms / 2) / length_ms for t_ms in doubts]
    return doubt_on_pictures.draw_pins(on_pictures.barcode(timeline, reader, *CODE_PX, theme), places, theme)


def face_at(one: PageSide, t_ms: int) -> bytes | None:
    """The face of a side that says most nearly what all of its faces say at a moment, JPEG; None where none is."""
    faces = tables.select_faces(one.view.faces(), one.view.who)
    there = faces[faces["t_ms"] == t_ms]
    if there.empty:
        return None
    scores = there[tables.SCORES]
    nearest = int((scores - scores.mean()).abs().sum(axis=1).argmin())
    key = t_ms, int(there["index"].iloc[nearest])
    return common.store().crops(one.scene.id, [key]).get(key)
