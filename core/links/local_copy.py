"""Links among the recipes: what one leads to, and the file that it becomes before anything is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore

from core import settings
from core.errors import FetchError, VideoError
from core.host import home, limits
from core.host.timing import current_timing
from core.links import fetch
from core.links.fetch import Preview, Progress, StoppedError
from core.model import Recipe
from core.video import clip

__all__ = ["Preview", "Progress", "StoppedError", "make_local", "preview_link"]

AT_ONCE = 3
"""Links that are looked at at one time: each takes a process."""

_looks = BoundedSemaphore(AT_ONCE)


def preview_link(link: str) -> Preview:
    """Returns what a link leads to, before anything is fetched; FetchError says why it cannot be fetched."""
    with _take_turn():
        return fetch.preview_link(link)


def make_local(
    recipe: Recipe, *, progress: Progress | None = None, stopped: Callable[[], bool] = lambda: False
) -> Recipe:
    """Returns the recipe with a file for its source: a link is fetched unless it was before.

    Raises FetchError where no video comes of it, StoppedError once ``stopped`` says so.
    """
    if not settings.is_link(recipe.source):
        return recipe
    link = limits.check_link(recipe.source)
    path = fetch.fetch_video(link, progress=progress, stopped=stopped)
    try:
        clip.probe(path)
    except VideoError as error:
        home.delete_clip(link)
        raise FetchError(error.what, f"What {limits.site_name(link)} handed out", error.remedy) from error
    return replace(recipe, source=str(path))


@contextmanager
def _take_turn() -> Iterator[None]:
    if not _looks.acquire(timeout=current_timing().link_turn_s):
        raise FetchError("Many links are being looked at just now. Try again in a moment.")
    try:
        yield
    finally:
        _looks.release()
