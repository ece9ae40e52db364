"""What other Outtakes wrote is counted before it is parsed, and parsed where it can do no harm to the page server."""

from __future__ import annotations

import io
import json
import resource
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

import pytest

from core.doubt import verdicts
from core.emotions import emotion_file
from core.errors import JobError, SceneError, SettingError
from core.export import bundle, bundle_exchange, bundle_read, foreign_files
from core.host import confined, limits, sandbox, turns
from core.host.strict_json import StrictJson
from core.model import Verdict
from core.shelf import review
from core.store.scenes import Store
from core.store.visitors import VisitorStore, new_key
from tests.support import seed
from tests.support.builders import strip
from tests.support.bundles import zipped
from tests.support.emotions import emotion

MB = limits.MB


@pytest.fixture
def packed(store: Store) -> bytes:
    """A scene with a verdict, as a bundle."""
    scene_id = seed.scene(store, strip("nnhhnnsn"))
    store.add_verdicts(scene_id, [Verdict("builtin", 0, "happy", 400, 800, True)])
    return bundle_exchange.export_bundle(store, store.scene(scene_id))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A hosted server; called, its processes that read foreign files may take less."""
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    return lambda **other: monkeypatch.setattr(limits, "HOSTED", replace(limits.HOSTED, **other))


def unpacked(data: bytes) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_bundle_comes_onto_a_visitors_shelf_through_a_process_of_its_own(
    packed: bytes, elsewhere: Store, small: Callable[..., None]
) -> None:
    mine, said = VisitorStore(elsewhere, new_key(), "a" * 32), []
    scene_id = foreign_files.import_bundle(mine, io.BytesIO(packed), said.append)

    assert mine.scene(scene_id).found == 8 and len(mine.verdicts(scene_id)) == 1 and said == []
    assert elsewhere.count_kept("a" * 32).scenes == 1


def test_a_refused_bundle_is_the_same_sentence_as_ever_and_leaves_nothing(
    packed: bytes, elsewhere: Store, small: Callable[..., None], home: object
) -> None:
    files = unpacked(packed)
    files[bundle.CLOSER] = b"nonsense"
    mine = VisitorStore(elsewhere, new_key())
    with pytest.raises(SettingError, match="no JSON that Outtake writes"):
        foreign_files.import_bundle(mine, io.BytesIO(zipped(files)), str)

    assert mine.scenes() == []


BOMBS = {
    bundle.CLOSER: b"[" + b"{}," * 20_000_000 + b"{}]",
    bundle.PEOPLE: b"[" + b"[]," * 20_000_000 + b"[]]",
    bundle.MANIFEST: b"[" + b"{}," * 30_000 + b"{}]",
    bundle.VERDICTS: b"[" + b"{}," * 300_000 + b"{}]",
    bundle.MOMENTS: b'{"t_ms":0,"shot":0,"dropped":0,"faces":[' + b"{}," * 150_000 + b"{}]}",
}
"""Little that unpacks to much: a byte of it can become a hundred in memory."""


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_fill_the_memory_is_refused_before_it_is_parsed(
    name: str, packed: bytes, monkeypatch: pytest.MonkeyPatch, small: Callable[..., None]
) -> None:
    parsed: list[int] = []
    loads = json.loads

    def noting(text: str, **how: object) -> object:
        parsed.append(len(text))
        return loads(text, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(json, "loads", noting)
    files = unpacked(packed)
    usual = max(len(one) for entry, one in files.items() if not entry.endswith(".jpg"))
    files[name] = BOMBS[name]
    with pytest.raises(SettingError, match=r"larger than what is taken|holds more than|larger than any"):
        bundle_read.read(io.BytesIO(zipped(files)), bundle_exchange.import_limits())

    assert max(parsed, default=0) <= usual


def test_more_faces_than_pictures_are_refused_while_they_are_read(packed: bytes, small: Callable[..., None]) -> None:
    files = unpacked(packed)
    line = json.loads(files[bundle.MOMENTS].splitlines()[2])
    line["faces"] = [replace_track(line["faces"][0], number) for number in range(200)]
    lines = files[bundle.MOMENTS].splitlines()
    files[bundle.MOMENTS] = b"\n".join([*lines[:2], json.dumps(line).encode(), b"never read"])
    with pytest.raises(SettingError, match=r"a moment or a face in it has no picture|holds more than"):
        bundle_read.read(io.BytesIO(zipped(files)), bundle_exchange.import_limits())


def replace_track(face: dict[str, object], track: int) -> dict[str, object]:
    return face | {"track": track}


def test_counting_takes_what_outtake_writes_and_no_more() -> None:
    file = StrictJson("Refused:", "Choose another.")
    assert file.parse('[1, [2], {"a": 3}]', "it", values=7) == [1, [2], {"a": 3}]
    with pytest.raises(SettingError, match="holds more"):
        file.parse('[1, [2], {"a": 3}]', "it", values=6)


def eat(_: BinaryIO, how: str) -> object:
    """Takes more than it may, reaches out, or does as it is told."""
    if how == "memory":
        return len(b"x" * 500 * MB)
    if how == "time":
        import time

        time.sleep(60)
    if how == "connect":
        import socket

        try:
            socket.create_connection(("127.0.0.1", 9))
        except PermissionError as error:
            return type(error).__name__
    if how == "die":
        import os

        os._exit(3)
    return {
        "memory": resource.getrlimit(resource.RLIMIT_DATA)[0],
        "files": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    }


def test_the_process_is_shut_in_within_its_limits(home: object, small: Callable[..., None]) -> None:
    assert confined.run_confined(eat, io.BytesIO(), "not at all") == {
        "memory": limits.HOSTED.importing.memory_bytes,
        "files": limits.HOSTED.importing.files,
    }
    assert confined.run_confined(eat, io.BytesIO(), "connect") == sandbox.RefusedError.__name__


@pytest.mark.parametrize(("how", "said"), [("memory", confined.TOO_LARGE), ("die", confined.TOO_LARGE)])
def test_a_process_that_takes_too_much_ends_as_a_sentence(
    how: str, said: str, home: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits of the process come from its own environment, so here they are those of a hosted server."""
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    with pytest.raises(SettingError) as refused:
        confined.run_confined(eat_more if how == "memory" else eat, io.BytesIO(), how)
    assert str(refused.value) == said


def eat_more(_: BinaryIO, __: str) -> int:
    return len(b"x" * (limits.HOSTED.importing.memory_bytes or 0))


def test_a_process_that_takes_too_long_ends_as_a_sentence(home: object, small: Callable[..., None]) -> None:
    small(import_s=0.5)
    with pytest.raises(SettingError) as refused:
        confined.run_confined(eat, io.BytesIO(), "time")
    assert str(refused.value) == confined.TOO_LONG


@pytest.mark.slow
def test_verdicts_and_emotions_go_the_same_way(
    store: Store, small: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene_id = seed.scene(store, strip("nnhhnnsn"))
    scene = store.scene(scene_id)
    with pytest.raises(SceneError, match="cannot be loaded"):
        foreign_files.load_verdicts(store, scene, io.BytesIO(b"{}"))
    with pytest.raises(SceneError, match="cannot be loaded"):
        foreign_files.load_verdicts(store, scene, io.BytesIO(b"[" * (verdicts.LARGEST_BYTES + 5)))
    with pytest.raises(SceneError, match="cannot be loaded"):
        foreign_files.import_emotion(store, io.BytesIO(b"[" + b"{}," * 60_000 + b"{}]"))
    saved = review.verdicts_json(store, scene).encode()
    assert foreign_files.load_verdicts(store, scene, io.BytesIO(saved)) == review.load_verdicts(
        store, scene, saved.decode()
    )
    one = emotion()
    assert foreign_files.read_emotion(io.BytesIO(emotion_file.to_json(one).encode())) == emotion_file.to_json(one)


def test_one_is_read_at_a_time(store: Store, small: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "FILE_PATIENCE_S", 0.0)
    with turns.take_turn("import", "busy"), pytest.raises(JobError, match="Other people's files"):
        foreign_files.import_emotion(store, io.BytesIO(b"{}"))
