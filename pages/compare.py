"""Two to six scenes side by side: their curves, their means, where they are most alike and most unlike."""

import streamlit as st

from core.ui import common
from core.ui.compare import cards, curves, sides

with common.showing_errors():
    scenes = common.store().scenes()
    shown = sides.pick(scenes)
    if not shown and not common.param("scenes"):
        common.show_empty(None)
    elif not shown:
        sides.say_missing(shown, scenes)
    else:
        with sides.head(shown, scenes):
            curves.export(shown)
        sides.say_missing(shown, scenes)
        cards.fair(shown)
        cards.cards(shown)
        if len(shown) < 2:
            cards.alone(shown, scenes)
        wide, numbers = st.columns([13, 7])
        with wide:
            curves.card(shown)
        with numbers:
            cards.means(shown)
            cards.moments(shown)
