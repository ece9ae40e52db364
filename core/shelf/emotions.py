"""Teaching with the shelf: embeddings of its faces, emotions learned from them, and these read into its scenes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from core.emotions import emotion, emotion_file, training
from core.emotions.emotion import READER, Clip, Example, OwnEmotion, Place
from core.errors import SettingError
from core.faces import embedding, read_builtin
from core.model import Scene
from core.store.scenes import Store

if TYPE_CHECKING:
    import pandas as pd

AT_ONCE = 256
"""Faces whose pictures are held at one time while they are embedded."""

Progress = Callable[[int, int], None]


def network() -> str:
    """Return the fingerprint of the networks whose embeddings are used; ReaderError."""
    return read_builtin.fingerprint()


def embeddings_of(store: Store, scene_id: int) -> dict[Place, bytes]:
    """Return the embeddings of a scene's faces; those of another version of the reader are left out."""
    made, ours = store.embeddings(scene_id, READER), embedding.tag(network())
    return {place: code for place, code in made.items() if code.startswith(ours)}


def why_no_embeddings(store: Store, scene: Scene) -> str:
    """Return why emotions of one's own cannot be read into a scene, with the remedy; empty where they can."""
    there = store.embeddings(scene.id, READER)
    ours = embedding.tag(network())
    if not scene.found or (there and all(code.startswith(ours) for code in there.values())):
        return ""
    if not there and not store.face_tracks(scene.id):
        return ""
    why = (
        "by another version of the reader" if there else "before there were embeddings, or without the built-in reader"
    )
    return f"“{scene.title}” was read {why}. Embed its stored faces, or read it again."


def embeddings_error(scene: Scene, why: str) -> SettingError:
    """Return the error of a scene that emotions of one's own cannot be read into, with the command that changes it."""
    return SettingError(f"{why} `python -m core embed {scene.id}` does the first.")


def embed(store: Store, scene_id: int, progress: Progress | None = None) -> int:
    """Make the embeddings of a scene from its stored crops, without its video; return of how many faces.

    A crop lost a little when it was stored as JPEG; RESULTS.md says how little that is.
    """
    from core.video import stills

    places, read = list(store.face_tracks(scene_id)), read_builtin.open_builtin()
    made: dict[Place, bytes] = {}
    for start in range(0, len(places), AT_ONCE):
        crops = store.crops(scene_id, places[start : start + AT_ONCE])
        readings = read([stills.decode(jpeg) for jpeg in crops.values()])
        made |= {place: one.embedding for place, one in zip(crops, readings, strict=True) if one.embedding}
        if progress:
            progress(min(start + AT_ONCE, len(places)), len(places))
    store.replace_embeddings(scene_id, READER, made)
    return len(made)


def learn(store: Store, name: str, yes: Sequence[Example], no: Sequence[Example]) -> OwnEmotion:
    """Learn an emotion from faces of the shelf; SettingError where there are too few, or one does not exist."""
    called, ours = emotion.check_name(name), network()
    if both := set(yes) & set(no):
        raise SettingError(f"{sorted(both)[0]} is among both the faces that show it and those that do not.")
    faces = list(dict.fromkeys((*yes, *no)))
    known: dict[Example, tuple[bytes, str]] = {}
    clips: dict[int, Clip] = {}
    for scene_id in dict.fromkeys(face.scene for face in faces):
        scene = store.scene(scene_id)
        if scene.video is None:
            raise SettingError(f"“{scene.title}” has not been read yet. Read it first.")
        clips[scene_id] = emotion.clip_of(scene.video)
        known |= _embeddings_and_tracks(store, scene, [face for face in faces if face.scene == scene_id])
    table = embedding.unpack([known[face][0] for face in faces])
    shows = [face in set(yes) for face in faces]
    learned = training.learn(table, shows, [known[face][1] for face in faces])
    return emotion.from_training(called, learned, (READER, ours), dict.fromkeys(yes), dict.fromkeys(no), clips)


def _embeddings_and_tracks(store: Store, scene: Scene, faces: Iterable[Example]) -> dict[Example, tuple[bytes, str]]:
    """Return each face's embedding, and the track it is counted by."""
    made, tracks = embeddings_of(store, scene.id), store.face_tracks(scene.id)
    found = {}
    for face in faces:
        place = face.t_ms, face.face
        if place not in tracks:
            raise SettingError(f"{face} is no face of “{scene.title}”. The gallery shows their names.")
        if place not in made:
            raise SettingError(why_no_embeddings(store, scene) or f"{face} has no embedding. Read its scene again.")
        track = tracks[place]
        found[face] = made[place], f"{scene.id}:{track}" if track is not None else f"{face}"
    return found


def learn_again(store: Store, one: OwnEmotion) -> OwnEmotion:
    """Learn an emotion anew from its examples, as this version of the reader sees them; SettingError without them.

    A scene is known again by its number and its video, or else by its video alone, as on another person's shelf.
    """
    numbers = match_scenes(store, one.clips)
    yes, no = ([face._replace(scene=numbers[face.scene]) for face in side] for side in (one.yes, one.no))
    return learn(store, one.name, yes, no)


def match_scenes(store: Store, clips: Mapping[int, Clip]) -> dict[int, int]:
    """Return the number on this shelf of each scene that an emotion's examples are from; SettingError if one is not."""
    here = {scene.id: emotion.clip_of(scene.video) for scene in store.scenes() if scene.video}
    found: dict[int, int] = {}
    for number, clip in clips.items():
        same = [scene_id for scene_id, other in here.items() if other == clip]
        if not same:
            raise SettingError("The scenes of its examples are not all on this shelf. Read their videos first.")
        found[number] = number if number in same else same[0]
    return found


def open_file(path: str | PathLike[str]) -> OwnEmotion:
    """Return the emotion of a file; SettingError with a sentence where it is none."""
    try:
        with Path(path).open("rb") as opened:
            said = opened.read(emotion_file.LARGEST_BYTES + 1)
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror}. Check its name.") from error
    return emotion_file.parse(said)


def check_fit(one: OwnEmotion) -> OwnEmotion:
    """Return an emotion that fits this version of the reader; SettingError, with what to do, when it does not."""
    width = read_builtin.embedding_width()
    if len(emotion.check_network(one, network()).weights) != width:
        emotion_file.FILE.refuse(f"it has {len(one.weights)} weights, and this reader {width} numbers")
    return one


def list_emotions(store: Store) -> tuple[OwnEmotion, ...]:
    """Return the emotions on the shelf, in the order in which they were taught; see ``usable``."""
    return tuple(emotion_file.parse(text) for text in store.emotions())


def usable_emotions(store: Store) -> tuple[OwnEmotion, ...]:
    """Return those of the emotions on the shelf that were taught on this version of the reader."""
    ours = network()
    return tuple(one for one in list_emotions(store) if one.network == ours)


def save_emotion(store: Store, one: OwnEmotion) -> None:
    """Put an emotion on the shelf, in place of one of the same name."""
    store.save_emotion(one.name, emotion_file.to_json(emotion.check_network(one, network())))


def import_file(store: Store, said: bytes) -> OwnEmotion:
    """Put an emotion's file on the shelf and return it; SettingError, and nothing written, when it is not fit."""
    one = check_fit(emotion_file.parse(said))
    save_emotion(store, one)
    return one


def add_columns(
    table: pd.DataFrame, store: Store, scene: Scene, emotions: Sequence[OwnEmotion], *, embeddings: bool = False
) -> pd.DataFrame:
    """Return a scene's exported rows with a column for each emotion of one's own, and the embeddings where asked for.

    SettingError with the remedy where the scene's faces have no embeddings.
    """
    from core.emotions import tables

    if not emotions and not embeddings:
        return table
    if sentence := why_no_embeddings(store, scene):
        raise embeddings_error(scene, sentence)
    samples = store.samples(scene.id)
    return tables.add_columns(table, samples, emotions, embeddings_of(store, scene.id), embeddings=embeddings)
