"""Two to six scenes side by side: their curves, their means, where they are most alike and most unlike."""

import streamlit as st

from core.ui import common
from core.ui.compare import cards, sides
from core.ui.compare import curves as ui_side_curves

with common.showing_errors():
    scenes = common.store().scenes()
    shown = sides.pick(scenes)
    if not shown:
        common.show_empty(None)
    else:
        with sides.head(shown, scenes):
            ui_side_curves.export(shown)
        cards.fair(shown)
        cards.cards(shown)
        if len(shown) < 2:
            cards.alone(shown, scenes)
        curves, numbers = st.columns([13, 7])
        with curves:
            ui_side_curves.card(shown)
        with numbers:
            cards.means(shown)
            cards.moments(shown)
