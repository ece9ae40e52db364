"""What the server hands out besides the pages: parts of the film, and nothing to whoever was not shown the scene."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette

from core.export import film_task
from core.export.kinds import Choices
from core.host import home, timing
from core.model import Recipe, Scene
from core.player import data, routes
from core.store.scenes import Store
from tests.support import clips, doubtful, seed

Answer = tuple[int, dict[str, str], bytes]


def asked(store: Store, address: str, **headers: str) -> Answer:
    """Ask the routes for an address: status, headers, body."""
    app = Starlette(routes=routes.routes(lambda: store, lambda scene: store.timeline(scene.id)))
    sent: list[dict] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": f"/{address}",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> dict:
        await asyncio.Event().wait()  # whoever asks stays to the end
        return {}

    async def send(message: dict) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:])


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return clips.film(tmp_path / "film.mp4", 1.0, shots=1)


@pytest.fixture
def shown(store: Store, film: Path) -> Scene:
    """A scene of a real film with stored moments."""
    scene_id = store.add(Recipe(str(film)), "Film")
    token = store.claim(scene_id)
    store.begin_reading(scene_id, token, seed.VIDEO, "mtcnn", ["builtin", "deepface"], 24)
    store.append(scene_id, token, seed.stored(doubtful.timeline()))
    store.finish(scene_id, token)
    return store.scene(scene_id)


def test_the_film_comes_in_the_parts_that_were_asked_for(store: Store, shown: Scene, film: Path) -> None:
    status, told, body = asked(store, f"{routes.film_address(shown)}/video", range="bytes=10-19")

    assert (status, body) == (206, film.read_bytes()[10:20])
    assert told["content-type"] == "video/mp4"
    assert told["x-content-type-options"] == "nosniff"
    assert asked(store, f"{routes.film_address(shown)}/video", range="bytes=99999999-")[0] == 416


def test_an_annotated_film_is_taken_as_a_file_in_ranges_by_whoever_was_shown_its_scene(
    store: Store, shown: Scene, film: Path
) -> None:
    """``store``'s home is the test's own: the film lies in the folder of the scene's films."""
    made = film_task.film_status(shown, Choices(reader="builtin")).path
    made.write_bytes(film.read_bytes())
    address = routes.download_address(shown, made)
    status, told, body = asked(store, address, range="bytes=10-19")

    assert (status, body) == (206, film.read_bytes()[10:20])
    assert told["content-type"] == "video/mp4"
    assert told["content-disposition"].startswith("attachment; filename=")
    assert "Film.mp4" in told["content-disposition"]
    assert told["cache-control"] == "private, no-store"
    proof = address.split("/")[2]
    for wrong in (
        address.replace(proof, "0" * len(proof)),
        address.replace(made.stem, "0" * 20),
        address.replace(made.stem, f"..%2f{made.stem}"),
        address.replace(made.stem, "outtake"),
    ):
        assert asked(store, wrong)[0] == 404


def test_stills_faces_and_readings_come_by_their_moment(store: Store, shown: Scene) -> None:
    base = routes.film_address(shown)
    told = json.loads(asked(store, f"{base}/moments/{shown.revision}/0")[2])

    assert asked(store, f"{base}/still/1600")[2] == store.thumb(shown.id, 1600)
    assert asked(store, f"{base}/face/1600/0")[2] == store.crops(shown.id, [(1600, 0)])[1600, 0]
    assert told == [data.window(sample) for sample in doubtful.timeline().samples]
    assert asked(store, f"{base}/still/1")[0] == asked(store, f"{base}/face/1600/7")[0] == 404


def test_nobody_sees_what_was_shown_to_another(store: Store, shown: Scene) -> None:
    proof = routes.film_address(shown).split("/")[-1]
    others = [replace(shown, owner="somebody"), replace(shown, created="later"), replace(shown, id=7)]

    assert all(routes.film_address(other).split("/")[-1] != proof for other in others)
    for wrong in ("0" * len(proof), proof[:-1], "%2e%2e", ""):
        assert asked(store, f"film/{shown.id}/{wrong}/video")[0] == 404
    store.delete(shown.id)
    assert asked(store, f"{routes.film_address(shown)}/video")[0] == 404


def test_on_a_shared_machine_only_visitors_clips_are_handed_out(
    store: Store, shown: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")

    assert routes.film_path(shown) is None
    assert asked(store, f"{routes.film_address(shown)}/video")[0] == 404


def test_a_browser_is_asked_by_container_and_codec(shown: Scene) -> None:
    assert routes.film_type(shown) == 'video/mp4; codecs="avc1.640028"'
    gone = replace(shown, recipe=replace(shown.recipe, source="/nowhere.mp4"))
    assert routes.film_type(gone) == ""


def test_while_another_program_holds_the_database_the_answer_is_to_ask_again(
    store: Store, shown: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(timing.VARIABLE, '{"database_s": 0.1}')
    impatient, base = Store(), routes.film_address(shown)
    holder = sqlite3.connect(home.home() / "outtake.db", isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    held = [asked(impatient, f"{base}/{what}") for what in ("video", "still/1600", "moments/1/0")]
    holder.execute("ROLLBACK")
    holder.close()

    assert [(status, told["retry-after"]) for status, told, _ in held] == [(503, "2")] * 3
    assert asked(impatient, f"{base}/still/1600")[0] == 200


@pytest.mark.parametrize("number", ["9" * 10, "9" * 20, "9" * 5000, "-1", "²", "1.5"])
def test_a_number_that_nothing_has_is_not_found(store: Store, shown: Scene, number: str) -> None:
    base = routes.film_address(shown)
    proof = base.rpartition("/")[2]
    for address in (f"film/{number}/{proof}/video", f"{base}/still/{number}", f"{base}/moments/{number}/0"):
        assert asked(store, address)[0] == 404
    assert asked(store, f"{base}/moments/1/{number}")[0] == 404 == asked(store, f"{base}/face/0/{number}")[0]
