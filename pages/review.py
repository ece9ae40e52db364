"""The peaks not to believe, by doubt: the evidence about each, and keep or drop."""

import streamlit as st

from core.ui import choices as ui_choices
from core.ui import common as ui
from core.ui import doubts as ui_doubts
from core.ui import emotions as ui_taught
from core.ui import first_paint as ui_sight
from core.ui import progress as ui_live
from core.ui.review import evidence as ui_evidence
from core.ui.review import queue as ui_review

with ui.calm():
    scene = ui_live.ready(ui_choices.pick_scene(*ui_review.REMEMBERED))
    if scene:
        who = ui_choices.pick_person(ui_choices.people(scene))
        whole = ui_taught.joined(ui_doubts.doubted(scene, ui_choices.pick_reader(scene)))
        ui_review.head(whole, who)
        known = ui_doubts.only(whole, who)
        shown = ui_review.pick(known)
        waiting, work = st.columns([5, 19])
        with work, st.container(border=True):
            if shown is None:
                ui_review.nothing_left(known, who)
                ui_evidence.undo(known)
            else:
                left, right = st.columns([11, 9], gap="medium")
                with left:
                    ui_evidence.picture(known, shown)
                with right:
                    ui_evidence.panel(known, shown)
        ui_sight.first("review")
        with waiting:
            ui_review.queue(known, shown)
            ui_review.drop_many(known)
