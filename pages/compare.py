"""Two to six scenes side by side: their curves, their means, where they are most alike and most unlike."""

import streamlit as st

from core.ui import common as ui
from core.ui.compare import cards as ui_compare
from core.ui.compare import curves as ui_side_curves
from core.ui.compare import sides as ui_sides

with ui.calm():
    scenes = ui.store().scenes()
    shown = ui_sides.pick(scenes)
    if not shown:
        ui.nothing(None)
    else:
        with ui_sides.head(shown, scenes):
            ui_side_curves.export(shown)
        ui_compare.fair(shown)
        ui_compare.cards(shown)
        if len(shown) < 2:
            ui_compare.alone(shown, scenes)
        curves, numbers = st.columns([13, 7])
        with curves:
            ui_side_curves.card(shown)
        with numbers:
            ui_compare.means(shown)
            ui_compare.moments(shown)
