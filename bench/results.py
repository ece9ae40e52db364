"""RESULTS.md: every bench keeps its own part of it, between two marks."""

from __future__ import annotations

from pathlib import Path

RESULTS = Path(__file__).parent.parent / "RESULTS.md"


def write(part: str, text: str) -> None:
    """Put ``text`` into RESULTS.md as its part of this name."""
    page = RESULTS.read_text("utf-8") if RESULTS.exists() else "# Results\n"
    RESULTS.write_text(inserted(page, part, text), "utf-8")


def inserted(page: str, part: str, text: str) -> str:
    """Return the page with the part replaced, or added at its end."""
    start, end = f"<!-- {part}:start -->", f"<!-- {part}:end -->"
    if start not in page:
        return f"{page.rstrip()}\n\n{start}\n{text}\n{end}\n"
    before, rest = page.split(start, 1)
    return f"{before}{start}\n{text}\n{end}{rest.split(end, 1)[1]}"
