"""One scene: its curves, the frame of a picked moment, the means, the people."""

import streamlit as st

from core.ui import choices, common, doubts, emotions, first_paint, people, progress
from core.ui.scene import baseline, emotions_card, head, means, moment, peaks
from core.ui.scene import export as ui_export

BELOW_PX, PATIENCE_S = 1200, 3.0

with common.showing_errors():
    scene = progress.scene_or_progress(choices.pick_scene(*head.REMEMBERED))
    if scene:
        known = emotions.joined(doubts.doubted(scene, choices.pick_reader(scene)))
        who = choices.pick_person(choices.people(scene))
        export = head.head(known)
        moment.player_card(known, who)
        first_paint.stop_after_first_part("scene", BELOW_PX, PATIENCE_S)  # the player tells sooner that it stands
        baseline.calm_card(known)
        left, right = st.columns([5, 4])
        with left:
            means.means(known, who)
        with right:
            peaks.doubtful_card(known, who)
            emotions_card.card(known, who)
        with left if known.doubtful else right:
            people.people_card(known)
        ui_export.fill(export, known)
