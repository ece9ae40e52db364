"""The scene's player as the page wires it: what it is shown of the scene, and what happens when it speaks."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.analysis import tables
from core.charts import marks
from core.charts import timeline as charts
from core.doubt import verdicts
from core.links import embeds
from core.model import EMOTIONS, Sample, Scene, Span, Timeline, Who
from core.player import data
from core.player import routes as streaming
from core.player.component import mount_player
from core.player.data import peak_name
from core.ui import choices, common, doubts, emotions, first_paint, wording
from core.ui.doubts import Doubted
from core.ui.scene import means

FOREVER_MS = 1 << 40
"""Later than any film ends."""

STILL_PX = (640, 360)
"""What a scene without a known size is taken for."""

WORDS = {"drop": "Drop this peak", "keep": "Keep it", "undo": "Undo", "raw": "Raw", "smoothed": "Smoothed"}


def routes() -> list[Any]:
    """Return what the app's server answers besides the pages: films, their stored frames, faces and readings."""
    return list(streaming.routes(common.whole_store, common.timeline))


def play(known: Doubted, person: Who, pick: Callable[[], Sample]) -> None:
    """Show the player at the moment that ``pick`` gives once it was heard; a verdict draws the whole page anew."""
    key = f"player_{known.scene.id}"
    _keep_events(key, emotions.names(known.scene))
    said = mount_player(payload(known, person, pick()), key=key)
    if isinstance(said.get("verdict"), Mapping):
        _judge(known, said["verdict"])
        st.rerun()  # the means below and the badge above change as well
    if said.get("stands"):
        first_paint.draw_rest("scene")


def payload(known: Doubted, person: Who, moment: Sample) -> dict[str, Any]:
    """Return everything that the player is told of the scene, as JSON can carry it."""
    scene, timeline = known.scene, common.timeline(known.scene)
    last_ms = timeline.samples[-1].t_ms
    shown = scene.video
    return {
        "title": scene.title,
        "size": [shown.width, shown.height] if shown else STILL_PX,
        "region": scene.recipe.region,
        "length_ms": max(shown.duration_ms if shown else 0, last_ms),
        "start_ms": timeline.samples[0].t_ms,
        "end_ms": last_ms,
        "step_ms": timeline.step_ms,
        "times": common.compute_once(data.times, scene),
        "look": data.look(common.theme(), wording.emotion_name, wording.quoted_name, emotions.names(scene)),
        "reader": known.reader,
        "readers": [[name, common.reader_name(name)] for name in scene.readers],
        "people": _names(known),
        "person": _tracks(person),
        "chosen": list(choices.pick_emotions(emotions.names(scene))),
        "smoothed": choices.is_smoothed(),
        "seek": [_seek(moment), moment.t_ms, _face()],
        "moment": data.window(moment),
        "moves": _moves(known, moment),
        "taught": emotions.for_player(scene),
        "waits": first_paint.is_waiting("scene"),
        "can": {"undo": bool(known.verdicts)},
        **_files(known, moment),
        **_curves(known, person),
    }


def _files(known: Doubted, moment: Sample) -> dict[str, Any]:
    """Where the film, its stored frames, faces and readings are to be had; the moment's own frame comes with it."""
    scene = known.scene
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


def _curves(known: Doubted, person: Who) -> dict[str, Any]:
    """The curves, the doubts on them, cuts and gaps, and all of it in words."""
    scene, smoothed = known.scene, choices.is_smoothed()
    whole = common.compute_once(curves, scene, known.reader, person, smoothed, ())
    curve = common.compute_once(curves, scene, known.reader, person, smoothed, known.spans) if known.spans else whole
    cuts, gaps = common.compute_once(tables.cuts, scene), common.compute_once(tables.gaps, scene)
    (named, peaks), names = _marked_peaks(known, person, smoothed, whole), wording.emotion_names()
    how = known.reader, person, smoothed, known.spans, tuple(names.values())
    words = common.remember(charts.describe, scene, *how, make=lambda: charts.describe(curve, cuts, gaps, names))
    words += f" {len(known.open)} of its peaks are open to doubt."
    return {
        "curves": common.compute_once(lines, scene, known.reader, person, smoothed, known.spans, named)
        | data.lines(emotions.curves(known, person, smoothed=smoothed)),
        "cuts": cuts,
        "gaps": data.gap_spans(gaps),
        "peaks": _in_time(peaks, known, person),
        "words": {"strip": words, **WORDS},
    }


def _marked_peaks(known: Doubted, person: Who, smoothed: bool, whole: Any) -> Any:
    """The apexes that have a mark, (emotion, ms), and what the player is told of each; once for what was decided."""

    def made() -> Any:
        shown = marks.mark_table(known.suspects, known.verdicts, known.reader, person)
        places = doubts.places(known, [one.peak for one in known.suspects])
        named = tuple(zip(shown["emotion"], shown["t_ms"], strict=True))
        return named, data.peaks(shown, known.suspects, places, whole, wording.write_reason)

    how = known.reader, person, smoothed, known.verdicts, tuple(wording.emotion_names().values())
    return common.remember(_marked_peaks, known.scene, *how, make=made)


def _in_time(peaks: list[dict[str, Any]], known: Doubted, person: Who) -> list[dict[str, Any]]:
    """The peaks with those of taught emotions among them."""
    return sorted([*peaks, *emotions.peaks(known, person)], key=lambda peak: int(peak["apex"]))


def curves(timeline: Timeline, reader: str, person: Who, smoothed: bool, spans: tuple[Span, ...]) -> Any:
    """The curves as they are drawn: raw, or smoothed inside each run; without the spans."""
    curve = tables.curve(timeline, reader, person, spans)
    return tables.smooth(curve) if smoothed else curve


def lines(
    timeline: Timeline,
    reader: str,
    person: Who,
    smoothed: bool,
    spans: tuple[Span, ...],
    named: tuple[tuple[str, int], ...] = (),
) -> dict[str, list[list[int]]]:
    """Those curves as the player draws them; ``named`` are the apexes that have a mark, (emotion, ms)."""
    return data.lines(curves(timeline, reader, person, smoothed, spans), named)


def _names(known: Doubted) -> dict[int, list[tuple[int, int, str]]]:
    """Return who a track is: the stretches of it that are somebody's, ms, with their names."""
    names: dict[int, list[tuple[int, int, str]]] = {}
    for person in choices.people(known.scene):
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
    asked = common.param("face")
    return int(asked) if asked.isdigit() else None


def _moves(known: Doubted, moment: Sample) -> dict[str, list[str]]:
    """What dropping the marked peaks at the moment does to the mean of their emotion, as it is printed."""
    here = [one.peak for one in known.every if one.peak.start_ms <= moment.t_ms < one.peak.end_ms]
    marked = {verdicts.peak_key(one.peak) for one in (*known.open, *(suspect for suspect, _ in known.decided))}
    return {
        peak_name(peak): [means.number(mean) for mean in emotions.moves(known, peak)]
        for peak in here
        if verdicts.peak_key(peak) in marked
    }


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


def _keep_events(key: str, taught: Sequence[str]) -> None:
    """Write down, once, whatever the player said since the last run."""
    said, heard = st.session_state.get(key) or {}, st.session_state.setdefault("player_heard", {})
    for name, write in (
        ("at", _keep_moment),
        ("show", partial(_keep_emotions, taught=taught)),
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


def _keep_emotions(chosen: Mapping[str, Any], taught: Sequence[str] = ()) -> None:
    """Write the chosen emotions into the address; all of them are no choice."""
    names, known = chosen.get("names") or (), (*EMOTIONS, *taught)
    shown = [name for name in known if name in names]
    common.choose("show", "" if len(shown) in (0, len(known)) else ",".join(shown))


def _keep_smoothing(chosen: Mapping[str, Any]) -> None:
    common.choose("curve", "smoothed" if chosen.get("on") is True else "")


def _judge(known: Doubted, said: Mapping[str, Any]) -> None:
    """Do what was decided in the player, and stay where it is."""
    _keep_moment(said)
    if said.get("how") == "undo":
        doubts.undo(known)
        return
    every = [(known.reader, one.peak) for one in known.suspects] + emotions.every_peak(known.scene)
    found = next((one for one in every if peak_name(one[1]) == said.get("peak")), None)
    if found and said.get("how") in ("drop", "keep"):
        doubts.judge(known, [verdicts.make_verdict(*found, drop=said["how"] == "drop")])
