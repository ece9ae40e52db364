"""The command line's part about many files: where their tables go, and reading them on a cluster."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli import progress
from core.errors import JobError, SceneError, SettingError
from core.model import Recipe

if TYPE_CHECKING:
    import pandas as pd

    from core.emotions.emotion import OwnEmotion

Keep = Callable[[int, "pd.DataFrame"], object]
"""Puts the table of the episode at a place where it belongs."""


def table_paths(asked: Namespace) -> list[Path | None]:
    """Returns where each file's table goes; None is standard output."""
    files = [Path(file) for file in asked.files]
    if asked.out is None:
        if len(files) > 1:
            raise SettingError(
                "Several files need a folder for their tables: add --out and its name, like --out tables/."
            )
        return [None]
    out = Path(asked.out)
    if len(files) == 1 and not out.is_dir():
        return [out]
    if not out.is_dir():
        raise SettingError(f"{out} is not a folder, and several files need one for their tables. Make it first.")
    found = [out / f"{file.stem}.{asked.format or 'csv'}" for file in files]
    if len(set(found)) < len(found):
        raise SettingError(f"Two of the files would both be written to one name in {out}. Read them one by one.")
    return list(found)


def write_table(asked: Namespace, targets: Sequence[Path | None], place: int, table: pd.DataFrame) -> None:
    """Writes the table of the file at a place where it was asked for."""
    from core.export import tables

    if target := targets[place]:
        tables.write_table(table, target)
    else:
        sys.stdout.buffer.write(tables.to_bytes(table, asked.format or "csv"))


def print_remarks(name: str, remarks: Iterable[str]) -> None:
    """Prints what is to be known of a file beside its numbers, on standard error."""
    for remark in remarks:
        print(f"{name}: {remark}", file=sys.stderr)


def read_on_cluster(
    address: str, recipes: Sequence[Recipe], keep: Keep, emotions: Sequence[OwnEmotion] = (), embeddings: bool = False
) -> None:
    """Has the cluster at ``address`` read all the files and keep their tables as they come.

    An episode that cannot be read stops no other; in the end a JobError tells which could not, and why.
    """
    from core.faces import read_builtin
    from core.reading import dask_cluster
    from core.shelf import read_file, season

    for recipe in recipes:
        read_file.check_emotions(recipe, emotions, embeddings)
    names, failed = [Path(recipe.source).name for recipe in recipes], []
    with dask_cluster.connect(address, read_builtin.fingerprint) as there, closing(progress.Board(names)) as board:
        print(f"The cluster at work: {there.dashboard}", file=sys.stderr)
        ends = season.read_season(
            recipes,
            there.executor,
            slots=there.threads,
            progress=board.show,
            in_words=dask_cluster.translate_errors,
        )
        for place, end in ends:
            board.end(place)
            if isinstance(end, BaseException):
                failed.append(_explain_failure(names[place], end))
            else:
                told = read_file.describe_reading(end.recipe, end.video, end.samples)
                keep(place, read_file.make_table(end.samples, told, emotions, embeddings))
                print_remarks(names[place], told.get("remarks", ()))
    if failed:
        others = f" The other {len(names) - len(failed)} are read." if len(failed) < len(names) else ""
        raise JobError(f"{' '.join(failed)}{others}")


def _explain_failure(name: str, error: BaseException) -> str:
    """Returns why an episode was not read, in a sentence; whatever nobody can act on is raised."""
    if isinstance(error, SceneError):
        return str(error) if name in error.which else f"{name}: {error}"
    if not isinstance(error, Exception):
        raise error
    return f"{name}: Outtake made a mistake ({type(error).__name__}: {error}). Please report it."
