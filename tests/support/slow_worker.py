"""A worker to be killed: reads one scene of one database with the pixel tools, slowly. Not a test itself."""

from __future__ import annotations

import sys

from core.shelf import jobs
from core.store.scenes import Store
from tests.support import clips

if __name__ == "__main__":
    url, scene_id, seconds, *more = sys.argv[1:]
    tools = clips.eager if "eager" in more else clips.slow
    jobs.run(int(scene_id), store=Store(url), equip=tools(float(seconds)), alone=True)
