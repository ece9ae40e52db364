"""One scene: its curves, the frame of a picked moment, the means, the people."""

import streamlit as st

from core import ui, ui_live, ui_moment, ui_scene

with ui.calm():
    scene = ui.pick_scene(*ui_scene.REMEMBERED)
    if scene is None or not (scene.found or ui_live.is_live(scene)):
        ui.nothing(scene)
    elif ui_live.is_live(scene):
        st.title(ui.plain(scene.title), anchor=False)
        ui_live.watch(scene.id)
    else:
        timeline, reader = ui.timeline(scene), ui.pick_reader(scene)
        person = ui.pick_person(timeline)
        moment = ui_moment.pick_moment(timeline, reader, person)
        ui_scene.head(scene, timeline, reader)
        with st.container(border=True):
            picture, panel = st.columns([5, 4], gap="medium")
            with picture:
                ui_moment.frame(scene, moment, reader)
            with panel:
                ui_moment.says(scene, timeline, moment, person)
            ui_moment.steps(timeline, moment)
            with st.container(horizontal=True, vertical_alignment="center"):
                ui.emotion_chips(ui.pick_emotions())
                st.space("stretch")
                ui.person_switch(timeline, person)
                smoothed = ui_scene.curve_switch()
            ui_moment.strip(timeline, reader, person, smoothed, moment)
        left, right = st.columns([5, 4])
        with left:
            ui_scene.means(scene, timeline, reader, person)
        with right:
            ui_scene.people(scene, timeline, reader)
