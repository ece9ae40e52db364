"""An upload becomes a scene or leaves nothing, whoever brings the same bytes; and how much an address may bring."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread, Timer

import pytest

from core.errors import JobError, SceneError, VideoError
from core.host import addresses, limits
from core.host import home as places
from core.model import Recipe
from core.shelf import jobs, uploads
from core.store import budgets
from core.store.scenes import Store
from core.store.visitors import VisitorStore, new_key
from core.video import check
from tests.support import clips, seed
from tests.support.builders import strip

HERE, THERE = "a" * 32, "b" * 32


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A hosted server whose workers stay where they are; called, it has other limits."""
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    monkeypatch.setattr(jobs, "_start_worker", lambda shelf, scene_id, token: None)
    return lambda **other: monkeypatch.setattr(limits, "HOSTED", replace(limits.HOSTED, **other))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return clips.film(tmp_path_factory.mktemp("film") / "film.mp4", 1.0).read_bytes()


def visitor(store: Store, address: str = HERE) -> VisitorStore:
    return VisitorStore(store, new_key(), address)


def bring(shelf: Store, data: bytes, title: str = "Film") -> int:
    """Drop a file on a shelf, as the page does."""

    def start(recipe: Recipe) -> int:
        scene_id = shelf.add(recipe, title)
        jobs.start(scene_id, shelf)
        return scene_id

    return uploads.add_upload(shelf, io.BytesIO(data), "film.mp4", Recipe("film.mp4"), start)


def kept() -> list[str]:
    return sorted(path.name for path in places.clips_folder().iterdir())


@pytest.mark.databases
def test_of_eight_uploads_on_a_full_shelf_nothing_is_ever_written(
    store: Store, hosted: Callable[..., None], film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted(kept=1)
    mine = visitor(store)
    mine.add(Recipe("/clips/1.mp4"), "The only one")
    written: list[Path] = []
    monkeypatch.setattr(uploads, "keep_clip", lambda data, path, name: written.append(path))
    for number in range(8):
        with pytest.raises(JobError, match="Your shelf holds 1 scenes"):
            bring(mine, film + bytes([number]))

    assert written == [] and kept() == []


def test_an_upload_that_is_refused_after_it_was_kept_is_gone_at_once(
    store: Store, hosted: Callable[..., None], film: bytes
) -> None:
    """The visitor's scene before is still to be read: that shows only when the new one is to be started."""
    hosted()
    mine = visitor(store)
    first = bring(mine, film)
    for number in range(3):
        with pytest.raises(JobError, match="One scene at a time"):
            bring(mine, film + bytes([number]))
        mine.delete(next(scene.id for scene in mine.scenes() if scene.id != first))  # the page does this

    assert len(kept()) == 1 and len(mine.scenes()) == 1


def test_no_video_is_gone_at_once_and_the_same_again_faults_nobody(store: Store, hosted: Callable[..., None]) -> None:
    """Eight people drop the same file that is no video at the same moment, then one of them again."""
    hosted()
    together, ends = Barrier(8), []

    def drop() -> None:
        shelf = visitor(store)
        together.wait()
        try:
            bring(shelf, b"no video")
        except SceneError as error:
            ends.append(error)

    threads = [Thread(target=drop) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pytest.raises(VideoError):
        bring(visitor(store), b"no video")

    assert [type(end) for end in ends] == [VideoError] * 8
    assert kept() == [] and store.scenes() == []


@pytest.mark.databases
@pytest.mark.parametrize("deleted", [False, True], ids=["on the shelf", "deleted, can be brought back"])
def test_a_clip_that_another_visitors_scene_is_made_of_outlives_a_look_at_it_that_fails(
    store: Store, hosted: Callable[..., None], film: bytes, monkeypatch: pytest.MonkeyPatch, deleted: bool
) -> None:
    hosted()
    mine, other = visitor(store), visitor(store, THERE)
    scene_id = bring(mine, film)
    if deleted:
        jobs.delete(scene_id, mine)
    before = kept()

    def too_slow(path: Path) -> None:
        raise VideoError("takes too long to open", f"“{path.name}”", "Convert it to MP4 (H.264) first.")

    monkeypatch.setattr(check, "check_file", too_slow)
    with pytest.raises(VideoError, match="takes too long"):
        bring(other, film)

    assert kept() == before != []


def test_a_clip_stays_while_somebody_else_adds_the_same_bytes(
    store: Store, hosted: Callable[..., None], film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One looks at it for long and takes it; another is refused in the middle of that."""
    hosted(kept=1)
    monkeypatch.setattr(budgets, "LOCK_PATIENCE_S", 0.1)
    mine, full = visitor(store), visitor(store, THERE)

    def meanwhile(path: Path) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(check, "check_file", lambda path: None)
            full.add(Recipe("/clips/1.mp4"), "The only one")
            with pytest.raises(JobError):
                uploads.add_upload(
                    full, io.BytesIO(film), "film.mp4", Recipe("film.mp4"), lambda kept: full.add(kept, "")
                )
            store.delete_unused_clip(str(path))
        assert path.exists()

    monkeypatch.setattr(check, "check_file", meanwhile)
    scene_id = bring(mine, film)

    assert Path(mine.scene(scene_id).recipe.source).read_bytes() == film


def test_a_refused_clip_goes_also_where_a_process_was_just_being_started(
    store: Store, hosted: Callable[..., None]
) -> None:
    """Until it has begun it has a copy of whatever its parent has open, the clip's lock among it."""
    clip = places.clips_folder() / "a.mp4"
    clip.write_bytes(b"no video")
    with ExitStack() as copy:
        copy.enter_context(places.lock_clip(clip))
        Timer(0.2, copy.pop_all().close).start()
        store.delete_unused_clip(str(clip))

    assert kept() == []


@pytest.mark.databases
def test_thirty_new_shelves_of_one_address_have_four_places_in_the_queue(
    store: Store, hosted: Callable[..., None]
) -> None:
    hosted()
    refused = 0
    for number in range(30):
        shelf = visitor(store)
        try:
            jobs.start(shelf.add(Recipe(f"/clips/{number}.mp4"), "A"), shelf)
        except JobError:
            refused += 1
    other = visitor(store, THERE)
    jobs.start(other.add(Recipe("/clips/x.mp4"), "X"), other)

    assert store.count_kept(HERE).waiting == limits.HOSTED.address_waiting == 4
    assert refused == 30 - 4 - 1  # one is being read
    assert store.count_kept(THERE).waiting == 1


@pytest.mark.databases
def test_new_shelves_of_one_address_have_so_many_scenes_together_and_those_of_others_have_theirs(
    store: Store, hosted: Callable[..., None]
) -> None:
    hosted(address_scenes=3, scenes=5)
    shelves = [visitor(store) for _ in range(3)]
    added = [shelf.add(Recipe(f"/clips/{number}.mp4"), "A") for number, shelf in enumerate(shelves)]
    for recipe in (Recipe("/clips/x.mp4"), Recipe("https://archive.org/details/x")):
        with pytest.raises(JobError, match="your address"):
            visitor(store).add(recipe, "One more")
    jobs.delete(added[0], shelves[0])
    with pytest.raises(JobError, match="your address"):  # it can be brought back, so it is there
        visitor(store).add(Recipe("/clips/y.mp4"), "One more")
    for number in range(2):
        visitor(store, THERE).add(Recipe(f"/clips/{number}.mp4"), "B")
    with pytest.raises(JobError, match="All shelves together"):
        visitor(store, "c" * 32).add(Recipe("/clips/z.mp4"), "C")
    jobs.delete_for_good(added[0], shelves[0])
    visitor(store, "c" * 32).add(Recipe("/clips/z.mp4"), "C")


@pytest.mark.databases
def test_an_address_is_counted_by_its_clips_and_pictures(
    store: Store, hosted: Callable[..., None], film: bytes
) -> None:
    hosted()
    mine = visitor(store)
    seed.scene(mine, strip("nnhh"))
    pictures = store.kept_bytes(HERE)
    bring(mine, film)
    assert pictures == sum(store.sizes(mine.scenes()[-1].id).values()) > 0
    assert store.kept_bytes(HERE) == pictures + len(film) and store.kept_bytes(THERE) == 0

    hosted(address_bytes=pictures + 2 * len(film))
    with pytest.raises(JobError, match="your address"):
        bring(visitor(store), film + b"x")
    bring(visitor(store, THERE), film + b"x")
    assert len(kept()) == 2


def test_a_disk_that_holds_what_it_may_takes_no_more_and_counts_what_waits(
    store: Store, hosted: Callable[..., None], film: bytes
) -> None:
    hosted(disk_bytes=places.used_bytes() + 2 * limits.SCENE_BYTES + 2 * len(film) + 1_000_000)
    bring(visitor(store), film)  # is read at once
    bring(visitor(store), film + b"x")  # waits, and will have pictures
    with pytest.raises(JobError, match="All shelves together"):
        bring(visitor(store, THERE), film + b"xy")

    assert len(kept()) == 2


@pytest.mark.slow
def test_on_your_own_machine_nothing_is_counted(store: Store, film: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_start_worker", lambda shelf, scene_id, token: None)
    for number in range(8):
        bring(store, film + bytes([number]), f"Film {number}")

    assert len(store.scenes()) == len(kept()) == 8


SAME = [
    ("203.0.113.7", "203.0.113.7"),
    ("203.0.113.7", "::ffff:203.0.113.7"),
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
    ("", "nonsense"),
    ("", None),
]
OTHERS = [("203.0.113.7", "203.0.113.8"), ("2001:db8:1:2::1", "2001:db8:1:3::1"), ("203.0.113.7", "")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_household_is_counted_as_one(one: str, other: str | None, home: Path) -> None:
    places.home()
    assert addresses.count_address(one, {}) == addresses.count_address(other, {})


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_households_are_counted_as_two(one: str, other: str, home: Path) -> None:
    assert addresses.count_address(one, {}) != addresses.count_address(other, {})


def test_behind_a_proxy_the_header_that_the_host_names_counts_and_only_what_the_proxy_said_in_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(**headers: str) -> str:
        return addresses.count_address("10.0.0.1", {name.replace("_", "-"): said for name, said in headers.items()})

    unnamed = count(x_forwarded_for="198.51.100.1")
    assert unnamed == count(x_forwarded_for="198.51.100.2"), "nobody is believed whom the host did not name"
    monkeypatch.setenv(addresses.HEADER, "X-Forwarded-For")
    proxied = count(x_forwarded_for="198.51.100.1")

    assert proxied == count(x_forwarded_for="6.6.6.6, 198.51.100.1") == addresses.count_address("198.51.100.1", {
        "x-forwarded-for": "198.51.100.1"})  # fmt: skip
    assert proxied not in (count(x_forwarded_for="198.51.100.2"), count(), unnamed)


def test_no_address_is_written_down_and_its_digest_says_nothing_elsewhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = addresses.count_address("203.0.113.7", {})
    VisitorStore(Store(), new_key(), counted).add(Recipe("/clips/1.mp4"), "A")
    assert not any(b"203.0.113.7" in path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert places.address_key_file().stat().st_mode & 0o077 == 0

    monkeypatch.setenv("OUTTAKE_HOME", str(tmp_path / "other"))
    assert addresses.count_address("203.0.113.7", {}) != counted
