"""The page server gives memory back while it runs: what visitors left behind does not wait for a restart."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys

ROUND_S = 60.0
"""Between two looks: a visit of some minutes leaves a few megabytes, and a look takes a tenth of a second."""


async def give_back_memory() -> None:
    """Collects what only holds itself, and hands free pages back to the system, for ever.

    A session that has ended holds itself in circles, and Python looks for such circles the more seldom the more there
    is; the C library then keeps what was freed, a heap for each of the threads that pages are drawn in.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    while True:
        await asyncio.sleep(ROUND_S)
        gc.collect()
        if trim:
            trim(0)
