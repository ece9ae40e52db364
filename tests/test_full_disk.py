"""A disk that is full is one sentence, and what was kept before stays whole."""

from __future__ import annotations

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from core.errors import StoreError
from core.shelf import uploads
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import strip

MB = 1 << 20


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no file of this process grow further: the system itself refuses to write."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_an_upload_that_does_not_fit_is_one_sentence_and_leaves_nothing(home: Path) -> None:
    """It calls the upload by its own name; with room again, it is kept."""
    upload = io.BytesIO(bytes(2 * MB))
    path, _ = uploads.clip_path(upload, "film.mp4")
    with files_up_to(MB), pytest.raises(StoreError) as refused:
        uploads.keep_clip(upload, path, "film.mp4")

    assert str(refused.value) == (
        f"“film.mp4” cannot be kept in {home / 'clips'} (File too large). Make room there and try again."
    )
    assert list((home / "clips").iterdir()) == []
    uploads.keep_clip(upload, path, "film.mp4")
    assert path.stat().st_size == 2 * MB


def test_a_shelf_that_cannot_grow_is_one_sentence_and_keeps_what_it_has() -> None:
    """SQLite's own error, from a database that may have two pages more; with room again, writing goes on."""
    store = Store()
    scene_id = seed.scene(store, strip("nnhh"), done=False)
    token = store.claim(scene_id)
    more = seed.stored(strip("s" * 60))
    with store._db.begin_read() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar()

    def limit(connection, _) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 2}")

    event.listen(store._db._engine, "connect", limit)
    with pytest.raises(StoreError, match=r"^The disk of .*outtake\.db is full\. Make room, then resume\.$"):
        store.append(scene_id, token, more)
    assert len(store.samples(scene_id)) == 4

    event.remove(store._db._engine, "connect", limit)
    store.append(scene_id, token, more)
    assert len(store.samples(scene_id)) == 60
