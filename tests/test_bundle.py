"""A scene leaves one home as a bundle and comes to another, the same in every number; what is no bundle is refused."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core import settings
from core.analysis import means, tables
from core.charts import timeline as charts
from core.errors import JobError, SceneError, SettingError
from core.export import bundle, bundle_exchange, bundle_read
from core.host import limits
from core.model import Gathering, Recipe, Verdict
from core.shelf import jobs, review, worker
from core.store import visitors
from core.store.scenes import Store
from core.video import stills
from tests.support import builders, clips, doubtful
from tests.support.bundles import SMALL, Bad, Files, Spoil, holds, lacks, text, zipped

DROPPED = Verdict("builtin", 0, "happy", 1600, 1800, True)


@pytest.fixture
def judged(store: Store) -> int:
    """A scene with closer looks, a verdict, and somebody with a name."""
    scene_id = doubtful.scene(store)
    store.add_verdicts(scene_id, [DROPPED])
    store.add_people_decisions(scene_id, [Gathering("name", 0, "=Ada")])
    return scene_id


def exported(store: Store, scene_id: int) -> bytes:
    return bundle_exchange.export_bundle(store, store.scene(scene_id))


def read_scene(store: Store, folder: Path) -> int:
    """A film really read, by its worker."""
    film = clips.film(folder / "film.mp4", 3.0)
    scene_id = store.add(Recipe(str(film)), "A film")
    worker.run(scene_id, store=store, equip=clips.equip)
    return scene_id


@pytest.mark.parametrize("kind", ["judged", "read"])
def test_what_is_imported_gives_the_same_charts_and_tables(
    kind: str, store: Store, elsewhere: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    mine = request.getfixturevalue("judged") if kind == "judged" else read_scene(store, tmp_path)
    theirs = bundle_exchange.import_bundle(elsewhere, io.BytesIO(exported(store, mine)))
    one, other = store.scene(mine), elsewhere.scene(theirs)

    pd.testing.assert_frame_equal(review.table(store, one), review.table(elsewhere, other), check_exact=True)
    assert other.readers == one.readers and other.state == "done" and other.title == one.title
    for reader in one.readers:
        assert drawn(store, mine, reader) == drawn(elsewhere, theirs, reader)
        pd.testing.assert_frame_equal(
            counted(store, mine, reader), counted(elsewhere, theirs, reader), check_exact=True
        )
        assert store.closer_looks(mine, reader) == elsewhere.closer_looks(theirs, reader)
    assert store.verdicts(mine) == elsewhere.verdicts(theirs)
    assert store.people(mine) == elsewhere.people(theirs) and store.people_decisions(
        mine
    ) == elsewhere.people_decisions(theirs)
    assert store.poster(mine) == elsewhere.poster(theirs) is not None
    for sample in store.samples(mine):
        keys = [(sample.t_ms, index) for index in range(len(sample.faces))]
        assert store.thumb(mine, sample.t_ms) == elsewhere.thumb(theirs, sample.t_ms)
        assert store.crops(mine, keys) == elsewhere.crops(theirs, keys)
    assert store.timeline(mine).step_ms == elsewhere.timeline(theirs).step_ms


def drawn(store: Store, scene_id: int, reader: str) -> dict[str, Any]:
    timeline = store.timeline(scene_id)
    chart = charts.timeline(tables.curve(timeline, reader), cuts=tables.cuts(timeline), gaps=tables.gaps(timeline))
    return chart.to_dict()


def counted(store: Store, scene_id: int, reader: str) -> pd.DataFrame:
    timeline = store.timeline(scene_id)
    found = review.suspects_of(store, store.scene(scene_id), timeline, reader)
    return means.means_table(timeline, reader, found, store.verdicts(scene_id))


def test_a_bundle_carries_neither_the_video_nor_where_it_lay(store: Store, judged: int) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(store, judged))) as packed:
        names = packed.namelist()
        everything = b"".join(packed.read(name) for name in names)

    assert b"/clips/" not in everything and b"Diner.mp4" in everything
    assert not [name for name in names if name.endswith((".mp4", ".bin"))]


def test_closer_looks_from_before_mouths_were_measured_are_still_taken(
    store: Store, judged: int, elsewhere: Store
) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(store, judged))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    looks = json.loads(files["closer.json"])
    older = [{name: value for name, value in look.items() if name != "mouth_moves"} for look in looks]
    assert older != looks
    data = zipped(files | {"closer.json": json.dumps(older).encode()})
    theirs = bundle_exchange.import_bundle(elsewhere, io.BytesIO(data))

    taken = elsewhere.closer_looks(theirs, "builtin")
    assert taken == {
        key: replace(look, mouth_moves=None) for key, look in store.closer_looks(judged, "builtin").items()
    }


def test_the_same_bundle_is_the_same_scene(store: Store, judged: int, elsewhere: Store) -> None:
    data = exported(store, judged)

    assert data == exported(store, judged)
    assert bundle_exchange.import_bundle(elsewhere, io.BytesIO(data)) == bundle_exchange.import_bundle(
        elsewhere, io.BytesIO(data)
    )
    assert len(elsewhere.scenes()) == 1


def test_an_imported_scene_can_be_judged_and_exported_again(store: Store, judged: int, elsewhere: Store) -> None:
    theirs = bundle_exchange.import_bundle(elsewhere, io.BytesIO(exported(store, judged)))

    assert elsewhere.undo_newest_verdict(theirs) is not None and elsewhere.verdicts(theirs) == ()
    assert exported(elsewhere, theirs) != exported(store, judged)
    assert zipfile.ZipFile(io.BytesIO(exported(elsewhere, theirs))).testzip() is None


def test_an_imported_scene_is_not_read_again_and_loses_nothing(store: Store, judged: int, elsewhere: Store) -> None:
    theirs = bundle_exchange.import_bundle(elsewhere, io.BytesIO(exported(store, judged)))
    before = elsewhere.samples(theirs)

    with pytest.raises(JobError, match="without its video"):
        jobs.retry(theirs, elsewhere)
    assert elsewhere.samples(theirs) == before
    assert settings.is_bundle(elsewhere.scene(theirs).recipe.source)
    elsewhere.delete(theirs)
    assert elsewhere.scenes() == []


def test_a_scene_that_is_not_read_to_its_end_is_not_exported(store: Store, scene_id: int) -> None:
    with pytest.raises(SettingError, match="has not been read"):
        exported(store, scene_id)


def test_hosted_it_lands_on_the_visitors_own_shelf_and_counts(
    store: Store, judged: int, elsewhere: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = exported(store, judged)
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    mine, other = (visitors.VisitorStore(elsewhere, visitors.new_key()) for _ in range(2))

    scene_id = bundle_exchange.import_bundle(mine, io.BytesIO(data))
    assert [scene.id for scene in mine.scenes()] == [scene_id] and other.scenes() == []
    assert bundle_exchange.import_bundle(other, io.BytesIO(data)) != scene_id

    for number in range((limits.HOSTED.kept or 0) - 1):
        other.import_scene(told_as(f"bundle:{number}/x"), ())
    store.add_verdicts(judged, [replace(DROPPED, dropped=False)])
    with pytest.raises(JobError, match="all it can"):
        bundle_exchange.import_bundle(other, io.BytesIO(exported(store, judged)))


def told_as(source: str) -> bundle.BundledScene:
    from tests.support import seed

    return bundle.BundledScene(
        "Other", Recipe(source), seed.VIDEO, "mtcnn", ("builtin",), "2026-01-01T00:00:00+00:00", 1
    )


def test_hosted_a_longer_film_is_refused(store: Store, judged: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = exported(store, judged)
    monkeypatch.setattr(bundle_exchange, "import_limits", lambda: bundle_read.ImportLimits(longest_ms=5_000))

    with pytest.raises(SettingError, match="longer than"):
        bundle_exchange.import_bundle(store, io.BytesIO(data))


# --- bundles that nobody exported -------------------------------------------------------------------------------------


def inside(part: str, **changes: object) -> Spoil:
    """Change fields of the manifest's recipe or video."""

    def spoil(files: Files) -> Files:
        said = json.loads(files["manifest.json"])
        return files | {"manifest.json": json.dumps(said | {part: said[part] | changes}).encode()}

    return spoil


def moment(place: int = 0, /, **changes: object) -> Spoil:
    """Change fields of a moment."""

    def spoil(files: Files) -> Files:
        lines = files["moments.jsonl"].splitlines()
        lines[place] = json.dumps(json.loads(lines[place]) | changes).encode()
        return files | {"moments.jsonl": b"\n".join(lines) + b"\n"}

    return spoil


def face(**changes: object) -> Spoil:
    """Change fields of the first moment's face."""

    def spoil(files: Files) -> Files:
        said = json.loads(files["moments.jsonl"].splitlines()[0])
        return moment(faces=[said["faces"][0] | changes])(files)

    return spoil


def scored(scores: list[float], reader: str = "builtin") -> Spoil:
    """Change what is read of the first moment's face."""
    return face(readings=[{"reader": reader, "scores": scores, "spread": None}])


def raw(name: str, old: bytes, new: bytes) -> Spoil:
    """Replace bytes of a file in it, the first time that they occur."""

    def spoil(files: Files) -> Files:
        assert old in files[name]
        return files | {name: files[name].replace(old, new, 1)}

    return spoil


def twice(files: Files) -> bytes:
    buffer = io.BytesIO(zipped(files))
    with zipfile.ZipFile(buffer, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("thumbs/0.jpg", files["thumbs/0.jpg"])
    return buffer.getvalue()


def linked(files: Files) -> bytes:
    """One of its pictures is a link to a file of the machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o120777 if name == "thumbs/0.jpg" else 0o100644) << 16
            packed.writestr(entry, b"/etc/passwd" if name == "thumbs/0.jpg" else data)
    return buffer.getvalue()


def locked(files: Files) -> bytes:
    """The first entry says that it needs a password."""
    data = bytearray(zipped(files))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def short(files: Files) -> bytes:
    return zipped(files)[:-200]


def flipped(files: Files) -> bytes:
    """A bit of a packed text is another one."""
    data = bytearray(zipped(files))
    data[data.index(b"moments.jsonl") + 60] ^= 0x10
    return bytes(data)


def crowd(files: Files) -> Files:
    return files | {f"thumbs/{number}.jpg": b"" for number in range(100_000, 100_200)}


def many(files: Files) -> Files:
    said = json.loads(files["moments.jsonl"].splitlines()[0])
    return moment(faces=said["faces"] * 300)(files)


def same_person(files: Files) -> Files:
    said = json.loads(files["moments.jsonl"].splitlines()[0])
    return moment(faces=said["faces"] * 2)(files | {"crops/0-1.jpg": files["crops/0-0.jpg"]})


def npz() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, moments=np.zeros(3))
    return buffer.getvalue()


NAN = [float("nan")] + [1 / 6] * 6
NO_JPEG = "no JPEG"
BOMB = b"0" * (bundle_read.MB * 3)

BAD = {
    "no zip at all": Bad(lambda files: b"not a zip", "not a whole zip"),
    "an empty file": Bad(lambda files: b"", "not a whole zip"),
    "a zip cut short": Bad(short, "not a whole zip"),
    "a flipped bit": Bad(flipped, "not a whole zip|cannot be imported"),
    "an empty zip": Bad(lambda files: {}, "holds no manifest"),
    "a numpy archive": Bad(lambda files: npz(), "no part of a scene"),
    "a pickle": Bad(lambda files: pickle.dumps(files), "not a whole zip"),
    "a pickle inside": Bad(holds("moments.pkl", pickle.dumps({})), "no part of a scene"),
    "a program inside": Bad(holds("run.py", b"import os"), "no part of a scene"),
    "a video inside": Bad(holds("clip.mp4"), "no part of a scene"),
    "a folder inside": Bad(holds("thumbs/", b""), "plain files"),
    "a path out of it": Bad(holds("../../outtake.db"), "leads out"),
    "an absolute path": Bad(holds("/etc/cron.d/x"), "leads out"),
    "a path of Windows": Bad(holds("..\\x"), "leads out"),
    "a drive": Bad(holds("C:x"), "leads out"),
    "a name with zeros before it": Bad(holds("thumbs/00.jpg"), "no part of a scene"),
    "a name twice": Bad(twice, "twice"),
    "a link to a file": Bad(linked, "plain files"),
    "a password": Bad(locked, "password"),
    "packed by another method": Bad(lambda files: zipped(files, zipfile.ZIP_LZMA), "does not use"),
    "too many files": Bad(crowd, "too many files"),
    "a text that unpacks to megabytes": Bad(holds("manifest.json", BOMB), "larger than"),
    "a picture that unpacks to megabytes": Bad(holds("thumbs/0.jpg", BOMB), "larger than"),
    "moments that unpack to megabytes": Bad(holds("moments.jsonl", BOMB * 2), "larger than what is taken"),
    "a line without an end": Bad(holds("moments.jsonl", BOMB), "larger than any"),
    "no manifest": Bad(lacks("manifest.json"), "holds no manifest"),
    "no moments": Bad(lacks("moments.jsonl"), "holds no moments"),
    "no verdicts": Bad(lacks("verdicts.json"), "holds no verdicts"),
    "a manifest that is no JSON": Bad(holds("manifest.json", b"{"), "no JSON"),
    "a manifest that is a list": Bad(holds("manifest.json", b"[]"), "not a scene"),
    "JSON without an end": Bad(holds("manifest.json", b"[" * 900), "no JSON"),
    "lists in lists without an end": Bad(holds("manifest.json", b"[" * 90_000), "holds more than"),
    "bytes that are no text": Bad(holds("manifest.json", b"\xff\xfe{}"), "no JSON"),
    "verdicts in its place": Bad(text("manifest.json", outtake="verdicts"), "not a scene"),
    "a newer version": Bad(text("manifest.json", version=5), "newer Outtake.*up to date"),
    "a version that is no number": Bad(text("manifest.json", version="1"), "not a scene"),
    "a field too many": Bad(text("manifest.json", command="rm"), "does not know"),
    "a field too few": Bad(raw("manifest.json", b'"finder"', b'"fynder"'), "does not say its finder"),
    "a title that is a number": Bad(text("manifest.json", title=7), "its title"),
    "an endless title": Bad(text("manifest.json", title="a" * 10_000), "its title"),
    "a reader with a path for its name": Bad(text("manifest.json", readers=["../builtin"]), "reader's name"),
    "a reader twice": Bad(text("manifest.json", readers=["builtin", "builtin"]), "twice"),
    "more moments promised": Bad(text("manifest.json", moments=29), "promises 29"),
    "a huge number of moments": Bad(text("manifest.json", moments=10**30), "number of moments"),
    "a number of thousands of digits": Bad(raw("manifest.json", b': 24', b": " + b"9" * 5000), "no JSON"),
    "a number above all numbers": Bad(raw("manifest.json", b'"fps": 25.0', b'"fps": 1e999'), "no JSON"),
    "true for a number": Bad(text("manifest.json", moments=True), "number of moments"),
    "a path to a file of this machine": Bad(inside("recipe", source="/etc/passwd"), "is a path"),
    "a step of nothing": Bad(inside("recipe", step=[0, "ms"]), "its step"),
    "a step in miles": Bad(inside("recipe", step=[1, "miles"]), "its step"),
    "a picture as wide as a street": Bad(inside("video", width=10**9), "width"),
    "a week of video": Bad(inside("video", duration_ms=7 * 86_400_000), "length"),
    "NaN for a score": Bad(scored(NAN), "no JSON"),
    "an infinite sharpness": Bad(face(sharpness=float("inf")), "no JSON"),
    "scores that sum to 2": Bad(scored([1, 1, 0, 0, 0, 0, 0]), "sum to 1"),
    "six scores": Bad(scored([1, 0, 0, 0, 0, 0]), "list of 7"),
    "a reader that nobody named": Bad(scored([1, 0, 0, 0, 0, 0, 0], "other"), "does not name"),
    "a face without an inside": Bad(face(box=[9, 9, 9, 20]), "no inside"),
    "a face at the end of the world": Bad(face(box=[0, 0, 10**12, 9]), "box"),
    "a face of text": Bad(face(box="0,0,9,9"), "box"),
    "three landmarks": Bad(face(landmarks=[[1, 2], [3, 4], [5, 6]]), "landmarks"),
    "a track below zero": Bad(face(track=-1), "track"),
    "half a track": Bad(face(track=0.5), "track"),
    "three hundred faces": Bad(many, "holds more than"),
    "one person twice in a moment": Bad(same_person, "one person twice"),
    "times out of order": Bad(moment(1, t_ms=0), "not after"),
    "a time below zero": Bad(moment(t_ms=-200), "time"),
    "shots that go backwards": Bad(moment(1, shot=-1), "shot"),
    "faces that are no list": Bad(moment(faces={"0": {}}), "faces"),
    "a moment without a picture": Bad(lacks("thumbs/200.jpg"), "has no picture"),
    "a face without a picture": Bad(lacks("crops/200-0.jpg"), "has no picture"),
    "a picture of no moment": Bad(holds("thumbs/201.jpg"), "of no moment"),
    "a PNG for a JPEG": Bad(holds("thumbs/0.jpg", b"\x89PNG\r\n\x1a\n" + b"\0" * 99), NO_JPEG),
    "a web page for a JPEG": Bad(holds("crops/0-0.jpg", b"<script>alert(1)</script>"), NO_JPEG),
    "half a JPEG": Bad(lambda files: files | {"thumbs/0.jpg": files["thumbs/0.jpg"][:700]}, "damaged|no JPEG"),
    "a JPEG as large as a wall": Bad(holds("thumbs/0.jpg", stills.encode(builders.picture(4000, 100))), "larger than"),
    "verdicts of another clip": Bad(raw("verdicts.json", b"10000", b"99"), "another clip"),
    "a verdict about no emotion": Bad(raw("verdicts.json", b'"happy"', b'"hungry"'), "verdicts are not right"),
    "a closer look at nothing": Bad(raw("closer.json", b'"happy"', b'"hungry"'), "does not name"),
    "a closer look with text in it": Bad(raw("closer.json", b'"light": 120.0', b'"light": "120"'), "light"),
    "a decision of no kind": Bad(raw("people.json", b'"name", "person"', b'"nome", "person"'), "kind"),
}  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What is in a bundle that Outtake exported."""
    shelf = Store(f"sqlite:///{tmp_path_factory.mktemp('shelf') / 'shelf.db'}")
    scene_id = doubtful.scene(shelf)
    shelf.add_verdicts(scene_id, [DROPPED])
    shelf.add_people_decisions(scene_id, [Gathering("name", 0, "Ada")])
    with zipfile.ZipFile(io.BytesIO(exported(shelf, scene_id))) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_bundle_packed_again_by_another_program_is_taken(good: Files, store: Store) -> None:
    assert bundle_read.read(io.BytesIO(zipped(good)), SMALL).told.moments == 24


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_bundle_is_refused_with_its_sentence_and_nothing_is_written(
    bad: Bad, good: Files, store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bad.spoil(dict(good))
    data = made if isinstance(made, bytes) else zipped(made)
    monkeypatch.setattr(bundle_exchange, "import_limits", lambda: SMALL)
    before = sorted(path for path in home.rglob("*") if path.suffix not in (".db-wal", ".db-shm"))

    with pytest.raises(SceneError, match=bad.said) as caught:
        bundle_exchange.import_bundle(store, io.BytesIO(data))

    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)
    assert store.scenes() == []
    assert sorted(path for path in home.rglob("*") if path.suffix not in (".db-wal", ".db-shm")) == before


def test_a_disk_that_gives_out_halfway_leaves_nothing(
    good: Files, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bundle_read.read(io.BytesIO(zipped(good)))

    def broken() -> Any:
        for number, row in enumerate(found.moments()):
            if number == 13:
                raise OSError(28, "No space left on device")
            yield row

    with pytest.raises(OSError, match="No space"):
        store.import_scene(found.told, broken())
    assert store.scenes() == []
