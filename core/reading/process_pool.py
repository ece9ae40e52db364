"""More hands on this machine: an executor of helper processes, as shut in as whoever started them, that end with it.

A helper is this interpreter again, running this module: it takes pickled calls on its standard input and gives pickled
answers on its standard output. It ends itself when that input ends, whatever ended the other side, kill -9 included; so
none is left behind, and no script of the user's is run again, as ``multiprocessing`` would. A helper that dies answers
``HelperDiedError``; its next call starts another.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar

from core.errors import SceneError
from core.host import sandbox

if TYPE_CHECKING:
    from core.model import Recipe

ROOT = Path(__file__).parents[2]

CPU_MAX = Path("/sys/fs/cgroup/cpu.max")
"""What a container may use of the machine's cores: a quota and a period in microseconds, or "max"."""

WORTH_MOMENTS = 120
"""Moments that a helper has to have for itself: reading so many takes twice as long as its start."""

DENSE_MS, LARGE_BYTES = 1000, 4 << 20
"""A step at most so long in a file at least so large will be worth a helper, as far as a glance tells."""

MOST_HELPERS = 8
"""Helpers at most: each has networks of its own, and the first one here is the one that writes."""

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
"""Every helper has a core, and every core has a helper: more threads would only wait for each other."""

T = TypeVar("T")


class HelperDiedError(Exception):
    """A helper died over its call: for want of memory, over a damaged file, or by somebody's hand."""


def guess_helpers(recipe: Recipe) -> int:
    """Returns how many helpers to call before the film has been looked into: with one, reading begins sooner."""
    dense = recipe.step.unit == "ms" and recipe.step.every <= DENSE_MS and not recipe.budget
    with suppress(OSError, ValueError):  # what is wrong with the file's name is told by whoever opens it
        return min(1, available_cores() - 1) if dense and Path(recipe.source).stat().st_size >= LARGE_BYTES else 0
    return 0


def load_libraries() -> None:
    """Loads the libraries that reading needs; networks come with their first recipe."""
    from core.faces import backends
    from core.reading import segments  # noqa: F401  # with the decoder

    backends.load_libraries()


class _Call(NamedTuple):
    future: Future[Any]
    asked: tuple[Callable[..., Any], tuple[Any, ...]]


def available_cores() -> int:
    """Returns how many cores this process may use."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        quota, period = CPU_MAX.read_text().split()
        there = min(there, max(1, int(quota) // int(period)))
    return there


def choose_helpers(moments: int, workers: int | None = None) -> int:
    """Returns how many helpers so many moments are worth, beside this process, or ``workers`` in all."""
    if workers is not None:
        return max(0, min(workers - 1, MOST_HELPERS))
    return max(0, min(available_cores() - 1, moments // WORTH_MOMENTS - 1, MOST_HELPERS))


class HelperPool(Executor):
    """So many helper processes, to be left with ``with``; they load what reading needs while this process goes on."""

    def __init__(self, helpers: int = 0) -> None:
        self.helpers = 0
        self.calls: SimpleQueue[_Call | None] = SimpleQueue()
        self.lock, self.closed, self.dismissed = Lock(), False, False
        self.running: set[subprocess.Popen[bytes]] = set()
        self.threads: list[Thread] = []
        self.resize(helpers)

    def resize(self, helpers: int) -> None:
        """Has so many helpers from now on; with none at all, those end that were called too early."""
        for _ in range(len(self.threads), helpers):
            self.threads.append(Thread(target=self._serve_helper, daemon=True))
            self.threads[-1].start()
        for _ in range(self.helpers, helpers):
            self.submit(load_libraries)
        if not helpers:
            self._kill()
        self.helpers = helpers

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Has a helper call a function that it can import; the future raises what it raises, or HelperDiedError."""
        if self.closed or kwargs:
            raise RuntimeError("a crew takes calls with plain arguments, as long as it is not dismissed")
        future: Future[T] = Future()
        self.calls.put(_Call(future, (fn, args)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Lets the helpers finish what they were given; with ``cancel_futures`` end them at once."""
        with self.lock:
            self.closed, self.dismissed = True, cancel_futures
        if cancel_futures:
            self._kill()
        for _ in self.threads:
            self.calls.put(None)
        for thread in self.threads if wait else ():
            thread.join()

    def _kill(self) -> None:
        with self.lock:
            for child in self.running:
                child.kill()

    def __exit__(self, *_: object) -> None:
        """Ends the helpers: whoever leaves early wants nothing more of them."""
        self.shutdown(cancel_futures=True)

    def _serve_helper(self) -> None:
        """Hands calls to one helper, one after the other."""
        child: subprocess.Popen[bytes] | None = None
        while call := self.calls.get():
            if self.dismissed:
                call.future.cancel()
            if not call.future.set_running_or_notify_cancel():
                continue
            try:
                child = child or self._start()
                fine, told = _call_helper(child, call.asked)
            except (OSError, EOFError, pickle.UnpicklingError, HelperDiedError) as error:
                self._end(child)
                child = None
                call.future.set_exception(HelperDiedError(str(error)))
                continue
            (call.future.set_result if fine else call.future.set_exception)(told)
        self._end(child)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "core.reading.process_pool", *(["--sealed"] if sandbox.is_sealed() else [])]
        with self.lock:
            if self.dismissed:
                raise HelperDiedError("the crew was dismissed")
            # Ctrl-C is for the one that started this, whose end is a helper's: it inherits that the key is not for it.
            usual = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                child = subprocess.Popen(  # noqa: S603  # our own program
                    command, cwd=ROOT, env=os.environ | THREADS, stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, usual)
            self.running.add(child)
        return child

    def _end(self, child: subprocess.Popen[bytes] | None) -> None:
        if child is None:
            return
        with self.lock:
            child.kill()
            child.wait()
            self.running.discard(child)
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):  # what it was told last was never read
                pipe and pipe.close()


def _call_helper(child: subprocess.Popen[bytes], asked: Any) -> tuple[bool, Any]:
    """Returns whether the call went well, and what it gave or raised."""
    assert child.stdin and child.stdout  # noqa: S101  # for the type checker: both are pipes
    pickle.dump(asked, child.stdin)
    child.stdin.flush()
    answer: tuple[bool, Any] = pickle.load(child.stdout)  # noqa: S301  # our own child, no more trusted than we are
    return answer


def answer_calls(calls: IO[bytes], answers: IO[bytes]) -> None:
    """Answers calls until their end, and ends the process then, whatever it is doing."""
    waiting: SimpleQueue[Any] = SimpleQueue()

    def listen() -> None:
        try:
            while True:
                waiting.put(pickle.load(calls))  # noqa: S301  # from the process that started this one
        finally:
            os._exit(0)  # the other side is gone, or asks for what is not known here: its call is lost, and told so

    Thread(target=listen, daemon=True).start()
    while True:
        function, args = waiting.get()
        try:
            answer = True, function(*args)
        except SceneError as error:
            answer = False, error  # anything else is a mistake: it ends this helper, its trace in the log
        pickle.dump(answer, answers)
        answers.flush()


def main() -> None:
    """Is a helper; whatever prints goes to standard error, so that answers stay whole."""
    faulthandler.enable()
    sandbox.tighten_heap()
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if "--sealed" in sys.argv:
        sandbox.seal()
    answer_calls(calls, answers)


if __name__ == "__main__":
    main()
