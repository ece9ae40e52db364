"""How long one waits for another: heartbeats, grace, polls and deadlines of everything that runs beside something."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache

VARIABLE = "OUTTAKE_TIMING"
"""Environment variable with other times as JSON, like ``{"heartbeat_s": 0.1}``: tests wait shorter, and so do the
workers that they start."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Every wait that another process's silence, death or haste is judged by, in seconds."""

    heartbeat_s: float = 1.0
    """Between two signs of life of a worker: five of them may fail before it counts as dead."""
    alive_s: float = 5.0
    """A worker whose last sign of life is older is dead: a busy disk may swallow a few of them."""
    starting_s: float = 30.0
    """A worker that gave no sign for so long after its start died on its way: loading the networks takes seconds."""
    grace_s: float = 3.0
    """How long a worker that was told to stop may finish the moments it is at; a group of them takes under a second."""
    obey_s: float = 4.0
    """A stopped worker that still runs after this is killed: it has ended itself after a heartbeat and its grace."""
    housekeeping_s: float = 30.0
    """Between two looks at the queue and at what has expired: a visitor waits minutes, the shelf keeps scenes a day."""
    undo_s: float = 600.0
    """How long a deleted scene can be brought back; then it goes with the next look at the shelf."""
    orphan_s: float = 3600.0
    """A clip without a scene is kept for so long: it may be an upload whose scene is just being added."""
    poll_s: float = 0.2
    """How often one who only waits looks whether it is still wanted: a person does not notice less."""
    link_turn_s: float = 90.0
    """How long a link waits for its turn to be looked at: twenty visitors may paste one at the same moment."""
    scheduler_s: float = 10.0
    """Longest wait for a Dask scheduler to answer: one on the same network does within a second."""
    cluster_s: float = 60.0
    """Longest wait for a cluster's first worker: they may be starting as this is."""
    upload_s: float = 600.0
    """How long a dropped file is held for its visitor to press the button."""
    upload_idle_s: float = 120.0
    """After so long it gives way to another one's, where there is no room for both."""
    upload_alone_s: float = 60.0
    """How long it is held for a visitor who has left: the way of the page may have been cut for a moment."""
    request_s: float = 20.0
    """How long the page server waits for a request's head, and for the next part of its body."""
    database_s: float = 10.0
    """How long a writer waits for another one: a batch takes milliseconds, so longer means a lock that is left over."""
    transaction_s: float = 30.0
    """A machine that died within a transaction keeps PostgreSQL's lock no longer than this."""


def current_timing() -> Timing:
    """Returns the times in force: the usual ones, except those that the environment names; TypeError on others."""
    return _parse(os.environ.get(VARIABLE, ""))


@lru_cache(maxsize=8)
def _parse(text: str) -> Timing:
    return Timing(**json.loads(text or "{}"))
