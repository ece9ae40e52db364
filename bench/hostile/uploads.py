"""Files that no page asked for, too large ones, many of them from many pages, and visitors who leave them behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

from bench.hostile.ground import Ground, until
from core.host import limits
from tests.support import tab
from tests.support.dropping import Dropper, session_of

FILE_MB, FILES, PAGES = 45, 12, 6


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    ground.restart(OUTTAKE_TIMING='{"upload_alone_s": 2}')
    file = os.urandom(limits.MB) * FILE_MB
    dropper = Dropper(ground.address)
    with ExitStack() as tabs:
        pages = [tabs.enter_context(tab.opened(ground.address)) for _ in range(PAGES)]
        *shelves, elsewhere = (session_of(page.ask("view=compare" if page is pages[-1] else "")) for page in pages)
        before = ground.server_mb()
        taken = sum(dropper.drop(elsewhere, file) == 204 for _ in range(FILES))
        if taken:
            yield f"{taken} files were taken that no field of the page asks for"
        if dropper.drop(shelves[0], file + file) == 204:
            yield f"a file of {2 * FILE_MB} MB was taken"
        if dropper.drop(shelves[0], file, told=None) == 204:
            yield "a file that does not say its length was taken"
        for session in shelves:
            for _ in range(FILES // 2):
                dropper.drop(session, file)
        grown, most = ground.server_mb() - before, (limits.HOSTED.address_uploads or 0) / limits.MB + 2 * FILE_MB
        if grown > most:
            yield f"one visitor filled {grown:.0f} MB of the server's memory"
    if not until(lambda: ground.server_mb() - before < 2 * FILE_MB, 30):
        yield f"{ground.server_mb() - before:.0f} MB stay after the visitors left"
