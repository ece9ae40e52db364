"""What a scene's worker leaves for the pages: the same as they would work out, so that nobody waits for it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from core import settings
from core.analysis import tables
from core.export import bundle_exchange
from core.model import Scene, Verdict
from core.shelf import findings, review, worker
from core.store.scenes import Store
from core.ui import warm
from core.video import stills
from tests.support import clips, seed
from tests.support.builders import strip
from tests.support.pages import visit

pytestmark = pytest.mark.usefixtures("forgetful_pages")


class AskedError(Exception):
    """A page asked for what its scene's worker had found."""


def never() -> object:
    raise AskedError


@pytest.fixture
def read(store: Store, tmp_path: Path) -> Scene:
    """A scene that its worker has read, with peaks, some of them open to doubt."""
    scene_id = store.add(settings.recipe(clips.film(tmp_path / "film.mp4", 8.0)), "Film")
    worker.run(scene_id, store=store, equip=clips.eager(0))
    return store.scene(scene_id)


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may load a timeline or look for suspects from now on."""
    forbid(monkeypatch)


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "timeline", lambda self, scene_id: never())
    monkeypatch.setattr(review, "suspects_of", lambda *what: never())


@pytest.mark.databases
def test_what_the_worker_found_is_what_the_pages_would_work_out(store: Store, read: Scene) -> None:
    timeline = store.timeline(read.id)
    for reader in read.readers:
        made = review.suspects_of(store, read, timeline, reader)
        assert findings.recall(store, read, ("suspects", reader), never) == made
        key = "core.analysis.tables", "top_emotions", (reader,)
        assert findings.recall(store, read, key, never) == tables.top_emotions(timeline, reader)
    assert len(made) > 0
    assert findings.recall(store, read, ("core.shelf.findings", "last_ms", ()), never) == findings.last_ms(timeline)
    doubts = tuple(
        one.peak.apex_ms for one in review.suspects_of(store, read, timeline, read.readers[0]) if one.doubt >= 0.5
    )
    thumb = stills.decode(store.poster(read.id) or b"")
    for theme in ("dark", "light"):
        kept = findings.recall(store, read, ("poster", read.readers[0], doubts, theme), never)
        drawn = findings.draw_poster(thumb, timeline, read.readers[0], doubts, theme)  # type: ignore[arg-type]
        assert kept == stills.encode(drawn, quality=findings.POSTER_QUALITY)


def test_the_first_look_at_the_shelf_works_nothing_out(store: Store, read: Scene, idle: None) -> None:
    app = visit("shelf")
    assert app.button(key=f"open_{read.id}")
    assert any("%" in line.value for line in app.markdown), "what leads in it stands below its title"


def test_a_decision_or_new_rows_are_never_hidden_by_what_was_found_before(store: Store, read: Scene) -> None:
    (first, *_) = review.suspects_of(store, read, store.timeline(read.id), read.readers[0])
    store.rename(read.id, "Another title")
    changed = store.scene(read.id)
    assert changed.revision > read.revision
    with pytest.raises(AskedError):
        findings.recall(store, changed, ("suspects", read.readers[0]), never)
    findings.work_out(store, read.id)
    store.add_verdicts(
        read.id,
        [Verdict(read.readers[0], first.peak.track, first.peak.emotion, first.peak.start_ms, first.peak.end_ms, True)],
    )
    with pytest.raises(AskedError):  # its poster has other pins now
        findings.recall(
            store, store.scene(read.id), ("poster", read.readers[0], (first.peak.apex_ms,) * 9, "dark"), never
        )


def test_what_another_version_of_outtake_found_is_not_believed(
    store: Store, read: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "version", lambda: "another")
    with pytest.raises(AskedError):
        findings.recall(store, read, ("suspects", read.readers[0]), never)


@pytest.mark.databases
def test_findings_go_with_their_scene_and_are_of_the_last_reading(store: Store, read: Scene) -> None:
    store.save_findings(read.id, read.revision, "1", {"a": b"x"})
    assert store.finding(read.id, read.revision, "1", "a") == b"x"
    assert store.finding(read.id, read.revision, findings.version(), "a") is None
    store.delete(read.id)
    store.save_findings(read.id, read.revision, "1", {"a": b"x"})
    assert store.finding(read.id, read.revision, "1", "a") is None


def test_a_scene_that_came_in_a_bundle_has_its_findings(store: Store, elsewhere: Store) -> None:
    scene_id = seed.scene(store, strip("nnhhnnsn"))
    data = bundle_exchange.export_bundle(store, store.scene(scene_id))
    there = elsewhere.scene(bundle_exchange.import_bundle(elsewhere, io.BytesIO(data)))

    assert isinstance(findings.recall(elsewhere, there, ("suspects", "builtin"), never), tuple)


def test_a_server_has_its_newest_scenes_loaded_before_anybody_opens_them(
    store: Store, read: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm.start_loading().join()
    forbid(monkeypatch)

    visit("scene", scene=read.id)
