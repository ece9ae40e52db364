"""The page that teaches: the lesson with its name and figures, the faces to choose from, and what is taught already."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.analysis import tables
from core.charts import timeline
from core.emotions import emotion
from core.emotions.emotion import Example, OwnEmotion
from core.emotions.training import LEAST, PRIOR, Share
from core.errors import SceneError, SettingError
from core.host import limits
from core.model import Scene
from core.shelf import emotions, jobs
from core.ui import common, views, wording
from core.video import stills

REMEMBERED = ("sort", "page", "see")
"""Choices of this page that come back when one returns to it."""

YES, NO = "teach_yes", "teach_no"
"""Where the session keeps the faces that were marked."""

SHOW = ("face that shows it", "faces that show it")
SHOW_NOT = ("face that does not", "faces that do not")
"""Of one face, and of several."""

SMALL_PX = 56
"""Side of a marked face beside the lesson."""

MOST_TILES = 12
"""Marked faces that are shown of either side; the others are counted."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is being taught in this session."""

    yes: tuple[Example, ...]
    no: tuple[Example, ...]
    learned: OwnEmotion | None = None
    why: str = ""
    """Why nothing could be learned yet."""


def head(scene: Scene) -> None:
    """Title and what to do here."""
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title("Teach an emotion of your own", width="content", anchor=False)
            st.space("stretch")
            _scene_switch(scene)
        st.caption(
            f"Mark {LEAST} or more faces that show it and {LEAST} that do not, of several people and shots. "
            "Nothing is read again: the reader has seen these faces already."
        )


def _scene_switch(scene: Scene) -> None:
    titles = {str(one.id): one.title for one in common.store().scenes() if one.found}
    if len(titles) > 1:
        st.selectbox(
            "Scene",
            list(titles),
            format_func=lambda one: titles[one],
            label_visibility="collapsed",
            width=240,
            **common.bind("scene", str(scene.id)),
        )


def can_teach(scene: Scene) -> bool:
    """Whether the scene's faces can be taught from; else why not, and the button that changes it."""
    sentence = emotions.why_no_embeddings(common.store(), scene)
    if not sentence:
        return True
    common.say(sentence, icon="school")
    with st.container(horizontal=True):
        if not limits.is_hosted() and st.button("Embed its stored faces", icon=":material/memory:", key="embed"):
            with st.spinner("Looking at the stored faces again"):
                _embed(scene)
            st.rerun()
        if st.button("Read it again", icon=":material/refresh:", key="read_again"):
            jobs.retry(scene.id, common.store())
            st.switch_page("pages/shelf.py")
    return False


def _embed(scene: Scene) -> None:
    """In a process of its own: the networks never enter the server."""
    done = subprocess.run(  # noqa: S603  # our own program and a number
        [sys.executable, "-m", "core", "embed", str(scene.id)],
        cwd=jobs.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SettingError(
            (done.stderr.strip().splitlines() or ["Its faces could not be embedded. Read it again."])[-1]
        )


def current_lesson() -> Lesson:
    """The session's lesson, learned anew when its faces change; those of scenes that are gone are forgotten."""
    yes, no = (tuple(map(emotion.parse_example, st.session_state.setdefault(side, []))) for side in (YES, NO))
    if len(yes) < LEAST or len(no) < LEAST:
        more = [f"{LEAST - len(side)} more that {word}" for side, word in ((yes, "show it"), (no, "do not"))]
        wanted = " and ".join(word for side, word in zip((yes, no), more, strict=True) if len(side) < LEAST)
        return Lesson(yes, no, why=f"Mark {wanted}.")
    try:
        return Lesson(yes, no, _learn(yes, no, emotions.network(), common.store().owner or ""))
    except SceneError as error:
        return Lesson(yes, no, why=str(error))


@st.cache_data(max_entries=32, show_spinner=False)
def _learn(yes: tuple[Example, ...], no: tuple[Example, ...], network: str, owner: str) -> OwnEmotion:
    return emotions.learn(common.store(), "unnamed", yes, no)


def mark(face: str, side: str) -> None:
    """Put a face on one side, or take it off again when it is there."""
    other = NO if side == YES else YES
    chosen = st.session_state.setdefault(side, [])
    st.session_state[other] = [one for one in st.session_state.get(other, []) if one != face]
    st.session_state[side] = [one for one in chosen if one != face] if face in chosen else [*chosen, face]


def lesson_card(lesson: Lesson) -> None:
    """Name, marked faces, and how well it can be told apart; the button that keeps it."""
    with st.container(border=True, key="lesson"):
        name = st.text_input("Name", key="teach_name", placeholder="panic, smirk, the look …", max_chars=30)
        for side, faces, words in ((YES, lesson.yes, SHOW), (NO, lesson.no, SHOW_NOT)):
            st.markdown(f"**{len(faces)}** {words[len(faces) != 1]}")
            _tiles(side, faces)
        show_figures(lesson)
        with st.container(horizontal=True):
            if st.button("Save", icon=":material/save:", key="save", disabled=lesson.learned is None):
                _save(name, lesson)
            if (lesson.yes or lesson.no) and st.button("Begin anew", icon=":material/restart_alt:", key="anew"):
                for side in (YES, NO):
                    st.session_state[side] = []
                st.rerun()


def _tiles(side: str, faces: Sequence[Example]) -> None:
    """The marked faces; a press on the cross takes one off."""
    shown = faces[-MOST_TILES:]
    with st.container(horizontal=True, gap="small"):
        for face in shown:
            crop = common.store().crops(face.scene, [(face.t_ms, face.face)]).get((face.t_ms, face.face))
            with st.container(gap=None, width=SMALL_PX, key=f"{side}_{face}".replace(":", "-")):
                if crop:
                    st.image(stills.decode(crop), width=SMALL_PX, alt=f"Face {face}")
                st.button(
                    "✕", key=f"off_{side}_{face}", type="tertiary", help=f"Take {face} off",
                    on_click=mark, args=[str(face), side],
                )  # fmt: skip
    if len(faces) > len(shown):
        st.caption(f"and {len(faces) - len(shown)} before these")


def show_figures(lesson: Lesson) -> None:
    """How well it can be told apart on people and shots that it was not taught on, or why nobody can say."""
    if lesson.learned is None:
        st.caption(common.escape(lesson.why))
        return
    said = lesson.learned.figures
    if said.recall is None or said.precision is None:
        common.say(said.caution, icon="info")
        return
    st.markdown(f"Of 100 faces that show it, **{_interval_words(said.recall)}** are found.")
    st.markdown(f"Of 100 faces that it finds, **{_interval_words(said.precision)}** show it.")
    st.caption(
        f"Tried on {said.yes_tracks + said.no_tracks} people and shots, each time on one that it was not taught on. In "
        f"brackets the 95 % interval; more people and shots make it narrower. One face in {1 / PRIOR:.0f} is taken to "
        "show it."
    )


def _interval_words(share: Share) -> str:
    return f"{100 * share.value:.0f} ({100 * share.low:.0f} to {100 * share.high:.0f})"


def _save(name: str, lesson: Lesson) -> None:
    if lesson.learned is None:
        return
    one = emotions.learn(common.store(), name, lesson.yes, lesson.no)
    emotions.save_emotion(common.store(), one)
    st.toast(f"“{one.name}” is on your shelf: every scene shows it now.", icon=":material/school:")
    st.rerun()


def curve(scene: Scene, lesson: Lesson) -> None:
    """The emotion as it is taught so far, in this scene, as a dashed curve."""
    if lesson.learned is None:
        return
    name = st.session_state.get("teach_name") or "it"
    view = replace(views.scene_view(scene), own=(replace(lesson.learned, name=name),))
    drawn = view.curve_of(view.channels[1])
    cuts, gaps = view.compute(tables.cuts), view.compute(tables.gaps)
    chart = timeline.timeline(
        drawn, chosen=[name], cuts=cuts, gaps=gaps, theme=common.theme(), rest=False, words=wording.emotion_names()
    )
    st.altair_chart(chart, key="taught_curve", alt=timeline.describe(drawn, cuts, gaps, wording.emotion_names()))
