"""What the pages share: the store, the scene that is looked at, what the address says, the words around the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from core import tables
from core.adapters.store import Store
from core.errors import SceneError
from core.model import EMOTIONS, Scene, Timeline
from core.palette import Theme, mark

NOTICE = "These are predicted facial expressions, not feelings. A reader sees a face, never a person’s mind."

READER_NAMES = {"deepface": "DeepFace", "builtin": "Built-in"}
FINDER_NAMES = {"mtcnn": "MTCNN", "yunet": "YuNet"}

OF_ONE_SCENE = ("t", "who", "from", "to", "page")
"""What the address may say that means nothing in another scene."""


def theme() -> Theme:
    """``"dark"`` or ``"light"``: what the reader's browser shows just now."""
    return "light" if st.context.theme.type == "light" else "dark"


@st.cache_resource
def store() -> Store:
    """The shelf's database, one for all sessions."""
    return Store()


def timeline(scene: Scene) -> Timeline:
    """All the scene's moments so far; kept until its rows change. It is frozen, so sessions may share it uncopied."""
    return _timeline(scene.id, scene.created, scene.revision)


@st.cache_resource(max_entries=8, show_spinner=False)
def _timeline(scene_id: int, created: str, revision: int) -> Timeline:
    return store().timeline(scene_id)


@contextmanager
def calm() -> Iterator[None]:
    """Whatever a person can act on becomes one quiet sentence; everything else is a fault and stays one."""
    try:
        yield
    except SceneError as error:
        say(str(error), icon="info")


def say(sentence: str, icon: str = "info") -> None:
    """One quiet sentence with a sign before it."""
    st.markdown(f":material/{icon}: {plain(sentence)}")


def plain(text: str) -> str:
    """``text`` so that Markdown prints it as it is: titles and file names may hold anything."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+-.!:|<>~$" else sign for sign in text)


def notice() -> None:
    """The last line of every page."""
    st.space("small")
    st.caption(f":material/info: {NOTICE}")


def nothing(scene: Scene | None) -> None:
    """What a page shows that has nothing to show: why, and the way back."""
    st.title(plain(scene.title) if scene else "No scene yet", anchor=False)
    if scene:
        say(scene.error or "Nothing of this scene has been read yet.")
    st.page_link("pages/shelf.py", label="To the shelf", icon=":material/arrow_back:")


def asked(name: str) -> str:
    """What the address says under ``name``; empty where it says nothing."""
    return st.query_params.get(name, "")


def recall(*names: str) -> None:
    """Bring choices back into the address that this session made before it went to another page."""
    for name in names:
        kept = f"kept_{name}"
        if name in st.query_params:
            st.session_state[kept] = st.query_params[name]
        elif st.session_state.get(kept):
            st.query_params[name] = st.session_state[kept]


def keep(name: str, value: str) -> None:
    """Write a choice into the address, so that a reload or a shared link is there again; an empty one leaves it."""
    st.session_state[f"kept_{name}"] = value
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def bind(name: str, value: object, write: Callable[[Any], str] = str) -> dict[str, Any]:
    """Tie a widget to the address: it shows ``value``, which was read there, and a change of it is written there.

    Callbacks run before the page does, so the page always finds the address as it is to be.
    """
    key = f"{name}_choice"
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return {"key": key, "on_change": lambda: choose(name, write(st.session_state[key]))}


def choose(name: str, value: str) -> None:
    """Keep a choice that a person just made; the gallery then begins at its first page."""
    keep(name, value)
    keep("page", "")


def pick_scene(*remembered: str) -> Scene | None:
    """The scene that the address names, else the last one looked at, else the newest that was read.

    None on an empty shelf. Choices named in ``remembered`` come back with it, unless they belong to another scene.
    """
    scenes = {scene.id: scene for scene in store().scenes()}
    before = st.session_state.get("kept_scene", "")
    wanted = asked("scene") or before
    if wanted.isdigit() and int(wanted) in scenes:
        scene = scenes[int(wanted)]
    elif scenes:
        scene = max(scenes.values(), key=lambda one: (one.state == "done", one.id))
    else:
        return None
    if before != str(scene.id):
        for name in OF_ONE_SCENE:
            st.session_state.pop(f"kept_{name}", None)
    keep("scene", str(scene.id))
    recall(*remembered)
    return scene


def pick_reader(scene: Scene) -> str:
    """The reader whose numbers are shown: the address's, or the scene's first."""
    wanted = asked("reader")
    return wanted if wanted in scene.readers else scene.readers[0]


def reader_switch(scene: Scene, reader: str) -> None:
    """Choose between the readers that read this scene; nothing is read again."""
    if len(scene.readers) > 1:
        st.segmented_control(
            "Reader",
            scene.readers,
            format_func=reader_name,
            required=True,
            label_visibility="collapsed",
            **bind("reader", reader),
        )


def pick_person(timeline: Timeline) -> int | None:
    """The track that the address asks for, or None for everyone."""
    wanted = asked("who")
    known = wanted.isdigit() and int(wanted) in set(tables.people(timeline)["track"])
    return int(wanted) if known else None


def person_switch(timeline: Timeline, person: int | None) -> None:
    """Choose one person or everyone; where there is only one, there is nothing to choose."""
    people = tables.people(timeline)
    labels: dict[int | None, str] = {None: "Everyone", **dict(zip(people["track"], people["label"], strict=True))}
    if len(people) > 1:
        st.selectbox(
            "Person",
            list(labels),
            format_func=lambda track: labels[track],
            label_visibility="collapsed",
            width=150,
            **bind("who", person, lambda track: "" if track is None else str(track)),
        )


def pick_emotions() -> tuple[str, ...]:
    """The emotions to show, in their own order; all of them unless the address says fewer."""
    wanted = set(asked("show").split(","))
    return tuple(name for name in EMOTIONS if name in wanted) or EMOTIONS


def emotion_chips(chosen: Sequence[str]) -> None:
    """A chip per emotion, on or off; turning the last one off brings all of them back."""
    look = theme()
    st.pills(
        "Emotions",
        EMOTIONS,
        selection_mode="multi",
        format_func=lambda name: f"{mark(name, look)} {name}",
        label_visibility="collapsed",
        **bind("show", list(chosen), lambda names: "" if set(names) == set(EMOTIONS) else ",".join(names)),
    )


def reader_name(reader: str) -> str:
    """The name that people read."""
    return READER_NAMES.get(reader, reader)


def finder_name(finder: str) -> str:
    """The name that people read."""
    return FINDER_NAMES.get(finder, finder)


def address(**parts: object) -> str:
    """A link to a page of this app: the root and what to show, which a fresh server understands as well."""
    return f"./?{urlencode({name: part for name, part in parts.items() if part not in ('', None)})}"


def share_link(view: str) -> str:
    """The whole link to what is on the screen now."""
    here = urlsplit(st.context.url or "")
    root = f"{here.scheme}://{here.netloc}{here.path.rsplit('/', 1)[0]}/" if here.netloc else "./"
    return root + address(view=view, **st.query_params.to_dict()).removeprefix("./")


def follow_link(page: Page, views: Mapping[str, Page]) -> None:
    """Go where a shared link's ``view`` points: links name the root, so that a fresh server knows them too."""
    params = st.query_params.to_dict()
    wanted = views.get(params.pop("view", ""))
    if wanted and wanted.url_path != page.url_path:
        st.switch_page(wanted, query_params=params)
    elif "view" in st.query_params:
        del st.query_params["view"]
