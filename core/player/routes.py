"""The film and its stored pictures for the player, over HTTP: in ranges from the disk, at addresses that none guess."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core import settings
from core.errors import MissingSceneError, SceneError, StoreError
from core.export.kinds import file_name
from core.host import home, limits
from core.model import Scene, Timeline
from core.player.data import WINDOW, window
from core.store.scenes import Store
from core.video.containers import HEAD_BYTES, recognise

Open = Callable[[], Store]
"""Gives the whole shelf, every visitor's scenes on it: the address alone decides what is seen."""

Look = Callable[[Scene], Timeline]
"""Gives a scene's moments."""

TYPES = {"mov": "video/mp4", "matroska": "video/webm", "ogg": "video/ogg"}
"""Container → what browsers call it: they play QuickTime as the MP4 that it nearly is, Matroska as WebM, or not."""

CODECS = {
    "h264": "avc1.640028",
    "hevc": "hvc1.1.6.L120.B0",
    "av1": "av01.0.08M.08",
    "vp8": "vp8",
    "vp9": "vp09.00.40.08",
    "theora": "theora",
    "mpeg4": "mp4v.20.9",
}
"""Decoder's name of a codec → what a browser is asked by; for any other it is asked by the decoder's own."""

GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
"""Of every answer: an uploaded file is never run, and no other site embeds it."""

KEPT = {"Cache-Control": "private, max-age=3600, immutable"}
"""Stored pictures and readings never change under their address."""

RETRY_AFTER_S = 2
"""Another program's write is over by then."""

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
"""The sample scene lies here; on a shared machine nothing else but visitors' own clips is handed out."""


class _CountConvertor(IntegerConvertor):
    """A number as scenes, moments and faces have them: databases know no larger ones, and Python reads no endless."""

    regex = "[0-9]{1,9}"


register_url_convertor("count", _CountConvertor())

_secret = secrets.token_bytes(32)
_serving = False


def serves_films() -> bool:
    """Whether this process hands films out: it does where ``streamlit run`` started the app with its routes."""
    return _serving


def film_address(scene: Scene) -> str:
    """Return where a scene's film and pictures are, below the app's root; whoever is shown the scene may be told."""
    return f"film/{scene.id}/{_proof(scene)}"


def download_address(scene: Scene, film: Path) -> str:
    """Return where an annotated film of the scene is handed out as a file to keep, below the app's root."""
    return f"{film_address(scene)}/taken/{film.stem}"


def _proof(scene: Scene) -> str:
    """A word that only this process can make, for this very scene of this very visitor."""
    said = json.dumps([scene.id, scene.created, scene.owner])
    return hmac.new(_secret, said.encode(), hashlib.sha256).hexdigest()[:40]


def film_path(scene: Scene) -> Path | None:
    """Return the scene's file, if it is still there: an upload, a path of the user's, or what a link handed out."""
    said = scene.recipe.source
    path = home.fetched_video(said) if settings.is_link(said) else Path(said)
    if limits.is_hosted() and not any(
        path.resolve().is_relative_to(folder) for folder in (home.clips_folder(), SAMPLES)
    ):
        return None
    return path if path.is_file() else None


def film_type(scene: Scene) -> str:
    """Return what to ask a browser about the scene's file, ``video/mp4; codecs="avc1.640028"``; empty without one."""
    path = film_path(scene)
    if path is None:
        return ""
    container = _container(path)
    codec = scene.video.codec if scene.video else ""
    said = TYPES.get(container, f"video/{container or 'unknown'}")
    return f'{said}; codecs="{CODECS.get(codec, codec)}"' if codec else said


def _container(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            return recognise(opened.read(HEAD_BYTES)).format
    except OSError:
        return ""


def routes(store: Open, timeline: Look) -> list[BaseRoute]:
    """Return what the app's server answers besides its pages: the film, a still, a face, a stretch of readings."""
    global _serving
    _serving = True

    def guarded(answer: Callable[[Scene, Request], Response]) -> Callable[[Request], Response]:
        def answer_checked(request: Request) -> Response:
            try:
                scene = store().scene(int(request.path_params["scene"]))
                if not hmac.compare_digest(_proof(scene), request.path_params["proof"]):
                    return _not_found()
                return answer(scene, request)
            except MissingSceneError:  # deleted, or its time on a shared machine is over
                return _not_found()
            except StoreError:
                return _busy()
            except SceneError:
                return _not_found()

        return answer_checked

    def film(scene: Scene, request: Request) -> Response:
        path = film_path(scene)
        if path is None:
            return _not_found()
        said = TYPES.get(_container(path), "application/octet-stream")
        return FileResponse(path, media_type=said, headers=GUARDED | {"Cache-Control": "private, max-age=3600"})

    def download(scene: Scene, request: Request) -> Response:
        named = request.path_params["film"]
        path = home.films_folder(scene.id) / f"{named}.mp4"
        if not re.fullmatch(r"[0-9a-f]{20}", named) or not path.is_file():
            return _not_found()
        kept = GUARDED | {"Cache-Control": "private, no-store"}
        return FileResponse(path, media_type="video/mp4", filename=file_name(scene.title, ".mp4"), headers=kept)

    def still(scene: Scene, request: Request) -> Response:
        return _picture(store().thumb(scene.id, request.path_params["t_ms"]))

    def face(scene: Scene, request: Request) -> Response:
        key = request.path_params["t_ms"], request.path_params["index"]
        return _picture(store().crops(scene.id, [key]).get(key))

    def moments(scene: Scene, request: Request) -> Response:
        first = request.path_params["window"] * WINDOW
        told = [window(sample) for sample in timeline(scene).samples[first : first + WINDOW]]
        return Response(json.dumps(told, separators=(",", ":")), media_type="application/json", headers=GUARDED | KEPT)

    below = "/film/{scene:count}/{proof}"
    return [
        Route(f"{below}/video", guarded(film)),
        Route(f"{below}/taken/{{film}}", guarded(download)),
        Route(f"{below}/still/{{t_ms:count}}", guarded(still)),
        Route(f"{below}/face/{{t_ms:count}}/{{index:count}}", guarded(face)),
        Route(f"{below}/moments/{{revision:count}}/{{window:count}}", guarded(moments)),
        Route("/film/{rest:path}", lambda _: _not_found()),  # else Streamlit answers with its page
    ]


def _picture(jpeg: bytes | None) -> Response:
    return Response(jpeg, media_type="image/jpeg", headers=GUARDED | KEPT) if jpeg else _not_found()


def _not_found() -> Response:
    return PlainTextResponse("Nothing is here.", status_code=404, headers=GUARDED)


def _busy() -> Response:
    """Return the answer while the database is locked or away; the player asks again after ``RETRY_AFTER_S``."""
    again = GUARDED | {"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"}
    return PlainTextResponse("The shelf is busy. Try again in a moment.", status_code=503, headers=again)
