"""The shelf's parts: the form that adds a clip, the sample scene, and what is done to a scene."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from core import settings
from core.errors import JobError, SettingError
from core.export import foreign_files
from core.faces import backends
from core.host import limits
from core.links import local_copy
from core.model import Recipe, Scene
from core.shelf import jobs, uploads
from core.ui import common, pictures, upload_guard
from core.ui.shelf import link

BUNDLE = "zip"
"""The ending of a scene that somebody exported without its video."""

STEPS = ["200 ms", "100 ms", "500 ms", "1 s", "2 s", "5 s, skimmed", "50 frames"]
SKIMMED = "Skimmed, from 2 s up, is much quicker: moments fall on the film’s keyframes, often a shot’s first picture."
UPLOAD_PX = 68
"""Height of the field for a file."""

SAMPLES = Path(__file__).parents[3] / "samples"
SAMPLE_TITLE = "The sample scene"


@dataclass(frozen=True, slots=True)
class FormValues:
    """What the form says besides the file, as it was typed."""

    every: str
    start: str
    end: str
    finder: str
    reader: str
    smallest_face: str
    part: str = ""
    """Left, top, right and bottom of the only part of the picture that is searched."""


def head(scenes: Sequence[Scene]) -> None:
    """Title, and where all this is kept."""
    with st.container(gap=None):
        st.title("Your scenes", anchor=False)
        count = f"{len(scenes)} scene{'s' if len(scenes) > 1 else ''}" if scenes else "No scene yet"
        st.caption(f"{count} · {_where()}")


def _where() -> str:
    """Who sees the scenes, and how long they stay."""
    kept_s = limits.current_limits().kept_s
    if kept_s is None:
        return "read and kept on this machine; nothing is sent anywhere"
    hours = round(kept_s / 3600)
    return f"whoever has this page’s address sees this shelf, nobody else does; a scene is deleted after {hours} hours"


def add_form() -> None:
    """The card that takes a file and how to read it; what it cannot take is said below it in one sentence."""
    turn = st.session_state.setdefault("uploads", 0)
    with st.container(border=True):
        st.header("Add a scene", anchor=False)
        preview = link.field(turn)
        if preview:
            link.offer_start(preview)
        with st.form("add", enter_to_submit=False, border=False):
            upload = _upload(turn) if preview is None else None
            with st.container(horizontal=True, vertical_alignment="bottom"):
                asked = _fields()
                st.space("stretch")
                pressed = st.form_submit_button("Read it", icon=":material/play_arrow:", key="add_pressed")
    if pressed:
        with common.showing_errors():
            _take_link(preview, asked) if preview else _take(upload, asked)


def _upload(turn: int) -> BinaryIO | None:
    """Any file: what it really is, the decoder decides, and says so in words that help."""
    words, most = "A video file, or a scene that somebody exported", limits.current_limits().upload_bytes
    with st.container(height=UPLOAD_PX, border=False):  # of one height: else the cards jump once the browser has it
        return upload_guard.file_field(words, None, most, key=f"clip_{turn}", label_visibility="collapsed")


def _fields() -> FormValues:
    """How to read it: three fields in sight, the rest behind a word."""
    every = st.selectbox("One moment every", STEPS, accept_new_options=True, help=SKIMMED, width=150)
    start = st.text_input("From", key="start", placeholder="0:00", width=90)
    end = st.text_input("To", key="end", placeholder="the end", width=90)
    with st.popover("Finder and reader", icon=":material/tune:"):
        finder = st.selectbox("Faces are found by", backends.finder_names(), format_func=backends.finder_label)
        reader = st.selectbox("Emotions are read by", backends.reader_names(), format_func=backends.reader_label)
        smallest = st.text_input("Smallest face, px of a picture 640 wide", "24")
        words = "left, top, right, bottom in px"
        part = st.text_input("Only this part of the picture", key="part", placeholder=words)
    return FormValues(
        every or STEPS[0], start or "", end or "", finder or "auto", reader or "auto", smallest or "24", part
    )


def recipe_of(name: str, asked: FormValues, *, thorough: bool = False, budget: int | None = None) -> Recipe:
    """The recipe that the form's words mean; SettingError says what makes no sense."""
    return settings.recipe(
        name,
        **settings.parse_density(asked.every),
        start=asked.start,
        end=asked.end,
        finder=asked.finder,
        readers=asked.reader,
        smallest_face=asked.smallest_face,
        region=asked.part,
        thorough=thorough,
        budget=budget,
    )


def _take(upload: BinaryIO | None, asked: FormValues) -> None:
    """Keep the upload, put it on the shelf, start reading, and empty the uploader: its bytes would stay in memory."""
    if upload is None:
        raise SettingError("Paste a link or drop a video file first.")
    if upload.seek(0, os.SEEK_END) > limits.current_limits().upload_bytes:
        raise SettingError("This file is larger than may be read here. Cut out the scene and drop that.")
    if upload.name.lower().endswith(f".{BUNDLE}"):
        _take_bundle(upload)
    recipe, title = recipe_of(upload.name, asked), title_of(upload.name)
    uploads.add_upload(common.store(), upload, upload.name, recipe, lambda kept: start_reading(kept, title))
    upload_guard.forget_file(upload)
    st.session_state["uploads"] += 1
    st.rerun()


def _take_bundle(upload: BinaryIO) -> None:
    """Put a scene that somebody exported on the shelf, as it was read, and empty the uploader."""
    common.store().check_room()
    scene = common.store().scene(
        foreign_files.import_bundle(common.store(), upload, lambda said: st.toast(common.escape(said)))
    )
    st.toast(f"“{common.escape(scene.title)}” is on the shelf, as it was read; its video is not.")
    upload_guard.forget_file(upload)
    st.session_state["uploads"] += 1
    st.rerun()


def _take_link(preview: local_copy.Preview, asked: FormValues) -> None:
    """Put what the link leads to on the shelf and start: the worker fetches it."""
    recipe = recipe_of(preview.link, asked)
    link.check_start(preview, recipe.start_ms)
    start_reading(recipe, preview.title[:80])
    st.session_state["uploads"] += 1
    st.rerun()


def start_reading(recipe: Recipe, title: str) -> int:
    """Put a scene on the shelf and have it read, unless it has been; return its id."""
    shelf = common.store()
    shelf.check_room(recipe)
    scene_id = shelf.add(recipe, title)
    scene = shelf.scene(scene_id)
    if scene.state == "done":
        st.toast(f"“{common.escape(scene.title)}” is on the shelf already.")
        return scene_id
    try:
        jobs.start(scene_id, shelf)
    except JobError:
        if not scene.found and not scene.error:  # it came onto the shelf just now
            shelf.delete(scene_id)
        raise
    return scene_id


def title_of(name: str) -> str:
    """A title from a file's name: ``crying_to_laughing.mp4`` → ``Crying to laughing``."""
    printable = "".join(sign if sign.isprintable() else " " for sign in name.replace("\\", "/"))
    words = re.sub(r"[\s_\-.]+", " ", Path(printable).stem).strip()
    return (words[:1].upper() + words[1:])[:80].strip() or "Untitled"


def sample_card() -> None:
    """The empty shelf: one clip that comes with the house, one click away."""
    clip = next(iter(sorted(SAMPLES.glob("*.mp4"))), None)
    if clip is None:
        common.say("Nothing here yet. Drop a video file into the card above.", icon="movie")
        return
    with st.grid(min_column_width=280), st.container():
        st.image(pictures.first_frame(str(clip)), width="stretch", alt="The sample scene's first picture")
        st.markdown("**The sample scene**")
        st.caption("A portrait that NASA gave to everyone, moved and warped by a script.")
        if st.button("Open the sample scene", icon=":material/play_arrow:", key="open_sample"):
            open_sample(clip)
    if film := link.offer_films():
        with common.showing_errors():
            start_reading(settings.recipe(limits.check_link(film.link), start=film.start, end=film.end), film.title)
            st.rerun()


def open_sample(clip: Path) -> None:
    """Have the sample read and go to its page."""
    with common.showing_errors():
        scene_id = start_reading(settings.recipe(clip), SAMPLE_TITLE)
        st.switch_page("pages/scene.py", query_params={"scene": str(scene_id)})
