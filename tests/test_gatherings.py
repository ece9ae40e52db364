"""Who is who, kept beside a scene's moments: what counts, what is taken back, and whose scene it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import StoreError
from core.model import Gathering, Recipe, Span
from core.reading import people
from core.store.scenes import Store
from core.store.visitors import VisitorStore, new_key
from tests.support import seed
from tests.support.builders import strip

STORY = strip("nnhh|ss|.nnnn")
MERGE = Gathering("merge", 0, "", (2,))
SPLIT = Gathering("split", -1, "", (Span(0, 500, 1500), 1))


def plain(decided: tuple[Gathering, ...]) -> list[Gathering]:
    """Decisions without their dates."""
    return [replace(one, at="") for one in decided]


def test_an_untouched_scene_has_one_person_a_track(store: Store) -> None:
    scene_id = seed.scene(store, STORY)

    assert store.people(scene_id) == people.list_people(people.track_spans(STORY))
    assert [person.name for person in store.people(scene_id)] == ["Person 1", "Person 2", "Person 3"]


def test_what_was_decided_comes_back_equal_dated_and_in_order_and_the_rows_stay(store: Store) -> None:
    scene_id = seed.scene(store, STORY)
    before, revision = store.samples(scene_id), store.scene(scene_id).revision

    store.add_people_decisions(scene_id, [MERGE, SPLIT])
    store.add_people_decisions(scene_id, [Gathering("name", 0, "Anna\0")])

    decided = store.people_decisions(scene_id)
    assert plain(decided) == [MERGE, SPLIT, Gathering("name", 0, "Anna")], "a control sign is no part of a name"
    assert all(one.at.endswith("+00:00") for one in decided)
    assert store.people(scene_id) == people.list_people(people.track_spans(STORY), decided)
    assert (store.samples(scene_id), store.scene(scene_id).revision) == (before, revision)


def test_undo_takes_back_one_decision_after_the_other_until_nothing_is_left(store: Store) -> None:
    scene_id = seed.scene(store, STORY)
    untouched = store.people(scene_id)
    store.add_people_decisions(scene_id, [MERGE, SPLIT])

    taken = [store.undo_people_decision(scene_id) for _ in range(3)]

    assert [one and replace(one, at="") for one in taken] == [SPLIT, MERGE, None]
    assert store.people(scene_id) == untouched


def test_what_was_decided_at_once_is_taken_back_at_once(store: Store) -> None:
    scene_id = seed.scene(store, STORY)
    store.add_people_decisions(scene_id, [Gathering("name", 0, "Anna")])
    store.add_people_decisions(scene_id, [MERGE, SPLIT])

    store.undo_people_decision(scene_id, together=True)
    assert [one.kind for one in store.people_decisions(scene_id)] == ["name"]
    store.undo_people_decision(scene_id, together=True)
    assert store.people_decisions(scene_id) == ()
    assert store.undo_people_decision(scene_id, together=True) is None


@pytest.mark.parametrize("way", ["delete", "clear"])
def test_decisions_go_with_the_moments_they_are_about(store: Store, way: str) -> None:
    scene_id, other = seed.scene(store, STORY), seed.scene(store, STORY, "Rain")
    for each in (scene_id, other):
        store.add_people_decisions(each, [MERGE])

    getattr(store, way)(scene_id)

    assert store.people_decisions(scene_id) == () and plain(store.people_decisions(other)) == [MERGE]


def test_deciding_about_a_scene_that_is_gone_is_told_in_a_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="not on the shelf"):
        store.add_people_decisions(99, [MERGE])


def test_a_visitor_neither_sees_nor_changes_who_is_who_in_anothers_scene(store: Store) -> None:
    mine, yours = VisitorStore(store, new_key()), VisitorStore(store, new_key())
    scene_id = mine.add(Recipe("/clip.mp4"), "Mine")
    mine.add_people_decisions(scene_id, [Gathering("name", 0, "Anna")])

    for forbidden in (yours.people, yours.people_decisions, yours.undo_people_decision):
        with pytest.raises(StoreError, match="not on the shelf"):
            forbidden(scene_id)
    with pytest.raises(StoreError, match="not on the shelf"):
        yours.add_people_decisions(scene_id, [MERGE])
    assert len(mine.people_decisions(scene_id)) == 1
