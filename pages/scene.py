"""One scene: its curves, the frame of a picked moment, the means, the people."""

import streamlit as st

from core import ui
from core.screen import (
    ui_baseline,
    ui_choices,
    ui_doubts,
    ui_export,
    ui_live,
    ui_means,
    ui_moment,
    ui_peaks,
    ui_people,
    ui_scene,
    ui_sight,
    ui_taught,
    ui_taught_card,
)

BELOW_PX, PATIENCE_S = 1200, 3.0

with ui.calm():
    scene = ui_live.ready(ui_choices.pick_scene(*ui_scene.REMEMBERED))
    if scene:
        known = ui_taught.joined(ui_doubts.doubted(scene, ui_choices.pick_reader(scene)))
        who = ui_choices.pick_person(ui_choices.people(scene))
        export = ui_scene.head(known)
        ui_moment.look(known, who)
        ui_sight.first("scene", BELOW_PX, PATIENCE_S)  # the player tells sooner that it stands
        ui_baseline.box(known)
        left, right = st.columns([5, 4])
        with left:
            ui_means.means(known, who)
        with right:
            ui_peaks.doubtful(known, who)
            ui_taught_card.card(known, who)
        with left if known.doubtful else right:
            ui_people.box(known)
        ui_export.fill(export, known)
