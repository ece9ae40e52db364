"""The peaks not to believe, by doubt: the evidence about each, and keep or drop."""

import streamlit as st

from core.ui import browser, choices, common, first_paint, progress, views
from core.ui.review import evidence, queue

with common.showing_errors():
    scene = progress.scene_or_progress(choices.pick_scene(*queue.REMEMBERED))
    if scene:
        everyone = views.chosen_view(scene)
        view = everyone.for_person(choices.pick_person(everyone.people))
        queue.head(everyone, view.who)
        progress.show_stopped(scene)
        shown = queue.pick_group(view)
        with st.container(key="review_page"):
            waiting, work = st.columns([5, 19])
        browser.mount()
        with work, st.container(border=True):
            if shown is None:
                queue.show_done(view)
                evidence.undo(view)
            else:
                left, right = st.columns([11, 9], gap="medium")
                with left:
                    evidence.picture(view, shown)
                with right:
                    evidence.panel(view, shown)
        first_paint.stop_after_first_part("review")
        with waiting:
            queue.queue(view, shown)
            queue.drop_many(view)
