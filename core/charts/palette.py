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


TAUGHT: dict[str, str] = {"dark": "#0f7f8f", "light": "#400060"}
"""Theme → colour of the emotions that were taught: as far from doubt and from the seven as they are from each other."""

STAR = "M0.00,-1.15L0.29,-0.40L1.09,-0.36L0.48,0.15L0.68,0.93L0.00,0.50L-0.68,0.93L-0.48,0.15L-1.09,-0.36L-0.29,-0.40Z"
"""The mark of a taught emotion, as a Vega shape."""

STAR_GLYPH = "★"

TAUGHT_DASHES: tuple[list[float], ...] = ([6, 4], [10, 3, 2, 3], [3, 3], [14, 5])
"""Dashes of the first, second … taught emotion; all are dashed, and beyond these they come again."""

TAUGHT_WIDTH = 2.0

LONGEST_WORD = 12
"""Signs beside a curve or a bar."""


def dash(place: int) -> list[float]:
    """The dash of a taught emotion by its place among those that are drawn."""
    return TAUGHT_DASHES[place % len(TAUGHT_DASHES)]


def shorten(name: str) -> str:
    """A taught emotion's name where there is room for a word: none of the seven is longer in any language."""
    return name if len(name) <= LONGEST_WORD else f"{name[: LONGEST_WORD - 1].rstrip()}…"


def colour(emotion: str, theme: str) -> str:
    """The colour of one of the seven, or of an emotion that was taught."""
    return PALETTE[theme].get(emotion, TAUGHT[theme])


def mark(emotion: str, theme: str) -> str:
    """The emotion's glyph in its colour, as Streamlit's Markdown: put the word beside it."""
    return f':color[{GLYPH.get(emotion, STAR_GLYPH)}]{{foreground="{colour(emotion, theme)}"}}'
