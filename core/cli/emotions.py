"""The command line's part about emotions of one's own: teach one, read it into tables, embed faces read before."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli import progress
from core.errors import SettingError

MB = 1_000_000

if TYPE_CHECKING:
    from core.emotions.emotion import OwnEmotion
    from core.emotions.training import Share
    from core.model import Scene
    from core.store.scenes import Store


def add_commands(command: Callable[..., ArgumentParser], scene: Callable[[str], int]) -> None:
    """Adds ``teach`` and ``embed``; ``command`` makes one of a name, what it does and tells, ``scene`` reads an id."""
    _add_teach_arguments(command("teach", teach, "teach an emotion of your own from a few faces"))
    embedding = command("embed", embed, "make what teaching needs from a scene's stored faces")
    embedding.add_argument("id", type=scene)


def _add_teach_arguments(command: ArgumentParser) -> None:
    command.add_argument("name", help="what the emotion is called: panic")
    command.add_argument("--yes", nargs="+", default=[], metavar="face", help="faces that show it, like 3:2600:0")
    command.add_argument("--no", nargs="+", default=[], metavar="face", help="faces that do not")
    command.add_argument("--again", metavar="file", help="an emotion’s file: teach it anew from its examples")
    command.add_argument("--out", help="file to write: .json")


def add_table_arguments(command: ArgumentParser) -> None:
    """Adds what a table may have beside the seven."""
    add_emotion_argument(command)
    command.add_argument("--embeddings", action="store_true", help="a column with the numbers the reader saw")


def add_emotion_argument(command: ArgumentParser) -> None:
    """Adds which taught emotions stand beside the seven."""
    command.add_argument(
        "--with",
        dest="taught",
        action="append",
        default=[],
        metavar="emotion",
        help="beside the seven, an emotion you taught: its file, or its name on the shelf; may be said several times",
    )


def teach(asked: Namespace) -> None:
    """Learns an emotion from faces of the shelf, keeps it there, and prints how well it can be told apart."""
    from core.emotions import emotion, emotion_file
    from core.shelf import emotions as lessons
    from core.store.scenes import Store

    shelf = Store()
    out = _check_writable(asked.out)
    if asked.again:
        if asked.yes or asked.no:
            raise SettingError("Both --again and faces were given. Choose one of them.")
        before = lessons.open_file(asked.again)
        _embed_missing(shelf, set(lessons.match_scenes(shelf, before.clips).values()))
        one = lessons.learn_again(shelf, before)
    else:
        yes, no = ([emotion.parse_example(face) for face in side] for side in (asked.yes, asked.no))
        _embed_missing(shelf, {face.scene for face in (*yes, *no)})
        one = lessons.learn(shelf, asked.name, yes, no)
    if emotion.check_name(asked.name) != one.name:
        raise SettingError(f"The file teaches “{one.name}”, not “{asked.name}”. Say its own name.")
    if out:
        out.write_text(emotion_file.to_json(one), "utf-8")
    lessons.save_emotion(shelf, one)
    print(describe_emotion(one))


def _check_writable(name: str | None) -> Path | None:
    if name is None:
        return None
    path = Path(name)
    if path.suffix.lower() != ".json":
        raise SettingError(f"{path} should end in .json: an emotion is kept as JSON.")
    if path.is_dir() or not path.parent.is_dir():
        raise SettingError(f"{path} is no file that can be written. Make its folder first.")
    return path


def _embed_missing(shelf: Store, scenes: set[int]) -> None:
    """Embeds the stored faces of those scenes that need it."""
    from core.shelf import emotions as lessons

    for scene_id in sorted(scenes):
        if lessons.why_no_embeddings(shelf, shelf.scene(scene_id)):
            _embed_scene(shelf, scene_id)


def _embed_scene(shelf: Store, scene_id: int) -> int:
    from core.shelf import emotions as lessons

    with progress.bar(shelf.scene(scene_id).title) as show:
        return lessons.embed(shelf, scene_id, show)


def embed(asked: Namespace) -> None:
    """Makes the embeddings of a scene that was read before there were any, from its stored faces."""
    from core.store.scenes import Store

    shelf = Store()
    count, room = _embed_scene(shelf, asked.id), shelf.sizes(asked.id)
    kept, rest = room["embeddings"] / MB, (room["frames"] + room["faces"]) / MB
    print(f"{count} face{'' if count == 1 else 's'} embedded: {kept:.2f} MB beside {rest:.2f} MB of frames and faces.")


def describe_emotion(one: OwnEmotion) -> str:
    """Returns how well an emotion can be told apart, in a few lines."""
    said = one.figures
    yes, no = _shots(said.yes_tracks), _shots(said.no_tracks)
    head = f"“{one.name}”: {said.yes} faces of {yes} show it, {said.no} of {no} do not."
    if said.recall is None or said.precision is None:
        return f"{head}\n{said.caution}"
    return (
        f"{head}\nTried on people and shots that it was not taught on:\n"
        f"  of the faces that show it, {_share(said.recall)} are found\n"
        f"  of the faces it finds, {_share(said.precision)} show it, where one face in four does"
    )


def _shots(count: int) -> str:
    return f"{count} shot{'' if count == 1 else 's'}"


def _share(share: Share) -> str:
    return f"{share.value:.0%} (95 %: {share.low:.0%} to {share.high:.0%})"


def chosen_emotions(asked: Namespace) -> tuple[OwnEmotion, ...]:
    """Returns the emotions that ``--with`` names: files, or names on the shelf."""
    if not asked.taught:
        return ()
    from core.shelf import emotions as lessons

    found = tuple(_find_emotion(text) for text in asked.taught)
    if len({one.name for one in found}) < len(found):
        raise SettingError("An emotion was given twice. Say each once.")
    return tuple(lessons.check_fit(one) for one in found)


def _find_emotion(text: str) -> OwnEmotion:
    from core.shelf import emotions as lessons
    from core.store.scenes import Store

    if text.lower().endswith(".json") or Path(text).is_file():
        return lessons.open_file(text)
    kept = {one.name: one for one in lessons.list_emotions(Store())}
    if text not in kept:
        raise SettingError(f"No emotion “{text}” is on the shelf, and no file has that name. `teach` makes one.")
    return kept[text]


def embed_missing(shelf: Store, scenes: Iterable[Scene]) -> None:
    """Embeds the stored faces of those of the scenes that need it."""
    _embed_missing(shelf, {scene.id for scene in scenes if scene.found})
