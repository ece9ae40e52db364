"""People as tables: whose rows, how long on screen, and what two read as while they share the frame."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.analysis import people_tables, tables
from core.model import Sample, Span, Timeline
from core.reading import people
from tests.support.builders import LETTERS, face, strip

FIRST, SECOND = "hhhnn.", ".sssnn"


def pair(first: str, second: str) -> Timeline:
    """Two people side by side, a letter per moment each."""
    moments = [
        tuple(
            face(LETTERS[letter], left=10 + 200 * track, track=track)
            for track, letter in enumerate(both)
            if letter != "."
        )
        for both in zip(first, second, strict=True)
    ]
    return Timeline(500, tuple(Sample(500 * at, faces) for at, faces in enumerate(moments)))


def of(timeline: Timeline, *without: Span) -> pd.DataFrame:
    found = people.list_people(people.track_spans(timeline))
    return people_tables.shared_times(tables.faces(timeline, "builtin"), found, without)


def test_two_who_share_the_frame_have_a_row_each_with_what_they_read_as_meanwhile() -> None:
    table = of(pair(FIRST, SECOND))

    assert table[["person", "other", "moments"]].values.tolist() == [[0, 1, 4], [1, 0, 4]]
    assert table.loc[0, "happy"] == pytest.approx((0.88 * 2 + 0.02 * 2) / 4)  # h h n n: its first h was alone
    assert table.loc[1, "sad"] == pytest.approx((0.88 * 3 + 0.02) / 4)


def test_what_was_dropped_is_still_on_screen_but_not_in_the_means() -> None:
    table = of(pair("hn", "sn"), Span(0, 0, 500))

    assert table["moments"].tolist() == [2, 2]
    assert table["happy"].tolist() == pytest.approx([0.02, 0.02])
    assert table["sad"].tolist() == pytest.approx([0.02, 0.45])
    gone = of(pair("h", "s"), Span(0, 0, 500))
    assert np.isnan(gone.loc[0, "happy"]) and gone.loc[1, "sad"] == pytest.approx(0.88)


def test_people_who_never_meet_have_no_row_and_nobody_meets_themselves() -> None:
    assert of(strip("nn|hh")).empty
    timeline = pair("hh", "ss")
    one = people.list_people(
        people.track_spans(timeline), [people.merge_people(people.list_people(people.track_spans(timeline)), [0, 1])]
    )
    assert people_tables.shared_times(tables.faces(timeline, "builtin"), one).empty


def test_screen_time_counts_moments_of_all_that_is_somebodys_once() -> None:
    timeline = strip("nnhh|ss|.nnnn")
    seen = people.track_spans(timeline)
    merged = people.list_people(seen, [people.merge_people(people.list_people(seen), [0, 1])])

    table = people_tables.screen_times(tables.faces(timeline, "builtin"), merged)

    assert table.values.tolist() == [[0, "Person 1", 0, 2500, 6, 2], [2, "Person 3", 3500, 5000, 4, 1]]


@pytest.mark.parametrize("drawing", ["", "...", "n"])
def test_the_columns_are_the_same_whoever_is_there(drawing: str) -> None:
    timeline = strip(drawing)
    faces, found = tables.faces(timeline, "builtin"), people.list_people(people.track_spans(timeline))

    for table, types in (
        (people_tables.screen_times(faces, found), people_tables.SCREEN_TIME_TYPES),
        (people_tables.shared_times(faces, found), people_tables.SHARED_TIME_TYPES),
    ):
        assert table.dtypes.astype(str).to_dict() == types
    rows = people_tables.add_person_columns(tables.rows(timeline.samples), found)
    assert rows.dtypes[["person", "name"]].astype(str).tolist() == ["Int64", "str"]
