"""The scene's player as the page wires it: what it is shown of the scene, and what happens when it speaks."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.analysis import tables
from core.charts import marks, timeline
from core.emotions import tables as own_tables
from core.links import embeds
from core.model import EMOTIONS, Sample, Scene, Span, Suspect, Who
from core.player import data
from core.player import routes as streaming
from core.player.component import mount_player
from core.player.data import peak_name
from core.shelf.scene_view import Channel, SceneView
from core.ui import choices, common, doubts, first_paint, wording
from core.ui.scene import means

FOREVER_MS = 1 << 40
"""Later than any film ends."""

STILL_PX = (640, 360)
"""What a scene without a known size is taken for."""

WORDS = {"drop": "Drop this peak", "keep": "Keep it", "undo": "Undo", "raw": "Raw", "smoothed": "Smoothed"}


def routes() -> list[Any]:
    """Return what the app's server answers besides the pages: films, their stored frames, faces and readings."""
    return list(streaming.routes(common.whole_store, common.timeline))


def play(view: SceneView, pick: Callable[[], Sample]) -> None:
    """Show the player at the moment that ``pick`` gives once it was heard; a verdict draws the whole page anew."""
    key = f"player_{view.scene.id}"
    _keep_events(key, view.names)
    said = mount_player(payload(view, pick()), key=key)
    if isinstance(said.get("verdict"), Mapping):
        _judge(view, said["verdict"])
        st.rerun()  # the means below and the badge above change as well
    if said.get("stands"):
        first_paint.draw_rest("scene")


def payload(view: SceneView, moment: Sample) -> dict[str, Any]:
    """Return everything that the player is told of the scene, as JSON can carry it."""
    scene, shown = view.scene, view.scene.video
    first_ms, last_ms = view.timeline.samples[0].t_ms, view.timeline.samples[-1].t_ms
    return {
        "title": scene.title,
        "size": [shown.width, shown.height] if shown else STILL_PX,
        "region": scene.recipe.region,
        "length_ms": max(shown.duration_ms if shown else 0, last_ms),
        "start_ms": first_ms,
        "end_ms": last_ms,
        "step_ms": view.timeline.step_ms,
        "times": view.compute(data.times),
        "look": data.look(common.theme(), wording.emotion_name, wording.quoted_name, view.names),
        "reader": view.reader,
        "readers": [[name, common.reader_name(name)] for name in scene.readers],
        "people": _names(view),
        "person": _tracks(view.who),
        "chosen": list(choices.pick_emotions(view.names)),
        "smoothed": choices.is_smoothed(),
        "seek": [_seek(moment), moment.t_ms, _face()],
        "moment": data.window(moment),
        "moves": _moves(view, moment),
        "taught": _own_scores(view),
        "waits": first_paint.is_waiting("scene"),
        "can": {"undo": bool(view.verdicts)},
        **_files(view, moment),
        **_drawn(view),
    }


def _files(view: SceneView, moment: Sample) -> dict[str, Any]:
    """Where the page gets the film, its stored frames, faces and readings; the moment's own frame comes with it."""
    scene = view.scene
    where = streaming.film_address(scene) if streaming.serves_films() else ""
    kind = streaming.film_type(scene) if where else ""
    thumb = common.store().thumb(scene.id, moment.t_ms)
    return {
        "film": {"url": f"{where}/video", "type": kind, "fps": scene.video.fps if scene.video else 0} if kind else None,
        "site": _site(scene),
        "stills": f"{where}/still/" if where else "",
        "faces": f"{where}/face/" if where else "",
        "windows": {"url": f"{where}/moments/{scene.revision}/" if where else "", "size": data.WINDOW},
        "still": f"data:image/jpeg;base64,{b64encode(thumb).decode()}" if thumb else "",
    }


def _site(scene: Scene) -> dict[str, Any] | None:
    """Where its site plays the scene's link: all there is once the file is gone, and the sound before that."""
    embed = embeds.find_embed(scene.recipe.source)
    if embed is None:
        return None
    where = {"before": embed.before, "after": embed.after, "whole": embed.whole, "speaks": embed.speaks}
    return {"name": embed.site, "referrer": embed.referrer, **where}


def _drawn(view: SceneView) -> dict[str, Any]:
    """The curves, the doubts on them, cuts and gaps, and all of it in words."""
    smoothed, names = choices.is_smoothed(), wording.emotion_names()
    cuts, gaps = view.compute(tables.cuts), view.compute(tables.gaps)
    key = "described", view.reader, view.who, smoothed, view.dropped(), tuple(names.values())
    words = view.remember(key, lambda: timeline.describe(view.seven.curve(smoothed=smoothed), cuts, gaps, names))
    marked = {channel: _peaks(view, channel, smoothed) for channel in view.channels}
    listed = [peak for channel in view.listed_channels for peak in marked[channel]]
    lines: dict[str, list[list[int]]] = {}
    for channel, peaks in marked.items():
        lines |= _lines(view, channel, smoothed, tuple((peak["emotion"], peak["apex"]) for peak in peaks))
    return {
        "curves": lines,
        "cuts": cuts,
        "gaps": data.gap_spans(gaps),
        "peaks": sorted(listed, key=lambda peak: (int(peak["apex"]), -float(peak["doubt"]))),
        "words": {"strip": f"{words} {len(view.for_person(None).open)} of its peaks are open to doubt.", **WORDS},
    }


def _lines(
    view: SceneView, channel: Channel, smoothed: bool, apexes: tuple[tuple[str, int], ...]
) -> dict[str, list[list[int]]]:
    """A channel's curves as the player draws them; each of the ``apexes``, (emotion, ms), stays on them."""
    key = "lines", *channel.key, view.who, smoothed, view.dropped(channel), apexes
    return view.remember(key, lambda: data.lines(view.curve_of(channel, smoothed=smoothed), apexes))


def _peaks(view: SceneView, channel: Channel, smoothed: bool) -> list[dict[str, Any]]:
    """What the player is told of each of a channel's peaks that is doubted or decided on."""

    def make() -> list[dict[str, Any]]:
        suspects = view.suspects_of(channel)
        shown = marks.mark_table(suspects, view.verdicts, channel.reader, view.who)
        faces = {(one.peak.apex_ms, one.peak.track): view.face(one.peak)[0] for one in suspects}
        whole = view.curve_of(channel, whole=True, smoothed=smoothed)
        found = data.peaks(shown, suspects, faces, whole, wording.write_reason, _advise)
        return [peak | {"own": True} for peak in found] if channel.own else found

    key = "player peaks", *channel.key, view.who, smoothed, view.verdicts, tuple(wording.emotion_names().values())
    return view.remember(key, make)


def _advise(one: Suspect) -> str:
    return wording.write_tier(one, wording.emotion_name(one.peak.emotion))


def _own_scores(view: SceneView) -> dict[str, Any] | None:
    """The scores of emotions of one's own of every face, as the player reads them; None where there are none."""

    def make() -> dict[str, Any]:
        counts, scores = own_tables.hundredths(view.timeline, view.own_scores)
        faces, *written = (b64encode(each).decode() for each in (counts, *scores))
        return {"names": list(view.names), "faces": faces, "scores": written}

    return view.remember(("player own", *(one.key for one in view.channels[1:])), make) if view.own else None


def _names(view: SceneView) -> dict[int, list[tuple[int, int, str]]]:
    """Return who a track is: the stretches of it that are somebody's, ms, with their names."""
    names: dict[int, list[tuple[int, int, str]]] = {}
    for person in view.people:
        for one in person.who:
            part = one if isinstance(one, Span) else Span(one, 0, FOREVER_MS)
            names.setdefault(part.track, []).append((part.start_ms, part.end_ms, person.name))
    return names


def _tracks(person: Who) -> list[int] | None:
    """Return the tracks that are at least in part the chosen person's; None for everybody."""
    if person is None:
        return None
    parts = [person] if isinstance(person, int) else person
    return sorted({one.track if isinstance(one, Span) else one for one in parts})


def _face() -> int | None:
    return common.parse_count(common.param("face"))


def _moves(view: SceneView, moment: Sample) -> dict[str, list[str]]:
    """What dropping the marked peaks at the moment does to the mean of their emotion, as it is printed."""
    everyone = view.for_person(None)
    marked = (*everyone.open, *(one for one, _ in everyone.decided))
    here = [one.peak for one in marked if one.peak.span.covers(moment.t_ms)]
    return {peak_name(peak): [means.number(mean) for mean in everyone.moves(peak)] for peak in here}


def go_to(t_ms: int, track: int | None = None) -> None:
    """Send the player to a moment, also where it was told that moment before and has gone on since."""
    common.set_param("t", str(t_ms))
    common.set_param("face", "" if track is None else str(track))
    st.session_state["player_told"] = None


def _seek(moment: Sample) -> int:
    """Count the moments that the player was sent to; one that it reported itself is none."""
    asked = common.param("t") or st.session_state.get("player_told") or str(moment.t_ms)
    if asked != st.session_state.get("player_told"):
        st.session_state["player_told"] = asked
        st.session_state["player_seek"] = st.session_state.get("player_seek", 0) + 1
    return int(st.session_state["player_seek"])


def _keep_events(key: str, own: Sequence[str]) -> None:
    """Write down, once, whatever the player said since the last run."""
    said, heard = st.session_state.get(key) or {}, st.session_state.setdefault("player_heard", {})
    for name, write in (
        ("at", _keep_moment),
        ("show", partial(_keep_emotions, own=own)),
        ("smoothed", _keep_smoothing),
    ):
        told = said.get(name)
        if isinstance(told, Mapping) and heard.get(name) != told.get("n"):
            heard[name] = told.get("n")
            write(told)


def _keep_moment(at: Mapping[str, Any]) -> None:
    """Write the moment and the face that the player stopped at into the address."""
    t_ms, track = at.get("t"), at.get("face")
    if isinstance(t_ms, int):
        common.set_param("t", str(t_ms))
        common.set_param("face", str(track) if isinstance(track, int) else "")
        st.session_state["player_told"] = str(t_ms)


def _keep_emotions(chosen: Mapping[str, Any], own: Sequence[str] = ()) -> None:
    """Write the chosen emotions into the address; all of them are no choice."""
    names, known = chosen.get("names") or (), (*EMOTIONS, *own)
    shown = [name for name in known if name in names]
    common.choose("show", "" if len(shown) in (0, len(known)) else ",".join(shown))


def _keep_smoothing(chosen: Mapping[str, Any]) -> None:
    common.choose("curve", "smoothed" if chosen.get("on") is True else "")


def _judge(view: SceneView, said: Mapping[str, Any]) -> None:
    """Do what was decided in the player, and stay where it is."""
    _keep_moment(said)
    if said.get("how") == "undo":
        doubts.undo(view)
        return
    every = (one.peak for one in replace(view, who=None, listed=None).suspects)
    peak = next((peak for peak in every if peak_name(peak) == said.get("peak")), None)
    if peak and said.get("how") in ("drop", "keep"):
        doubts.judge(view, [view.decide(peak, drop=said["how"] == "drop")])
