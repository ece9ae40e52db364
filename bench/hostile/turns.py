"""Forty-eight presses at one moment, from threads of several processes, each for the film of another scene."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

from bench.hostile.ground import ROOT, Ground, until
from core import settings
from core.model import Video
from core.store.visitors import VisitorStore, new_key
from tests.support import clips, seed
from tests.support.builders import strip

PROCESSES, PRESSES = 4, 12

PRESS = """
import os, sys
from threading import Thread
from core.errors import JobError
from core.export import film_task
from core.export.kinds import Choices
from core.store.scenes import Store
store = Store()
scenes = [store.scene(int(number)) for number in sys.argv[1:]]
sys.stdin.readline()
def press(scene):
    try:
        film_task.start_film(scene, Choices(reader="builtin"), (), store.url)
        os.write(1, b"begun\\n")  # whole, whoever else writes just now
    except JobError:
        os.write(1, b"refused\\n")
threads = [Thread(target=press, args=[scene]) for scene in scenes]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    film = clips.film(ground.home / "film.mp4", 8.0)
    numbers = [_add_scene(ground, str(film), number) for number in range(PROCESSES * PRESSES)]
    own = os.environ | {"OUTTAKE_HOSTED": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    crowds = [
        subprocess.Popen([sys.executable, "-c", PRESS, *numbers[at::PROCESSES]], cwd=ROOT, env=own, text=True, **pipes)
        for at in range(PROCESSES)
    ]
    for crowd in crowds:
        assert crowd.stdin  # noqa: S101  # it was asked for
        crowd.stdin.write("\n")
        crowd.stdin.flush()
    said = [crowd.communicate()[0].split() for crowd in crowds]
    begun = sum(words.count("begun") for words in said)
    writers = [words for words in ground.processes().values() if "--to=video" in words]
    if sum(map(len, said)) != len(numbers):
        yield "a press had no answer"
    if begun < 1 or len(writers) > 1:
        yield f"{begun} of {len(numbers)} films were begun, {len(writers)} are being written at one time"
    if not until(lambda: not any("--to=video" in words for words in ground.processes().values()), 60):
        yield "a film is never done"


def _add_scene(ground: Ground, film: str, number: int) -> str:
    shelf, store = VisitorStore(ground.store, new_key()), ground.store
    timeline, title = strip("nnhhnn"), f"Film {number}"
    scene_id = shelf.add(settings.recipe(film), title)
    token = store.claim(scene_id)
    store.begin_reading(
        scene_id, token, Video(film, 8000, 192, 108, 25.0, "h264"), "mtcnn", ("builtin",), len(timeline.samples)
    )
    store.append(scene_id, token, seed.stored(timeline))
    store.finish(scene_id, token)
    return str(scene_id)
