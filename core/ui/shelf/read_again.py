"""Read again with other settings: a scene's settings filled in, a part of the picture drawn on a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core import settings
from core.analysis import versions
from core.analysis.compare import MOST
from core.charts import region as region_charts
from core.errors import SettingError
from core.faces import backends, region
from core.model import Box, Recipe, Scene
from core.settings import clock
from core.ui import common
from core.ui.shelf import add
from core.ui.shelf.add import FormValues

FRAME_PX = 560
"""Width of the frame on which the part is drawn."""

EDGES = ("left", "top", "right", "bottom")


def menu(scene: Scene) -> None:
    """The scene page's way to another version, and to the comparison with those there are."""
    wishes = {"Read again with other settings": ask, "Compare": compare}
    wish = st.menu_button("More", list(wishes), key="scene_menu", type="tertiary")
    if wish:
        wishes[wish](scene)


def compare(scene: Scene) -> None:
    """Go to the comparison of all versions of a scene; of one without others with the newest other scene."""
    st.switch_page("pages/compare.py", query_params={"scenes": side_by_side(scene, common.store().scenes())})


def side_by_side(scene: Scene, scenes: Sequence[Scene]) -> str:
    """The scenes to compare with, as they stand in the address."""
    readable = [one for one in scenes if one.found]
    same = versions.find_versions(scene, readable)
    others = [one for one in readable if one.id != scene.id]
    shown = same if len(same) > 1 else (scene, *sorted(others, key=lambda one: -one.id)[:1])
    return ",".join(str(one.id) for one in shown[-MOST:])


@st.dialog("Read again with other settings", width="large")
def ask(scene: Scene) -> None:
    """The settings of a scene to be changed; what is read with them is a version beside it."""
    if settings.is_bundle(scene.recipe.source):
        common.say("This scene came without its video, so it cannot be read again. Add the video itself.")
        return
    st.caption("This version stays as it is, with all that you decided about it. The new one is added beside it.")
    picture, fields = st.columns([5, 3], gap="medium")
    with picture:
        part = _part(scene)
    with fields:
        asked = replace(_fields(scene.recipe), part=part)
    if st.button("Read it", icon=":material/play_arrow:", key="again_pressed"):
        with common.showing_errors():
            _begin(scene, asked)


def _fields(recipe: Recipe) -> FormValues:
    """How to read it, as the scene was."""
    step, end = settings.density_text(recipe), recipe.end_ms
    steps, own = list(dict.fromkeys([step, *add.STEPS])), "again_every"
    every = st.selectbox("One moment every", steps, accept_new_options=True, help=add.SKIMMED, key=own)
    with st.container(horizontal=True):
        start = st.text_input("From", clock(recipe.start_ms) if recipe.start_ms else "", placeholder="0:00", width=90)
        until = st.text_input("To", "" if end is None else clock(end), placeholder="the end", width=90)
    names = dict.fromkeys([recipe.finder, *backends.finder_names()])
    finder = st.selectbox("Faces are found by", list(names), format_func=backends.finder_label)
    read_by = dict.fromkeys([",".join(recipe.readers), *backends.reader_names()])
    reader = st.selectbox("Emotions are read by", list(read_by), format_func=backends.reader_label)
    smallest = st.text_input("Smallest face, px of a picture 640 wide", str(recipe.smallest_face_px))
    return FormValues(every or step, start, until, finder or "auto", reader or "auto", smallest or "24")


def _part(scene: Scene) -> str:
    """The part of the picture as it is typed, drawn on a frame or given by its edges; empty for the whole picture."""
    size = (scene.video.width, scene.video.height) if scene.video else None
    jpeg = common.store().poster(scene.id) if scene.found else None
    if size is None:
        return region.format_region(scene.recipe.region) if scene.recipe.region else ""
    if jpeg:
        _canvas(scene, jpeg, size)
    with st.container(horizontal=True):
        for edge, value in zip(EDGES, scene.recipe.region or Box(0, 0, *size), strict=True):
            key, most = _key(scene, edge), size[0] if edge in ("left", "right") else size[1]
            st.session_state.setdefault(key, value)
            st.number_input(edge.capitalize(), 0, most, key=key, step=10, on_change=_redraw, args=[scene], width=104)
    chosen = _drawn_part(scene)
    return "" if chosen in (None, Box(0, 0, *size)) else ",".join(map(str, chosen or ()))


def _canvas(scene: Scene, jpeg: bytes, size: tuple[int, int]) -> None:
    """The frame. It is made anew only when the edges are typed: drawn on, it keeps what is drawn."""
    turn, part = st.session_state.setdefault(_key(scene, "canvas"), (0, scene.recipe.region))
    key = _key(scene, f"frame_{turn}")
    st.altair_chart(
        region_charts.region_picker(jpeg, size, part, FRAME_PX, common.theme()),
        key=key,
        width="content",
        on_select=lambda: _take_drawing(scene, st.session_state[key], size),
        selection_mode="part",
        alt="A frame of the scene; the part is drawn on it, or given by its four edges below",
    )
    st.caption("Draw on the picture to have only that part searched for faces, or give its edges, px.")


def _key(scene: Scene, name: str) -> str:
    return f"part_{name}_{scene.id}"


def _drawn_part(scene: Scene) -> Box | None:
    edges = [st.session_state.get(_key(scene, edge)) for edge in EDGES]
    return None if None in edges else Box(*(int(edge or 0) for edge in edges))


def _redraw(scene: Scene) -> None:
    """Draw what was typed."""
    turn, _ = st.session_state.get(_key(scene, "canvas"), (0, None))
    st.session_state[_key(scene, "canvas")] = turn + 1, _drawn_part(scene)


def _take_drawing(scene: Scene, event: Any, size: tuple[int, int]) -> None:
    """Write what was drawn into the edges."""
    part = region_charts.selected_region(event, size) or Box(0, 0, *size)
    for edge, value in zip(EDGES, part, strict=True):
        st.session_state[_key(scene, edge)] = value


def _begin(scene: Scene, asked: FormValues) -> None:
    """Put the new version on the shelf and have it read."""
    old = scene.recipe
    recipe = add.recipe_of(old.source, asked, thorough=old.thorough, budget=old.budget)
    if recipe == old:
        raise SettingError("These are the settings it was read with. Change one of them first.")
    if scene.video:
        region.check_region(recipe.region, scene.video.width, scene.video.height)
    same = versions.find_versions(scene, common.store().scenes())
    add.start_reading(recipe, versions.version_title(scene, same, recipe, name))
    st.switch_page("pages/shelf.py")


def name(name: str) -> str:
    """The finder's or the reader's name that people read."""
    return backends.READERS.get(name) or backends.finder_label(name)
