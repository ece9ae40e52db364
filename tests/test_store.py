"""The shelf's database: what goes in comes back equal, one worker writes, and its troubles are sentences."""

from __future__ import annotations

import random
import struct
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import JobError, StoreError
from core.host import home
from core.model import EMOTIONS, Reading, Recipe, Scores, Step
from core.store import schema
from core.store.scenes import Store
from tests.support import builders
from tests.support.rows import VIDEO, begin, moment

pytestmark = pytest.mark.databases


def test_the_same_recipe_is_the_same_scene_and_another_one_is_another(store: Store) -> None:
    first = store.add(Recipe("/clip.mp4"), "A clip")

    assert store.add(Recipe("/clip.mp4"), "Another title") == first
    assert store.add(Recipe("/clip.mp4", step=Step(50, "frames")), "By frames") != first
    assert [scene.title for scene in store.scenes()] == ["By frames", "A clip"]


def test_every_part_of_a_recipe_comes_back(store: Store) -> None:
    recipe = Recipe("/ä \udcff#?.mp4", Step(3, "frames"), 10, 999, 7, "yunet", ("deepface", "builtin"), 40)
    scene = store.scene(store.add(recipe, "odd \udcff"))

    assert scene.recipe == recipe
    assert (scene.title, scene.state, scene.found, scene.video, scene.alive) == ("odd ?", "queued", 0, None, False)
    assert scene.created.endswith("+00:00")


def test_a_moment_comes_back_equal_to_the_last_bit(store: Store, scene_id: int) -> None:
    """Also numbers that no decimal notation of 15 digits holds, and faces with and without landmarks and spread."""
    rng = random.Random(7)  # noqa: S311
    odd = [struct.unpack("d", struct.pack("Q", rng.getrandbits(62)))[0] for _ in EMOTIONS]
    plain = builders.face("happy", deepface="fear", track=None)
    other = replace(
        builders.face("sad"),
        found=replace(builders.found(), landmarks=None, confidence=0.1 + 0.2),
        readings={"b": Reading(Scores(*odd), Scores(*odd[::-1])), "a": Reading(builders.scores("fear"))},
    )
    written = [moment(0, plain, other, shot=2, dropped=3), moment(40), moment(200, other)]
    store.append(scene_id, begin(store, scene_id), written)

    assert store.samples(scene_id) == tuple(sample for sample, _, _ in written)
    assert [list(face.readings) for face in store.samples(scene_id)[0].faces] == [["builtin", "deepface"], ["b", "a"]]


def test_pictures_are_handed_out_by_moment_and_face(store: Store, scene_id: int) -> None:
    face = builders.face()
    store.append(scene_id, begin(store, scene_id), [moment(0), moment(200, face, face)])

    assert store.thumb(scene_id, 200) == b"thumb 200"
    assert store.thumb(scene_id, 201) is None
    asked = [(200, 1), (200, 0), (200, 2), (0, 0)]
    assert store.crops(scene_id, asked) == {(200, 0): b"crop 200 0", (200, 1): b"crop 200 1"}
    assert store.crops(scene_id, []) == {}


def test_more_crops_than_one_statement_can_ask_for_are_handed_out(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)
    store.append(scene_id, token, [moment(t_ms, builders.face()) for t_ms in range(1200)])

    assert len(store.crops(scene_id, [(t_ms, 0) for t_ms in range(1200)])) == 1200


def test_the_poster_shows_the_largest_surest_faces_else_the_middle(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)

    assert store.poster(scene_id) is None
    store.append(scene_id, token, [moment(0), moment(1), moment(2)])
    assert store.poster(scene_id) == b"thumb 1"
    small, large = builders.face(size=40), builders.face(size=90)
    store.append(scene_id, token, [moment(3, small), moment(4, large), moment(5, replace(small, track=1))])
    assert store.poster(scene_id) == b"thumb 4"


def test_writing_a_moment_twice_changes_nothing(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)
    rows = [moment(0, builders.face()), moment(200, builders.face("sad"), builders.face("happy"))]
    store.append(scene_id, token, rows)
    before = store.samples(scene_id), store.scene(scene_id).found

    store.append(scene_id, token, rows[1:])
    assert (store.samples(scene_id), store.scene(scene_id).found) == before


def test_a_batch_is_written_whole_or_not_at_all(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)
    sample, thumb, _ = moment(200, builders.face())
    broken: bytes = None  # type: ignore[assignment]  # what no column takes, and the last to be written

    with pytest.raises(sa.exc.IntegrityError):
        store.append(scene_id, token, [moment(0, builders.face()), (sample, thumb, (broken,))])
    assert store.samples(scene_id) == () and store.scene(scene_id).found == 0


def test_progress_and_revision_grow_with_the_rows(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)
    before = store.scene(scene_id)
    store.append(scene_id, token, [moment(0), moment(200)])
    after = store.scene(scene_id)

    assert (before.found, after.found, after.expected) == (0, 2, 45)
    assert after.revision > before.revision
    assert (after.state, after.video, after.finder, after.readers) == (
        "reading", VIDEO, "mtcnn", ("deepface", "builtin"),
    )  # fmt: skip


def test_a_sign_of_life_does_not_change_the_revision(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)
    before = store.scene(scene_id).revision

    assert store.record_heartbeat(scene_id, token)
    assert store.scene(scene_id).revision == before


def test_a_worker_without_a_sign_of_life_is_seen_as_dead(
    store: Store, scene_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(store, scene_id)
    assert store.scene(scene_id).alive

    later = time.time() + 6
    monkeypatch.setattr(time, "time", lambda: later)
    assert not store.scene(scene_id).alive


def test_an_older_worker_writes_nothing_once_another_claimed_the_scene(store: Store, scene_id: int) -> None:
    old = begin(store, scene_id)
    new = begin(store, scene_id)
    writes = [
        lambda: store.append(scene_id, old, [moment(0)]),
        lambda: store.begin_reading(scene_id, old, VIDEO, "x", (), 1),
        lambda: store.finish(scene_id, old),
        lambda: store.fail(scene_id, old, "late"),
    ]
    before = store.scene(scene_id)

    for write in writes:
        with pytest.raises(JobError, match="taken over"):
            write()
    assert not store.record_heartbeat(scene_id, old) and store.record_heartbeat(scene_id, new)
    assert replace(store.scene(scene_id), alive=True) == before and store.samples(scene_id) == ()


def test_a_stopped_scene_takes_no_more_rows_and_keeps_those_it_has(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)
    store.append(scene_id, token, [moment(0)])
    store.stop(scene_id)

    assert store.scene(scene_id).state == "stopped"
    assert not store.record_heartbeat(scene_id, token)
    with pytest.raises(JobError):
        store.append(scene_id, token, [moment(200)])
    assert len(store.samples(scene_id)) == 1


def test_stopping_what_is_done_leaves_it_done(store: Store, scene_id: int) -> None:
    store.finish(scene_id, begin(store, scene_id))
    store.stop(scene_id)

    assert store.scene(scene_id).state == "done"


def test_a_worker_may_only_claim_what_it_was_started_for(store: Store, scene_id: int) -> None:
    first = store.announce_worker(scene_id)
    second = store.announce_worker(scene_id)

    with pytest.raises(JobError):
        store.claim(scene_id, first)
    assert store.claim(scene_id, second) == second
    assert store.scene(scene_id).state == "reading"


def test_a_failed_scene_says_why(store: Store, scene_id: int) -> None:
    store.fail(scene_id, begin(store, scene_id), "The disk is full.")

    assert (store.scene(scene_id).state, store.scene(scene_id).error) == ("failed", "The disk is full.")
    assert not store.scene(scene_id).alive


def test_clearing_forgets_the_rows_and_keeps_the_scene(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)
    store.append(scene_id, token, [moment(0, builders.face())])
    store.clear(scene_id)
    scene = store.scene(scene_id)

    assert (scene.state, scene.found, scene.finder, scene.video) == ("queued", 0, "", None)
    assert store.samples(scene_id) == () and store.thumb(scene_id, 0) is None
    assert not store.record_heartbeat(scene_id, token)


def test_renaming_shows_in_the_revision(store: Store, scene_id: int) -> None:
    store.rename(scene_id, "The diner")

    assert store.scene(scene_id).title == "The diner"
    assert store.scene(scene_id).revision > 0


def test_deleting_a_scene_removes_all_its_rows_and_no_others(store: Store, scene_id: int) -> None:
    other = store.add(Recipe("/other.mp4"), "Other")
    for each in (scene_id, other):
        store.append(each, begin(store, each), [moment(0, builders.face(deepface="fear"))])
    store.delete(scene_id)

    with store._db.begin_read() as db:
        for table in ("samples", "faces", "readings", "thumbs", "crops"):
            assert set(db.execute(sa.select(schema.metadata.tables[table].c.scene_id)).scalars()) == {other}, table
    with pytest.raises(StoreError, match=f"Scene {scene_id} is not on the shelf"):
        store.scene(scene_id)


def test_an_id_is_never_given_twice(store: Store, scene_id: int) -> None:
    """A link to a deleted scene must not show another one."""
    store.delete(scene_id)

    assert store.add(Recipe("/next.mp4"), "Next") > scene_id


def test_an_uploaded_clip_goes_with_its_last_scene(store: Store, tmp_path: Path) -> None:
    uploaded, own = home.clips_folder() / "a.mp4", tmp_path / "own.mp4"
    for file in (uploaded, own):
        file.write_bytes(b"film")
    ids = [store.add(Recipe(str(uploaded), Step(every)), "Uploaded") for every in (100, 200)]
    mine = store.add(Recipe(str(own)), "Own")

    store.delete(ids[0])
    assert uploaded.exists()
    store.delete(ids[1])
    assert not uploaded.exists()
    store.delete(mine)
    assert own.exists()


@pytest.mark.parametrize("call", ["scene", "delete", "clear", "claim", "announce_worker", "timeline"])
def test_a_scene_that_is_gone_is_told_in_a_sentence(store: Store, call: str) -> None:
    with pytest.raises(StoreError, match="Scene 99 is not on the shelf"):
        getattr(store, call)(99)


@pytest.mark.parametrize(
    ("recipe", "times", "step_ms"),
    [
        (Recipe("/c.mp4"), (), 200),
        (Recipe("/c.mp4", Step(500)), (0, 512, 1004), 500),
        (Recipe("/c.mp4", Step(10, "frames")), (0, 400, 800), 400),
        (Recipe("/c.mp4", budget=3), (0, 3000, 6000), 3000),
    ],
)
def test_a_timeline_tells_its_real_step(store: Store, recipe: Recipe, times: tuple[int, ...], step_ms: int) -> None:
    scene_id = store.add(recipe, "A clip")
    store.append(scene_id, begin(store, scene_id), [moment(t_ms) for t_ms in times])

    assert store.timeline(scene_id).step_ms == step_ms
    assert tuple(sample.t_ms for sample in store.timeline(scene_id).samples) == times


def test_ten_minutes_of_two_faces_and_two_readers_load_in_a_moment(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)
    two = (builders.face("happy", deepface="fear"), builders.face("sad", deepface="sad", left=300))
    for start in range(0, 3000, 1000):
        store.append(scene_id, token, [moment(200 * each, *two) for each in range(start, start + 1000)])
    began = time.process_time()
    samples = store.timeline(scene_id).samples

    assert len(samples) == 3000 and samples[-1].faces == two
    assert time.process_time() - began < 0.8  # 0.1 s on an idle machine


def test_many_threads_read_while_one_writes(store: Store, scene_id: int) -> None:
    token = begin(store, scene_id)
    wrong: list[object] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            scene, samples = store.scene(scene_id), store.samples(scene_id)
            if not scene.found <= len(samples) or len(samples) % 4:
                wrong.append((scene.found, len(samples)))

    watchers = [threading.Thread(target=watch) for _ in range(4)]
    for watcher in watchers:
        watcher.start()
    for start in range(0, 200, 4):
        store.append(scene_id, token, [moment(t_ms, builders.face()) for t_ms in range(start, start + 4)])
    done.set()
    for watcher in watchers:
        watcher.join()
    assert not wrong
    assert len(store.samples(scene_id)) == 200


def test_many_programs_may_open_a_new_shelf_at_once(database: str) -> None:
    failures: list[Exception] = []

    def open_shelf() -> None:
        try:
            Store().add(Recipe("/clip.mp4"), "A clip")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=open_shelf) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(Store().scenes()) == 1


def test_the_migrations_lead_to_the_tables_that_the_queries_speak_of(store: Store) -> None:
    with store._db.begin_read() as db:
        seen = sa.inspect(db)
        for table in schema.metadata.sorted_tables:
            columns = {column["name"]: column["nullable"] for column in seen.get_columns(table.name)}
            assert columns == {column.name: column.nullable for column in table.c}, table.name
            key = seen.get_pk_constraint(table.name)["constrained_columns"]
            assert key == [column.name for column in table.primary_key], table.name
        assert schema.schema_version(db) == len(schema.MIGRATIONS)


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    store: Store, scene_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: dict[str, str]) -> tuple[str, ...]:
        return ("ALTER TABLE scenes ADD COLUMN mood TEXT", "ALTER TABLE nowhere ADD COLUMN mood TEXT")

    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        with pytest.raises(StoreError):
            Store()
    assert Store().scene(scene_id).title == "A clip"
    with store._db.begin_read() as db:
        assert "mood" not in [column["name"] for column in sa.inspect(db).get_columns("scenes")]


def test_the_next_migration_runs_once_and_is_recorded(
    store: Store, scene_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moods(_: dict[str, str]) -> tuple[str, ...]:
        return ("ALTER TABLE scenes ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'",)

    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, moods))
    Store()
    assert Store().scene(scene_id).title == "A clip"
    with store._db.begin_read() as db:
        records = db.execute(sa.text("SELECT number, name FROM migrations ORDER BY number")).all()
    names = [step.__name__ for step in schema.MIGRATIONS]
    assert records == list(enumerate(names, start=1)) and names[-1] == "moods"


def test_a_database_of_a_newer_program_is_left_alone(store: Store) -> None:
    with store._db.begin_write() as db:
        newer = {"number": len(schema.MIGRATIONS) + 1}  # by exactly one: nobody skips a version
        db.execute(sa.text("INSERT INTO migrations VALUES (:number, 'from_the_future')"), newer)

    with pytest.raises(StoreError, match="newer Outtake"):
        Store()
