"""The faces of a scene as a gallery: filter, sort, and go to the moment of any of them."""

import streamlit as st

from core.ui import choices, common, doubts, people
from core.ui.gallery import faces as ui_faces

with common.showing_errors():
    scene = choices.pick_scene(*ui_faces.REMEMBERED)
    if scene is None or not scene.found:
        common.show_empty(scene)
    else:
        timeline, reader = common.timeline(scene), choices.pick_reader(scene)
        known = doubts.doubted(scene, reader)
        faces = ui_faces.faces_of(known)
        who = choices.pick_person(choices.people(scene))
        order = ui_faces.head(known)
        emotion = ui_faces.emotion_filter(faces)
        beside, shown = st.columns([1, 4])
        with beside:
            people.people_card(known, narrow=True)
            span = ui_faces.time_filter(timeline)
        with shown:
            found = ui_faces.filter_faces(faces, emotion, who, *span, order)
            ui_faces.gallery(scene, found, order, reader)
