"""One moment of a scene: which one the page opens at, and the card with the player that shows it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.analysis import tables
from core.model import Face, Sample, Timeline, Who
from core.ui import choices, common, doubts, emotions
from core.ui.doubts import Doubted
from core.ui.scene import player


def nearest(timeline: Timeline, t_ms: int) -> Sample:
    """The stored moment nearest to ``t_ms``, the earlier one of two."""
    times = [sample.t_ms for sample in timeline.samples]
    after = bisect_left(times, t_ms)
    near = timeline.samples[max(after - 1, 0) : after + 1]
    return min(near, key=lambda sample: abs(sample.t_ms - t_ms))


def most_telling(timeline: Timeline, faces: pd.DataFrame, who: Who) -> Sample:
    """Where to look first: the moment whose face says most, neutral aside; the first one where nobody is."""
    faces = tables.select_faces(faces[faces["top"] != "neutral"], who)
    return nearest(timeline, int(faces.loc[faces["score"].idxmax(), "t_ms"]) if len(faces) else 0)


def pick_moment(known: Doubted, who: Who) -> Sample:
    """The moment that the address names, else the most doubtful one, else the most telling one."""
    scene, reader = known.scene, known.reader
    asked, timeline = common.param("t"), common.timeline(scene)
    if asked.isdigit():
        return nearest(timeline, int(asked))
    first = next((one.peak for one in doubts.of_person(known.open, who)), None)
    if first:
        return nearest(timeline, first.apex_ms)
    return most_telling(timeline, common.compute_once(tables.faces, scene, reader), who)


@st.fragment
def player_card(known: Doubted, who: Who) -> None:
    """The card with the player, its readings and its curves: a pause or a choice in it draws only this card anew."""
    with common.showing_errors():
        people = choices.people(known.scene)
        if choices.pick_person(people) != who:
            st.rerun()  # the means and the people below show the choice as well
        with st.container(border=True, key="player_card"):
            choices.person_switch(people, who)
            player.play(known, who, lambda: pick_moment(known, who))
        if emotions.joined(known).own != known.own:
            st.rerun()  # the list of what is doubted follows the emotions of one's own that were just chosen


def order_readings(face: Face, readers: Sequence[str]) -> Face:
    """The face with its readings in the scene's order, so that a reader always has the same side."""
    return replace(face, readings={name: face.readings[name] for name in readers if name in face.readings})
