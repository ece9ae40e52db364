"""Who is who: what a viewer decides gathers tracks into people, and nothing of the tracks is changed by it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis import means, tables
from core.charts import marks
from core.errors import SettingError
from core.model import Gathering, Peak, Person, Sample, Span, Suspect, Timeline
from core.reading import people
from tests.support.builders import face, strip

STORY = strip("nnhh|ss|.nnnn")
SEEN = people.track_spans(STORY)


def told(*decided: Gathering, seen: tuple[Span, ...] = SEEN) -> dict[str, tuple[int | Span, ...]]:
    """Everybody by name, with what is theirs."""
    return {person.name: person.who for person in people.list_people(seen, decided)}


def test_a_track_is_seen_from_its_first_moment_to_just_after_its_last() -> None:
    assert [tuple(span) for span in SEEN] == [(0, 0, 1501), (1, 2000, 2501), (2, 3500, 5001)]
    assert people.track_spans(strip("...")) == ()


def test_where_nothing_was_decided_every_track_is_a_person_by_order_of_appearance() -> None:
    assert told() == {"Person 1": (0,), "Person 2": (1,), "Person 3": (2,)}
    assert [person.id for person in people.list_people(SEEN)] == [0, 1, 2]


def test_a_name_is_kept_and_an_empty_one_takes_it_away() -> None:
    name = people.name_person(people.list_people(SEEN), 1, "  Anna\n Karina ")

    assert told(name) == {"Person 1": (0,), "Anna Karina": (1,), "Person 3": (2,)}
    assert told(name, replace(name, name="")) == told()


def test_the_first_on_screen_takes_the_others_in_and_everybody_else_keeps_their_name() -> None:
    merge = people.merge_people(people.list_people(SEEN), [1, 0])

    assert told(merge) == {"Person 1": (0, 1), "Person 3": (2,)}


def test_a_name_that_was_given_survives_being_merged() -> None:
    anna = people.name_person(people.list_people(SEEN), 2, "Anna")
    merge = people.merge_people(people.list_people(SEEN, [anna]), [0, 2], people.ids_with_names([anna]))

    assert told(anna, merge) == {"Anna": (0, 2), "Person 2": (1,)}


def test_a_track_that_is_split_off_is_who_it_was_before() -> None:
    anna = people.name_person(people.list_people(SEEN), 2, "Anna")
    decided = [anna, people.merge_people(people.list_people(SEEN, [anna]), [0, 1, 2])]

    off = people.split_person(SEEN, people.list_people(SEEN, decided), 0, [2])

    assert off == Gathering("split", 2, "", (2,))
    assert told(*decided, off) == {"Person 1": (0, 1), "Anna": (2,)}


def test_a_stretch_of_a_track_can_be_somebody_elses() -> None:
    off = people.split_person(SEEN, people.list_people(SEEN), 0, [Span(0, 500, 1500)])
    found = people.list_people(SEEN, [off])

    assert off.person == -1
    assert told(off) == {
        "Person 1": (Span(0, 0, 500), Span(0, 1500, 1501)),
        "Person 4": (Span(0, 500, 1500),),
        "Person 2": (1,),
        "Person 3": (2,),
    }
    assert [person.tracks for person in found] == [(0,), (0,), (1,), (2,)]


def test_who_was_split_off_can_be_merged_back_as_if_nothing_had_been() -> None:
    off = people.split_person(SEEN, people.list_people(SEEN), 0, [Span(0, 500, 1500)])
    back = people.merge_people(people.list_people(SEEN, [off]), [0, off.person])

    assert told(off, back) == told()


def test_a_second_stretch_gets_a_number_of_its_own() -> None:
    first = people.split_person(SEEN, people.list_people(SEEN), 0, [Span(0, 0, 500)])
    second = people.split_person(SEEN, people.list_people(SEEN, [first]), 0, [Span(0, 1500, 1501)])

    assert {first.person, second.person} == {-1, -2}
    assert len(people.list_people(SEEN, [first, second])) == 5


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([0], "would be left"),
        ([Span(0, 0, 9000)], "would be left"),
        ([], "nothing there"),
        ([1], "nothing there"),
        ([Span(0, 2000, 3000)], "nothing there"),
    ],
)
def test_a_split_that_leaves_or_takes_nothing_is_refused(parts: list[int | Span], sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        people.split_person(SEEN, people.list_people(SEEN), 0, parts)


def test_one_person_alone_is_not_merged_and_a_stranger_is_named_by_number() -> None:
    with pytest.raises(SettingError, match="two or more"):
        people.merge_people(people.list_people(SEEN), [1, 1])
    with pytest.raises(SettingError, match="number 7"):
        people.name_person(people.list_people(SEEN), 7, "Anna")


def test_what_was_decided_about_tracks_that_are_not_there_says_nothing() -> None:
    stray = Gathering("merge", 0, "", (9, Span(8, 0, 100)))

    assert told(stray) == told()


def test_a_whole_track_that_goes_on_when_more_is_read_stays_with_whom_it_was_given_to() -> None:
    merge = people.merge_people(people.list_people(SEEN), [0, 2])
    longer = people.track_spans(strip("nnhh|ss|.nnnnnnn|n"))

    assert told(merge, seen=longer) == {"Person 1": (0, 2), "Person 2": (1,), "Person 4": (3,)}


parts = st.one_of(
    st.integers(0, 3),
    st.builds(
        lambda track, start, length: Span(track, start, start + length), st.integers(0, 3), *[st.integers(0, 6000)] * 2
    ),
)
decisions = st.lists(
    st.builds(
        Gathering,
        st.sampled_from(["merge", "split"]),
        st.integers(-2, 3),
        st.sampled_from(["", "A"]),
        st.lists(parts, max_size=3).map(tuple),
    ),
    max_size=6,
)


@given(decisions)
def test_whatever_was_decided_every_face_is_of_exactly_one_person(decided: list[Gathering]) -> None:
    found = people.list_people(SEEN, decided)
    of = [people.face_filter(person.who) for person in found]

    for sample in STORY.samples:
        for one in sample.faces:
            assert sum(is_theirs(one.track, sample.t_ms) for is_theirs in of) == 1
    assert len({person.id for person in found}) == len(found)
    firsts = [people.stretches(SEEN, person)[0] for person in found]
    assert list(people.sort_spans(firsts)) == firsts


@given(decisions)
def test_the_mask_of_rows_and_the_rule_for_one_face_agree(decided: list[Gathering]) -> None:
    track = np.array([0, 0, 1, 2, 2, -1])
    t_ms = np.array([0, 1000, 2000, 3500, 4000, 0])
    for person in people.list_people(SEEN, decided):
        one_by_one = [people.face_filter(person.who)(*each) for each in zip(track.tolist(), t_ms.tolist(), strict=True)]

        assert people.face_mask(person.who, track, t_ms).tolist() == one_by_one


def test_curves_means_coverage_and_marks_are_of_all_that_is_a_persons() -> None:
    both, part = (0, 1), (Span(0, 1000, 2000),)

    curve = tables.curve(STORY, "builtin", both)
    assert curve.dropna()["t_ms"].unique().tolist() == [0, 500, 1000, 1500, 2000, 2500]
    assert tables.curve(STORY, "builtin", part).dropna()["t_ms"].unique().tolist() == [1000, 1500]
    assert tables.coverage(STORY, both) == 6 / 11 and tables.coverage(STORY, part) == 2 / 11
    assert tables.means(STORY, "builtin", [0])["mean"].tolist() == tables.means(STORY, "builtin", 0)["mean"].tolist()
    means_of = means.means_table(STORY, "builtin", (), (), part).set_index("emotion")["everything"]
    assert means_of["happy"] == pytest.approx(0.88)
    suspects = [
        Suspect(Peak(0, "happy", 1000, 2000, 1000, 0.9), 0.9),
        Suspect(Peak(1, "sad", 2000, 3000, 2000, 0.9), 0.9),
    ]
    assert marks.mark_table(suspects, (), "builtin", both)["track"].tolist() == [0, 1]
    assert marks.mark_table(suspects, (), "builtin", (Span(0, 0, 1000), 1))["track"].tolist() == [1]


def test_a_face_without_a_track_is_nobodys_and_everybodys() -> None:
    alone = Timeline(500, (Sample(0, (face("happy", track=None),)),))

    assert people.track_spans(alone) == ()
    assert tables.coverage(alone) == 1 and tables.coverage(alone, (0,)) == 0
    assert len(tables.select_faces(tables.faces(alone, "builtin"), [0])) == 0


def test_a_person_is_told_whole_tracks_by_number_and_shared_ones_by_their_part() -> None:
    assert Person(0, "A", (0, 2), (Span(2, 0, 100),)).who == (0, Span(2, 0, 100))
