"""What the pages share: the store, the scene that is looked at, what the address says, the words around the work."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import pandas as pd
import streamlit as st
from altair.utils import schemapi
from streamlit.navigation.page import Page

from core import __version__, language
from core.charts.palette import Theme, mark
from core.errors import SceneError
from core.host import addresses, limits
from core.model import Scene, Timeline
from core.shelf import findings, housekeeping
from core.store.scenes import Store
from core.store.visitors import VisitorStore, is_key, new_key
from core.ui.cache import LruCache, drawing

NOTICE = "These are predicted facial expressions, not feelings. A reader sees a face, never a person’s mind."
"""What every page ends with, the version after it."""


MOST_MOMENTS, MOST_MOMENTS_HOSTED = 150_000, 30_000
"""Of the timelines that are kept: eight films of an hour, or all that a shelf shows of scenes; about 2 kB each."""

MOST_RESULTS, MOST_RESULTS_HOSTED = 1_500_000, 300_000
"""Moments of everything that is worked out and kept, each result counted with all of its scene's: about 100 bytes each.
An hour's scene has some thirty results of 18,000 moments."""

LEAST_RESULT = 100
"""Moments that a result counts for at least: what it is made of takes room as well."""

LONGEST_ASKED = 20
"""Signs of what an address names that a sentence repeats."""

T = TypeVar("T")

schemapi.disable_debug_mode()  # a chart is checked whole as it is sent; checking each part of it too costs a third more


def theme() -> Theme:
    """``"dark"`` or ``"light"``: what the reader's browser shows just now."""
    return "light" if st.context.theme.type == "light" else "dark"


def store() -> Store:
    """The shelf: everything on a machine of one's own; hosted, what the visitor's own key opens."""
    return VisitorStore(whole_store(), shelf_key(), visitor_address()) if limits.is_hosted() else whole_store()


@st.cache_resource
def whole_store() -> Store:
    """The shelf's database, one for all sessions; hosted, somebody keeps house in it from then on."""
    whole = Store()
    if limits.is_hosted():
        st.set_option("client.showErrorDetails", "none")
        gc.freeze()  # what the libraries consist of stays anyway; looking through the rest is quick
        housekeeping.start(whole.url)  # where no server has: it does so as it starts
    return whole


def shelf_key() -> str:
    """The key of the visitor's shelf: from the address, or this session's; a new visitor gets a new one."""
    said, kept = st.query_params.get("shelf", ""), st.session_state.get("shelf", "")
    key = said if is_key(said) else kept or new_key()
    st.session_state["shelf"] = key
    if said != key:
        st.query_params["shelf"] = key
    return key


def visitor_address() -> str:
    """Where the visitor comes from, as it is counted."""
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    return addresses.count_address(st.context.ip_address, headers)


def timeline(scene: Scene) -> Timeline:
    """All the scene's moments so far; kept until its rows change. It is frozen, so sessions may share it uncopied."""
    # Whoever has the scene was shown it by the shelf that it is on.
    return _timelines().get(rows_key(scene), lambda: whole_store().timeline(scene.id))


def compute_once(table: Callable[..., T], scene: Scene, *how: object) -> T:
    """Return ``table(timeline, *how)``, computed once for the rows that the scene has now, as ``SceneView.compute``.

    Once it is known, the timeline is not loaded for it; sessions share it, so nobody changes it.
    """
    return remember(scene, (table.__module__, table.__qualname__, how), lambda: table(timeline(scene), *how))


def remember(scene: Scene, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """Return what ``make`` gives, kept under ``key`` for the rows that the scene has now; shared as it is."""

    def find() -> T:
        return findings.recall(whole_store(), scene, key, make)

    found = _results().get((rows_key(scene), key), find, max(scene.found, LEAST_RESULT))
    return found.copy(deep=False) if isinstance(found, pd.DataFrame) else found


def rows_key(scene: Scene) -> tuple[int, str, int]:
    """What tells a scene's rows from those that it had before, and from another scene's of the same number."""
    return scene.id, scene.created, scene.revision


@st.cache_resource
def _results() -> LruCache:
    return LruCache(MOST_RESULTS_HOSTED if limits.is_hosted() else MOST_RESULTS)


@st.cache_resource
def _timelines() -> LruCache:
    most = MOST_MOMENTS_HOSTED if limits.is_hosted() else MOST_MOMENTS
    return LruCache(most, lambda timeline: len(timeline.samples))


@contextmanager
def showing_errors() -> Iterator[None]:
    """Whatever a person can act on becomes one quiet sentence; everything else is a fault and stays one."""
    try:
        with drawing():
            yield
    except SceneError as error:
        say(limits.public_message(error), icon="info")


def say(sentence: str, icon: str = "info") -> None:
    """One quiet sentence with a sign before it."""
    st.markdown(f":material/{icon}: {escape(sentence)}")


def escape(text: str) -> str:
    """``text`` so that Markdown prints it as it is: titles and file names may hold anything."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+-.!:|<>~$" else sign for sign in text)


def notice() -> None:
    """The last line of every page."""
    st.space("small")
    st.caption(f":material/info: {NOTICE} Outtake {__version__}")


def show_empty(scene: Scene | None) -> None:
    """What a page shows that has nothing to show: why, and the way back."""
    asked = param("scene")
    if scene:
        st.title(escape(scene.title), anchor=False)
        say(scene.error or "Nothing of this scene has been read yet.")
    elif asked:
        st.title("This scene is not here", anchor=False)
        say(describe_missing(asked))
    else:
        st.title("No scene yet", anchor=False)
        st.caption("Drop a clip on the shelf, or open the sample scene there.")
    shelf_link()


def shelf_link() -> None:
    """The way back."""
    st.page_link("pages/shelf.py", label="To the shelf", icon=":material/arrow_back:")


def describe_missing(asked: str) -> str:
    """Why the scene that the address names is not shown, and what to do now."""
    if title := next((one.title for one in store().trashed_scenes() if str(one.id) == asked), ""):
        return f"“{title}” was deleted. Bring it back on the shelf, or open another scene there."
    named = f"{asked[:LONGEST_ASKED]}{'…' if len(asked) > LONGEST_ASKED else ''}"
    return (
        f"There is no scene “{named}” on this shelf: it was deleted, or the link is wrong. Open a scene on the shelf."
    )


def param(name: str) -> str:
    """What the address says under ``name``; empty where it says nothing."""
    return st.query_params.get(name, "")


def recall_params(*names: str) -> None:
    """Bring choices back into the address that this session made before it went to another page."""
    for name in names:
        kept = f"kept_{name}"
        if name in st.query_params:
            st.session_state[kept] = st.query_params[name]
        elif st.session_state.get(kept):
            st.query_params[name] = st.session_state[kept]


def parse_count(text: str) -> int | None:
    """The number, 0 or more, that an address says; None where it says none: Python takes “²” for a digit, too."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def set_param(name: str, value: str) -> None:
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
    set_param(name, value)
    set_param("page", "")


def sign(emotion: str) -> str:
    """The emotion's mark for a line of text; the page's type draws the bar of neutral half as wide as the others."""
    return mark(emotion, theme()).replace("▬", "▬▬")


def reader_name(reader: str) -> str:
    """The name that people read."""
    return language.READER_LABELS.get(reader, reader)


def reader_words(reader: str) -> str:
    """The reader inside a sentence."""
    return language.reader_name(reader)


def percent(share: float) -> str:
    """A share as people read it: “98 %”, with a space that never breaks."""
    return f"{share:.0%}".replace("%", "\u00a0%")


def address(**parts: object) -> str:
    """A link to a page of this app: the root and what to show, which a fresh server understands as well."""
    if limits.is_hosted():
        parts["shelf"] = shelf_key()
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
