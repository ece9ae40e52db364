"""The peaks not to believe, by doubt: the evidence about each, and keep or drop."""

import streamlit as st

from core.ui import choices, common, doubts, emotions, first_paint, progress
from core.ui.review import evidence, queue

with common.showing_errors():
    scene = progress.scene_or_progress(choices.pick_scene(*queue.REMEMBERED))
    if scene:
        who = choices.pick_person(choices.people(scene))
        whole = emotions.joined(doubts.doubted(scene, choices.pick_reader(scene)))
        queue.head(whole, who)
        known = doubts.only(whole, who)
        shown = queue.pick_peak(known)
        waiting, work = st.columns([5, 19])
        with work, st.container(border=True):
            if shown is None:
                queue.show_done(known, who)
                evidence.undo(known)
            else:
                left, right = st.columns([11, 9], gap="medium")
                with left:
                    evidence.picture(known, shown)
                with right:
                    evidence.panel(known, shown)
        first_paint.stop_after_first_part("review")
        with waiting:
            queue.queue(known, shown)
            queue.drop_many(known)
