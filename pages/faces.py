"""The faces of a scene as a gallery: filter, sort, and go to the moment of any of them."""

import streamlit as st

from core.ui import choices as ui_choices
from core.ui import common as ui
from core.ui import doubts as ui_doubts
from core.ui import people as ui_people
from core.ui.gallery import faces as ui_faces

with ui.calm():
    scene = ui_choices.pick_scene(*ui_faces.REMEMBERED)
    if scene is None or not scene.found:
        ui.nothing(scene)
    else:
        timeline, reader = ui.timeline(scene), ui_choices.pick_reader(scene)
        known = ui_doubts.doubted(scene, reader)
        faces = ui_faces.faces_of(known)
        who = ui_choices.pick_person(ui_choices.people(scene))
        order = ui_faces.head(known)
        emotion = ui_faces.emotion_filter(faces)
        beside, shown = st.columns([1, 4])
        with beside:
            ui_people.box(known, narrow=True)
            span = ui_faces.time_filter(timeline)
        with shown:
            found = ui_faces.wanted(faces, emotion, who, *span, order)
            ui_faces.gallery(scene, found, order, reader)
