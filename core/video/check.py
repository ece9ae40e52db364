"""Asks a process of its own whether a file is a video: no foreign byte is decoded where the pages are made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from core.errors import VideoError
from core.host import limits, sandbox

ROOT = Path(__file__).parents[2]
PASSED_ON = ("PATH", "LANG", "PYTHONPATH", "OUTTAKE_HOSTED")
"""Of the environment, what a decoder needs: no address of a database, no secret."""

LONGEST_S = 60.0
"""Counting the packets of a whole film takes seconds."""

EXPLAINED = 3
"""Exit code of a process that has said its sentence; any other than it and 0 is a crash."""


def check_file(path: Path) -> None:
    """Raises VideoError, the same that ``clip.probe`` raises, when the file is no video that is read here."""
    command = [sys.executable, "-m", "core.video.check", str(path)]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603  # our own program and a path
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise VideoError("takes too long to open", f"“{path.name}”", "Convert it to MP4 (H.264) first.") from error
    if done.returncode == EXPLAINED:
        raise VideoError(*json.loads(done.stdout))
    if done.returncode:
        raise VideoError("cannot be opened safely", f"“{path.name}”", "Convert it to MP4 (H.264) first.")


def main() -> int:
    """Runs in that process."""
    sandbox.confine(limits.current_limits().reading)
    sandbox.seal()
    from core.video import clip

    try:
        clip.probe(sys.argv[1])
    except VideoError as error:
        print(json.dumps([error.what, error.which, error.remedy]))
        return EXPLAINED
    return 0


if __name__ == "__main__":
    sys.exit(main())
