"""What other people's Outtake wrote, read for the pages: each kind in a confined process, one at a time when hosted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import BinaryIO

from core.doubt import verdicts
from core.emotions import emotion_file
from core.emotions.emotion import OwnEmotion
from core.export import bundle_exchange
from core.host import confined, turns
from core.model import Scene, Verdict, Video
from core.shelf import emotions, review
from core.store.scenes import Store
from core.store.visitors import VisitorStore

BUSY = "Other people's files are being read just now. Try again in a minute."


def import_bundle(store: Store, data: BinaryIO, tell: Callable[[str], object]) -> int:
    """Puts the scene of a bundle on a shelf and returns its id, see ``bundle_exchange.import_bundle``."""
    with turns.take_turn("import", BUSY, turns.FILE_PATIENCE_S):
        scene_id, sentences = confined.run_confined(
            read_bundle, data, url=store.url, owner=store.owner, address=store.address
        )
    for sentence in sentences:
        tell(sentence)
    return int(scene_id)


def read_bundle(data: BinaryIO, url: str, owner: str | None, address: str) -> tuple[int, list[str]]:
    """Is the process that does it."""
    sentences: list[str] = []
    shelf = Store(url)
    return bundle_exchange.import_bundle(
        shelf if owner is None else VisitorStore(shelf, owner, address), data, sentences.append
    ), sentences


def load_verdicts(store: Store, scene: Scene, data: BinaryIO) -> tuple[int, int]:
    """Judges a scene by another person's verdicts, see ``review.load_verdicts``."""
    if scene.video is None:
        raise review.unread_error(scene)
    with turns.take_turn("import", BUSY, turns.FILE_PATIENCE_S):
        said = confined.run_confined(read_verdicts, data, video=asdict(scene.video))
    return review.apply_verdicts(store, scene, [Verdict(**one) for one in said])


def read_verdicts(data: BinaryIO, video: dict[str, object]) -> list[dict[str, object]]:
    """Is the process that reads them."""
    text = data.read(verdicts.LARGEST_BYTES + 1).decode("utf-8", "replace")
    return [asdict(one) for one in verdicts.parse_verdicts(text, Video(**video))]  # type: ignore[arg-type]


def import_emotion(store: Store, data: BinaryIO) -> OwnEmotion:
    """Puts an emotion's file on the shelf and returns it, see ``emotions.import_file``."""
    with turns.take_turn("import", BUSY, turns.FILE_PATIENCE_S):
        said = confined.run_confined(read_emotion, data)
    return emotions.import_file(store, said.encode())


def read_emotion(data: BinaryIO) -> str:
    """Is the process that reads it; returns the file as Outtake itself writes it."""
    return emotion_file.to_json(emotion_file.parse(data.read(emotion_file.LARGEST_BYTES + 1)))
