"""Local video files: what a file is, and its pictures with their own times, sampled.

A picture's time is its own timestamp minus the stream's start, whatever the frame rate claims. Pictures come as shown
(``video_picture``), from a stream that is decoded no further than it has to be (``video_source``).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from fractions import Fraction
from functools import lru_cache, partial
from os import PathLike, fspath
from pathlib import Path

from av.video.frame import VideoFrame

from core.errors import SettingError
from core.model import Frame, Image, Step, Video
from core.sampling import HELD_MS, SKIM_MS, slot_counter, widen_step
from core.video.brightness import name_curve
from core.video.jumps import Jumps
from core.video.keyframes import Answer, Exact, Keyframes, skim_slots
from core.video.pictures import Converter, Picture, read_turn, shown_size
from core.video.source import LATE_MS, MAX_MS, DamagedError, Source

__all__ = ["borders", "fit_step", "frames", "probe"]

EVERY = Step(200)
"""Five moments a second: a smile of half a second has two."""


def probe(path: str | PathLike[str]) -> Video:
    """Returns what the file is: its first picture decoded, its packets counted. Raises VideoError if it is no video.

    A file that has not changed since is not looked into again.
    """
    try:
        known = Path(path).stat()
    except (OSError, ValueError):
        return _probe_version(fspath(path), 0, 0, 0)  # which tells what is wrong with it
    return _probe_version(fspath(path), known.st_ino, known.st_size, known.st_mtime_ns)


@lru_cache(maxsize=16)
def _probe_version(path: str, *_: int) -> Video:
    with closing(Source(path)) as source:
        count, duration_ms, first = source.survey()
        turn = read_turn(first)
        every = [source.sides, *((width * source.aspect, height) for _, width, height in source.shapes)]
        width, height = shown_size((max(side for side, _ in every), max(side for _, side in every)), turn)
        shapes = tuple((t_ms, *shown_size((wide * source.aspect, tall), turn)) for t_ms, wide, tall in source.shapes)
        rate = Fraction(count * 1000, duration_ms) if duration_ms else source.stream.average_rate or 0
        codec = "webp" if source.kind == "webp" else source.stream.codec_context.codec.canonical_name
        joins, curve = tuple(source.joins), name_curve(first.color_trc, first.color_primaries)
        return Video(str(source.path), duration_ms, width, height, round(float(rate), 3), codec, joins, shapes, curve)


def shown_size_of(path: str | PathLike[str]) -> tuple[int, int]:
    """Returns width and height of a video as shown, px: boxes are in px of that."""
    video = probe(path)
    return video.width, video.height


def frames(
    path: str | PathLike[str],
    step: Step = EVERY,
    *,
    start_ms: int = 0,
    end_ms: int | None = None,
    budget: int | None = None,
    after_ms: int = -1,
    first_slot: int = 0,
    end_slot: int | None = None,
    skim: bool = False,
    size: tuple[int, int] | None = None,
) -> Generator[Frame]:
    """Yields the sampled pictures with ``start_ms`` ≤ t < ``end_ms``, in time order with unique times.

    A step in ms asks at ``start_ms`` + k · step, and the first good picture from a point of that grid to the next
    answers; where none begins there, the one that is held answers again, at the point itself. A step in frames takes
    every so many good pictures. ``budget`` widens the step evenly until the moments fit.
    ``after_ms``, the last moment one already has, gives exactly the frames that would have followed it; with a step in
    ms so do ``first_slot``, and ``end_slot``, whose frame, or the first one behind it, is the last. With ``skim`` the
    keyframe nearest to a point answers it where one lies within half a step, from steps of ``SKIM_MS`` on. ``size`` is
    the video's as shown, for those who know it.
    Raises VideoError before the first frame. Damage later on ends the stream, or is counted in ``Frame.dropped``.
    """
    if step.every < 1 or (budget is not None and budget < 1):
        raise SettingError(f"A step of {step} and a budget of {budget} give no moments. Choose numbers from 1 up.")
    end_ms = MAX_MS if end_ms is None else min(end_ms, MAX_MS)
    if budget is not None:
        step = fit_step(path, step, start_ms=start_ms, end_ms=end_ms, budget=budget)
    if step.unit == "ms" and after_ms >= start_ms:
        first_slot = max(first_slot, (after_ms - start_ms) // step.every)  # its picture may lie just behind it
    with ExitStack() as opened:
        source = opened.enter_context(closing(Source(path)))
        image = Converter(size or shown_size_of(path), source.aspect)
        if step.unit == "ms":
            source.skip_unasked(slot_counter(step, start_ms))
        answers: Exact = partial(_sample, source, step, start_ms)
        if skim and step.unit == "ms" and step.every >= SKIM_MS:
            keys = opened.enter_context(closing(Keyframes(path, step.every, start_ms, end_ms)))
            if keys.has_index:
                answers = partial(skim_slots, keys, source, partial(_sample_alone, source, step, start_ms))
        shown: tuple[VideoFrame, Image] | None = None
        for slot, picture in answers(first_slot):
            if picture.t_ms >= end_ms or (budget is not None and slot >= budget):
                return
            if picture.t_ms > after_ms:
                if shown is None or shown[0] is not picture.frame:  # a picture that is held is converted once
                    shown = picture.frame, image(picture.frame)
                yield Frame(picture.t_ms, shown[1], picture.lost, slot, picture.jump, picture.joined, image.scale)
            if end_slot is not None and slot >= end_slot:
                return


def _sample(source: Source, step: Step, start_ms: int, first_slot: int) -> Iterator[Answer]:
    """Yields the pictures that answer the slots from ``first_slot`` on; each has lost what was lost since the last one,
    and knows the largest jump since then.

    For that a slot before it has to be seen too; where those have no picture, it is looked for further back.
    """
    back = 1
    while True:
        begin, last_slot = max(0, first_slot - back), -1
        try:
            for slot, picture in _answer_slots(source, step, start_ms, begin):
                if slot >= first_slot:
                    if last_slot < begin and begin > 0:
                        break
                    yield slot, picture
                    first_slot, back = slot + 1, 1
                last_slot = slot
            else:
                return
        except DamagedError:
            continue
        back *= 4


def _answer_slots(source: Source, step: Step, start_ms: int, begin: int) -> Iterator[Answer]:
    """Yields the slots that are answered, from about ``begin`` on: by the first picture in each, or the one held."""
    slot_of, jumps, given = slot_counter(step, start_ms), Jumps(), False
    last_slot, last_ms, lost, joined = -1, start_ms - 1, 0, False
    for shown, picture in _pair_neighbours(_visit(source, step, start_ms, begin)):
        for slot in _held_slots(source, step, start_ms, shown, picture, begin):
            assert shown is not None  # noqa: S101  # nothing else can be held
            last_slot, last_ms = slot, _slot_ms(step, start_ms, slot)
            jump = jumps.stay(shown, last_ms, new=not given)
            yield slot, shown._replace(t_ms=last_ms, lost=lost, jump=jump, joined=joined)
            given, lost, joined = True, 0, False
        if picture is None:
            continue
        given = False
        if picture.t_ms <= last_ms:
            lost, joined = 0, False
            continue
        lost, joined = lost + picture.lost, joined or picture.joined
        slot = slot_of(picture.t_ms)
        jump = jumps.see(picture, asked=slot > last_slot)
        if slot > last_slot:
            yield slot, picture._replace(lost=lost, jump=jump, joined=joined)
            last_slot, last_ms, lost, joined, given = slot, picture.t_ms, 0, False, True


def _pair_neighbours(pictures: Iterable[Picture | None]) -> Iterator[tuple[Picture | None, Picture | None]]:
    """Yields each picture behind the one shown until it comes, and the last with None behind it.

    None stands for pictures that were left out: what is shown before them nobody follows to its end.
    """
    shown: Picture | None = None
    for picture in pictures:
        yield (shown if picture else None), picture
        shown = picture
    yield shown, None


def _held_slots(
    source: Source, step: Step, start_ms: int, shown: Picture | None, after: Picture | None, first_slot: int
) -> range:
    """Returns the slots from ``first_slot`` on in which no picture begins, since the one before them is held.

    ``after`` is the next picture, None where none follows. Where pictures were lost nobody knows what was shown.
    """
    if shown is None or step.unit == "frames":
        return range(0)
    until_ms = after.t_ms if after else source.shown_until(shown)
    if until_ms - shown.t_ms < HELD_MS or (after.lost or after.joined if after else source.lost):
        return range(0)
    source.see_all_before(until_ms, shown.t_ms)
    first, until = (shown.t_ms - start_ms) // step.every + 1, until_ms - start_ms
    return range(max(first, first_slot, 0), until // step.every if after else -(-until // step.every))


def _sample_alone(source: Source, step: Step, start_ms: int, slot: int) -> Iterator[Answer]:
    """Yields the same pictures from a slot on, seen by themselves: each has lost what was lost just before it."""
    slot_of = slot_counter(step, start_ms)
    while True:
        try:
            for shown, picture in _pair_neighbours(_visit(source, step, start_ms, slot)):
                for held in _held_slots(source, step, start_ms, shown, picture, slot):
                    assert shown is not None  # noqa: S101  # nothing else can be held
                    yield held, shown._replace(t_ms=_slot_ms(step, start_ms, held), lost=0)
                    slot = held + 1
                if picture and picture.t_ms >= start_ms and (found := slot_of(picture.t_ms)) >= slot:
                    yield found, picture
                    slot = found + 1
            return
        except DamagedError:
            continue


def fit_step(
    path: str | PathLike[str], step: Step, *, start_ms: int = 0, end_ms: int | None = None, budget: int | None = None
) -> Step:
    """Returns the step widened to the budget, from the packets that the file really has."""
    if budget is None:
        return step
    end_ms = MAX_MS if end_ms is None else min(end_ms, MAX_MS)
    with closing(Source(path)) as source:
        count, duration_ms, _ = source.survey(start_ms, end_ms)
    span = count if step.unit == "frames" else max(min(end_ms, duration_ms) - start_ms, 0)
    return step._replace(every=widen_step(step.every, span, budget))


def borders(
    path: str | PathLike[str],
    step: Step,
    *,
    start_ms: int = 0,
    first_slot: int = 0,
    group: int,
    length: Callable[[int], int],
) -> Iterator[int]:
    """Yields slots behind ``first_slot``, multiples of ``group``, at which decoding can begin.

    Each lies at least ``length`` of the one before it further on, shortly behind a keyframe to which a seek was just
    seen to lead. A step in frames has none, nor has a file without an index: there everything before a picture has to
    be decoded.
    """
    if step.unit == "frames":
        return
    with closing(Source(path)) as source:
        slot = first_slot
        while (key_ms := source.keyframe_from(_slot_ms(step, start_ms, slot + length(slot) - 1) - LATE_MS)) is not None:
            behind = -(-max(key_ms + LATE_MS - start_ms, 0) // step.every) + 1
            slot = -(-max(behind, slot + length(slot)) // group) * group
            if source.can_begin_at(_slot_ms(step, start_ms, slot - 1)):
                yield slot


def _slot_ms(step: Step, start_ms: int, slot: int) -> int:
    return start_ms + slot * step.every


def _visit(source: Source, step: Step, start_ms: int, first_slot: int) -> Iterator[Picture | None]:
    """Yields the pictures that sampling has to see: all of them, or in a long step only those around its targets.

    None stands where pictures were left out, or may have been.
    """
    target = _slot_ms(step, start_ms, first_slot if step.unit == "ms" else 0)
    going = True
    while going:
        going = False
        for picture in source.pictures(target):
            yield picture
            if step.unit == "ms" and picture.t_ms >= target:
                target = picture.t_ms + step.every - (picture.t_ms - start_ms) % step.every
                if going := source.saves_decoding(picture.t_ms, target):
                    yield None
                    break
