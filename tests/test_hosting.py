"""Hosted mode: which links are taken, who sees what, how scenes wait their turn, and what is deleted when."""

from __future__ import annotations

import inspect
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.errors import FetchError, JobError, SceneError, StoreError, VideoError
from core.host import home as places
from core.host import limits
from core.model import Recipe
from core.shelf import housekeeping, jobs, worker
from core.store.scenes import Store
from core.store.visitors import HARMLESS, HOUSEKEEPING, ONE_SCENE, OWN_ROWS, VisitorStore, is_key, new_key
from tests.support import clips, seed
from tests.support.builders import strip
from tests.support.project import ROOT


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The scenes whose workers were started, no process behind them."""
    started: list[int] = []
    monkeypatch.setattr(jobs, "_start_worker", lambda shelf, scene_id, token: started.append(scene_id))
    return started


def visitor(store: Store) -> VisitorStore:
    return VisitorStore(store, new_key())


@pytest.mark.parametrize(("said", "is_hosted"), [("", False), ("0", False), ("no", False), ("1", True), ("yes", True)])
def test_the_environment_says_whether_it_is_hosted(said: str, is_hosted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", said)

    assert limits.is_hosted() is is_hosted and limits.current_limits().hosted is is_hosted


TAKEN = [
    "https://archive.org/details/his_girl_friday",
    "https://www.archive.org/details/x?start=3",
    "HTTPS://Commons.Wikimedia.org/wiki/File:A.webm",
    "https://archive.org:443/details/x",
]
NOT_TAKEN = [
    "https://example.org/a.mp4",
    "https://archive.org.evil.example/x",
    "https://evil.example/archive.org",
    "https://notarchive.org/x",
    "https://archive.org:8080/x",
    "https://archive.org@evil.example/x",
    "https://user:word@archive.org/x",
    "http://127.0.0.1/x",
    "http://[::1]/x",
    "http://2130706433/x",
    "http://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "ftp://archive.org/x",
    "javascript:alert(1)",
    "ytsearch:cats",
    "data:text/html,x",
    "https://",
    "https://archive.org\\@evil.example/x",
    "https://archive.org/a b",
    "https://archive.org/\x00",
    "https://archive.org/\u202egnp",
    "https://[archive.org/x",
    "https://archive.org:99999/x",
    "https://archive.org/" + "x" * 3000,
]


@pytest.mark.parametrize("link", TAKEN)
def test_a_link_to_a_site_of_the_list_is_taken(link: str, hosted: None) -> None:
    assert limits.check_link(link).startswith("https://")


@pytest.mark.parametrize("link", NOT_TAKEN)
def test_any_other_link_is_one_sentence(link: str, hosted: None) -> None:
    with pytest.raises(FetchError) as refused:
        limits.check_link(link)

    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)


def test_on_your_own_machine_any_site_is_taken_and_what_is_no_link_is_not() -> None:
    assert limits.check_link(" https://example.org:8443/A?b=C ") == "https://example.org:8443/A?b=C"
    for link in ("file:///etc/passwd", "https://user:word@example.org/", "ytsearch:cats", "http://"):
        with pytest.raises(FetchError):
            limits.check_link(link)


def test_what_stands_after_the_hash_goes() -> None:
    """yt-dlp takes orders from there."""
    assert limits.check_link("https://archive.org/x#__youtubedl_smuggle=%7B%7D") == "https://archive.org/x"


def test_no_site_of_the_list_has_a_generic_extractor() -> None:
    import re

    for site in limits.SITES:
        assert not re.fullmatch(site.extractors, "generic") and all("." in host for host in site.hosts)


def test_keys_are_long_random_and_recognised() -> None:
    keys = {new_key() for _ in range(1000)}

    assert len(keys) == 1000 and all(is_key(key) for key in keys)
    assert not any(is_key(text) for text in ("", "x", "../../etc/passwd000000", "a" * 23, "a" * 21 + "\n"))


@pytest.mark.databases
def test_a_visitor_sees_and_touches_only_scenes_of_their_own(store: Store, hosted: None) -> None:
    mine, other = visitor(store), visitor(store)
    scene_id = seed.scene(mine, strip("nnh."), "Mine")
    text = {"title": "x", "sentence": "x"}
    before = store.timeline(scene_id), store.scene(scene_id)
    for name in ONE_SCENE:
        needed = [
            parameter
            for parameter in list(inspect.signature(getattr(Store, name)).parameters.values())[2:]
            if parameter.default is parameter.empty
        ]
        arguments = [text.get(parameter.name, 0) for parameter in needed]
        with pytest.raises(StoreError, match="not on the shelf"):
            getattr(other, name)(scene_id, *arguments)

    assert (store.timeline(scene_id), store.scene(scene_id)) == before
    assert other.scenes() == [] and [scene.id for scene in mine.scenes()] == [scene_id]


def test_every_method_of_the_store_is_declared_for_visitors() -> None:
    methods = {name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")}
    lists = (ONE_SCENE, OWN_ROWS, HARMLESS, HOUSEKEEPING)
    assert methods == frozenset().union(*lists)
    assert sum(map(len, lists)) == len(methods)
    for name in ONE_SCENE:
        assert list(inspect.signature(getattr(Store, name)).parameters)[1] == "scene_id"


def test_a_method_that_nobody_declared_is_refused_to_visitors(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "every_title", lambda self: [scene.title for scene in self.scenes()], raising=False)
    assert store.every_title() == []  # type: ignore[attr-defined]
    for name in ("every_title", *HOUSEKEEPING):
        with pytest.raises(StoreError, match="one visitor's shelf"):
            getattr(visitor(store), name)


@pytest.mark.databases
def test_the_same_recipe_of_two_visitors_is_two_scenes(store: Store, hosted: None) -> None:
    mine, other = visitor(store), visitor(store)
    recipe = Recipe("https://archive.org/details/x")

    assert mine.add(recipe, "A") == mine.add(recipe, "A") != other.add(recipe, "A")


@pytest.mark.databases
def test_a_clip_that_another_visitor_uses_stays_when_a_scene_of_it_is_deleted(store: Store, hosted: None) -> None:
    mine, other = visitor(store), visitor(store)
    clip = places.clips_folder() / "abc.mp4"
    clip.write_bytes(b"x")
    first, second = mine.add(Recipe(str(clip)), "A"), other.add(Recipe(str(clip)), "A")
    mine.delete(first)
    assert clip.exists()
    other.delete(second)
    assert not clip.exists()


@pytest.mark.databases
def test_scenes_are_read_one_after_the_other_in_the_order_they_came(
    store: Store, hosted: None, launched: list[int]
) -> None:
    visitors = [visitor(store) for _ in range(4)]
    added = [one.add(Recipe(f"/clips/{number}.mp4"), "A") for number, one in enumerate(visitors)]
    for one, scene_id in zip(visitors, added, strict=True):
        jobs.start(scene_id, one)

    assert launched == added[:1]
    assert [one.queue_place(scene_id) for one, scene_id in zip(visitors, added, strict=True)] == [0, 1, 2, 3]
    assert [one.scene(scene_id).waiting for one, scene_id in zip(visitors, added, strict=True)] == [False] + [True] * 3
    for expected in range(2, 5):
        store.stop(launched[-1])
        jobs.start_waiting(store)
        assert launched == added[:expected]


@pytest.mark.databases
def test_a_visitor_has_one_scene_read_at_a_time(store: Store, hosted: None, launched: list[int]) -> None:
    mine = visitor(store)
    first, second = mine.add(Recipe("/clips/1.mp4"), "A"), mine.add(Recipe("/clips/2.mp4"), "B")
    jobs.start(first, mine)
    jobs.start(first, mine)
    with pytest.raises(JobError, match="One scene at a time"):
        jobs.start(second, mine)

    mine.stop(first)
    jobs.start(second, mine)
    assert launched == [first, second]


@pytest.mark.databases
def test_a_stopped_scene_leaves_the_queue(store: Store, hosted: None, launched: list[int]) -> None:
    visitors = [visitor(store) for _ in range(3)]
    added = [one.add(Recipe(f"/clips/{number}.mp4"), "A") for number, one in enumerate(visitors)]
    for one, scene_id in zip(visitors, added, strict=True):
        jobs.start(scene_id, one)
    jobs.stop(added[1], visitors[1])

    assert visitors[2].queue_place(added[2]) == 1 and visitors[1].scene(added[1]).state == "stopped"


@pytest.mark.databases
def test_a_full_queue_and_a_full_shelf_say_so(
    store: Store, hosted: None, launched: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HOSTED", replace(limits.HOSTED, waiting=2, kept=2))
    for number in range(3):
        one = visitor(store)
        jobs.start(one.add(Recipe(f"/clips/{number}.mp4"), "A"), one)
    late = visitor(store)
    with pytest.raises(JobError, match="Too many scenes wait"):
        jobs.start(late.add(Recipe("/clips/9.mp4"), "A"), late)
    late.add(Recipe("/clips/10.mp4"), "A")
    with pytest.raises(JobError, match="which is all it can"):
        late.add(Recipe("/clips/11.mp4"), "A")


@pytest.mark.databases
def test_a_worker_that_died_before_it_began_holds_no_place_for_ever(
    store: Store, hosted: None, launched: list[int]
) -> None:
    first, second = visitor(store), visitor(store)
    ids = first.add(Recipe("/clips/1.mp4"), "A"), second.add(Recipe("/clips/2.mp4"), "A")
    jobs.start(ids[0], first)
    jobs.start(ids[1], second)
    with store._db.begin_write() as db:
        db.execute(sa.text("UPDATE scenes SET heartbeat = heartbeat - 60 WHERE id = :id"), {"id": ids[0]})
    jobs.start_waiting(store)

    assert launched == list(ids)
    assert not first.scene(ids[0]).alive


@pytest.mark.databases
def test_scenes_go_with_their_pictures_when_their_time_is_over(store: Store, hosted: None) -> None:
    mine = visitor(store)
    old, young = seed.scene(mine, strip("nn"), "Old"), seed.scene(mine, strip("nn"), "Young")
    long_ago = (datetime.now(UTC) - timedelta(hours=25)).isoformat(timespec="seconds")
    with store._db.begin_write() as db:
        db.execute(sa.text("UPDATE scenes SET created = :at WHERE id = :id"), {"at": long_ago, "id": old})
    orphan, fresh = places.clips_folder() / "orphan.mp4", places.clips_folder() / "fresh.mp4"
    for clip in (orphan, fresh):
        clip.write_bytes(b"x")
    os.utime(orphan, (time.time() - 7200, time.time() - 7200))
    housekeeping.delete_expired(store)

    assert [scene.id for scene in mine.scenes()] == [young]
    with store._db.begin_read() as db:
        for table in ("samples", "faces", "thumbs", "crops"):
            rows = db.execute(sa.text(f"SELECT COUNT(*) FROM {table} WHERE scene_id = {old}"))  # noqa: S608
            assert rows.scalar_one() == 0
    assert not orphan.exists() and fresh.exists()


def test_on_your_own_machine_nothing_is_swept() -> None:
    store = Store()
    seed.scene(store, strip("nn"))
    with store._db.begin_write() as db:
        db.execute(sa.text("UPDATE scenes SET created = '2001-01-01T00:00:00+00:00'"))
    housekeeping.delete_expired(store)

    assert len(store.scenes()) == 1


def test_a_long_video_is_refused_before_it_is_read(
    hosted: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HOSTED", replace(limits.HOSTED, longest_ms=2000))
    mine = visitor(Store())
    scene_id = mine.add(Recipe(str(clips.film(tmp_path / "long.mp4", 4.0))), "Long")

    with pytest.raises(VideoError, match="longer than the 0:02"):
        worker.run(scene_id, store=mine.whole_shelf(), equip=clips.equip)
    assert mine.scene(scene_id).state == "failed" and mine.scene(scene_id).found == 0


def test_reading_ends_when_its_time_is_over(hosted: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HOSTED", replace(limits.HOSTED, read_s=0.5))
    mine = visitor(Store())
    scene_id = mine.add(Recipe(str(clips.film(tmp_path / "long.mp4", 8.0))), "Long")

    with pytest.raises(JobError, match="Reading took longer"):
        worker.run(scene_id, store=mine.whole_shelf(), equip=clips.slow(0.1))
    assert mine.scene(scene_id).state == "failed" and mine.scene(scene_id).found > 0


def test_no_sentence_tells_a_visitor_about_the_machine(hosted: None) -> None:
    path = f"{places.home()}{os.sep}clips{os.sep}a.mp4"
    said = [
        limits.public_message(StoreError(f"The disk of {path} is full. Make room, then resume.")),
        limits.public_message(VideoError(f"{path} has no picture between 0:00 and its end. Choose an earlier start.")),
        jobs._explain_exit(1, Path(path))[0],
        jobs._explain_exit(-11, Path(path))[0],
        worker._explain_failure(ZeroDivisionError(path))[0],
    ]

    assert not any(str(places.home()) in sentence for sentence in said)
    assert limits.public_message(SceneError("Plain.")) == "Plain."


def visit(**query: str) -> AppTest:
    """Open the app at an address, as a new visitor."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update(query)
    return app.run()


def key_of(app: AppTest) -> str:
    said = app.query_params["shelf"]
    return said if isinstance(said, str) else said[0]


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.title, *app.markdown, *app.caption))


@pytest.fixture
def screen(hosted: None) -> Iterator[None]:
    """Hosted pages, nothing kept from another test's shelf."""
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


def test_each_visitor_has_a_shelf_of_their_own_in_the_address(screen: None) -> None:
    first, second = visit(), visit()
    keys = [key_of(app) for app in (first, second)]

    assert keys[0] != keys[1] and all(is_key(key) for key in keys)
    assert "nobody else does; a scene is deleted after 24 hours" in words(first)


def test_a_scene_is_shown_to_whoever_has_the_key_and_to_nobody_else(screen: None) -> None:
    mine = visitor(Store())
    scene_id = seed.scene(mine, strip("nnhh"), "My secret scene")

    assert "My secret scene" in words(visit(shelf=str(mine.owner), view="scene", scene=str(scene_id)))
    for query in ({}, {"shelf": new_key()}, {"shelf": ""}, {"shelf": "' OR 1=1 --"}, {"shelf": "%"}):
        for view in ("shelf", "scene", "review", "faces"):
            said = words(visit(view=view, scene=str(scene_id), **query))
            assert "My secret scene" not in said


def test_a_forged_key_is_replaced_by_a_new_one(screen: None) -> None:
    app = visit(shelf="../../etc/passwd")

    assert is_key(key_of(app))


def test_the_notice_stands_on_every_page(screen: None) -> None:
    for view in ("shelf", "scene", "review", "faces"):
        assert "predicted facial expressions, not feelings" in words(visit(view=view))


def test_a_database_that_cannot_be_reached_says_nothing_about_itself(
    screen: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTTAKE_DB", f"sqlite:///{home}/nowhere/secret.db")
    said = words(visit())

    assert "secret" not in said and str(home) not in said and "The shelf cannot be reached" in said


def test_films_that_are_too_long_for_a_hosted_shelf_are_not_offered(screen: None) -> None:
    assert not [button for button in visit().button if str(button.key).startswith("try_")]
