"""The README in parts."""

from __future__ import annotations

import re

from tests.support.project import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """The README from a heading to the next of its kind."""
    return README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def shell_blocks(text: str) -> list[str]:
    """Every block of shell commands in it."""
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
