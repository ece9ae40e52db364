"""One scene: its curves, the frame of a picked moment, the means, the people."""

import streamlit as st

from core.ui import choices, common, first_paint, people, progress, views
from core.ui.scene import baseline, emotions_card, export, head, means, moment, peaks

PATIENCE_S = 8.0

with common.showing_errors():
    scene = progress.scene_or_progress(choices.pick_scene(*head.REMEMBERED))
    if scene:
        everyone = views.chosen_view(scene)
        view = everyone.for_person(choices.pick_person(everyone.people))
        opened = head.head(everyone)
        progress.show_stopped(scene)
        moment.player_card(view)
        first_paint.stop_after_first_part("scene", PATIENCE_S)  # the player tells sooner that it stands
        baseline.calm_card(everyone)
        left, right = st.columns([5, 4])
        with left:
            means.means(view)
        with right:
            peaks.doubtful_card(view)
            emotions_card.card(view)
        people.people_card(everyone)
        export.fill(opened, everyone)
