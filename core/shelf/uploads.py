"""An upload becomes a scene, or leaves nothing: room is asked for before a byte of it is kept."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from core.errors import StoreError, VideoError
from core.host import home
from core.host.unfinished import open_unfinished
from core.model import Recipe
from core.store.scenes import Store
from core.video import check

CHUNK = 1 << 20

LONGEST_NAME = 120
"""Signs of a file's name that a sentence repeats."""

Start = Callable[[Recipe], int]
"""Puts a scene of this recipe on the shelf, has it read, and returns its id."""


def add_upload(store: Store, data: BinaryIO, name: str, recipe: Recipe, start: Start) -> int:
    """Keeps an upload of that name, starts to read it as the recipe says, and returns its scene's id.

    Raises SceneError when it is refused; then its clip is gone, unless another scene is made of the same bytes, also
    one that can be brought back, or somebody else is just adding them.
    """
    path, size = clip_path(data, name)
    recipe = replace(recipe, source=str(path))
    store.check_room(recipe, size)
    try:
        with _hold_clip(data, path, name):
            check.check_file(path)
            return start(recipe)
    except VideoError as error:
        raise error.about(quote_name(name)) from error
    finally:
        store.delete_unused_clip(recipe.source)


@contextmanager
def _hold_clip(data: BinaryIO, path: Path, name: str) -> Iterator[None]:
    """Keeps an upload, and has nobody else's refusal of the same bytes delete it until the block ends."""
    with ExitStack() as held:
        while True:
            keep_clip(data, path, name)
            with suppress(FileNotFoundError):  # it was refused to somebody else between these two lines
                held.enter_context(home.lock_clip(path))
                break
        yield


def clip_path(data: BinaryIO, name: str) -> tuple[Path, int]:
    """Returns where an upload is kept, named by what it holds so that the same clip is kept once, and its bytes."""
    data.seek(0)
    digest, size = hashlib.sha256(), 0
    while part := data.read(CHUNK):
        digest.update(part)
        size += len(part)
    ending = re.sub(r"[^a-z0-9]", "", Path(name).suffix.lower())[:8]
    return home.clips_folder() / f"{digest.hexdigest()}.{ending or 'bin'}", size


def keep_clip(data: BinaryIO, path: Path, name: str) -> None:
    """Copies an upload there; of one that does not fit, or whose server is killed meanwhile, nothing stays."""
    with suppress(FileNotFoundError):
        os.utime(path)  # it lies there already: from now on it is young, and not swept away
        return
    data.seek(0)
    try:
        with open_unfinished(path) as file:
            with file.path.open("wb") as out:
                shutil.copyfileobj(data, out, CHUNK)
            file.keep()
    except OSError as error:
        what = f"cannot be kept in {path.parent} ({error.strerror})"
        raise StoreError(what, quote_name(name), "Make room there and try again.") from error


def quote_name(name: str) -> str:
    """Returns an uploaded file's name as it stands inside a sentence: on one line, and not too long."""
    return f"“{''.join(sign if sign.isprintable() else '?' for sign in name)[:LONGEST_NAME]}”"
