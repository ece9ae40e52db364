"""Teach an emotion of your own: mark faces, see at once how well it can be told apart, keep it, share it."""

import streamlit as st

from core.ui import choices, common
from core.ui.teach import faces, shelf
from core.ui.teach import lesson as ui_teach

with common.showing_errors():
    scene = choices.pick_scene(*ui_teach.REMEMBERED)
    if scene is None or not scene.found:
        common.show_empty(scene)
    else:
        ui_teach.head(scene)
        beside, work = st.columns([4, 9], gap="medium")
        with work:
            if ui_teach.can_teach(scene):
                lesson = ui_teach.current_lesson()
                ui_teach.curve(scene, lesson)
                faces.faces(scene, lesson)
                with beside:
                    ui_teach.lesson_card(lesson)
        with beside:
            shelf.shelf()
