"""The command line's way to a server for visitors: hosted mode with every limit in force."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.host import home, limits

ROOT = Path(__file__).parents[2]

SILENT = (
    "--server.headless=true",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
    "--client.showErrorDetails=none",
)
"""Of Streamlit: no browser is opened here, no file looked after, no use recorded, no visitor told of the machine."""


def add_arguments(command: ArgumentParser) -> None:
    """Adds what ``host`` may be told."""
    command.add_argument("--address", default="127.0.0.1", help="where it listens: 0.0.0.0 where no proxy is before it")
    command.add_argument("--port", type=int, default=8501)


def host(asked: Namespace) -> None:
    """Becomes a server for visitors, in place of this process."""
    home.home()
    os.environ["OUTTAKE_HOSTED"] = "1"
    upload_mb = -(-limits.HOSTED.upload_bytes // (1 << 20))
    words = [
        *("-m", "streamlit", "run", str(ROOT / "app.py"), *SILENT),
        f"--server.address={asked.address}",
        f"--server.port={asked.port}",
        f"--server.maxUploadSize={upload_mb}",
    ]
    os.chdir(ROOT)  # Streamlit looks there for its settings
    os.execv(sys.executable, [sys.executable, *words])  # noqa: S606  # our own program
