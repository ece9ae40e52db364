"""The scenes you have: add one, watch it being read, open one."""

import streamlit as st

from core.ui import common as ui
from core.ui import progress as ui_live
from core.ui.shelf import add as ui_shelf
from core.ui.shelf import cards as ui_cards

with ui.calm():
    scenes = ui.store().scenes()
    ui_shelf.head(scenes)
    live = [scene for scene in scenes if ui_live.is_live(scene)]
    add, reading = st.columns(2) if live else (st.container(), st.container())
    with add:
        ui_shelf.add_form()
    with reading:
        for scene in live:
            ui_live.watch(scene.id)
    ui_cards.deleted(scenes)
    if not scenes:
        ui_shelf.sample_card()
    resting = [scene for scene in scenes if scene not in live]
    ui_cards.cards(ui_cards.search_and_sort(resting), scenes)
