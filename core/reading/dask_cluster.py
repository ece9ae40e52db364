"""A Dask cluster that somebody else runs: its executor and its dashboard, its troubles as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import JobError
from core.host.timing import current_timing

if TYPE_CHECKING:
    from distributed import Client

RETRIES = 2
"""So often is done again what raised an error; what died with its worker, as often as the scheduler allows."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What there is to work with."""

    address: str
    executor: Executor
    dashboard: str
    """Address of the page that shows the cluster at work."""
    threads: int
    """How much it does at once, when it was asked."""


@contextmanager
def connect(address: str, alike: Callable[[], Any], least: int = 1) -> Iterator[Cluster]:
    """Gives the cluster whose scheduler is at ``address``; JobError when it does not answer, or without Outtake on it.

    ``alike`` is called here and on every worker and has to say the same: other networks would read otherwise. It is
    waited for until ``least`` workers are there.
    """
    try:
        import distributed
    except ImportError as error:
        words = "Dask is not installed here. `pip install -r requirements-batch.txt` brings it."
        raise JobError(words) from error
    try:
        client = distributed.Client(address, timeout=current_timing().scheduler_s, set_as_default=False)
    except (OSError, ValueError) as error:
        words = "Start one with `python -m dask scheduler`, or check the address: it looks like tcp://host:8786."
        raise JobError(f"No Dask scheduler answers at {address}. {words}") from error
    with client:
        threads = _wait_for_workers(client, address, least)
        _check_workers(client, alike)
        executor = client.get_executor(pure=False, retries=RETRIES)
        yield Cluster(address, executor, client.dashboard_link, threads)


def _wait_for_workers(client: Client, address: str, least: int) -> int:
    """Returns the threads of the workers, once there are as many as asked for."""
    try:
        client.wait_for_workers(least, timeout=current_timing().cluster_s)
    except (TimeoutError, OSError) as error:
        words = f"Start some with `python -m dask worker {address} --nthreads 1`, in the project's folder."
        there = "no worker" if least == 1 else f"fewer than {least} workers"
        raise JobError(f"The scheduler at {address} has {there}. {words}") from error
    return sum(client.nthreads().values())


def _check_workers(client: Client, alike: Callable[[], Any]) -> None:
    here = alike()
    for worker, said in client.run(alike, on_error="return").items():
        if isinstance(said, BaseException):
            words = "Start it with `python -m dask worker` in the project's folder, with the same Python packages."
            raise JobError(f"The worker {worker} cannot read for Outtake ({type(said).__name__}: {said}). {words}")
        if said != here:
            raise JobError(f"The worker {worker} has other networks than this machine. Bring both to the same version.")


@contextmanager
def translate_errors(name: str) -> Iterator[None]:
    """Turns what only a cluster can say about the work on ``name`` into a JobError."""
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        yield
    except KilledWorker as error:
        words = "The logs of the workers may say why; its other scenes are not touched."
        raise JobError(f"{name}: each worker that read one of its segments died over it. {words}") from error
    except (CancelledError, CommClosedError) as error:
        raise JobError(f"{name}: the cluster went away while it was read. Start it and read again.") from error
