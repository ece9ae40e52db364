"""A scene that was deleted comes back whole, for a while; then it is gone with everything that belongs to it."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import JobError, StoreError
from core.host import home as places
from core.host import limits, timing
from core.model import Gathering, Recipe, Scene, Verdict
from core.shelf import housekeeping, jobs
from core.store.scenes import Store
from core.store.visitors import VisitorStore, new_key
from tests.support import seed
from tests.support.builders import strip

DROPPED = Verdict("builtin", 0, "happy", 0, 500, True)


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")


def full(store: Store, title: str = "Diner") -> int:
    """A scene with moments, pictures, verdicts and a name."""
    scene_id = seed.scene(store, strip("hhnn|ss."), title)
    store.add_verdicts(scene_id, [DROPPED])
    store.add_people_decisions(scene_id, [Gathering("name", 0, "Ada")])
    return scene_id


def all_of(store: Store, scene_id: int) -> tuple[object, ...]:
    """Everything that the store says of a scene, but how often it changed."""
    times = [one.t_ms for one in store.samples(scene_id)]
    crops = store.crops(scene_id, [(t_ms, 0) for t_ms in times])
    remarks = store.verdicts(scene_id), store.people(scene_id), store.closer_looks(scene_id, "builtin")
    scene = replace(store.scene(scene_id), revision=0)
    return scene, store.timeline(scene_id), crops, [store.thumb(scene_id, t_ms) for t_ms in times], remarks


@pytest.mark.databases
def test_what_comes_back_is_what_was_deleted(store: Store) -> None:
    scene_id = full(store)
    before = all_of(store, scene_id)
    jobs.delete(scene_id, store)

    assert store.scenes() == []
    assert [scene.title for scene in store.trashed_scenes()] == ["Diner"]

    jobs.restore(scene_id, store)

    assert all_of(store, scene_id) == before
    assert store.trashed_scenes() == []


@pytest.mark.databases
@pytest.mark.parametrize("call", ["scene", "timeline", "discard"])
def test_a_deleted_scene_is_not_on_the_shelf_for_anybody(store: Store, call: str) -> None:
    scene_id = full(store)
    store.discard(scene_id)

    with pytest.raises(StoreError, match=f"Scene {scene_id} is not on the shelf"):
        getattr(store, call)(scene_id)


@pytest.mark.databases
def test_a_worker_of_a_deleted_scene_writes_no_more_and_an_undo_leaves_it_stopped(store: Store) -> None:
    scene_id = seed.scene(store, strip("nn"), done=False)
    token = store.claim(scene_id)
    jobs.delete(scene_id, store)

    assert not store.record_heartbeat(scene_id, token)
    with pytest.raises(JobError):
        store.append(scene_id, token, seed.stored(strip("nnhh")))
    with pytest.raises(JobError):
        store.finish(scene_id, token)

    jobs.restore(scene_id, store)
    scene = store.scene(scene_id)

    assert (scene.state, scene.found, scene.alive, scene.waiting) == ("stopped", 2, False, False)


@pytest.mark.databases
def test_the_same_recipe_is_a_new_scene_after_a_delete_and_undo_puts_the_old_one_in_its_place(store: Store) -> None:
    old = full(store)
    recipe = store.scene(old).recipe
    jobs.delete(old, store)
    new = store.add(recipe, "Diner once more")

    assert new != old

    jobs.restore(old, store)

    assert [scene.id for scene in store.scenes()] == [old]
    assert [scene.id for scene in store.trashed_scenes()] == [new]

    jobs.restore(new, store)

    assert [scene.id for scene in store.scenes()] == [new]
    assert store.add(recipe, "again") == new


def test_a_clip_stays_as_long_as_its_scene_can_be_brought_back(store: Store) -> None:
    clip = places.clips_folder() / "film.mp4"
    clip.write_bytes(b"film")
    first, second = (store.add(Recipe(str(clip), smallest_face_px=px), "Film") for px in (24, 12))
    jobs.delete(first, store)
    store.delete(second)

    assert clip.exists()

    jobs.delete_for_good(first, store)

    assert not clip.exists()
    assert store.trashed_scenes() == []


@pytest.mark.databases
def test_after_a_while_it_is_gone_for_good(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    scene_id, other = full(store), full(store, "Rain")
    jobs.delete(scene_id, store)
    jobs.empty_trash(store)
    assert len(store.trashed_scenes()) == 1

    monkeypatch.setenv(timing.VARIABLE, '{"undo_s": -1.0}')
    jobs.empty_trash(store)

    assert store.trashed_scenes() == []
    assert store.samples(scene_id) == ()
    assert [scene.id for scene in store.scenes()] == [other]
    with pytest.raises(StoreError):
        jobs.restore(scene_id, store)


def test_on_a_disk_that_is_nearly_full_a_scene_goes_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    scene_id = full(store)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(places.shutil, "disk_usage", lambda path: usage(100, 99, 1))
    jobs.delete(scene_id, store)

    assert store.trashed_scenes() == []
    assert store.samples(scene_id) == ()


def test_visitors_bring_back_only_their_own(store: Store, hosted: None) -> None:
    mine, other = VisitorStore(store, new_key()), VisitorStore(store, new_key())
    scene_id = full(mine)
    jobs.delete(scene_id, mine)

    assert other.trashed_scenes() == []
    for act in (jobs.restore, jobs.delete_for_good):
        with pytest.raises(StoreError):
            act(scene_id, other)
    assert [scene.id for scene in mine.trashed_scenes()] == [scene_id]

    jobs.restore(scene_id, mine)

    assert [scene.id for scene in mine.scenes()] == [scene_id]


def test_hosted_only_the_last_one_can_be_brought_back_so_that_deleting_keeps_no_disk(
    store: Store, hosted: None
) -> None:
    mine = VisitorStore(store, new_key())
    for title in ("Diner", "Rain", "Storm"):
        jobs.delete(full(mine, title), mine)

    assert [scene.title for scene in store.trashed_scenes()] == ["Storm"]


def test_hosted_a_full_shelf_takes_nothing_back(store: Store, hosted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HOSTED", replace(limits.HOSTED, kept=1))
    mine = VisitorStore(store, new_key())
    scene_id = full(mine)
    jobs.delete(scene_id, mine)
    full(mine, "Rain")

    with pytest.raises(JobError, match="Your shelf holds 1 scenes"):
        jobs.restore(scene_id, mine)


def test_what_a_visitors_time_is_over_for_goes_also_when_it_was_deleted_just_now(
    store: Store, hosted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = VisitorStore(store, new_key())
    gone, kept = full(mine), full(mine, "Rain")
    jobs.delete(gone, mine)
    monkeypatch.setattr(limits, "HOSTED", replace(limits.HOSTED, kept_s=-5.0))
    housekeeping.delete_expired(store)

    assert store.scenes() == store.trashed_scenes() == []
    assert store.samples(gone) == store.samples(kept) == ()


def test_a_swept_house_keeps_the_clip_of_what_can_be_brought_back(
    store: Store, hosted: None, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    clip = places.clips_folder() / "film.mp4"
    clip.write_bytes(b"film")
    mine = VisitorStore(store, new_key())
    jobs.delete(mine.add(Recipe(str(clip)), "Film"), mine)
    monkeypatch.setenv(timing.VARIABLE, '{"orphan_s": -1.0}')
    housekeeping.delete_expired(store)

    assert clip.exists()


def titles(scenes: list[Scene]) -> list[str]:
    return [scene.title for scene in scenes]


def test_what_was_deleted_last_comes_first(store: Store) -> None:
    first, second = full(store, "Diner"), full(store, "Rain")
    jobs.delete(second, store)
    jobs.delete(first, store)

    assert titles(store.trashed_scenes()) == ["Diner", "Rain"]
