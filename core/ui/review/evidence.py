"""The evidence about one suspect: its face, the second around it, the closer look, the reasons, what dropping moves."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.analysis import tables
from core.charts import bars, evidence
from core.doubt.groups import Group
from core.doubt.limits import LIMITS
from core.language import READER_LABELS
from core.model import EMOTIONS, Reason, Sample, Suspect, Timeline
from core.player.data import peak_name
from core.reading import closer_look
from core.settings import clock
from core.shelf.scene_view import SceneView
from core.ui import chart as ui_charts
from core.ui import common, doubts, pictures, wording
from core.ui.review import queue
from core.ui.scene import means, moment

AROUND_MS, STILLS = 1000, 9
"""The filmstrip: how far it reaches to either side of the apex, and how many faces it shows at most."""

MOST_TOGETHER, TILE_PX = 18, (76, 112)
"""Faces of a group: how many are shown at most, and width and height of one with its time, px."""

MOST_REASONS, REASONS_PX = 5, 270
"""The strongest reasons, in as much room as they ever need: what is below them stays where it is."""

ICONS = {
    "time": "timer",
    "readers": "compare_arrows",
    "closer look": "center_focus_strong",
    "bad picture": "blur_on",
    "ambiguous": "balance",
}
"""Kind of reason → its sign."""


def picture(view: SceneView, shown: Group) -> None:
    """The frame at the apex with the face in a dashed box, the second around it and the closer look, or the group."""
    peak = shown.worst.peak
    here = [one.peak for one in shown.suspects if one.peak.apex_ms == peak.apex_ms]
    first = [each for each in here if each is next(one for one in here if one.track == each.track)]
    alone = replace(view.sample(peak.apex_ms), faces=tuple(view.face(each)[1] for each in first))
    doubted = tuple((place, each.emotion, each.height) for place, each in enumerate(first))
    frame = pictures.frame_with_boxes(view.scene, alone, view.reader, doubted)
    said = f"Frame at {clock(peak.apex_ms)}: {wording.emotion_name(peak.emotion)} {peak.height:.2f}?"
    with st.container(key="frame"):
        st.image(frame, width="stretch", alt=said)
    if len(shown.suspects) > 1:
        _together(view, shown)
    else:
        _filmstrip(view, shown.worst)
        _closer_look(view, shown.worst)


def _together(view: SceneView, shown: Group) -> None:
    """The face of every peak of a group; a press on what it reads as shows it alone."""
    listed = shown.suspects[:MOST_TOGETHER]
    faces = doubts.crops(view, [one.peak for one in listed])
    with st.container(horizontal=True, gap="xsmall", key="together"):
        for one in listed:
            peak, name = one.peak, peak_name(one.peak)
            # Of one height before its picture has come: else everything below jumps as it does.
            with st.container(gap=None, border=False, width=TILE_PX[0], height=TILE_PX[1]):
                said = f"{clock(peak.apex_ms)}: {wording.emotion_name(peak.emotion)} {peak.height:.2f}?"
                st.image(pictures.small_face(faces.get(name), "ringed"), width=TILE_PX[0], alt=said)
                st.button(
                    f":small[{common.sign(peak.emotion)} {clock(peak.apex_ms)}]", key=f"alone_{name}", type="tertiary",
                    help="Look at it alone", on_click=doubts.show_peak, args=[name], kwargs={"alone": True},
                )  # fmt: skip
    if more := len(shown.suspects) - len(listed):
        st.caption(f"and {more} more")


def stills(timeline: Timeline, shown: Suspect) -> list[Sample]:
    """The moments of the filmstrip: those around the apex in which the person is, evenly left out where too many."""
    peak = shown.peak
    near = [
        one
        for one in timeline.samples
        if abs(one.t_ms - peak.apex_ms) <= AROUND_MS and any(face.track == peak.track for face in one.faces)
    ]
    at = next(place for place, one in enumerate(near) if one.t_ms == peak.apex_ms)
    step = max(1, round(len(near) / STILLS))
    spread = near[at % step :: step]
    first = max(0, at // step - STILLS // 2)
    return spread[first : first + STILLS]


def _filmstrip(view: SceneView, shown: Suspect) -> None:
    """Faces of ±1 s, each with its time and the mark of what it reads as."""
    peak, moments = shown.peak, stills(view.timeline, shown)
    at = {one.t_ms: next(place for place, f in enumerate(one.faces) if f.track == peak.track) for one in moments}
    crops = common.store().crops(view.scene.id, at.items())
    own = {} if peak.emotion in EMOTIONS else view.own_shown
    with st.container(horizontal=True, gap="xsmall", wrap=False, key="filmstrip"):
        for one in moments:
            apex = one.t_ms == peak.apex_ms
            with st.container(gap=None, width="stretch", horizontal_alignment="center"):
                face = pictures.small_face(crops.get((one.t_ms, at[one.t_ms])), "ringed" if apex else "")
                reading = one.faces[at[one.t_ms]].readings.get(view.reader)
                said = reading.scores.top if reading else ""
                if peak.emotion in own.get((one.t_ms, at[one.t_ms]), ()):
                    said = peak.emotion
                away = clock(one.t_ms) if apex else offset(one.t_ms - peak.apex_ms)
                st.image(face, width="stretch", alt=f"{away}: {wording.emotion_name(said) or 'nothing'}")
                if apex:  # a caption would fade the marker below a readable contrast
                    st.markdown(f":violet[:small[**{away}**]]", text_alignment="center")
                else:
                    st.caption(away, text_alignment="center")
                st.markdown(common.sign(said) if said else "–", text_alignment="center")


def offset(ms: int) -> str:
    """``−0.4 s``, ``+0.2 s``."""
    return f"{'−' if ms < 0 else '+'}{abs(ms) / 1000:.1f} s"


def _closer_look(view: SceneView, shown: Suspect) -> None:
    looks = common.store().closer_looks(view.scene.id, view.reader)
    look = looks.get(closer_look.peak_key(shown.peak))
    if look is None or not look.again:
        return
    frames, emotion = len(look.again), wording.emotion_name(shown.peak.emotion)
    said = f"{frames} frame{'s' if frames > 1 else ''} around the peak, read again"
    aside = f"{said} · hollow: {emotion} {look.crops_score:.2f} with the crop moved by 4 px"
    with st.container(gap=None):
        st.markdown(f"**Closer look**\u2003:small[:gray[{aside}]]")
        chart = evidence.closer_look(look, shown.peak, common.theme())
        ui_charts.show(chart, key="closer", alt=f"Closer look: {aside}")


def panel(view: SceneView, shown: Group) -> None:
    """The sentence, the reasons, both readers, what dropping moves, and the buttons."""
    peak, several = shown.worst.peak, len(shown.suspects) > 1
    if several:
        st.header(common.escape(wording.write_group(shown.cause)), anchor=False)
        st.caption(odds_together(shown))
    else:
        st.header(headline(view, shown.worst), anchor=False)
        st.caption(odds(shown.worst))
    with st.container(gap="xsmall", key="reasons", height=REASONS_PX, border=False):
        if several:
            st.caption(f"The most doubtful of them, {wording.quoted_name(peak.emotion)} at {clock(peak.apex_ms)}:")
        for reason in shown.worst.reasons[:MOST_REASONS]:
            _reason(reason)
        if not shown.worst.reasons:
            st.markdown(":gray[No rule speaks against it.]")
    _, face = view.face(peak)
    if peak.emotion not in EMOTIONS:
        st.markdown(f"{wording.marked_name(peak.emotion)} **{peak.height:.2f}**\u2003:gray[beside the seven:]")
    said = tables.readings(moment.order_readings(face, view.scene.readers))
    chart = bars.readers(said, common.theme(), READER_LABELS, (view.reader, peak.emotion), wording.emotion_names())
    ui_charts.show(chart, key="readers", alt="What the readers say of the face at the peak")
    _moves(view, shown)
    buttons(view, shown)


def headline(view: SceneView, shown: Suspect) -> str:
    """What to think of the peak, in one line."""
    emotion, verdict = wording.quoted_name(shown.peak.emotion), view.verdict(shown.peak)
    if verdict is not None:
        return f"You {'dropped' if verdict.dropped else 'kept'} this {emotion}"
    named = f":violet[{common.escape(wording.emotion_name(shown.peak.emotion))}]"
    return wording.write_tier(shown, named) if LIMITS.tier(shown.doubt) else f"This {emotion} is believed"


def odds_together(shown: Group) -> str:
    """What the doubts of several peaks mean, which is their mean."""
    doubt = [one.doubt for one in shown.suspects]
    share = sum(doubt) / len(doubt)
    return f"Doubt {min(doubt):.2f} to {max(doubt):.2f}: of 100 peaks like these, {100 * share:.0f} were false."


def odds(shown: Suspect) -> str:
    """What its doubt means; an own emotion's is that of another."""
    share = f"{100 * shown.doubt:.0f} were false."
    if shown.peak.emotion in EMOTIONS:
        return f"Doubt {shown.doubt:.2f}: of 100 peaks like it, {share}"
    return f"Doubt {shown.doubt:.2f}, weighed as that of an emotion that passes soon: of 100 peaks like that, {share}"


def _reason(reason: Reason) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        sentence = common.escape(wording.write_reason(reason))
        st.markdown(f":material/{ICONS[reason.kind]}:\u2002{sentence}", width="stretch")
        st.image(pictures.strength_bar(reason.strength), width=48, alt=f"strength {reason.strength:.2f}")


def _moves(view: SceneView, shown: Group) -> None:
    """The mean before and after, of every emotion that is doubted."""
    peaks = [one.peak for one in shown.suspects]
    with st.container(key="moves", gap=None):
        for emotion in dict.fromkeys(peak.emotion for peak in peaks):
            first, *others = sorted(peaks, key=lambda peak: peak.emotion != emotion)
            before, after = (means.number(mean) for mean in view.moves(first, *others))
            name = wording.quoted_name(emotion)
            st.markdown(f"{common.sign(emotion)} Mean {name} when dropped\u2003{before} :gray[→] **{after}**")


def buttons(view: SceneView, shown: Group) -> None:
    """Drop, keep, undo, and the way through the queue; each with its key."""
    before, after = (queue.neighbour(view, shown, by) for by in (-1, 1))
    there = after or before
    then = peak_name(there.worst.peak) if there else ""
    count = len(shown.suspects)
    drop, keep = ([view.decide(one.peak, drop=drop) for one in shown.suspects] for drop in (True, False))
    with st.container(horizontal=True, key="verdict"):
        st.button(
            f":violet[**Drop {f'these {count}' if count > 1 else 'this peak'}**]",
            icon=":material/flag:", shortcut="D", key="drop", on_click=doubts.judge, args=[view, drop, then],
        )  # fmt: skip
        st.button(
            "Keep them" if count > 1 else "Keep it",
            icon=":material/check:", shortcut="K", key="keep", on_click=doubts.judge, args=[view, keep, then],
        )  # fmt: skip
        undo(view)
    with st.container(horizontal=True):
        for label, icon, key, one in (
            ("Previous", ":material/arrow_back:", "Left", before),
            ("Next", ":material/arrow_forward:", "Right", after),
        ):
            name = peak_name(one.worst.peak) if one else ""
            st.button(
                label, icon=icon, shortcut=key, key=f"go_{label}", type="tertiary", disabled=one is None,
                on_click=doubts.show_peak, args=[name],
            )  # fmt: skip


def undo(view: SceneView) -> None:
    """Take the newest decision back."""
    st.button(
        "Undo", icon=":material/undo:", shortcut="U", key="undo", disabled=not view.verdicts,
        on_click=doubts.undo, args=[view],
    )  # fmt: skip
