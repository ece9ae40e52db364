"""The frame: page config, navigation on top, the chosen page, and the notice below it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from core.ui import browser, common, startup, upload_guard
from core.ui.scene import player

ASSETS = Path(__file__).parent / "assets"


def views() -> dict[str, Page]:
    """The pages by the names that links give them."""
    # Every url_path differs from its file's stem: else a server's first visitor of a deep address gets the page alone.
    return {
        "shelf": st.Page("pages/shelf.py", title="Shelf", icon=":material/grid_view:", url_path="scenes", default=True),
        "scene": st.Page("pages/scene.py", title="Scene", icon=":material/movie:", url_path="timeline"),
        "review": st.Page("pages/review.py", title="Review", icon=":material/flag:", url_path="doubts"),
        "faces": st.Page("pages/faces.py", title="Faces", icon=":material/face:", url_path="gallery"),
        "teach": st.Page("pages/teach.py", title="Teach", icon=":material/school:", url_path="lesson"),
        "compare": st.Page("pages/compare.py", title="Compare", icon=":material/compare:", url_path="together"),
    }


def frame() -> None:
    """What a visitor sees."""
    # Before the navigation: else the browser asks a foreign server for the page's icon as the tab's.
    st.set_page_config(page_title="Outtake", page_icon=str(ASSETS / "icon.svg"), layout="wide")
    pages = views()
    page = st.navigation(list(pages.values()), position="top")
    st.set_page_config(page_title=f"{page.title} · Outtake")
    browser.follow_picture()
    common.follow_link(page, pages)
    st.logo(str(ASSETS / f"logo-{common.theme()}.svg"), size="medium")
    page.run()
    upload_guard.settle_page()
    common.notice()


if __name__ == "__main__":
    frame()
else:  # imported once by `streamlit run`, for what the server answers besides the pages
    app = st.App(__file__, routes=player.routes(), middleware=startup.middleware(), lifespan=startup.ready)
