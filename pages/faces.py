"""The faces of a scene as a gallery: filter, sort, and go to the moment of any of them."""

from dataclasses import replace

import streamlit as st

from core.ui import choices, common, people, views
from core.ui.gallery import faces as gallery

with common.showing_errors():
    scene = choices.pick_scene(*gallery.REMEMBERED)
    if scene is None or not scene.found:
        common.show_empty(scene)
    else:
        view = replace(views.scene_view(scene), listed=())
        faces = gallery.faces_of(view)
        who = choices.pick_person(view.people)
        order = gallery.head(view)
        emotion = gallery.emotion_filter(faces)
        beside, shown = st.columns([1, 4])
        with beside:
            people.people_card(view, narrow=True)
            span = gallery.time_filter(view.timeline)
        with shown:
            found = gallery.filter_faces(faces, emotion, who, *span, order)
            gallery.gallery(view, found, order)
