"""The command line, from `read` to `export`; `--help` lists it. Exit code 0, or 2 with one sentence."""

from __future__ import annotations

import argparse
import faulthandler
import gc
import os
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from core import __version__, settings
from core.cli import compare, emotions, people, progress, standard_output
from core.cli import export as exporting
from core.cli import host as hosting
from core.cli import peaks as judging
from core.cli import reading as batch
from core.errors import SceneError, SettingError
from core.host import limits, pasted_links, sandbox
from core.model import Recipe, Scene
from core.reading import process_pool
from core.video import extent
from core.video.remarks import describe_scene_remarks

if TYPE_CHECKING:
    from core.store.scenes import Store

SETTINGS = tuple(signature(settings.recipe).parameters)[1:]
"""Names of the options that make a recipe."""

NUMBER = r"[0-9]{1,9}"
"""What a scene of the shelf is called by; a file of such a name is reached as ./7."""

NICENESS = 5
"""A worker lets the page that shows its progress go first."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page."""

    def error(self, message: str) -> NoReturn:
        raise SettingError(f"{message[:1].upper()}{message[1:]}. `{self.prog} --help` shows how.")


def read(asked: argparse.Namespace) -> None:
    """Reads files and writes one table for each."""
    recipes = [_recipe(file, asked) for file in asked.files]
    with process_pool.HelperPool(0 if asked.scheduler else process_pool.guess_helpers(recipes[0])) as hands:
        _read(recipes, asked, hands)


def _read(recipes: Sequence[Recipe], asked: argparse.Namespace, hands: process_pool.HelperPool) -> None:
    from core.cli import links
    from core.export import tables
    from core.shelf import read_file

    targets = batch.table_paths(asked)
    for target in targets:
        if target:
            tables.check_target(target)
    taught = emotions.chosen_emotions(asked)
    recipes = [links.check_recipe(recipe) for recipe in recipes]  # a mistyped name should not wait for others' reading
    fetched = map(links.fetch_link, recipes)
    if asked.scheduler:
        batch.read_on_cluster(
            asked.scheduler, list(fetched), partial(batch.write_table, asked, targets), taught, asked.embeddings
        )
        return
    for place, recipe in enumerate(fetched):
        with progress.bar(Path(recipe.source).name) as show:
            table = read_file.read_recipe(
                recipe, progress=show, workers=None, hands=hands, emotions=taught, embeddings=asked.embeddings
            )
        batch.write_table(asked, targets, place, table)
        batch.print_remarks(Path(recipe.source).name, table.attrs.get("remarks", ()))


def add(asked: argparse.Namespace) -> None:
    """Puts a clip on the shelf and reads it here."""
    from core.cli import links
    from core.shelf import jobs
    from core.store.scenes import Store

    recipe = links.check_recipe(_recipe(asked.file, asked))
    title = asked.title or links.title(recipe.source)
    links.fetch_link(recipe)
    shelf = Store()
    scene_id = shelf.add(recipe, title)
    if shelf.scene(scene_id).state != "done":
        with progress.bar(Path(recipe.source).name) as show:
            jobs.run(scene_id, store=shelf, progress=show)
    scene = shelf.scene(scene_id)
    print(_table(shelf, [scene]))
    batch.print_remarks(scene.title, describe_scene_remarks(scene, shelf.samples(scene_id)))


def show_list(_: argparse.Namespace) -> None:
    """Prints the shelf."""
    from core.store.scenes import Store

    shelf = Store()
    scenes = shelf.scenes()
    print(_table(shelf, scenes) if scenes else "The shelf is empty. `python -m core add clip.mp4` puts a clip on it.")


def _table(shelf: Store, scenes: Sequence[Scene]) -> str:
    lines = [("id", "state", "moments", "length", "step", "title")]
    for scene in scenes:
        done, dead = scene.state == "done", scene.state == "reading" and not scene.alive
        last_ms = 0  # looked up only where fewer moments were found than expected: that loads all of them
        if done and scene.found < scene.expected:
            last_ms = max((sample.t_ms for sample in shelf.samples(scene.id)), default=0)
        state, moments = "stopped" if dead else scene.state, str(scene.found)
        length, step = extent.label_length(scene, last_ms), settings.density_text(scene.recipe)
        lines.append(
            (str(scene.id), state, moments if done else f"{moments} of {scene.expected}", length, step, scene.title)
        )
    return judging.align_columns(lines)


def peaks(asked: argparse.Namespace) -> None:
    """Prints the peaks of a file or a scene with what is doubted about them."""
    scene = re.fullmatch(NUMBER, asked.what)
    given = [name for name in SETTINGS if getattr(asked, name) is not None]
    if scene and given:
        said = given[0].replace("_", "-")
        raise SettingError(f"Scene {asked.what} has been read already: --{said} is for files. Leave it out.")
    judging.peaks(asked, None if scene else _recipe(asked.what, asked))


def run(asked: argparse.Namespace) -> None:
    """Is the worker of a scene."""
    from core.cli import links
    from core.shelf import jobs

    if asked.token:  # started for this scene alone, by whoever watches it
        links.confine_worker()
    faulthandler.enable()  # what a crash in a decoder was doing goes into the worker's log
    os.nice(NICENESS)
    jobs.run(asked.id, token=asked.token, alone=True)


def _recipe(file: str, asked: argparse.Namespace) -> Recipe:
    said = {name: getattr(asked, name) for name in SETTINGS if getattr(asked, name) is not None}
    if Path(file).exists() or not pasted_links.looks_like_link(file):
        return settings.recipe(file, **said)
    if "start" not in said and (start_ms := pasted_links.read_start(file)):
        said["start"] = settings.clock(start_ms)
        print(f"Read from {said['start']} on, as the link says. --start 0:00 reads all of it.", file=sys.stderr)
    return settings.recipe(limits.check_link(file), **said)


def _parser() -> Parser:
    parser = Parser("python -m core", description="Outtake without a screen: video files in, emotions over time out.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command", parser_class=Parser)
    reading = _command(commands, "read", read, "read files and write their tables")
    reading.add_argument("files", nargs="+", metavar="file", help="a video file, or a link to one")
    adding = _command(commands, "add", add, "put a clip on the shelf and read it")
    adding.add_argument("file", help="a video file, or a link to one")
    adding.add_argument("--title", help="what the shelf calls it; its file's name if not given")
    weighing = _command(commands, "peaks", peaks, "show which peaks not to believe, and why")
    judging.add_peaks_arguments(weighing)
    emotions.add_emotion_argument(weighing)
    for command in (reading, adding, weighing):
        _settings(command)
    _command(commands, "list", show_list, "show the shelf")
    leaving = _command(commands, "export", exporting.export, "write scenes of the shelf as files of every kind")
    leaving.add_argument(
        "ids",
        nargs="+",
        metavar="id",
        type=lambda text: text if text == "all" else _scene(text),
        help="numbers of scenes, or: all",
    )
    exporting.add_arguments(leaving)
    beside = _command(commands, "compare", compare.compare, "hold scenes, or people of them, against each other")
    compare.add_arguments(beside)
    emotions.add_emotion_argument(beside)
    coming = _command(commands, "import", exporting.import_bundle, "put a bundle that somebody exported on the shelf")
    exporting.add_import_arguments(coming)
    reading.add_argument("--out", help=f"file to write: .{', .'.join(exporting.TABLES)}; standard output if not given")
    reading.add_argument("--scheduler", metavar="tcp://host:8786", help="read on the Dask cluster that it serves")
    reading.add_argument("--format", choices=exporting.TABLES, help="where no file's name says it")
    for command in (reading, leaving):
        emotions.add_table_arguments(command)
    deciding = _command(commands, "verdicts", judging.verdicts, "show, save or load what was decided about a scene")
    deciding.add_argument("id", type=_scene)
    judging.add_verdicts_arguments(deciding)
    people.add_arguments(
        _command(commands, "people", people.show, "show who is in a scene; name, merge, split"), _scene
    )
    emotions.add_commands(lambda *said: _command(commands, *said), _scene)
    hosting.add_arguments(_command(commands, "host", hosting.host, "serve visitors: hosted, with every limit in force"))
    running = _command(commands, "run", run, "read a scene of the shelf to its end, as its worker")
    running.add_argument("id", type=_scene)
    running.add_argument("--token", help=argparse.SUPPRESS)
    return parser


def _scene(text: str) -> int:
    if not re.fullmatch(NUMBER, text):
        raise argparse.ArgumentTypeError(f"“{text}” is not the number of a scene, see `list`")
    return int(text)


def _command(commands: Any, name: str, does: Callable[[argparse.Namespace], None], tells: str) -> Parser:
    command: Parser = commands.add_parser(name, help=tells, description=f"{tells[:1].upper()}{tells[1:]}.")
    command.set_defaults(does=does)
    return command


def _settings(command: Parser) -> None:
    command.add_argument("--every", help="a moment each so often: 200ms (usual), 0.5s, 2s")
    command.add_argument("--every-frames", help="a moment each so many frames instead: 50")
    words = "much quicker from steps of 2s up: moments fall on keyframes, often the first picture of a shot"
    command.add_argument("--skim", action="store_const", const=True, help=words)
    command.add_argument("--start", help="where to begin: 0:10, 62.5s")
    command.add_argument("--end", help="where to end: 1:30")
    command.add_argument("--budget", help="at most so many moments: the step is widened until they fit")
    command.add_argument("--finder", help="auto, mtcnn, yunet, another detector of DeepFace, or a plug-in's")
    command.add_argument("--readers", help="auto, builtin, deepface, emotieff, a plug-in's, or several with a comma")
    command.add_argument("--smallest-face", help="px of a picture 640 px wide: 24")
    command.add_argument("--thorough", action="store_const", const=True, help="search every moment for faces whole")
    command.add_argument("--region", help="faces in this part of the picture only: left,top,right,bottom in px")


def main(words: Sequence[str] | None = None) -> int:
    """Does what the words say and returns the exit code."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # a library's warnings are for its programmers
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's threads have nothing to do here, and a start to pay
    sandbox.tighten_heap()
    standard_output.replace_closed_streams()
    try:
        asked = _parser().parse_args(words)
        asked.does(asked)
        sys.stdout.flush()
    except SceneError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    except BrokenPipeError:
        standard_output.discard_rest()  # `| head` has seen enough
    except OSError as error:
        if error.filename is not None or error.errno not in standard_output.FAILURES:
            raise
        standard_output.discard_rest()
        print(standard_output.describe_failure(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    code = main()
    gc.freeze()  # what ends has nothing to collect: looking for it takes as long as loading Pandas does
    sys.exit(code)
