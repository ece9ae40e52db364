"""A scene in few tidy rows: one for each person and emotion, and one for each peak, for statistics of many scenes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from core.analysis import tables
from core.doubt.limits import LIMITS
from core.language import write_reason
from core.model import Person
from core.reading import people
from core.shelf.review import JOIN
from core.shelf.scene_view import SceneView

SUMMARY_TYPES: dict[str, str] = {
    "scene": "int64",
    "title": "str",
    "reader": "str",
    "person": "Int64",
    "name": "str",
    "emotion": "str",
    **dict.fromkeys(("mean", "low", "high", "mean_by_time", "mean_before_review"), "float64"),
    **dict.fromkeys(("faces", "moments", "on_screen_ms"), "int64"),
    "coverage": "float64",
}
"""Columns and dtypes of :func:`summary_table`."""

PEAK_TYPES: dict[str, str] = {
    "scene": "int64",
    "title": "str",
    "reader": "str",
    "person": "Int64",
    "name": "str",
    "track": "int64",
    "emotion": "str",
    **dict.fromkeys(("start_ms", "end_ms", "apex_ms"), "int64"),
    **dict.fromkeys(("height", "doubt"), "float64"),
    "suspect": "bool",
    "dropped": "boolean",
    "reasons": "str",
}
"""Columns and dtypes of :func:`peaks_table`."""


def summary_table(view: SceneView) -> pd.DataFrame:
    """Returns one row per person and emotion, those of everybody together first: columns and dtypes ``SUMMARY_TYPES``.

    All but ``mean_before_review`` is without what the viewer dropped. ``mean``, with the ends of its 95 % interval, is
    over faces, so that a crowded moment weighs more; ``mean_by_time`` is over the moments with a face, as the curves
    are. ``person`` is missing and ``name`` empty where the row is of everybody; ``coverage`` is the share of the
    scene's moments with a face of theirs, 0–1.
    """
    rows = [row for one in (None, *view.people) for row in _summarize(view.for_person(one.who if one else None), one)]
    return pd.DataFrame(rows, columns=list(SUMMARY_TYPES)).astype(SUMMARY_TYPES)


def _summarize(view: SceneView, person: Person | None) -> Iterator[dict[str, Any]]:
    by_time = view.curve().groupby("emotion")["score"].mean()
    seen = tables.select_faces(view.faces(), view.who)
    left = tables.leave_out(seen, view.dropped())
    moments, step_ms = left["t_ms"].nunique(), view.timeline.step_ms
    about = {
        **_whose(view, person),
        "faces": len(left),
        "moments": moments,
        "on_screen_ms": moments * step_ms,
        "coverage": moments / max(len(view.timeline.samples), 1),
    }
    for row in view.means().to_dict("records"):
        yield about | {
            "emotion": row["emotion"],
            "mean": row["yours"],
            "low": row["yours_low"],
            "high": row["yours_high"],
            "mean_by_time": by_time[row["emotion"]],
            "mean_before_review": row["everything"],
        }


def peaks_table(view: SceneView) -> pd.DataFrame:
    """Returns one row per peak of the reader, the most doubtful first: columns and dtypes ``PEAK_TYPES``.

    ``height``, ``doubt`` are 0–1; ``suspect`` says whether the doubt is enough to be shown, ``dropped`` is missing
    where nobody decided.
    """
    owner = people.owner_lookup(view.people)
    facts, rows = ("track", "emotion", "start_ms", "end_ms", "apex_ms", "height"), []
    for one in view.suspects:
        peak, decided = one.peak, view.verdict(one.peak)
        rows.append(
            {
                **_whose(view, owner(peak.track, peak.apex_ms)),
                **{name: getattr(peak, name) for name in facts},
                "doubt": one.doubt,
                "suspect": one.doubt >= LIMITS.suspect,
                "dropped": decided.dropped if decided else None,
                "reasons": JOIN.join(write_reason(reason) for reason in one.reasons),
            }
        )
    return pd.DataFrame(rows, columns=list(PEAK_TYPES)).astype(PEAK_TYPES)


def _whose(view: SceneView, person: Person | None) -> dict[str, Any]:
    """Returns the cells that say which scene a row is of, and whose."""
    scene = {"scene": view.scene.id, "title": view.scene.title, "reader": view.reader}
    return scene | {"person": person.id if person else None, "name": person.name if person else ""}
