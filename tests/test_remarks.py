"""Verdicts and closer looks beside a scene's moments: what counts, what is taken back, who may write."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import JobError, StoreError
from core.host import home as places
from core.model import Recipe, Verdict
from core.reading.closer_look import CloserLook, Key
from core.store import database as connect
from core.store import schema
from core.store.scenes import Store
from core.store.visitors import VisitorStore

pytestmark = pytest.mark.databases

DROP = Verdict("builtin", 3, "happy", 2000, 2600, True)
KEEP = replace(DROP, dropped=False)
OTHER = Verdict("deepface", 3, "happy", 2000, 2600, True)
LOOK = CloserLook(0.2, 0.1 + 0.2, -1.5, 80, 760, 0.4, 33.3, ((1960, 0.1), (2000, 1 / 3)))


def plain(verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    """Verdicts without their dates."""
    return [replace(verdict, at="") for verdict in verdicts]


def test_a_verdict_comes_back_dated_and_the_revision_stays(store: Store, scene_id: int) -> None:
    before = store.scene(scene_id).revision

    store.add_verdicts(scene_id, [DROP])

    (verdict,) = store.verdicts(scene_id)
    assert replace(verdict, at="") == DROP
    assert verdict.at.endswith("+00:00")
    assert store.scene(scene_id).revision == before


def test_the_newest_verdict_about_a_peak_counts_and_another_readers_stays(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [DROP, OTHER])
    store.add_verdicts(scene_id, [KEEP])

    assert plain(store.verdicts(scene_id)) == [OTHER, KEEP]


def test_what_counts_of_several_scenes_is_had_at_once_and_of_another_visitors_never(
    store: Store, scene_id: int
) -> None:
    other = store.add(Recipe("/other.mp4"), "Another")
    mine = VisitorStore(store, "a" * 22)
    own = mine.add(Recipe("/mine.mp4"), "Mine")
    for each in (scene_id, own):
        store.add_verdicts(each, [DROP, OTHER])
        store.add_verdicts(each, [KEEP])
    every = (scene_id, other, own)

    assert store.verdicts_by_scene(every) == {each: store.verdicts(each) for each in (scene_id, own)}
    assert mine.verdicts_by_scene(every) == {own: mine.verdicts(own)}
    assert store.verdicts_by_scene(()) == {}


def test_undo_takes_back_the_newest_and_the_one_before_it_counts_again(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [DROP])
    store.add_verdicts(scene_id, [KEEP])

    taken = [
        store.undo_newest_verdict(scene_id),
        store.verdicts(scene_id),
        store.undo_newest_verdict(scene_id),
        store.undo_newest_verdict(scene_id),
    ]

    assert isinstance(taken[0], Verdict) and not taken[0].dropped
    assert plain(taken[1]) == [DROP]  # type: ignore[arg-type]
    assert isinstance(taken[2], Verdict) and taken[2].dropped
    assert taken[3] is None and store.verdicts(scene_id) == ()


def test_what_was_decided_together_can_be_taken_back_together(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [OTHER])
    store.add_verdicts(scene_id, [replace(DROP, start_ms=start_ms) for start_ms in (0, 500, 1000)])

    store.undo_newest_verdict(scene_id, together=True)

    assert plain(store.verdicts(scene_id)) == [OTHER]


def test_one_verdict_is_taken_back_whatever_was_decided_after_it(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [DROP])
    store.add_verdicts(scene_id, [OTHER])
    revision = store.scene(scene_id).revision

    store.undo_verdict(scene_id, store.verdicts(scene_id)[0])
    store.undo_verdict(scene_id, DROP)  # gone already

    assert plain(store.verdicts(scene_id)) == [OTHER]
    assert store.scene(scene_id).revision == revision


@pytest.mark.databases
def test_what_is_taken_back_of_several_verdicts_about_a_peak_is_the_newest(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [DROP])
    store.add_verdicts(scene_id, [KEEP])
    store.add_verdicts(scene_id, [OTHER])

    store.undo_verdict(scene_id, KEEP)

    assert plain(store.verdicts(scene_id)) == [DROP, OTHER]
    store.undo_verdict(scene_id, DROP)
    assert plain(store.verdicts(scene_id)) == [OTHER]


def test_a_closer_look_comes_back_equal_and_only_for_its_reader(store: Store, scene_id: int) -> None:
    token = store.claim(scene_id)
    looks = {Key(0, "happy", 2000): LOOK, Key(1, "fear", 400): replace(LOOK, again=())}
    store.add_closer_looks(scene_id, token, "builtin", looks)
    store.add_closer_looks(scene_id, token, "deepface", {Key(0, "happy", 2000): replace(LOOK, light=1.0)})

    assert store.closer_looks(scene_id, "builtin") == looks
    assert store.closer_looks(scene_id, "deepface")[0, "happy", 2000].light == 1.0
    assert store.closer_looks(scene_id, "fer") == {}


def test_a_closer_look_written_twice_is_the_second(store: Store, scene_id: int) -> None:
    token = store.claim(scene_id)
    for light in (1.0, 2.0):
        store.add_closer_looks(scene_id, token, "builtin", {Key(0, "happy", 0): replace(LOOK, light=light)})

    assert [look.light for look in store.closer_looks(scene_id, "builtin").values()] == [2.0]


def test_a_worker_that_was_superseded_writes_no_closer_look(store: Store, scene_id: int) -> None:
    token = store.claim(scene_id)
    store.claim(scene_id)

    with pytest.raises(JobError):
        store.add_closer_looks(scene_id, token, "builtin", {Key(0, "happy", 0): LOOK})
    assert store.closer_looks(scene_id, "builtin") == {}


@pytest.mark.parametrize("way", ["delete", "clear"])
def test_remarks_go_with_the_moments_they_are_about(store: Store, scene_id: int, way: str) -> None:
    other = store.add(Recipe("/other.mp4"), "Another clip")
    for each in (scene_id, other):
        store.add_closer_looks(each, store.claim(each), "builtin", {Key(0, "happy", 0): LOOK})
        store.add_verdicts(each, [DROP])

    getattr(store, way)(scene_id)

    assert (store.verdicts(scene_id), store.closer_looks(scene_id, "builtin")) == ((), {})
    assert plain(store.verdicts(other)) == [DROP] and store.closer_looks(other, "builtin")


def test_judging_a_scene_that_is_gone_is_told_in_a_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="not on the shelf"):
        store.add_verdicts(99, [DROP])


def test_a_shelf_of_before_there_were_verdicts_gets_their_tables_and_keeps_its_scenes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        database = connect.Database(places.database_url())
        with database.begin_write() as db:
            recipe = json.dumps({"source": "/old.mp4", "step": [200, "ms"], "readers": []})
            row = (1, "k", recipe, "old", "done", "", 0, 0, 0, None, "", "[]", None, None, "")
            db.exec_driver_sql(f"INSERT INTO scenes VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
            assert not sa.inspect(db).has_table("verdicts")

    store = Store()
    store.add_verdicts(1, [DROP])

    assert store.scene(1).title == "old" and plain(store.verdicts(1)) == [DROP]
    assert store.closer_looks(1, "builtin") == {}
