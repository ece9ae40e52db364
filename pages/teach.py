"""Teach an emotion of your own: mark faces, see at once how well it can be told apart, keep it, share it."""

import streamlit as st

from core.ui import choices as ui_choices
from core.ui import common as ui
from core.ui.teach import faces as ui_teach_faces
from core.ui.teach import lesson as ui_teach
from core.ui.teach import shelf as ui_teach_shelf

with ui.calm():
    scene = ui_choices.pick_scene(*ui_teach.REMEMBERED)
    if scene is None or not scene.found:
        ui.nothing(scene)
    else:
        ui_teach.head(scene)
        beside, work = st.columns([4, 9], gap="medium")
        with work:
            if ui_teach.ready(scene):
                lesson = ui_teach.marked()
                ui_teach.curve(scene, lesson)
                ui_teach_faces.faces(scene, lesson)
                with beside:
                    ui_teach.lesson_card(lesson)
        with beside:
            ui_teach_shelf.shelf()
