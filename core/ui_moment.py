"""One moment of a scene: which one is picked, its frame with boxes, and what the readers say of a face in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core import charts, tables, ui, ui_choices, ui_doubts, ui_peaks, ui_pictures
from core.model import Face, Sample, Span, Timeline, Who
from core.people import owner as owners
from core.people import theirs
from core.settings import clock
from core.ui_doubts import Doubted


def picked_ms(event: Mapping[str, Any]) -> int | None:
    """The moment that a click on the strip chose; None where it chose none."""
    points = event.get("selection", {}).get("pick") or []
    return round(points[0]["t_s"] * 1000) if points and "t_s" in points[0] else None


def nearest(timeline: Timeline, t_ms: int) -> Sample:
    """The stored moment nearest to ``t_ms``, the earlier one of two."""
    times = [sample.t_ms for sample in timeline.samples]
    after = bisect_left(times, t_ms)
    near = timeline.samples[max(after - 1, 0) : after + 1]
    return min(near, key=lambda sample: abs(sample.t_ms - t_ms))


def telling(timeline: Timeline, faces: pd.DataFrame, who: Who) -> Sample:
    """Where to look first: the moment whose face says most, neutral aside; the first one where nobody is."""
    faces = tables.of(faces[faces["top"] != "neutral"], who)
    return nearest(timeline, int(faces.loc[faces["score"].idxmax(), "t_ms"]) if len(faces) else 0)


def pick_moment(known: Doubted, who: Who) -> Sample:
    """The moment that the address names, else the most doubtful one, else the most telling one."""
    scene, reader = known.scene, known.reader
    asked, timeline = ui.asked("t"), ui.timeline(scene)
    if asked.isdigit():
        return nearest(timeline, int(asked))
    first = next((one.peak for one in ui_doubts.of(known.open, who)), None)
    if first:
        return nearest(timeline, first.apex_ms)
    return telling(timeline, ui.worked_out(tables.faces, scene, reader), who)


@st.fragment
def look(known: Doubted, who: Who) -> None:
    """The card with frame, readings and strip: a pick in it draws only this card anew."""
    scene = known.scene
    people, timeline = ui_choices.people(scene), ui.timeline(scene)
    if ui_choices.pick_person(people) != who:
        st.rerun()  # the means and the people below show the choice as well
    moment = pick_moment(known, who)
    with st.container(border=True):
        picture, panel = st.columns([11, 10], gap="medium")
        with picture:
            frame(known, moment)
            steps(timeline, moment)
        with panel:
            says(known, moment, who)
        with st.container(horizontal=True, vertical_alignment="center"):
            # From the left: at the right end the strip's own tools appear over whatever stands there.
            ui_choices.emotion_chips(ui_choices.pick_emotions())
            ui_choices.curve_switch()
            ui_choices.person_switch(people, who)
        strip(known, who, moment)


def pick_face(sample: Sample, who: Who, flagged: Sequence[int] = ()) -> int | None:
    """The index of the face whose numbers are shown: the chosen one, the person's, a doubtful one, or the largest."""
    asked, tracks = ui.asked("face"), [face.track for face in sample.faces]
    if asked.isdigit() and int(asked) in tracks:
        return tracks.index(int(asked))
    own = theirs(who)
    for index, track in enumerate(tracks if who is not None else ()):
        if own(track, sample.t_ms):
            return index
    if flagged:
        return flagged[0]
    sizes = [face.found.box.height for face in sample.faces]
    return sizes.index(max(sizes)) if sizes else None


def frame(known: Doubted, sample: Sample) -> None:
    """The stored picture of the moment, with a box, an emotion and a score for every face in it."""
    scene, reader = known.scene, known.reader
    shown = ui_pictures.boxed(scene, sample, reader, doubtful(known, sample))
    st.image(shown, width="stretch", alt=in_words(sample, reader))


def doubtful(known: Doubted, sample: Sample) -> tuple[tuple[int, str], ...]:
    """The faces of the moment that are not to be believed: index and what stands on their flag."""
    names = {one.peak.track: one for one in reversed(known.open) if one.peak.start_ms <= sample.t_ms < one.peak.end_ms}
    return tuple(
        (index, f"{names[face.track].peak.emotion}? doubtful")
        for index, face in enumerate(sample.faces)
        if face.track in names
    )


def in_words(sample: Sample, reader: str) -> str:
    """The moment for those who do not see it."""
    said = [face.readings[reader].scores for face in sample.faces if reader in face.readings]
    faces = ", ".join(f"{scores.top} {max(scores):.2f}" for scores in said)
    return f"Frame at {clock(sample.t_ms)}: {faces or 'nobody in frame'}"


def steps(timeline: Timeline, sample: Sample) -> None:
    """One moment earlier or later, by button or arrow key, and where we are."""
    last = timeline.samples[-1]
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, key, by in (
            ("Earlier", ":material/skip_previous:", "Left", -1),
            ("Later", ":material/skip_next:", "Right", 1),
        ):
            target = neighbour(timeline, sample, by)
            st.button(
                label, icon=icon, shortcut=key, key=f"step_{label}", disabled=target is None,
                on_click=ui.keep, args=["t", str(target)],
            )  # fmt: skip
        st.markdown(f"**{clock(sample.t_ms)}** :gray[/ {clock(last.t_ms)}]", width="content")


def neighbour(timeline: Timeline, sample: Sample, by: int) -> int | None:
    """The time of the moment before or after, ms; None at either end."""
    place = timeline.samples.index(sample) + by
    return timeline.samples[place].t_ms if 0 <= place < len(timeline.samples) else None


def says(known: Doubted, sample: Sample, who: Who) -> None:
    """The panel beside the frame: which face, every reader's whole distribution, and what is doubted about it."""
    scene = known.scene
    index = pick_face(sample, who, [place for place, _ in doubtful(known, sample)])
    owner = owners(ui_choices.people(scene))
    there = ((face.track, owner(face.track, sample.t_ms)) for face in sample.faces)
    labels = {track: person.name for track, person in there if track is not None and person}
    shots = ui.timeline(scene).samples[-1].shot + 1
    where = f"{clock(sample.t_ms)} · shot {sample.shot + 1} of {shots}"
    if index is None:
        st.subheader("Nobody in frame", anchor=False)
        st.caption(where)
        st.markdown(f"Nobody in frame at {clock(sample.t_ms)}.")
        return
    face = in_order(sample.faces[index], scene.readers)
    whose = owner(face.track, sample.t_ms)
    st.subheader(headline(face, ui.reader_name), anchor=False)
    st.caption(f"{where} · {ui.plain(whose.name) if whose else 'one face'}")
    _face_switch(sample, face, labels)
    suspect = ui_doubts.at_moment(known, sample.t_ms, face.track)
    hollow = (known.reader, suspect.peak.emotion) if suspect else None
    chart = charts.readers(tables.readings(face), ui.theme(), ui.READER_NAMES, hollow)
    st.altair_chart(chart, key="readers", alt=f"What the readers say of the face: {headline(face, str)}")
    if suspect:
        ui_peaks.doubt(known, suspect)
    else:
        ui_peaks.undo(known)


def in_order(face: Face, readers: Sequence[str]) -> Face:
    """The face with its readings in the scene's order, so that a reader always has the same side."""
    return replace(face, readings={name: face.readings[name] for name in readers if name in face.readings})


def headline(face: Face, name: Callable[[str], str]) -> str:
    """Whether the readers agree on the face, in one line."""
    tops = {reader: reading.scores.top for reader, reading in face.readings.items()}
    if not tops:
        return "This face was not read"
    if len(set(tops.values())) == 1:
        return (
            f"{'Both readers say' if len(tops) > 1 else f'{name(next(iter(tops)))} says'} {next(iter(tops.values()))}"
        )
    return ", ".join(f"{name(reader)} says {top}" for reader, top in tops.items())


def _face_switch(sample: Sample, face: Face, labels: Mapping[int, str]) -> None:
    """Which of several faces in the frame, from left to right."""
    if len(sample.faces) < 2:
        return
    there = sorted((other for other in sample.faces if other.track is not None), key=lambda one: one.found.box.left)
    st.segmented_control(
        "Face",
        [other.track for other in there],
        format_func=lambda track: labels.get(track, "?"),
        label_visibility="collapsed",
        required=True,
        **ui.bind("face", face.track),
    )


def strip(known: Doubted, who: Who, sample: Sample) -> None:
    """The curves over time, what is doubted hatched, what was dropped grey; a click on them picks the moment."""
    scene, smoothed = known.scene, ui_choices.is_smoothed()
    whole = ui.worked_out(curves, scene, known.reader, who, smoothed, ())
    curve = ui.worked_out(curves, scene, known.reader, who, smoothed, known.spans) if known.spans else whole
    cuts, gaps = ui.worked_out(tables.cuts, scene), ui.worked_out(tables.gaps, scene)
    chart = charts.timeline(
        curve,
        chosen=ui_choices.pick_emotions(),
        cuts=cuts,
        gaps=gaps,
        theme=ui.theme(),
        picked_ms=sample.t_ms,
        doubts=ui_doubts.on_strip(known, whole, who),
    )
    alt = charts.describe(curve, cuts, gaps) + f" {len(known.open)} of its peaks are open to doubt."
    st.altair_chart(chart, key="strip", on_select=_picked, selection_mode="pick", alt=alt)


def curves(timeline: Timeline, reader: str, who: Who, smoothed: bool, spans: tuple[Span, ...]) -> pd.DataFrame:
    """The curves as they are drawn: raw, or smoothed inside each run; without the spans."""
    curve = tables.curve(timeline, reader, who, spans)
    return tables.smooth(curve) if smoothed else curve


def _picked() -> None:
    """Write a click on the strip into the address."""
    chosen = picked_ms(st.session_state["strip"])
    if chosen is not None:
        ui.keep("t", str(chosen))
