"""The command line's side of links: fetching one shows how far it is, and a worker shuts itself in before it begins."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from core import settings
from core.cli import progress
from core.faces import region
from core.host import home, limits, sandbox
from core.links import local_copy
from core.model import Recipe
from core.video import clip as video


def check_recipe(recipe: Recipe) -> Recipe:
    """Returns the recipe once its file is known to be a video that its region lies in; of a link nobody knows yet."""
    if not settings.is_link(recipe.source):
        clip = video.probe(recipe.source)
        region.check_region(recipe.region, clip.width, clip.height)
    return recipe


def fetch_link(recipe: Recipe) -> Recipe:
    """Returns the recipe with a file for its source, telling on the terminal how much of a link has come."""
    if not settings.is_link(recipe.source):
        return recipe
    with progress.bar(limits.site_name(recipe.source), "MB") as show:

        def tell(done: int, size: int) -> None:
            if show:
                show(done // limits.MB, max(size, done) // limits.MB)

        return local_copy.make_local(recipe, progress=tell)


def title(source: str) -> str:
    """Returns what the shelf calls a source that nobody gave a title: the video's own, or the file's name."""
    return local_copy.preview_link(source).title if settings.is_link(source) else Path(source).stem


def confine_worker() -> None:
    """Has this process take and reach no more than a worker may, from now on; what it starts is itself again."""
    sandbox.confine(limits.current_limits().reading)
    sandbox.seal(programs=[sys.executable], allowed=_scheduler())


def _scheduler() -> list[sandbox.Address]:
    """Returns where the Dask scheduler that this machine's owner named may be reached; nowhere where none is."""
    there = urlsplit(home.scheduler_address())
    try:
        known = socket.getaddrinfo(there.hostname, there.port) if there.hostname and there.port else []
    except (OSError, ValueError):
        return []  # connecting will fail, and say so
    return [(str(address[0]), int(address[1])) for *_, address in known]
