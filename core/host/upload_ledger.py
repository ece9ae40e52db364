"""Who may put a file into the server's memory, and how much: for a page that asks for one, within what is free."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from core.host import limits
from core.host.request_guard import Refusal
from core.host.timing import current_timing

FRAME_BYTES = 64_000
"""Of a request beside its file: the name, and the lines around it."""


MOST_PAGES = 2_000
"""Open pages whose fields are remembered, the newest: one that was opened before so many others is opened anew."""


class Place(NamedTuple):
    """Where the server keeps a file: an open page's id, and the file's."""

    session: str
    file: str


@dataclass(slots=True)
class Held:
    """A file that is held, or that is just coming."""

    size: int
    address: str
    since: float
    coming: bool = True


@dataclass(slots=True)
class UploadLedger:
    """What is held for whom. Not for several threads: the server's loop alone asks and tells it."""

    asked: dict[str, int] = field(default_factory=dict)
    """Session → bytes of the largest file that its page asks for just now."""
    held: dict[Place, Held] = field(default_factory=dict)

    def admit(self, place: Place, address: str, size: int | None) -> Refusal | list[Place]:
        """Notes that a file of so many bytes is coming; returns what is to go for it, or why it may not come."""
        most = self.asked.get(place.session, 0)
        if not most:
            return Refusal(403, "No page of yours asks for a file just now. Open the page again and drop it there.")
        if size is None:
            return Refusal(411, "This upload does not say how large it is. Send it with a Content-Length.")
        if size > most + FRAME_BYTES:
            return Refusal(413, f"This file is larger than the {most // limits.MB} MB that are taken here.")
        given = self._make_room(place, address, size)
        if not isinstance(given, Refusal):
            for one in given:
                self.held.pop(one, None)
            self.held[place] = Held(size, address, time.monotonic())
        return given

    def record_arrival(self, place: Place, *, there: bool) -> None:
        """Notes that a file is there, or that it never will be."""
        if there and place in self.held:
            self.held[place].coming, self.held[place].since = False, time.monotonic()
        else:
            self.held.pop(place, None)

    def _make_room(self, place: Place, address: str, size: int) -> Refusal | list[Place]:
        """Returns which files give way: older ones of the same page, then those that nobody fetched for long."""
        within, idle_s = limits.current_limits(), current_timing().upload_idle_s
        by_age = sorted(self.held, key=lambda one: self.held[one].since)
        mine = [one for one in by_age if one.session == place.session and not self.held[one].coming]
        idle = [one for one in by_age if not self.held[one].coming and time.monotonic() - self.held[one].since > idle_s]
        gone = [one for one in by_age if one == place]
        rules: tuple[tuple[int | None, Callable[[Place], bool], list[Place], int], ...] = (
            (within.session_uploads, lambda one: one.session == place.session, mine, 429),
            (within.address_uploads, lambda one: self.held[one].address == address, mine, 429),
            (within.all_uploads, lambda one: True, [*mine, *idle], 503),
        )
        for most, counts, may_go, status in rules:
            rest = [one for one in may_go if one not in gone]
            while most is not None and size + self._sum(counts, gone) > most:
                if not rest:
                    return Refusal(status, "Too many files are being dropped just now. Try again in some minutes.")
                gone.append(rest.pop(0))
        return gone

    def _sum(self, counts: Callable[[Place], bool], without: Collection[Place]) -> int:
        return sum(one.size for place, one in self.held.items() if counts(place) and place not in without)

    def list_expired(self, present: Collection[str]) -> list[Place]:
        """Returns, and forgets, the files whose time is over: of the sessions ``present``, and of visitors who left."""
        timing, now = current_timing(), time.monotonic()
        over = [
            place
            for place, one in self.held.items()
            if not one.coming
            and now - one.since > (timing.upload_s if place.session in present else timing.upload_alone_s)
        ]
        for place in over:
            del self.held[place]
        for session in list(self.asked)[:-MOST_PAGES]:
            self.asked.pop(session, None)
        return over
