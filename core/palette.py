"""What an emotion looks like in either theme: colour, mark, glyph, dash and width, all fixed by name."""

from __future__ import annotations

from typing import Literal, NamedTuple

from core.model import EMOTIONS

Theme = Literal["dark", "light"]


class Ground(NamedTuple):
    """Everything of a theme that is not an emotion."""

    background: str
    surface: str
    border: str
    text: str
    muted: str
    accent: str
    marker: str
    """Doubt, and nothing else."""


GROUND: dict[str, Ground] = {
    "dark": Ground("#121316", "#1d1f24", "#30333b", "#ecedee", "#a3a8b1", "#8593b0", "#ff71bb"),
    "light": Ground("#ffffff", "#f5f5f3", "#dcdcd8", "#0c0e12", "#5f646d", "#46536b", "#b10074"),
}

_COLOURS = {
    "dark": ("#e52b27", "#60da95", "#a44ed9", "#ffd918", "#6c9ff9", "#a3f5ff", "#98958d"),
    "light": ("#d02300", "#027725", "#9d48dd", "#b8810c", "#1b3bb9", "#1996a8", "#4d4e49"),
}
PALETTE: dict[str, dict[str, str]] = {
    theme: dict(zip(EMOTIONS, colours, strict=True)) for theme, colours in _COLOURS.items()
}
"""Theme → emotion → colour of its marks, lines and bars; words beside them are in the text colour."""

_BAR = "M-1,-.3H1V.3H-1Z"
_SHAPES = ("triangle-up", "cross", "diamond", "circle", "triangle-down", "square", _BAR)
SHAPE: dict[str, str] = dict(zip(EMOTIONS, _SHAPES, strict=True))
"""Emotion → Vega shape."""

GLYPH: dict[str, str] = dict(zip(EMOTIONS, "▲✚◆●▼■▬", strict=True))
"""Emotion → the same mark as a letter."""

_DASHES: tuple[list[float], ...] = ([1, 0], [7, 3], [1.5, 3.5], [1, 0], [11, 4], [9, 3, 2, 3], [2, 5])
DASH: dict[str, list[float]] = dict(zip(EMOTIONS, _DASHES, strict=True))
"""Emotion → px drawn and px left out, in turn; [1, 0] is solid."""

WIDTH: dict[str, float] = dict(zip(EMOTIONS, (1.5, 1.5, 2.2, 2.4, 1.9, 1.8, 1.4), strict=True))
"""Emotion → width of its line, px."""


def mark(emotion: str, theme: str) -> str:
    """The emotion's glyph in its colour, as Streamlit's Markdown: put the word beside it."""
    return f':color[{GLYPH[emotion]}]{{foreground="{PALETTE[theme][emotion]}"}}'
