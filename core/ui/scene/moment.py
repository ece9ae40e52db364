"""One moment of a scene: which one the page opens at, and the card with the player that shows it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.analysis import tables, turning_points
from core.model import Face, Sample, Timeline, Who
from core.shelf.scene_view import SceneView
from core.ui import choices, common, views
from core.ui.scene import player

LONGEST_ECHO = 20
"""Signs of what an address says that are repeated to whoever opened it."""


def nearest(timeline: Timeline, t_ms: int) -> Sample:
    """The stored moment nearest to ``t_ms``, the earlier one of two."""
    times = [sample.t_ms for sample in timeline.samples]
    after = bisect_left(times, t_ms)
    near = timeline.samples[max(after - 1, 0) : after + 1]
    return min(near, key=lambda sample: abs(sample.t_ms - t_ms))


def most_telling(timeline: Timeline, faces: pd.DataFrame, who: Who) -> Sample:
    """Where to look first: the biggest turn, else the moment whose face says most; the first one where nobody is."""
    if turn := turning_points.biggest_turn(tables.select_faces(faces, who)):
        return nearest(timeline, turn.t_ms)
    faces = tables.select_faces(faces[faces["top"] != "neutral"], who)
    return nearest(timeline, int(faces.loc[faces["score"].idxmax(), "t_ms"]) if len(faces) else 0)


def pick_moment(view: SceneView) -> Sample:
    """The moment that the address names, else the most doubtful one, else the most telling one."""
    asked = common.param("t")
    at_ms = common.parse_count(asked)
    if at_ms is not None:
        return nearest(view.timeline, at_ms)
    if asked:
        said = "".join(sign if sign.isprintable() else "?" for sign in asked)[:LONGEST_ECHO]
        common.say(f"“{said}” is not a moment in milliseconds, so another one is shown. Choose yours on the curves.")
    if view.open:
        return view.sample(view.open[0].peak.apex_ms)
    return most_telling(view.timeline, view.faces(), view.who)


@st.fragment
def player_card(view: SceneView) -> None:
    """The card with the player, its readings and its curves: a pause or a choice in it draws only this card anew."""
    with common.showing_errors():
        people = view.people
        if choices.pick_person(people) != view.who:
            st.rerun()  # the means and the people below show the choice as well
        with st.container(border=True, key="player_card"):
            player.play(view, lambda: pick_moment(view))
        if views.list_chosen(view).suspects != view.suspects:
            st.rerun()  # the list of what is doubted follows the emotions of one's own that were just chosen


def order_readings(face: Face, readers: Sequence[str]) -> Face:
    """The face with its readings in the scene's order, so that a reader always has the same side."""
    return replace(face, readings={name: face.readings[name] for name in readers if name in face.readings})
