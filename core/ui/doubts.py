"""What pages share about doubt: how much is open, the faces of peaks, and how one decides and takes it back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.doubt import verdicts
from core.doubt.groups import Group
from core.model import Image, Peak, Suspect, Verdict
from core.player.data import peak_name
from core.settings import clock
from core.shelf.scene_view import SceneView
from core.ui import common, wording
from core.video import stills


def badge(view: SceneView) -> None:
    """How many peaks are open to doubt, beside the title; grey where there is none."""
    if count := len(view.open):
        st.badge(f"{count} doubtful peak{'s' if count > 1 else ''}", icon=":material/flag:", color="violet")
    elif view.decided:
        st.badge("reviewed", icon=":material/check:", color="gray")
    else:
        st.badge(wording.write_tier(), color="gray")


def judge(view: SceneView, decided: Sequence[Verdict], then: str = "") -> None:
    """Write a decision down, say so, and go on to the peak that is named ``then``."""
    with common.showing_errors():
        common.store().add_verdicts(view.scene.id, decided)
        st.toast(f"{describe_decision(view, decided)} U takes it back.", icon=":material/flag:")
    show_peak(then)


def show_peak(name: str, *, alone: bool = False) -> None:
    """Go to the peak of that name on the review page: with those that are doubted with it, or ``alone``."""
    common.set_param("peak", name)
    common.set_param("alone", "1" if alone else "")


def describe_decision(view: SceneView, decided: Sequence[Verdict]) -> str:
    """A decision in one sentence."""
    one = decided[0]
    done = "Dropped" if one.dropped else "Kept"
    if len(decided) > 1:
        return f"{done} {len(decided)} peaks."
    return f"{done}: {wording.quoted_name(one.emotion)} at {clock(_apex_ms(view, one))}."


def _apex_ms(view: SceneView, decided: Verdict) -> int:
    """When the peak is highest that was decided on, as lists of peaks have it; its begin where it is known no more."""
    same = (one.peak for one in view.suspects if verdicts.matches(decided, view.reader_of(one.peak), one.peak))
    return next((peak.apex_ms for peak in same), decided.start_ms)


def undo(view: SceneView) -> None:
    """Take the newest decision back, whichever reader it was about, and show its peak."""
    with common.showing_errors():
        back = common.store().undo_newest_verdict(view.scene.id, together=True)
        if back is not None:
            again = len(set(view.verdicts) - set(common.store().verdicts(view.scene.id)))
            whose = "" if back.reader == view.reader_of(back) else f", read by {common.reader_words(back.reader)},"
            when = clock(_apex_ms(view, back))
            one = f"{wording.quoted_name(back.emotion)} at {when}{whose} is"
            st.toast(f"Taken back: {f'{again} peaks are' if again > 1 else one} open again.")
            show_peak(peak_name(back))


def take_back(view: SceneView, verdict: Verdict) -> None:
    """Take this decision back and show its peak."""
    with common.showing_errors():
        common.store().undo_verdict(view.scene.id, verdict)
        show_peak(peak_name(verdict))


def chosen_peak(view: SceneView) -> Suspect | None:
    """The peak that the address names; None where it names none."""
    wanted = common.param("peak")
    return next((one for one in view.suspects if peak_name(one.peak) == wanted), None)


def chosen_group(view: SceneView) -> Group | None:
    """The peak that the address names with those that are doubted with it, or alone where it asks for that."""
    one = chosen_peak(view)
    if one is None:
        return None
    whole = next((group for group in view.groups if one in group.suspects), None)
    return Group((one,)) if whole is None or common.param("alone") else whole


def crops(view: SceneView, peaks: Sequence[Peak]) -> dict[str, Image]:
    """The face at each peak's apex, by the peak's written name; those without a picture are left out."""
    keys = {peak_name(peak): (peak.apex_ms, view.face(peak)[0]) for peak in peaks}
    jpegs = common.store().crops(view.scene.id, set(keys.values()))
    return {name: stills.decode(jpegs[key]) for name, key in keys.items() if key in jpegs}
