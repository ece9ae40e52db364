"""One scene: its curves, the frame of a picked moment, the means, the people."""

import streamlit as st

from core.ui import choices as ui_choices
from core.ui import common as ui
from core.ui import doubts as ui_doubts
from core.ui import emotions as ui_taught
from core.ui import first_paint as ui_sight
from core.ui import people as ui_people
from core.ui import progress as ui_live
from core.ui.scene import baseline as ui_baseline
from core.ui.scene import emotions_card as ui_taught_card
from core.ui.scene import export as ui_export
from core.ui.scene import head as ui_scene
from core.ui.scene import means as ui_means
from core.ui.scene import moment as ui_moment
from core.ui.scene import peaks as ui_peaks

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
