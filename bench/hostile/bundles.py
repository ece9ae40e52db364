"""Bundles, verdicts and emotions of 340 kB that would become gigabytes, while others look at the server's health."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from threading import Event, Thread

from bench.hostile.ground import Ground
from core.doubt import verdicts
from core.errors import SceneError
from core.export import bundle, bundle_exchange, foreign_files
from core.store.scenes import Store
from core.store.visitors import VisitorStore, new_key
from tests.support import seed
from tests.support.builders import strip
from tests.support.bundles import zipped
from tests.support.dropping import Dropper, session_of

BOMBS = {
    bundle.CLOSER: b"[" + b"{}," * 30_000_000 + b"{}]",
    bundle.PEOPLE: b"[" + b"[]," * 3_000_000 + b"[]]",
    bundle.VERDICTS: b"[" * 900_000,
    bundle.MANIFEST: b'{"a":' * 19_000,
    bundle.MOMENTS: b'{"t_ms":0,"shot":0,"dropped":0,"faces":[' + b"{}," * 160_000 + b"{}]}",
}
GROWS_MB, STALLS_S = 200.0, 3.0
"""The server holds the upload; its health is asked on a machine of two cores that reads it as well."""


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    store = ground.store
    scene_id = seed.scene(store, strip("nnhhnnsn"))
    scene = store.scene(scene_id)
    files = _unpack(bundle_exchange.export_bundle(store, scene))
    yield from _by_page(ground, zipped({**files, bundle.CLOSER: BOMBS[bundle.CLOSER]}))
    for name, bomb in BOMBS.items():
        yield from _by_process(store, f"a bundle whose {name} is a bomb", zipped({**files, name: bomb}))
    for data in (b"[" * verdicts.LARGEST_BYTES, b"[" + b"{}," * 300_000 + b"{}]", b"\xff" * 100, b""):
        yield from _refused("verdicts", lambda data=data: foreign_files.load_verdicts(store, scene, io.BytesIO(data)))
        yield from _refused("an emotion", lambda data=data: foreign_files.import_emotion(store, io.BytesIO(data)))


def _by_page(ground: Ground, data: bytes) -> Iterator[str]:
    """Drops a bundle on the shelf as a browser does, and watches the server meanwhile."""
    slowest, over = [0.0], Event()

    def watch() -> None:
        while not over.wait(0.1):
            began = time.monotonic()
            ground.ask("/_stcore/health")
            slowest[0] = max(slowest[0], time.monotonic() - began)

    with ground.visit() as page:
        seen = page.ask()
        before, most = ground.server_mb(), 0.0
        dropper = Dropper(ground.address)
        if dropper.drop(session_of(seen), data, "bomb", name="a.zip") != 204:
            yield "an ordinary bundle of 340 kB is not taken"
        page.take_file(seen.widget("file_uploader", "A video file"), "bomb", "a.zip", len(data))
        Thread(target=watch, daemon=True).start()
        said = page.ask(press=seen.widget("button", "Read it")).text()
        most, _ = max(most, ground.server_mb()), over.set()
    if "cannot be imported" not in said:
        yield "a page does not say that a bomb is refused"
    if most - before > GROWS_MB:
        yield f"the server grew by {most - before:.0f} MB over a bundle of {len(data) // 1000} kB"
    if slowest[0] > STALLS_S:
        yield f"health stalled for {slowest[0]:.1f} s"


def _by_process(store: Store, what: str, data: bytes) -> Iterator[str]:
    shelf = VisitorStore(store, new_key())
    yield from _refused(what, lambda: foreign_files.import_bundle(shelf, io.BytesIO(data), str))
    if shelf.scenes():
        yield f"{what} came onto the shelf"


def _refused(what: str, act: object) -> Iterator[str]:
    try:
        act()  # type: ignore[operator]
    except SceneError:
        return
    yield f"{what} was taken"


def _unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
