"""A disk without any room: it is said as that, what is kept can be looked at, and one can delete."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import StoreError
from core.host import home as places
from core.store import disk_room
from core.store.disk_room import RESERVE_BYTES, DiskRoom
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import strip
from tests.support.project import ROOT

ON_A_SMALL_DISK = """
import os, sys
from pathlib import Path
from core.errors import StoreError
from core.shelf import jobs
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import strip

disk = Path(sys.argv[1])
os.environ["OUTTAKE_HOME"] = str(disk / "home")
store = Store()
ids = [seed.scene(store, strip("nnhhnnhh" * 10), f"Scene {n}") for n in range(4)]
fill = os.open(disk / "fill", os.O_CREAT | os.O_WRONLY)

def fill_up():
    try:
        while True:
            os.write(fill, bytes(1 << 16))
    except OSError:
        pass

fill_up()
assert os.statvfs(disk).f_bavail == 0
print(len(store.scenes()), len(store.samples(ids[0])))
try:
    seed.scene(store, strip("nnhh"), "More")
except StoreError as error:
    print(str(error).replace(str(disk), ""))
before = (disk / "home" / "outtake.db").stat().st_size
for scene in store.scenes():
    if scene.id in ids[:3]:
        jobs.delete(scene.id, store)
print((disk / "home" / "outtake.db").stat().st_size < before / 2, len(store.samples(ids[3])))
os.ftruncate(fill, 0)
seed.scene(store, strip("nnhh"), "With room again")
print((disk / "home" / "outtake.db-reserve").exists())
"""


@pytest.mark.slow
def test_a_full_disk_says_so_and_lets_one_delete(tmp_path: Path) -> None:
    """On a disk of its own, filled to its last block by another program."""
    words = f'mount -t tmpfs -o size=96m tmpfs "{tmp_path}" && exec "$@"'
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", words, "sh"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody have a disk of their own")

    done = subprocess.run(
        [*alone, sys.executable, "-c", ON_A_SMALL_DISK, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )

    assert done.stdout.splitlines() == [
        "4 80",
        "The disk of /home/outtake.db is full. Make room, then resume.",
        "True 80",
        "True",
    ], done.stderr


def test_the_reserve_is_laid_aside_as_the_disk_fills_and_given_up_when_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, free = DiskRoom(tmp_path / "a.db"), 1 << 40
    monkeypatch.setattr(DiskRoom, "free_bytes", lambda _: free)

    room.keep()
    assert not room.reserve.exists() and not room.is_short()
    free = disk_room.WATCH_BYTES - 1
    room.keep()
    assert room.reserve.stat().st_size == RESERVE_BYTES
    free = 1 << 20
    room.keep()
    assert not room.reserve.exists() and room.is_short() and room.is_full()


def test_a_scene_is_deleted_whole_also_a_few_moments_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, stays = (seed.scene(store, strip("nnhh" * 20), title) for title in ("Gone", "Stays"))
    monkeypatch.setattr(DiskRoom, "is_short", lambda _: True)

    store.delete(gone)

    assert [scene.id for scene in store.scenes()] == [stays] and len(store.samples(stays)) == 80
    assert store.samples(gone) == ()
    with pytest.raises(StoreError, match="is full"):
        seed.scene(store, strip("n"), "More")


def test_the_home_and_the_database_are_their_owners_alone(store: Store) -> None:
    seed.scene(store, strip("nnhh"))
    file = places.home() / "outtake.db"

    assert places.home().stat().st_mode & 0o777 == 0o700 == places.clips_folder().stat().st_mode & 0o777
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    assert store.scenes() and file.stat().st_mode & 0o777 == 0o600
