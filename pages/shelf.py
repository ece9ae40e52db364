"""The scenes you have: add one, watch it being read, open one."""

import streamlit as st

from core.ui import common, progress
from core.ui.shelf import add as ui_shelf
from core.ui.shelf import cards

with common.showing_errors():
    scenes = common.store().scenes()
    ui_shelf.head(scenes)
    live = [scene for scene in scenes if progress.is_live(scene)]
    add, reading = st.columns(2) if live else (st.container(), st.container())
    with add:
        ui_shelf.add_form()
    with reading:
        for scene in live:
            progress.watch(scene.id)
    cards.deleted_scenes(scenes)
    if not scenes:
        ui_shelf.sample_card()
    resting = [scene for scene in scenes if scene not in live]
    cards.cards(cards.search_and_sort(resting), scenes)
