"""What the pages share about doubt: the suspects and verdicts of a scene, what they leave, and how one decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
import streamlit as st

from core.analysis import means, sampling_check, tables
from core.doubt import verdicts
from core.doubt.limits import LIMITS
from core.emotions import doubts
from core.model import EMOTIONS, Face, Image, Peak, Scene, Span, Suspect, Timeline, Verdict, Who
from core.player.data import peak_name
from core.reading.people import face_filter
from core.settings import clock
from core.shelf import review
from core.ui import common, wording
from core.video import stills


@dataclass(frozen=True)
class Doubted:
    """One reader's peaks of a scene, those of emotions of one's own beside them, and what was decided about them."""

    scene: Scene
    reader: str
    suspects: tuple[Suspect, ...]
    """Every peak of the reader, the most doubtful first."""
    verdicts: tuple[Verdict, ...]
    """Those that count, of every reader, the oldest first."""
    own: tuple[Suspect, ...] = ()
    """The peaks of taught emotions: judged in one list with the reader's, they enter none of its numbers."""

    @cached_property
    def every(self) -> tuple[Suspect, ...]:
        """All of these peaks, the most doubtful first."""
        return tuple(sorted((*self.suspects, *self.own), key=lambda one: -one.doubt)) if self.own else self.suspects

    @cached_property
    def open(self) -> tuple[Suspect, ...]:
        """The suspects that nobody decided on, the most doubtful first."""
        done = {verdicts.peak_key(one) for one in self._about_these}
        return tuple(one for one in self._doubtful if verdicts.peak_key(one.peak) not in done)

    @property
    def doubtful(self) -> bool:
        """Whether anything was doubted at first; no decision changes it, so that a page may be laid out by it."""
        return bool(self._doubtful)

    @cached_property
    def decided(self) -> tuple[tuple[Suspect, Verdict], ...]:
        """The peaks that somebody decided on, the newest decision first."""
        known = {verdicts.peak_key(one.peak): one for one in self.every}
        mine = [one for one in reversed(self._about_these) if verdicts.peak_key(one) in known]
        return tuple((known[verdicts.peak_key(one)], one) for one in mine)

    @property
    def _doubtful(self) -> tuple[Suspect, ...]:
        return tuple(one for one in self.every if one.doubt >= LIMITS.suspect)

    @property
    def _about_these(self) -> list[Verdict]:
        return [one for one in self.verdicts if one.reader == self.whose(one)]

    def whose(self, of: Peak | Verdict) -> str:
        """The reader that a verdict about it names: each taught emotion is a reader of its own."""
        return self.reader if of.emotion in EMOTIONS else doubts.own_reader(of.emotion)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """What the verdicts leave out of the reader's numbers."""
        return means.dropped_spans(self.verdicts, self.reader)

    def verdict(self, peak: Peak) -> Verdict | None:
        """What was decided about a peak."""
        return verdicts.find_verdict(self.verdicts, self.whose(peak), peak)


def doubted(scene: Scene, reader: str) -> Doubted:
    """The peaks are worked out once for the scene's rows; verdicts are few and asked for each time."""
    return Doubted(scene, reader, suspects(scene, reader), common.store().verdicts(scene.id))


def of_scenes(scenes: Sequence[Scene], reader: Callable[[Scene], str]) -> list[Doubted]:
    """The same of several scenes, whose verdicts are asked for at once."""
    decided = common.store().verdicts_by_scene([scene.id for scene in scenes]) if scenes else {}
    return [Doubted(one, reader(one), suspects(one, reader(one)), decided.get(one.id, ())) for one in scenes]


def suspects(scene: Scene, reader: str) -> tuple[Suspect, ...]:
    """A reader's peaks in a scene, the most doubtful first; none before anything was read."""
    if not scene.found:
        return ()
    shelf = common.store()
    return common.remember(
        review.suspects_of, scene, reader,
        make=lambda: review.suspects_of(shelf, scene, common.timeline(scene), reader),
    )  # fmt: skip


def of_person(suspects: Sequence[Suspect], who: Who) -> tuple[Suspect, ...]:
    """Those of one person, or all."""
    own = face_filter(who)
    return tuple(one for one in suspects if own(one.peak.track, one.peak.apex_ms))


def only(known: Doubted, who: Who) -> Doubted:
    """The peaks of one person, or all; verdicts about others stay, and leave this person's numbers alone."""
    return replace(known, suspects=of_person(known.suspects, who), own=of_person(known.own, who))


def badge(known: Doubted) -> None:
    """How many peaks are open to doubt, beside the title; grey where there is none."""
    count = len(known.open)
    if count:
        words = f"{count} doubtful peak{'s' if count > 1 else ''}"
        st.badge(words, icon=":material/flag:", color="violet")
    elif known.decided:
        st.badge("reviewed", icon=":material/check:", color="gray")
    else:
        st.badge("nothing doubtful", color="gray")


def table(known: Doubted, person: Who) -> pd.DataFrame:
    """The means of everything, without the suspects, and yours."""
    scene, reader, decided = known.scene, known.reader, known.verdicts
    return common.remember(
        means.means_table, scene, reader, known.spans, person,
        make=lambda: means.means_table(common.timeline(scene), reader, known.suspects, decided, person),
    )  # fmt: skip


def moves(known: Doubted, peak: Peak) -> tuple[float, float]:
    """The mean of the peak's emotion without the peak's moments being dropped, and with."""
    return common.compute_once(means.mean_without_peak, known.scene, known.reader, peak, others(known, peak))


def others(known: Doubted, peak: Peak) -> tuple[Span, ...]:
    """What is left out whatever is decided about this peak."""
    about = known.verdict(peak)
    return means.dropped_spans([one for one in known.verdicts if one is not about], known.whose(peak))


def sampling(known: Doubted) -> pd.DataFrame:
    """What the means would have been at longer steps."""
    return common.compute_once(sampling_check.means_by_phase, known.scene, known.reader)


def judge(known: Doubted, decided: Sequence[Verdict], then: str = "") -> None:
    """Write a decision down, say so, and go on to the peak that is named ``then``."""
    with common.showing_errors():
        common.store().add_verdicts(known.scene.id, decided)
        st.toast(f"{describe_decision(known, decided)} U takes it back.", icon=":material/flag:")
    common.set_param("peak", then)


def describe_decision(known: Doubted, decided: Sequence[Verdict]) -> str:
    """A decision in one sentence."""
    one = decided[0]
    done = "Dropped" if one.dropped else "Kept"
    if len(decided) > 1:
        return f"{done} {len(decided)} peaks."
    return f"{done}: {wording.quoted_name(one.emotion)} at {clock(_apex_ms(known, one))}."


def _apex_ms(known: Doubted, decided: Verdict) -> int:
    """When the peak is highest that was decided on, as lists of peaks have it; its begin where it is known no more."""
    same = (one.peak for one in known.every if verdicts.matches(decided, known.whose(one.peak), one.peak))
    return next((peak.apex_ms for peak in same), decided.start_ms)


def undo(known: Doubted) -> None:
    """Take the newest decision back, whichever reader it was about, and show its peak."""
    with common.showing_errors():
        back = common.store().undo_newest_verdict(known.scene.id, together=True)
        if back is not None:
            whose = "" if back.reader == known.whose(back) else f", read by {common.reader_words(back.reader)},"
            when = clock(_apex_ms(known, back))
            st.toast(f"Taken back: {wording.quoted_name(back.emotion)} at {when}{whose} is open again.")
            common.set_param("peak", peak_name(back))


def take_back(known: Doubted, verdict: Verdict) -> None:
    """Take this decision back and show its peak."""
    with common.showing_errors():
        common.store().undo_verdict(known.scene.id, verdict)
        common.set_param("peak", peak_name(verdict))


def chosen_peak(known: Doubted) -> Suspect | None:
    """The peak that the address names; None where it names none."""
    wanted = common.param("peak")
    return next((one for one in known.every if peak_name(one.peak) == wanted), None)


def face_at(timeline: Timeline, peak: Peak) -> tuple[int, Face]:
    """The face at the apex of a peak, with its index in the moment."""
    sample = next(one for one in timeline.samples if one.t_ms == peak.apex_ms)
    index = next(place for place, face in enumerate(sample.faces) if face.track == peak.track)
    return index, sample.faces[index]


def places(known: Doubted, peaks: Sequence[Peak]) -> dict[tuple[int, int], int]:
    """(apex, track) → index of the face in the moment, for every one of the peaks."""
    wanted = {(peak.apex_ms, peak.track) for peak in peaks}
    times = {t_ms for t_ms, _ in wanted}
    return {
        (sample.t_ms, face.track): index
        for sample in common.timeline(known.scene).samples
        if sample.t_ms in times
        for index, face in enumerate(sample.faces)
        if face.track is not None and (sample.t_ms, face.track) in wanted
    }


def crops(known: Doubted, peaks: Sequence[Peak]) -> dict[str, Image]:
    """The face at each peak's apex, by the peak's written name; those without a picture are left out."""
    at = places(known, peaks)
    keys = {peak_name(peak): (peak.apex_ms, at.get((peak.apex_ms, peak.track), -1)) for peak in peaks}
    jpegs = common.store().crops(known.scene.id, set(keys.values()))
    return {name: stills.decode(jpegs[key]) for name, key in keys.items() if key in jpegs}


def top_of(timeline: Timeline, reader: str, count: int = 2) -> list[str]:
    """The emotions with the highest means, neutral aside."""
    ranked = tables.top_emotions(timeline, reader, count + 1)
    return [name for name, _ in ranked if name != "neutral"][:count]
