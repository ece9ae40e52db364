"""A scene read by several processes: everybody takes the next segment, and the groups come out in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field, replace

import cv2

from core.faces.backends import Tools
from core.host.timing import current_timing
from core.model import Recipe, Sample
from core.reading import segments
from core.reading.process_pool import HelperDiedError, HelperPool
from core.reading.segments import Group, Segment

MOST = 2 * segments.MOMENTS
"""Moments of a segment at most: nothing travels far here, and each border costs as much as three moments."""

LATER = 1.2
"""A segment is so small a part of each process's share of what is left."""


@dataclass(slots=True)
class _Part:
    """A segment under way."""

    segment: Segment
    future: Future[list[Group]] | None = None
    """None once its groups are here, or while it is being read here."""
    groups: deque[Group] = field(default_factory=deque)
    done: bool = False


def read_groups(
    recipe: Recipe,
    tools: Tools,
    before: Sequence[Sample] = (),
    *,
    hands: HelperPool | None = None,
    total: int,
    pictures: bool = True,
    idle: Callable[[], object] = lambda: None,
) -> Iterator[Group]:
    """Yields the recipe's groups behind ``before`` in order, with shots and tracks; the same for any number of helpers.

    ``tools`` are the recipe's, ``total`` is how many moments there may be; ``hands`` are the helpers, none if not
    given: call them before this process loads its own networks. Now and then an empty group says that nothing has come
    yet: whoever wants no more can end there. ``idle`` is called when there is nothing left to do here but to wait for
    the helpers. Raises SceneError.
    """
    recipe = replace(recipe, finder=tools[0], readers=tuple(tools[2]))  # what it came to mean here
    after_ms = before[-1].t_ms if before else -1
    if hands is None or not hands.helpers:
        alone = segments.read_moments(recipe, tools[1], tools[2], segments.whole_segment(recipe, after_ms))
        yield from segments.track_groups(before, segments.group_rows(alone, pictures=pictures))
        return
    cv2.setNumThreads(1)  # the other cores are the helpers'
    plan = segments.plan_segments(recipe, after_ms, moments=lambda done: _size(total - done, hands.helpers + 1))
    desk = _Desk(recipe, plan, hands, hands.helpers + 1, 2 * hands.helpers + 2, pictures, tools, idle)
    yield from segments.track_groups(before, desk.groups())


def read_in_order(
    recipe: Recipe, plan: Iterable[Segment], executor: Executor, *, depth: int, pictures: bool = True
) -> Iterator[Group]:
    """Yields the groups of all segments in order, without shots and tracks, read by the executor alone.

    At most ``depth`` segments are under way. An empty group says that nothing has come yet. The first segment that
    fails raises its error, after the groups before it; the others are called off.
    """
    return _Desk(recipe, iter(plan), executor, depth, depth, pictures).groups()


def _size(rest: int, hands: int) -> int:
    """Returns how long the next segment of so many moments is: ever shorter, so that all hands end together."""
    if rest < 2 * segments.LEAST_MOMENTS:
        return max(rest, 0) + MOST  # which is more than there is: no border
    return max(segments.LEAST_MOMENTS, min(MOST, round(rest / hands / LATER)))


class _Desk:
    """Who reads what; the segments' groups are laid in order as they come in."""

    def __init__(
        self,
        recipe: Recipe,
        plan: Iterator[Segment],
        executor: Executor,
        most_busy: int,
        most_waiting: int,
        pictures: bool,
        tools: Tools | None = None,
        idle: Callable[[], object] = lambda: None,
    ) -> None:
        """``tools`` are those of this process, None where the executor alone reads.

        The executor has at most ``most_busy`` segments at a time, and at most ``most_waiting`` are begun behind the one
        whose groups are being given out: their rows take memory.
        """
        self.recipe, self.plan, self.executor, self.tools = recipe, plan, executor, tools
        self.most_busy, self.most_waiting, self.pictures, self.idle = most_busy, most_waiting, pictures, idle
        self.line: deque[_Part] = deque()

    def groups(self) -> Iterator[Group]:
        """Yields the groups in order; an empty one where none has come."""
        try:
            while True:
                part = self._choose()
                self._share()
                if part and self.tools:
                    part.future = None
                    _, find, readers = self.tools
                    moments = segments.read_moments(self.recipe, find, readers, part.segment, alone=False)
                    for group in segments.group_rows(moments, pictures=self.pictures):
                        part.groups.append(group)
                        self._share()
                        yield from self._give_out()
                        yield []
                    part.done = True
                elif self.line:
                    self.idle()
                    if (first := self.line[0].future) and not wait([first], current_timing().poll_s).done:
                        yield []
                else:
                    return
                yield from self._give_out()
        finally:
            for part in self.line:
                if part.future:
                    part.future.cancel()

    def _choose(self) -> _Part | None:
        """Returns what to read here: what a helper died over, what nobody has, or what no helper has begun."""
        if not self.tools:
            return None
        lost = next((part for part in self.line if _is_lost(part)), None)
        return lost or self._begin() or next((part for part in self.line if part.future and part.future.cancel()), None)

    def _begin(self) -> _Part | None:
        """Returns the plan's next segment, now in line; none while so many wait for the one before them."""
        waiting = len(self.line) - (bool(self.line) and self.line[0].done)
        segment = next(self.plan, None) if waiting < self.most_waiting else None
        if segment is None:
            return None
        self.line.append(_Part(segment))
        return self.line[-1]

    def _share(self) -> None:
        """Gives the executor enough to do: a segment for each of its processes and one to begin next."""
        busy = sum(part.future is not None and not part.future.done() for part in self.line)
        for _ in range(busy, self.most_busy):
            if part := self._begin():
                part.future = self.executor.submit(segments.read_segment, self.recipe, part.segment, self.pictures)

    def _give_out(self) -> Iterator[Group]:
        """Yields the groups that are next in order and here."""
        while self.line:
            part = self.line[0]
            if part.future and part.future.done() and not _is_lost(part):
                part.groups.extend(part.future.result())
                part.future, part.done = None, True
                self._share()
            while part.groups:
                yield part.groups.popleft()
            if not part.done:
                return
            self.line.popleft()


def _is_lost(part: _Part) -> bool:
    done = part.future is not None and part.future.done() and not part.future.cancelled()
    return done and isinstance(part.future.exception(), HelperDiedError)  # type: ignore[union-attr]  # done has seen to it
