"""A scene while it is being read: how far it is, what it says so far, and how to stop it."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from core import settings
from core.analysis import tables
from core.charts import timeline as charts
from core.errors import SceneError
from core.faces import backends
from core.host import limits
from core.model import Scene
from core.settings import clock
from core.shelf import jobs
from core.store.scenes import Store
from core.ui import chart as ui_charts
from core.ui import common, pictures

POSTER_PX = 168
"""Width of the small picture beside the progress."""


def scene_or_progress(scene: Scene | None) -> Scene | None:
    """Return the scene when a page can show it; else show what there is instead: nothing yet, or how it is read."""
    if scene is None or not (scene.found or is_live(scene)):
        common.show_empty(scene)
    elif is_live(scene):
        st.title(common.escape(scene.title), anchor=False)
        watch(scene.id)
    else:
        return scene
    return None


def show_stopped(scene: Scene) -> None:
    """Of a scene that was not read to its end: why, as far as it goes, and how to go on; nothing of any other."""
    if scene.state == "done" or is_live(scene):
        return
    last_ms = common.timeline(scene).samples[-1].t_ms
    with st.container(horizontal=True, vertical_alignment="center"):
        why = f"{scene.error} " if scene.error else ""
        common.say(f"{why}Reading stopped at {clock(last_ms)}: what is shown was read until then.", icon="pause_circle")
        label, act = ("Try again", jobs.retry) if scene.state == "failed" else ("Resume", jobs.start)
        st.button(label, icon=":material/play_arrow:", key="resume", on_click=_go_on, args=[act, scene.id])


def _go_on(act: Callable[[int, Store], object], scene_id: int) -> None:
    with common.showing_errors():
        act(scene_id, common.store())


def is_live(scene: Scene) -> bool:
    """Whether a worker reads it now or is about to; one whose worker gives no sign of life is neither."""
    return scene.waiting or scene.alive


@st.fragment(run_every="1s")
def watch(scene_id: int) -> None:
    """Show the scene as it is each second, until it is read; then the page is drawn anew and calls this no more."""
    try:
        scene = common.store().scene(scene_id)
    except SceneError:  # deleted in another tab
        st.rerun()
    if not is_live(scene):
        st.rerun()
    with st.container(border=True, key=f"live_{scene_id}"):
        _head(scene)
        _progress(scene)
        if scene.found:  # twenty who wait need no empty chart every second
            _growth(scene)


def _head(scene: Scene) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(f"Reading “{common.escape(scene.title)}”", anchor=False)
        st.button("Stop", icon=":material/stop:", key=f"stop_{scene.id}", on_click=_stop, args=[scene.id])


def _stop(scene_id: int) -> None:
    with common.showing_errors():
        jobs.stop(scene_id, common.store())


def _progress(scene: Scene) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.image(pictures.small_poster(scene), width=POSTER_PX, alt="")
        with st.container(width="stretch"):
            st.progress(share(scene), text=describe_work(scene))
            st.caption(describe_rest(scene))


def describe_work(scene: Scene) -> str:
    """What the worker does now, in one line."""
    if scene.waiting:
        return "Waiting for its turn"
    if scene.state == "queued":
        return "Starting"
    if settings.is_link(scene.recipe.source) and not scene.video:
        return describe_fetching(scene)
    if not scene.expected:
        return "Opening the file"
    return f"Reading faces: {scene.found} of {max(scene.expected, scene.found)} moments"


def describe_fetching(scene: Scene) -> str:
    """“Fetching the video: 12 of 45 MB”, as far as the site says."""
    if not scene.fetched:
        return "Asking the site for the video"
    done, size = scene.fetched / limits.MB, scene.size / limits.MB
    return f"Fetching the video: {done:.0f} of {size:.0f} MB" if size else f"Fetching the video: {done:.0f} MB so far"


def share(scene: Scene) -> float:
    """How full the bar is: of the video while it is fetched, then of the moments."""
    if scene.expected:
        return min(scene.found / scene.expected, 1.0)
    return min(scene.fetched / scene.size, 1.0) if scene.size else 0.0


def describe_rest(scene: Scene) -> str:
    """What is known besides: its place in the queue, how long it will take, who reads, faces so far."""
    if scene.waiting:
        before = common.store().queue_place(scene.id) - 1
        return f"{before} scene{'s' if before > 1 else ''} before it" if before > 0 else "It is the next one"
    parts = [time_left(scene.found, scene.expected, _since(scene))] if scene.found else []
    if scene.readers:
        parts.append(f"faces found by {backends.finder_label(scene.finder)}")
        parts.append("read by " + " and ".join(common.reader_words(name) for name in scene.readers))
    return " · ".join(part for part in parts if part) or "The first moments come within seconds"


def _since(scene: Scene) -> tuple[float, int]:
    """Seconds and moments since this session first saw the scene being read."""
    now = time.monotonic()
    began, found = st.session_state.setdefault(f"began_{scene.id}", (now, scene.found))
    return now - began, scene.found - found


def time_left(found: int, expected: int, since: tuple[float, int]) -> str:
    """“about 4 s left”, from the pace since this page looked; nothing before there is a pace."""
    seconds, moments = since
    if moments <= 0 or found >= expected:
        return ""
    rest = round((expected - found) * seconds / moments)
    return f"about {rest} s left" if rest < 90 else f"about {round(rest / 60)} min left"


def _growth(scene: Scene) -> None:
    timeline = common.timeline(scene)
    reader = scene.readers[0] if scene.readers else ""
    curve = tables.curve(timeline, reader)
    span_ms = timeline.step_ms * max(scene.expected - 1, 1)
    chart = charts.growth(curve, common.theme(), end_s=(scene.recipe.start_ms + span_ms) / 1000)
    newest = clock(timeline.samples[-1].t_ms) if timeline.samples else clock(0)
    ui_charts.show(chart, key=f"growth_{scene.id}", alt=f"The curves up to {newest}, growing")
