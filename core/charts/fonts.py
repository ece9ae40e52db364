"""Fonts of this machine: one that can write a language's words, or a sentence that says what is missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from core.charts.on_pictures import Font
from core.errors import SettingError
from core.language import Language

FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)
"""Where systems keep them."""

NAMES: dict[str, tuple[str, ...]] = {
    "Latn": ("SourceSansVF-Upright*", "DejaVuSans.ttf", "NotoSans-Regular*", "LiberationSans-Regular*", "arial.ttf"),
    "Deva": (
        "NotoSansDevanagari-Regular*",
        "NotoSansDevanagari*",
        "Lohit-Devanagari*",
        "Nirmala*",
        "mangal*",
        "Kohinoor*",
        "*evanagari*",
        "FreeSans.*",
    ),
    "Jpan": (
        "NotoSansCJK-Regular*",
        "NotoSansCJKjp-Regular*",
        "NotoSansJP*",
        "NotoSansCJK*",
        "ipaexg*",
        "ipag*",
        "TakaoGothic*",
        "VL-Gothic*",
        "fonts-japanese-gothic*",
        "YuGothM*",
        "meiryo*",
        "msgothic*",
        "*Hiragino*",
        "ヒラギノ*",
        "DroidSansFallback*",
        "wqy-*",
    ),
}
"""Script → names of files that can write it, the best first. Streamlit brings Source Sans with it."""

PACKAGES = {"Latn": "fonts-dejavu-core", "Deva": "fonts-noto-core", "Jpan": "fonts-noto-cjk"}
"""Debian's package of such a font."""

SHAPED_SCRIPTS = {"Deva"}
"""Scripts whose letters change their places and shapes beside each other."""


def default_font(size_px: int) -> ImageFont.FreeTypeFont:
    """The font that comes with Pillow: figures and the letters of English, without accents."""
    font = ImageFont.load_default(size_px)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101  # Pillow's wheels have FreeType
    return font


def find_font(language: Language, more: str = "") -> Font:
    """A font that can write the language's words, and ``more``; SettingError where this machine has none."""
    letters = "".join((*language.names.values(), more))
    if letters.isascii():
        return default_font
    path = _font_path(language.script, letters)
    if path is None:
        what = f"{language.name} and “{more}”" if more else language.name
        raise SettingError(
            f"This machine has no font that can write {what}. Choose another language, or install one "
            f"(on Debian and Ubuntu the package {PACKAGES[language.script]})."
        )
    return lambda size_px: _load_font(path, size_px)


@lru_cache(maxsize=32)
def _load_font(path: str, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size_px)


@lru_cache(maxsize=8)
def _font_path(script: str, letters: str) -> str | None:
    if script in SHAPED_SCRIPTS and not features.check("raqm"):
        return None
    return next((path for path in _font_files(script) if _has_letters(path, letters)), None)


def _font_files(script: str) -> Iterator[str]:
    """Files whose names promise the script, the best first."""
    found = [
        path for folder in _font_folders() for path in sorted(folder.rglob("*")) if path.suffix.lower() in _ENDINGS
    ]
    return chain.from_iterable((str(path) for path in found if path.match(name)) for name in NAMES[script])


_ENDINGS = {".ttf", ".ttc", ".otf", ".otc", ".woff2"}


def _font_folders() -> list[Path]:
    screen = find_spec("streamlit")
    folders = [Path(screen.origin).parent / "static" / "static" / "media"] if screen and screen.origin else []
    folders += [Path(name).expanduser() for name in FOLDERS if sys.platform == "win32" or not name.startswith("C:")]
    return [folder for folder in folders if folder.is_dir()]


def _has_letters(path: str, letters: str) -> bool:
    """Whether the file is a font with all of the letters: a missing one is drawn as the font's own sign for it."""
    try:
        font = ImageFont.truetype(path, 32, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        return False
    nothing = _draw_letter(font, "\uffff")
    return all(_draw_letter(font, letter) != nothing for letter in set(letters))


def _draw_letter(font: ImageFont.FreeTypeFont, letter: str) -> bytes:
    cell = Image.new("L", (64, 64))
    ImageDraw.Draw(cell).text((16, 8), letter, fill=255, font=font)
    return cell.tobytes()
