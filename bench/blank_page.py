"""The least that any page of Streamlit costs: a title and a line, on a server of its own as Streamlit comes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.browser import answering, free_port

PAGE = (
    'import streamlit as st\n\nst.title("Blank")\nst.caption("A line that tells predicted expressions, not feelings")\n'
)


@contextmanager
def blank() -> Iterator[str]:
    """A Streamlit app with next to nothing on it, until the block ends; yields the address."""
    port = free_port()
    words = ["app.py", f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    words += ["--browser.gatherUsageStats=false"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "app.py").write_text(PAGE, "utf-8")
        said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen([sys.executable, "-m", "streamlit", "run", *words], cwd=folder, **said)
        try:
            yield answering(port)
        finally:
            server.terminate()
            server.wait(20)
