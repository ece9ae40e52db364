"""What the tests put into a Dask worker (``--preload``): a finder and a reader of plain pixels, slow or poisonous.

A file "slow" in OUTTAKE_TEST_FOLDER makes finding slow; a picture that is magenta all over is poison: it is noted in
"poison", and "deadly" beside it makes it kill the worker instead of raising an error.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from core.faces import backends
from core.model import Find, Found, Image, Read
from tests.support import clips

SQUARES, PIXELS = "squares", "pixels"
"""Names of the finder and of the reader."""

SLOW_S = 0.05

_finder, _readers = backends.open_finder, backends.open_readers


def find(image: Image) -> tuple[Found, ...]:
    """Find as ``tests.support.clips`` does, unless the picture is poison."""
    folder = Path(os.environ["OUTTAKE_TEST_FOLDER"])
    if (folder / "slow").exists():
        time.sleep(SLOW_S)
    red, green, blue = image.reshape(-1, 3).mean(axis=0)
    if min(red, blue) > 200 and green < 60:
        with (folder / "poison").open("a") as noted:
            noted.write(f"{os.getpid()}\n")
        if (folder / "deadly").exists():
            os._exit(1)
        raise ZeroDivisionError("this picture is poison")
    return clips.find(image)


def finder(name: str, smallest_face_px: int) -> tuple[str, Find]:
    """The plain finder under its name; any other as it is."""
    return (name, find) if name == SQUARES else _finder(name, smallest_face_px)


def readers(names: tuple[str, ...]) -> dict[str, Read]:
    """The plain reader under its name; any other as it is."""
    return {PIXELS: clips.certain} if PIXELS in names else _readers(names)


def dask_setup(worker: object) -> None:
    """Have the worker that preloads this open the plain tools; whoever only imports it keeps the usual ones."""
    backends.open_finder, backends.open_readers = finder, readers
