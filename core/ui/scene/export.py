"""The Export popover: what a scene can leave as, the words for its story, and the film that takes a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import language as words
from core.errors import SettingError
from core.export import film_task, kinds
from core.export.film_task import FilmStatus
from core.export.kinds import KINDS, TABLES, TIDY, Choices
from core.host import limits, turns
from core.model import EMOTIONS, Scene
from core.player import routes
from core.settings import is_bundle
from core.shelf.scene_view import SceneView
from core.store.scenes import Store
from core.ui import choices, common, views, wording
from core.ui.scene import story

SIZES = {"small": 0.8, "usual": 1.0, "large": 1.5, "huge": 2.2}
"""Of the letters in pictures."""

WHICH = {"suspects": "of what is doubted", "peaks": "of every peak", "all": "of every moment"}

WIDTH_PX = 552

BUSY = "Many files are being made just now. Try again in a minute."

GROUPS = ("Tables", "Annotations", "Pictures", "Film", "Story", "Bundle")


def fill(opened: DeltaGenerator, view: SceneView) -> None:
    """Put behind the button everything that can be taken along."""
    # Of one width: what is pressed next must not move away with each choice.
    with opened, st.container(width=WIDTH_PX):
        _choices(view)


def _choices(view: SceneView) -> None:
    group = st.segmented_control("What", GROUPS, default=GROUPS[0], required=True, key="export_what")
    made: dict[str, Callable[[SceneView], None]] = {
        "Tables": _tables,
        "Annotations": _annotations,
        "Pictures": _pictures,
        "Film": _film,
        "Story": _story,
        "Bundle": _bundle,
    }
    with common.showing_errors():
        _own_emotions(view)
        made[group or GROUPS[0]](view)


def _own_emotions(view: SceneView) -> None:
    """Which emotions of one's own come along, or why none can."""
    views.explain_missing(view.scene)
    if own := views.list_chosen(view).listed:
        names = " ".join(wording.marked_name(common.escape(name)) for name in own)
        st.caption(f"With your own emotions that are chosen on this page, after the seven: {names}")


def _wanted(view: SceneView) -> Choices:
    """What is chosen on the page: reader, theme, emotions."""
    shown = choices.pick_emotions(view.names)
    seven = tuple(name for name in shown if name in EMOTIONS)
    own = tuple(one for one in view.own if one.name in shown)
    return Choices(view.reader, common.theme(), emotions=seven, taught=own)


def _tables(view: SceneView) -> None:
    st.caption("One row per moment, face and reader, with what is doubted and what you decided.")
    with st.container(horizontal=True):
        for kind in TABLES:
            _button(view, kind, KINDS[kind].words)
    st.caption("For statistics: a row per person and emotion with its interval, and a row per peak.")
    with st.container(horizontal=True):
        for kind in TIDY:
            _button(view, kind, KINDS[kind].words)
    st.caption("For scripts that were written for the fer package: its columns, box0, angry0 …")
    _button(view, "fer", "CSV as fer writes it")
    st.caption("Every scene of the shelf that has been read, in one table with the scene before each row.")
    with st.container(horizontal=True):
        for kind in ("csv", "xlsx"):
            st.download_button(
                f"All, {KINDS[kind].words}",
                partial(_make_in_turn, _shelf, common.store(), kind, _wanted(view)),
                file_name=f"outtake{KINDS[kind].suffix}",
                mime=KINDS[kind].mime,
                key=f"export_all_{kind}",
                on_click="ignore",
            )


def _shelf(store: Store, kind: str, wanted: Choices) -> bytes:
    from core.export import tables

    return tables.to_bytes(kinds.shelf_table(store, store.scenes()[::-1], wanted), kind)


def _annotations(view: SceneView) -> None:
    st.caption("Every peak from its first to its last moment; what is doubted has its reasons.")
    with st.container(horizontal=True):
        _button(view, "elan", "ELAN (.eaf)")
        _button(view, "webvtt", "WebVTT (.vtt)")


def _pictures(view: SceneView) -> None:
    wanted = _looks("pictures", view)
    if wanted:
        which = st.segmented_control("Frames", WHICH, format_func=WHICH.__getitem__, default="suspects", required=True)
        _frames(view, replace(wanted, which=which or "suspects"))
    st.caption("Curves, means, sampling, people and evidence of doubt, as PNG and SVG, in the colours of this page.")
    _button(view, "charts", "All charts (.zip)", wanted)


def _frames(view: SceneView, wanted: Choices) -> None:
    if {"suspects": view.open, "peaks": view.suspects}.get(wanted.which, view):
        _button(view, "frames", "Frames with boxes (.zip)", wanted)
    else:
        common.say("This scene has no such moment. Choose those of every moment.")


def _looks(where: str, view: SceneView) -> Choices | None:
    """Language and size of what is written into pictures; None where this machine cannot write the language."""
    usual = wording.page_language().code
    with st.container(horizontal=True):
        codes = list(words.LANGUAGES)
        code = st.selectbox(
            "Language",
            codes,
            index=codes.index(usual),
            format_func=lambda one: words.LANGUAGES[one].name,
            key=f"{where}_language",
            persist_state="session",
        )
        size = st.selectbox("Letters", list(SIZES), index=1, key=f"{where}_size", persist_state="session")
    wanted = replace(_wanted(view), language=code, size=SIZES[size])
    try:
        kinds.wording(wanted)
    except SettingError as error:
        common.say(str(error))
        return None
    return wanted


def _film(view: SceneView) -> None:
    if is_bundle(view.scene.recipe.source):
        common.say("This scene came without its video, so there is none to draw on.")
        return
    st.caption("The film with boxes and labels on every picture, and its sound.")
    wanted = _looks("film", view)
    if wanted:
        _film_state(view.scene, wanted, view)


def _film_state(scene: Scene, wanted: Choices, view: SceneView) -> None:
    now = film_task.film_status(scene, wanted, view.verdicts)
    if now.state == "writing":
        _progress(scene, wanted, view)
    elif now.state == "done":
        _film_button(scene, now)
    else:
        if now.said:
            common.say(now.said)
        if st.button("Write the film", icon=":material/movie:", key="film_start"):
            with common.showing_errors():
                film_task.start_film(scene, wanted, view.verdicts, common.store().url)
                st.rerun()


@st.fragment(run_every="1s")
def _progress(scene: Scene, wanted: Choices, view: SceneView) -> None:
    """How far it is; ends itself when the film is there."""
    now = film_task.film_status(scene, wanted, view.verdicts)
    if now.state != "writing":
        st.rerun()
    st.progress(now.share, text=f"Writing the film: {common.percent(now.share)}")
    if st.button("Stop", icon=":material/stop:", key="film_stop"):
        film_task.stop_film(now)
        st.rerun()


def _film_button(scene: Scene, now: FilmStatus) -> None:
    """It goes from the disk, past the memory of the page; where nothing but pages is served, through it."""
    if routes.serves_films():
        st.link_button("Take the film (.mp4)", routes.download_address(scene, now.path), icon=":material/download:")
        return
    st.download_button(
        "Take the film (.mp4)",
        now.path.read_bytes,
        file_name=kinds.file_name(scene.title, ".mp4"),
        mime="video/mp4",
        key="film_take",
        on_click="ignore",
    )


def _story(view: SceneView) -> None:
    st.caption("One page to post: the scene, the curves, the peak that makes no sense, the means, and your words.")
    take = st.container(horizontal=True, vertical_alignment="bottom")  # above the fields: they are longer than a screen
    said = story.fields(view.scene)
    codes = list(words.LANGUAGES)
    with take:
        language = st.selectbox(
            "Language of your words",
            codes,
            index=codes.index(wording.page_language().code),
            format_func=lambda one: words.LANGUAGES[one].name,
            key="story_language",
            persist_state="session",
            width=200,
        )
        wanted = replace(_wanted(view), language=language)
        _button(view, "story", "The story (.html)", wanted, partial(story.make_story, said))


def _bundle(view: SceneView) -> None:
    st.caption(
        "Everything that was read, taught and decided, with the stored frames and faces, without the video. "
        "Whoever drops it on their own shelf sees, reviews and compares it."
    )
    room = _sizes(view.scene, view.scene.id, view.scene.created, view.scene.revision)
    parts = ", ".join(f"{name} {size / limits.MB:.1f} MB" for name, size in room.items())
    st.caption(f"Size of its parts: {parts}.")
    _button(view, "bundle", "The bundle (.outtake.zip)")


@st.cache_data(max_entries=64, show_spinner=False)
def _sizes(_scene: Scene, scene_id: int, created: str, revision: int) -> dict[str, int]:
    return common.store().sizes(scene_id)


def _button(
    view: SceneView,
    kind: str,
    label: str,
    wanted: Choices | None = None,
    make: Callable[..., bytes] = kinds.export_scene,
) -> None:
    """A button that makes the file when it is pressed: beside the page, where nobody knows whose shelf is shown."""
    st.download_button(
        label,
        partial(_make_in_turn, make, common.store(), view.scene, kind, wanted or _wanted(view)),
        file_name=kinds.file_name(view.scene.title, kind),
        mime=KINDS[kind].mime,
        key=f"export_{kind}",
        on_click="ignore",
    )


def _make_in_turn(make: Callable[..., bytes], *what: object) -> bytes:
    """Make a file while no other is made: all the pictures of a bundle are held as it is packed."""
    with turns.take_turn("file", BUSY, turns.FILE_PATIENCE_S):
        return make(*what)
