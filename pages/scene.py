"""One scene: its curves, the frame of a picked moment, the means, the people."""

import streamlit as st

from core.ui import choices, common, doubts, emotions, first_paint, people, progress
from core.ui.scene import baseline, emotions_card, head, means, moment, peaks
from core.ui.scene import export as ui_export

BELOW_PX, PATIENCE_S = 1200, 3.0

with common.calm():
    scene = progress.ready(choices.pick_scene(*head.REMEMBERED))
    if scene:
        known = emotions.joined(doubts.doubted(scene, choices.pick_reader(scene)))
        who = choices.pick_person(choices.people(scene))
        export = head.head(known)
        moment.look(known, who)
        first_paint.first("scene", BELOW_PX, PATIENCE_S)  # the player tells sooner that it stands
        baseline.box(known)
        left, right = st.columns([5, 4])
        with left:
            means.means(known, who)
        with right:
            peaks.doubtful(known, who)
            emotions_card.card(known, who)
        with left if known.doubtful else right:
            people.box(known)
        ui_export.fill(export, known)
