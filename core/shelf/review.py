"""Peaks and what is decided about them, out of the store: for the review page, exports and the command line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.doubt import rules, verdicts, weights
from core.doubt.peaks import find_peaks
from core.errors import SettingError
from core.language import write_reason
from core.model import Sample, Scene, Suspect, Timeline, Verdict
from core.store.scenes import Store

if TYPE_CHECKING:
    import pandas as pd

    from core.analysis.tables import Remark

JOIN = " | "


def suspects_of(store: Store, scene: Scene, timeline: Timeline, reader: str) -> tuple[Suspect, ...]:
    """Return every peak of a reader with its doubt, the most doubtful first, closer looks taken in."""
    size = (scene.video.width, scene.video.height) if scene.video else None
    looks = {name: store.closer_looks(scene.id, name) for name in {reader, *scene.readers}}
    return rules.find_suspects(timeline, reader, weights.load_model(), closer=looks[reader], size=size, others=looks)


def remarks(
    samples: Sequence[Sample], suspects: Mapping[str, Iterable[Suspect]], decided: Sequence[Verdict]
) -> dict[tuple[int, int, str], Remark]:
    """Return what is to be said of (t_ms, track, reader): highest doubt of a peak there, its reasons, whether dropped.

    ``suspects`` are those of every reader. A moment outside every peak and every dropped span has no remark.
    """
    times = [sample.t_ms for sample in samples]
    said: dict[tuple[int, int, str], Remark] = {}
    for reader, found in suspects.items():
        for one in sorted(found, key=lambda one: one.doubt):  # the highest doubt is written last, and stays
            remark = one.doubt, JOIN.join(write_reason(reason) for reason in one.reasons), False
            said |= dict.fromkeys(_moments(times, reader, one.peak.track, one.peak.start_ms, one.peak.end_ms), remark)
    for verdict in decided:
        if verdict.dropped:
            for key in _moments(times, verdict.reader, verdict.track, verdict.start_ms, verdict.end_ms):
                doubt, reasons, _ = said.get(key, (None, None, True))
                said[key] = doubt, reasons, True
    return said


def _moments(times: list[int], reader: str, track: int, start_ms: int, end_ms: int) -> list[tuple[int, int, str]]:
    return [(t_ms, track, reader) for t_ms in times[bisect_left(times, start_ms) : bisect_left(times, end_ms)]]


def table(store: Store, scene: Scene) -> pd.DataFrame:
    """Return a scene's rows for export: the columns of ``tables.rows``, those of remarks, and person and name."""
    from core.analysis import people_tables, tables

    timeline = store.timeline(scene.id)
    suspects = {reader: suspects_of(store, scene, timeline, reader) for reader in scene.readers}
    rows = tables.rows(timeline.samples, remarks(timeline.samples, suspects, store.verdicts(scene.id)))
    return people_tables.add_person_columns(rows, store.people(scene.id))


def table_from_calm(store: Store, scene: Scene) -> pd.DataFrame:
    """Return the same with the changes from each person's calm span at the end, ``baseline.COLUMNS``."""
    from core.analysis import baseline

    timeline, people = store.timeline(scene.id), store.people(scene.id)
    return baseline.add_change_columns(table(store, scene), timeline, store.baselines(scene.id), people)


def verdicts_json(store: Store, scene: Scene) -> str:
    """Return a scene's verdicts as the JSON that another person can load; SettingError before it has been read."""
    if scene.video is None:
        raise unread_error(scene)
    recipe = replace(scene.recipe, finder=scene.finder, readers=scene.readers)
    return verdicts.format_verdicts(scene.title, scene.video, recipe, store.verdicts(scene.id))


def load_verdicts(store: Store, scene: Scene, text: str) -> tuple[int, int]:
    """Judge a scene by another person's verdicts; return how many fit its peaks, and how many fit none.

    They may come from the same clip read at another step. SettingError when they are about another clip, or damaged;
    nothing is changed then.
    """
    if scene.video is None:
        raise unread_error(scene)
    return apply_verdicts(store, scene, verdicts.parse_verdicts(text, scene.video))


def apply_verdicts(store: Store, scene: Scene, given: Sequence[Verdict]) -> tuple[int, int]:
    """Judge a scene by verdicts about the same clip; return how many fit its peaks, and how many fit none."""
    timeline = store.timeline(scene.id)
    made: list[Verdict] = []
    fit = 0
    for reader in scene.readers:
        found = find_peaks(timeline, reader)
        fit += sum(bool(verdicts.fit_to_peaks([one], reader, found)) for one in given)
        made += verdicts.fit_to_peaks(given, reader, found)
    if made:
        store.add_verdicts(scene.id, made)
    return fit, len(given) - fit


def unread_error(scene: Scene) -> SettingError:
    """Return the error of a scene that has no peaks yet."""
    return SettingError(f"“{scene.title}” has not been read yet. Read it first.")
