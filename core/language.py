"""The emotions' names in six languages: what people read; ids, columns and exports stay English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from core.model import EMOTIONS


class Language(NamedTuple):
    """A language that the emotions have names in."""

    code: str
    """ISO 639-1, as a page's ``lang`` says it."""
    name: str
    """What it calls itself."""
    script: str
    """ISO 15924: what a font must be able to write."""
    names: Mapping[str, str]
    """Emotion → its name: what a face shows, so a noun or an adjective as the language prefers."""


def _named(code: str, name: str, script: str, words: str) -> Language:
    return Language(code, name, script, dict(zip(EMOTIONS, words.split(), strict=True)))


LANGUAGES: dict[str, Language] = {
    one.code: one
    for one in (
        _named("en", "English", "Latn", " ".join(EMOTIONS)),
        _named("de", "Deutsch", "Latn", "wütend angewidert ängstlich fröhlich traurig überrascht neutral"),
        _named("es", "Español", "Latn", "enfado asco miedo alegría tristeza sorpresa neutral"),
        _named("fr", "Français", "Latn", "colère dégoût peur joie tristesse surprise neutre"),
        _named("hi", "हिन्दी", "Deva", "क्रोध घृणा भय खुशी दुख आश्चर्य तटस्थ"),
        _named("ja", "日本語", "Jpan", "怒り 嫌悪 恐怖 喜び 悲しみ 驚き 中立"),
    )
}
"""Code → language, in the order in which they are offered."""

ENGLISH: Mapping[str, str] = LANGUAGES["en"].names
"""What charts and pictures write unless they are told otherwise."""


def find_language(locale: str | None) -> Language:
    """The language of a reader's locale, as browsers write it (``de-AT``, ``fr_CA``); English where it is another."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    return LANGUAGES.get(code, LANGUAGES["en"])


def emotion_name(name: str, locale: str | None = None) -> str:
    """What the emotion is called there; a name that is none of the seven stays as it is."""
    return find_language(locale).names.get(name, name)


_NAMED = re.compile(rf"\b({'|'.join(EMOTIONS)})\b", re.IGNORECASE)


def quote_emotion(name: str, code: str) -> str:
    """What the emotion is called inside an English sentence: a foreign name stands in quotes."""
    own = emotion_name(name, code)
    return name if code == "en" or name not in EMOTIONS else f"“{own}”"


def told(sentence: str, code: str) -> str:
    """A sentence of ours that names emotions, with the names as that language has them, in quotes."""
    return _NAMED.sub(lambda named: quote_emotion(named[0].lower(), code), sentence) if code != "en" else sentence
