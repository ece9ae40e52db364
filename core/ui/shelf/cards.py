"""The cards of the shelf: a poster, a title, what it says, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from core.analysis import tables, versions
from core.host import home
from core.model import Scene, Suspect
from core.settings import clock
from core.shelf import findings, jobs
from core.store.scenes import Store
from core.ui import browser, choices, common, pictures, views, wording
from core.ui.shelf import read_again
from core.video import extent

PER_PAGE = 12
"""Cards shown at a time: most of them are in sight at first, and a browser lays out ten in the time of a blink."""

MOST_DOUBTFUL = "most doubtful first"

ORDERS: dict[str, Callable[[Scene], tuple[float, str]]] = {
    "newest first": lambda scene: (-scene.id, ""),
    MOST_DOUBTFUL: lambda scene: (0, scene.title),
    "by name": lambda scene: (0, scene.title.casefold()),
    "longest first": lambda scene: (-(scene.video.duration_ms if scene.video else 0), scene.title),
}

SMALLER_FACE_PX = 12
"""What “Look for smaller faces” looks for: half the usual."""


MOST_DELETED = 3
"""Deleted scenes with a line of their own; the one deleted last comes first."""


def arrange(scenes: Sequence[Scene], words: str, order: str) -> list[Scene]:
    """The scenes whose titles hold every one of ``words``, in that order."""
    wanted = words.casefold().split()
    found = [scene for scene in scenes if all(word in scene.title.casefold() for word in wanted)]
    found.sort(key=ORDERS[order])
    if order == MOST_DOUBTFUL:
        waiting = open_doubts(found)
        found.sort(key=lambda scene: -len(waiting[scene.id]))
    return found


def search_and_sort(scenes: Sequence[Scene]) -> list[Scene]:
    """The row above the cards; with a single scene there is nothing to search."""
    if len(scenes) < 2:
        return list(scenes)
    with st.container(horizontal=True, vertical_alignment="center"):
        words = st.text_input(
            "Find a scene",
            key="words",
            placeholder="Find a scene",
            icon=":material/search:",
            type="search",
            live=True,
            width=260,
            label_visibility="collapsed",
        )
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="center", width="content", wrap=False):
            st.caption("Sort by", width="content")
            order = st.selectbox("Sort by", list(ORDERS), label_visibility="collapsed", width=180)
    found = arrange(scenes, words or "", order or "newest first")
    if not found:
        st.caption(f"No scene is called “{common.escape(words or '')}”.")
    return found


def cards(scenes: Sequence[Scene], shelf: Sequence[Scene]) -> None:
    """The scenes side by side, a page of them at a time; ``shelf`` are all there are, other versions among them."""
    same = versions.group_by_source(shelf)
    pages = -(-len(scenes) // PER_PAGE)
    key = f"shelf_of_{pages}"  # another search begins at its first page
    first = PER_PAGE * (st.session_state.get(key, 1) - 1)
    shown = scenes[first : first + PER_PAGE]
    waiting = open_doubts(shown)
    with st.grid(min_column_width=280, gap=("medium", "small")):
        for scene in shown:
            with st.container(gap="xxsmall", key=f"card_{scene.id}"):
                _card(scene, same.get(scene.id, (scene,)), waiting[scene.id])
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.pagination(pages, key=key)
    browser.mount()


def _card(scene: Scene, same: Sequence[Scene], waiting: Sequence[Suspect]) -> None:
    link = common.address(view="scene", scene=scene.id) if scene.found else None
    doubts = [one.peak.apex_ms for one in waiting]
    aside = f", {len(doubts)} to review" if doubts else ""
    picture = pictures.poster(scene, doubts)
    st.image(picture, width="stretch", link=link, alt=f"Poster of {scene.title}{aside}")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False):
        label = f"**{common.escape(scene.title)}**"
        opened = st.button(label, key=f"open_{scene.id}", type="tertiary")
        wish = st.menu_button("More", list(ACTIONS), key=f"menu_{scene.id}", type="tertiary")
    _card_text(scene)
    if len(same) > 1:
        _versions(scene, same)
    if opened:
        st.switch_page("pages/scene.py", query_params={"scene": str(scene.id)})
    if wish:
        ACTIONS[wish](scene)


def _versions(scene: Scene, same: Sequence[Scene]) -> None:
    """How many versions there are, what this one was read with, and the way to hold them against each other."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(
            f"{len(same)} versions · this one {versions.describe_own(scene, same, read_again.name)}", width="content"
        )
        if sum(one.found > 0 for one in same) < 2:  # the other is still to be read
            return
        there = {"scenes": read_again.side_by_side(scene, same)}
        st.page_link("pages/compare.py", label="Compare", icon=":material/compare:", query_params=there)


def open_doubts(scenes: Sequence[Scene]) -> dict[int, tuple[Suspect, ...]]:
    """The doubtful peaks of each scene that nobody has decided on, by the reader that is shown first.

    Those of emotions of one's own are among them, as on the review page.
    """
    read = views.scene_views([scene for scene in scenes if scene.found])
    return dict.fromkeys((scene.id for scene in scenes), ()) | {one.scene.id: one.open for one in read}


def _card_text(scene: Scene) -> None:
    """One line on what was read, or on what went wrong with its one remedy; and one where the file broke off."""
    _state_line(scene)
    last_ms = common.compute_once(findings.last_ms, scene)
    if last_ms is not None and extent.ends_early(scene, last_ms):
        st.caption(extent.describe_length(scene, last_ms).capitalize())


def _state_line(scene: Scene) -> None:
    if scene.state == "failed":
        st.caption(common.escape(scene.error))
        _remedy("Try again", "refresh", jobs.retry, scene)
    elif scene.state != "done":
        st.caption(
            common.escape(scene.error) or f"Stopped at {clock(common.compute_once(findings.last_ms, scene) or 0)}"
        )
        _remedy("Resume", "play_arrow", jobs.start, scene)
    elif ranked := common.compute_once(tables.top_emotions, scene, choices.pick_reader(scene)):
        st.markdown(f":small[{wording.ranking(ranked)}]")
    else:
        st.caption(f"No face was found in {scene.found} moments.")
        if scene.recipe.smallest_face_px > SMALLER_FACE_PX:
            _remedy("Look for smaller faces", "zoom_in", look_closer, scene)


def _remedy(label: str, icon: str, act: Callable[[int, Store], object], scene: Scene) -> None:
    sign = f":material/{icon}:"
    st.button(label, icon=sign, key=f"remedy_{scene.id}", on_click=_act, args=[act, scene.id], type="tertiary")


def _act(act: Callable[[int, Store], object], scene_id: int) -> None:
    with common.showing_errors():
        act(scene_id, common.store())


def look_closer(scene_id: int, store: Store) -> None:
    """Put the same clip on the shelf once more, to be read for smaller faces, and start."""
    scene = store.scene(scene_id)
    closer = replace(scene.recipe, smallest_face_px=SMALLER_FACE_PX)
    jobs.start(store.add(closer, f"{scene.title}, smaller faces"), store)


@st.dialog("Rename the scene")
def rename(scene: Scene) -> None:
    """Ask for another title."""
    st.text_input("Title", scene.title, max_chars=80, key="new_title")
    if st.button("Rename", icon=":material/edit:", key="rename", on_click=_rename, args=[scene.id]):
        st.rerun()


def _rename(scene_id: int) -> None:
    title = st.session_state["new_title"].strip()
    if title:
        _act(lambda known, store: store.rename(known, title), scene_id)


def delete(scene: Scene) -> None:
    """Take it off the shelf, from which it can be brought back; asks first where it cannot."""
    if home.disk_nearly_full():
        _delete_for_good(scene)
        return
    with common.showing_errors():
        jobs.delete(scene.id, common.store())
        st.rerun()


@st.dialog("Delete the scene")
def _delete_for_good(scene: Scene) -> None:
    """Ask once more, then take it off the shelf for good."""
    gone = f"“{common.escape(scene.title)}” goes with its {scene.found} moments and their pictures."
    st.markdown(f"{gone} The disk is nearly full, so this cannot be undone.")
    with st.container(horizontal=True):
        icon, act = ":material/delete:", [jobs.delete, scene.id]
        pressed = st.button("Delete it", icon=icon, key="delete", on_click=_act, args=act)
        if st.button("Keep it") or pressed:
            st.rerun()


def deleted_scenes(shelf: Sequence[Scene]) -> None:
    """The scenes that can be brought back, a line each; the one deleted last also by the key U."""
    gone = common.store().trashed_scenes()[:MOST_DELETED]
    there = {scene.recipe for scene in shelf} if gone else set()
    for place, scene in enumerate(gone):
        with st.container(horizontal=True, vertical_alignment="center", key=f"deleted_{scene.id}"):
            read_anew = scene.recipe in there
            said = "is read again; what there was can be brought back." if read_anew else "is deleted."
            st.markdown(f":material/delete: “{common.escape(scene.title)}” {said}", width="content")
            back, good = [jobs.restore, scene.id], [jobs.delete_for_good, scene.id]
            key = "U" if place == 0 else None
            icon = ":material/undo:"
            st.button("Undo", icon=icon, shortcut=key, key=f"back_{scene.id}", on_click=_act, args=back)
            label = "Delete for good"
            st.button(label, key=f"erase_{scene.id}", type="tertiary", on_click=_act, args=good)
    if gone and len(shelf) < 2:
        st.space("medium")  # the buttons of a picture below, which come when it is pointed at, would lie on these


def read_anew(scene: Scene) -> None:
    """Read it from the start once more; what was read of it can be brought back."""
    with common.showing_errors():
        jobs.read_again(scene.id, common.store())
        st.rerun()


ACTIONS: dict[str, Callable[[Scene], None]] = {
    "Rename": rename,
    "Compare": read_again.compare,
    "Read again with other settings": read_again.ask,
    "Read again": read_anew,
    "Delete": delete,
}
