"""The container as far as it can be tried without one: a system that cannot be written, no network, and its own health.

Its file is not built here. What it runs is: the same command, in a namespace without a network and with every folder
but the home read-only, where this system lets somebody have one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

from bench.hostile.ground import ROOT, Ground

INSIDE = """
mount --bind "$HOME_DIR" "$HOME_DIR" && mount --bind "$ROOT_DIR" "$ROOT_DIR" || exit 99
mount -o remount,bind,ro "$ROOT_DIR" || exit 99
ip link set lo up 2>/dev/null
cd "$ROOT_DIR" && exec "$PYTHON" -c "$CODE"
"""

CODE = """
import subprocess, sys, time, urllib.request
server = subprocess.Popen([sys.executable, "-m", "core", "host", "--port", "8599"], stdout=subprocess.DEVNULL)
for _ in range(300):
    time.sleep(0.2)
    try:
        print(urllib.request.urlopen("http://127.0.0.1:8599/_stcore/health", timeout=3).read().decode())
        break
    except OSError as error:
        last = error
else:
    print("no answer", last)
server.terminate()
server.wait(20)
"""


def attack(ground: Ground) -> Iterator[str]:
    """Yields what fell; see the runner."""
    text = (ROOT / "Containerfile").read_text("utf-8")
    for what, sign in WANTED.items():
        if not re.search(sign, text, re.MULTILINE):
            yield f"the Containerfile {what}"
    alone = ["unshare", "--user", "--map-root-user", "--mount", "--net"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode:
        return
    told = {"HOME_DIR": str(ground.home), "ROOT_DIR": str(ROOT), "PYTHON": sys.executable, "CODE": CODE}
    own = {"OUTTAKE_HOME": str(ground.home), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*alone, "sh", "-c", INSIDE], env=os.environ | told | own, capture_output=True, text=True, timeout=100
    )
    if "ok" not in done.stdout:
        yield f"without a network, on a read-only system, it does not start: {done.stdout[-200:]} {done.stderr[-200:]}"


WANTED = {
    "names no base that can be pinned to its digest": r"^ARG BASE=",
    "installs what no hash holds": r"--require-hashes",
    "runs as root": r"^USER outtake",
    "knows no health": r"^HEALTHCHECK",
    "does not start with every limit in force": r'"core", "host"',
}
"""What is wrong → what must stand in the file."""
