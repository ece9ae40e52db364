"""The whole road without a screen or a database: a video file in, a DataFrame out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from core import sampling, settings
from core.emotions import emotion
from core.errors import SettingError, VideoError
from core.faces.backends import Equip, Tools, open_tools
from core.links import local_copy
from core.model import Recipe, Sample, Suspect, Timeline, Video
from core.reading import process_pool, scheduler
from core.video import clip as video
from core.video.remarks import describe_remarks, write_video

if TYPE_CHECKING:
    import pandas as pd

    from core.emotions.emotion import OwnEmotion

Progress = Callable[[int, int], None]
"""Called after every moment with how many were read and how many are expected."""


def expected_moments(recipe: Recipe, clip: Video) -> int:
    """Returns how many moments the recipe will give, estimated from the probe."""
    start_ms, end_ms, budget = recipe.start_ms, recipe.end_ms, recipe.budget
    return sampling.expected_moments(clip, recipe.step, start_ms=start_ms, end_ms=end_ms, budget=budget)


def read(
    path: str | PathLike[str],
    *,
    emotions: Iterable[str | PathLike[str]] = (),
    embeddings: bool = False,
    workers: int | None = 1,
    **said: Any,
) -> pd.DataFrame:
    """Reads a video file with the settings of ``settings.recipe``, and the taught ``emotions`` of those files.

    See :func:`read_recipe`.
    """
    from core.shelf import emotions as own_emotions

    found = [own_emotions.check_fit(own_emotions.open_file(file)) for file in emotions]
    return read_recipe(settings.recipe(path, **said), workers=workers, emotions=found, embeddings=embeddings)


def read_recipe(
    recipe: Recipe,
    *,
    progress: Progress | None = None,
    equip: Equip = open_tools,
    workers: int | None = 1,
    hands: process_pool.HelperPool | None = None,
    emotions: Sequence[OwnEmotion] = (),
    embeddings: bool = False,
) -> pd.DataFrame:
    """Returns one row per sampled moment, face and reader, with the columns of ``tables.rows``.

    After them come a column for each taught emotion, and ``embedding``, a list of numbers, where it is asked for. Its
    ``attrs`` tell the finder, the readers and the video. So many processes as ``workers`` share the reading, or as many
    as the machine has cores for where that is None; it changes nothing else. ``hands`` are helpers who are there
    already, to be left by the caller. Raises SceneError with one sentence.
    """
    check_emotions(recipe, emotions, embeddings)
    clip, equipped, moments = _read_all(local_copy.make_local(recipe), progress, equip, workers, hands)
    read_with = describe_reading(recipe, clip, moments, equipped)
    del equipped  # the networks go before the table comes: together they would be the most that is held
    return make_table(moments, read_with, emotions, embeddings)


def check_emotions(recipe: Recipe, emotions: Sequence[OwnEmotion], embeddings: bool) -> None:
    """Raises SettingError where taught emotions or embeddings are asked of readers that do not give them."""
    if (emotions or embeddings) and not {"auto", emotion.READER} & set(recipe.readers):
        raise SettingError("Taught emotions and embeddings come from the built-in reader. Add builtin to the readers.")


def make_table(
    moments: Sequence[Sample], told: dict[str, Any], emotions: Sequence[OwnEmotion] = (), embeddings: bool = False
) -> pd.DataFrame:
    """Returns the rows of the moments with the columns of :func:`read_recipe`; ``told`` becomes their ``attrs``."""
    from core.analysis import tables
    from core.emotions import tables as taught_tables

    rows = tables.rows(moments)
    if emotions or embeddings:
        known = taught_tables.embeddings_of(moments)
        rows = taught_tables.add_columns(rows, moments, emotions, known, embeddings=embeddings)
    rows.attrs = told
    return rows


def find_suspects(
    recipe: Recipe, *, progress: Progress | None = None, equip: Equip = open_tools, workers: int | None = 1
) -> tuple[Timeline, dict[str, tuple[Suspect, ...]], dict[str, Any]]:
    """Returns the moments, every reader's peaks with their doubt, the most doubtful first, and what it was read with.

    The preferred reader's peaks are looked at closer. Raises SceneError with one sentence.
    """
    from core.doubt import closer_looks, rules, weights
    from core.reading import closer_look

    recipe = local_copy.make_local(recipe)
    clip, equipped, moments = _read_all(recipe, progress, equip, workers)
    timeline = Timeline(sampling.spacing_ms(recipe, [sample.t_ms for sample in moments]), tuple(moments))
    readers, model = equipped[2], weights.load_model()
    looks: dict[str, dict[closer_look.Key, closer_look.CloserLook]] = {name: {} for name in readers}
    for name, key, look in closer_looks.take_looks(clip, timeline, readers):
        looks[name][key] = look
    size = clip.width, clip.height
    found = {
        name: rules.find_suspects(timeline, name, model, closer=looks[name], size=size, others=looks)
        for name in readers
    }
    return timeline, found, describe_reading(recipe, clip, moments, equipped)


def describe_reading(
    recipe: Recipe, clip: Video, moments: Sequence[Sample], tools: Tools | None = None
) -> dict[str, Any]:
    """Returns what moments were read with, as a table's ``attrs``: the ``tools``, or those that the recipe names.

    Where there is more to be known, ``remarks`` are whole sentences.
    """
    finder, _, readers = tools or (recipe.finder, None, recipe.readers)
    read_with = {"finder": finder, "readers": list(readers), "sampled": settings.pace(recipe)}
    said = describe_remarks(recipe, clip, moments)
    return read_with | {"video": write_video(clip)} | ({"remarks": said} if said else {})


def _read_all(
    recipe: Recipe,
    progress: Progress | None,
    equip: Equip,
    workers: int | None,
    hands: process_pool.HelperPool | None = None,
) -> tuple[Video, Tools, list[Sample]]:
    """Returns the video, the tools, and the moments that they read in it."""

    def load_tables() -> None:
        from core.analysis import tables  # noqa: F401  # takes a quarter of a second, and helpers are waited for

    clip = video.probe(recipe.source)
    total, moments = expected_moments(recipe, clip), list[Sample]()
    with nullcontext(hands) if hands else process_pool.HelperPool() as hands:
        hands.resize(process_pool.choose_helpers(total, workers) if equip is open_tools else 0)
        equipped = equip(recipe)
        for group in scheduler.read_groups(
            recipe, equipped, hands=hands, total=total, pictures=False, idle=load_tables
        ):
            for sample, *_ in group:
                # A look has done its work once the cuts are found, and would be most of what a long video leaves.
                moments.append(replace(sample, look=b""))
                if progress:
                    progress(len(moments), max(total, len(moments)))
    if not moments:
        raise no_picture_error(recipe)
    return clip, equipped, moments


def no_picture_error(recipe: Recipe) -> VideoError:
    """Returns the error of a span in which the video has no picture at all."""
    start = settings.clock(recipe.start_ms)
    until = f" and {settings.clock(recipe.end_ms)}" if recipe.end_ms is not None else " and its end"
    return VideoError(f"{recipe.source} has no picture between {start}{until}. Choose an earlier start or a later end.")
