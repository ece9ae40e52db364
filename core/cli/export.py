"""The command line's part about what leaves: scenes of the shelf as files of every kind, and bundles that come."""

from __future__ import annotations

import signal
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli import progress
from core.errors import SceneError, SettingError
from core.host import limits

if TYPE_CHECKING:
    from core.export.kinds import Choices
    from core.model import Scene
    from core.store.scenes import Store

TABLES = ("csv", "parquet", "json", "xlsx")
KINDS = (
    *TABLES,
    "summary",
    "peaks",
    "fer",
    "elan",
    "webvtt",
    "frames",
    "charts",
    "story",
    "bundle",
    "video",
    "comparison",
)

BY_SUFFIX = {
    ".eaf": "elan",
    ".vtt": "webvtt",
    ".html": "story",
    ".mp4": "video",
    **{f".{kind}": kind for kind in TABLES},
}
"""What a file's name alone says."""

TITLES = ("title", "lead", "curves", "peak", "means", "end")
"""The places in a story where one's own words stand."""


def add_arguments(command: ArgumentParser) -> None:
    """Adds what ``export`` may be told, besides the scenes."""
    command.add_argument("--out", help="file to write; its ending says the kind; standard output if not given")
    command.add_argument(
        "--to", "--format", dest="to", choices=KINDS, help="kind of file, where its name does not say it"
    )
    command.add_argument("--reader", default="", help="whose numbers; the preferred reader's if not given")
    command.add_argument("--theme", choices=("light", "dark"), default="light", help="of charts and pictures")
    command.add_argument("--language", default="en", help="of labels in pictures: en, de, es, fr, hi, ja")
    command.add_argument("--size", type=float, default=1.0, help="of labels in pictures: 1 is usual")
    command.add_argument("--which", choices=("suspects", "peaks", "all"), default="suspects", help="frames to pack")
    command.add_argument("--emotions", help="those drawn in full, with a comma: happy,sad")
    command.add_argument(
        "--say", action="append", default=[], metavar="PLACE=WORDS", help=f"in a story: {', '.join(TITLES)}"
    )
    command.add_argument("--told", action="store_true", help=SUPPRESS)


def export(asked: Namespace) -> None:
    """Writes scenes of the shelf as a file."""
    from core.cli import emotions
    from core.store.scenes import Store

    kind = chosen_kind(asked)
    shelf = Store()
    scenes = shelf.scenes()[::-1] if "all" in asked.ids else [shelf.scene(number) for number in asked.ids]
    wanted = _parse_wanted(asked)
    if wanted.taught or asked.embeddings:
        emotions.embed_missing(shelf, scenes)
    if kind == "video":
        _write_film(shelf, scenes, asked, wanted)
        return
    data = _make_file(shelf, scenes, kind, wanted, asked)
    if asked.out:
        from core.export import tables

        tables.write_bytes(data, asked.out)
    else:
        sys.stdout.buffer.write(data)


def chosen_kind(asked: Namespace) -> str:
    """Returns the kind that was asked for, else the one that the file's name says; SettingError where neither does."""
    suffix = Path(asked.out).suffix.lower() if asked.out else ""
    if asked.to:
        return str(asked.to)
    if not asked.out:
        return "csv"
    if suffix == ".zip" and asked.out.endswith(".outtake.zip"):
        return "bundle"
    if suffix not in BY_SUFFIX:
        raise SettingError(
            f"{asked.out} does not say what to write. End it in {', '.join(BY_SUFFIX)}, or add --to and the kind."
        )
    return BY_SUFFIX[suffix]


def _parse_wanted(asked: Namespace) -> Choices:
    from core.cli import emotions
    from core.export.kinds import Choices
    from core.model import EMOTIONS

    chosen = [name.strip() for name in (asked.emotions or ",".join(EMOTIONS)).split(",")]
    if strange := [name for name in chosen if name not in EMOTIONS]:
        raise SettingError(f"“{strange[0]}” is none of the emotions. Choose from {', '.join(EMOTIONS)}.")
    said = dict(part.split("=", 1) if "=" in part else (part, "") for part in asked.say)
    if strange := [name for name in said if name not in TITLES]:
        raise SettingError(f"A story has no place “{strange[0]}”. Its places are {', '.join(TITLES)}.")
    taught = emotions.chosen_emotions(asked)
    return Choices(
        asked.reader, asked.theme, asked.language, asked.size, asked.which, chosen, said, taught, asked.embeddings
    )


def _make_file(shelf: Store, scenes: list[Scene], kind: str, wanted: Choices, asked: Namespace) -> bytes:
    """Returns one scene as it is; several as one table, or as a zip with a file for each."""
    from core.export import comparison, kinds, tables

    if asked.out and not Path(asked.out).parent.is_dir():
        raise SettingError(
            f"{asked.out} cannot be written: there is no folder {Path(asked.out).parent}. Make it first."
        )
    if kind == "comparison":
        return comparison.scenes_zip(shelf, scenes, wanted)
    if len(scenes) == 1 and "all" not in asked.ids:
        if kind in TABLES:
            return tables.to_bytes(kinds.table(shelf, scenes[0], wanted), kind)
        return kinds.export_scene(shelf, scenes[0], kind, wanted)
    if kind in TABLES and not (asked.out and asked.out.endswith(".zip")):
        return tables.to_bytes(kinds.shelf_table(shelf, scenes, wanted), kind)
    if kind in kinds.TIDY:
        return tables.to_bytes(kinds.tidy_table(shelf, scenes, kind, wanted), "csv")
    return kinds.shelf_zip(shelf, scenes, kind, wanted)


def _write_film(shelf: Store, scenes: list[Scene], asked: Namespace, wanted: Choices) -> None:
    if len(scenes) != 1 or not asked.out:
        raise SettingError("An annotated film is of one scene and needs a file: add --out and its name, like film.mp4.")
    target = Path(asked.out)
    if not target.parent.is_dir() or target.is_dir():
        raise SettingError(f"{target} cannot be written there. Name a file in a folder that exists.")
    if asked.told:
        with _ending_in_order():
            _write_film_for_page(shelf, scenes[0], target, wanted)
        return
    from core.export import film

    with _ending_in_order(), progress.bar(target.name, "thousandths") as show:

        def tell(share: float) -> bool:
            if show:
                show(round(share * 1000), 1000)
            return True

        film.write_film(shelf, scenes[0], target, wanted, tell)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Has the process clear away what it began when it is told to end."""
    usual = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, usual)


def _write_film_for_page(shelf: Store, scene: Scene, target: Path, wanted: Choices) -> None:
    """Writes the film for the page, shut in as every process that decodes what strangers brought."""
    from core.cli import links
    from core.export import film, film_task

    links.confine_worker()
    teller, said = film_task.StatusWriter(target), ""
    try:
        film.write_film(shelf, scene, target, wanted, teller)
    except SceneError as error:
        said = limits.public_message(error)
        raise
    except BaseException:
        said = "Writing this film was broken off. Begin again."
        raise
    finally:
        teller.end(said)


def add_import_arguments(command: ArgumentParser) -> None:
    """Adds what ``import`` must be told."""
    command.add_argument("file", help="a bundle that somebody exported: scene.outtake.zip")


def import_bundle(asked: Namespace) -> None:
    """Puts the scene of a bundle on the shelf."""
    from core.export import bundle_exchange
    from core.store.scenes import Store

    file = Path(asked.file)
    if not file.is_file():
        raise SettingError(f"{file} is not a file. Check its name and folder.")
    shelf = Store()
    try:
        with file.open("rb") as opened:
            scene = shelf.scene(bundle_exchange.import_bundle(shelf, opened, print))
    except OSError as error:
        raise SettingError(f"{file} cannot be read ({error.strerror}). Choose another file.") from error
    print(f"Scene {scene.id}: {scene.title}, {scene.found} moments.")
