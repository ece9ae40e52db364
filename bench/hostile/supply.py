"""What the lock names, whether it is met here, and what becomes of weights that are not those that came first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version

from bench.hostile.ground import ROOT, Ground
from core.errors import ReaderError
from core.faces import backends, deepface_weights, downloads

LEAST = {"starlette": (1, 5, 1), "pillow": (12, 3)}
"""Below these there are known holes in what visitors reach: ranges of films, and pictures."""


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    lock = (ROOT / "constraints.txt").read_text("utf-8")
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))
    for name, least in LEAST.items():
        for where, found in (("the lock", pins.get(name, "0")), ("this environment", version(name))):
            if tuple(int(part) for part in re.findall(r"\d+", found)) < least:
                yield f"{name} is {found} in {where}"
    blocks = re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:]
    yield from (f"{block.splitlines()[0]} has no hash" for block in blocks if "--hash=sha256:" not in block)
    if "pip-audit" not in "".join(path.read_text("utf-8") for path in (ROOT / ".github/workflows").iterdir()):
        yield "nothing looks for known holes by itself"
    yield from _changed_weights()


def _changed_weights() -> Iterator[str]:
    weights = deepface_weights.EMOTION
    backends.open_readers(["deepface"])
    weights.path.write_bytes(weights.path.read_bytes().replace(b"emotions", b"emotionz"))
    try:
        backends.open_readers(["deepface"])
        yield "DeepFace's emotion weights change unnoticed"
    except ReaderError:
        if not downloads.has_changed(weights):
            yield "a scene does not say that DeepFace's emotion weights have changed"
