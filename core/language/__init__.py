"""What people read about emotions and doubts, in six languages; ids, columns and stored data stay English.

Each language has a module with the same constants. A sentence has its own grammar there and is whole: code that holds
facts (an emotion, a ``Reason``) asks for words here, and nothing cuts or replaces parts of a finished sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import NamedTuple

from core.language import de, en, es, fr, hi, ja
from core.model import EMOTIONS, Figure, Reason


class Language(NamedTuple):
    """A language that the emotions have names in and the reasons are written in."""

    code: str
    """ISO 639-1, as a page's ``lang`` says it."""
    name: str
    """What it calls itself."""
    script: str
    """ISO 15924: what a font must be able to write."""
    names: Mapping[str, str]
    """Emotion → its name: what a face shows, so a noun or an adjective as the language prefers."""
    readers: Mapping[str, str]
    """Reader → its name inside a sentence; others go by their own."""
    expressions: Mapping[str, str]
    """Emotion → what a face that shows it is called, at the start of a sentence; "" is any."""
    reasons: Mapping[str, str]
    """Rule, with its variant after a comma → the sentence, with the reason's figures in braces."""
    tiers: Mapping[str, str]
    """``limits.Tier`` → what is said of a peak, with {emotion}; "" is said where no peak is doubted."""
    groups: Mapping[str, str]
    """Rule, with its variant → what is said of peaks with that one cause; "" is any other rule's."""


def _language(code: str, words: ModuleType) -> Language:
    names = dict(zip(EMOTIONS, words.EMOTIONS.split(), strict=True))
    return Language(
        code,
        words.NAME,
        words.SCRIPT,
        names,
        words.READERS,
        words.EXPRESSIONS,
        words.REASONS,
        words.TIERS,
        words.GROUPS,
    )


LANGUAGES: dict[str, Language] = {
    code: _language(code, words) for code, words in {"en": en, "de": de, "es": es, "fr": fr, "hi": hi, "ja": ja}.items()
}
"""Code → language, in the order in which they are offered."""

ENGLISH: Mapping[str, str] = LANGUAGES["en"].names
"""What charts and pictures write unless they are asked for another language."""

READER_LABELS = {"deepface": "DeepFace", "builtin": "Built-in", "emotieff": "EmotiEff"}
"""Reader → its one name where it stands alone; inside a sentence see :func:`reader_name`."""


def find_language(locale: str | None) -> Language:
    """Returns the language of a locale as browsers write it (``de-AT``, ``fr_CA``); English where it is another."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    return LANGUAGES.get(code, LANGUAGES["en"])


def emotion_name(name: str, locale: str | None = None) -> str:
    """Returns what the emotion is called there; a name that is none of the seven stays as it is."""
    return find_language(locale).names.get(name, name)


def quote_emotion(name: str, code: str) -> str:
    """Returns what the emotion is called inside an English sentence: a foreign name stands in quotes."""
    own = emotion_name(name, code)
    return name if code == "en" or name not in EMOTIONS else f"“{own}”"


def reader_name(reader: str, code: str = "en") -> str:
    """Returns what the reader is called inside a sentence."""
    return LANGUAGES[code].readers.get(reader, reader)


def write_reason(reason: Reason, code: str = "en") -> str:
    """Returns a reason as one or two whole sentences of that language.

    Numbers have a decimal point in every language: they are those of the charts beside them.
    """
    words, figures = LANGUAGES[code], dict(reason.figures)
    emotion = str(figures.get("emotion", ""))
    name, reader = words.names.get(emotion, emotion), reader_name(str(figures.get("reader", "")), code)
    figures |= {"emotion": name, "Emotion": _capitalize(name), "Reader": _capitalize(reader)}
    figures["other"] = words.names.get(str(figures.get("other", "")), "")
    figures["expression"] = words.expressions.get(emotion, words.expressions[""])
    return words.reasons[_variant(reason.rule, dict(reason.figures))].format_map(figures)


def write_tier(tier: str, emotion: str = "", code: str = "en") -> str:
    """Returns what to do about a peak, as a headline without a full stop; ``emotion`` is its name as it stands there.

    The tier "" is said of a scene in which no peak is doubted, as a badge says it: without a capital.
    """
    return LANGUAGES[code].tiers[tier].format(emotion=emotion)


def write_group(cause: Reason, code: str = "en") -> str:
    """Returns why several peaks are doubted, and how many, without a full stop.

    ``cause`` is what a ``doubt.groups.Group`` says of them.
    """
    words, figures = LANGUAGES[code], dict(cause.figures)
    emotion = str(figures["emotion"])
    figures["emotion"] = words.names.get(emotion, emotion)
    rule = cause.rule
    if rule == "unreadable" and figures["small"] != figures["blurred"]:
        rule = f"{rule}, {'small' if figures['small'] else 'blurred'}"
    known = rule if rule in words.groups else ""
    one = f"{known}, one face" if known else "one face"
    return words.groups[one if figures["faces"] == 1 else known].format_map(figures)


def _variant(rule: str, figures: Mapping[str, Figure]) -> str:
    """Returns which sentence of the rule fits the figures."""
    match rule:
        case "brief":
            return "brief" + ", raised" * (not figures["on_top"]) + ", moments" * (figures["moments"] != 1)
        case "second":
            return "second" + ", unanimous" * bool(figures["unanimous"])
        case "crops":
            return "crops" + ", partly" * (figures["survives"] != 0)
        case "frames":
            return "frames" + ", one" * (figures["lasts_s"] == 0)
        case "undecided":
            return "undecided" + ", alone" * ("other" not in figures)
        case "unreadable" if figures["blurred"]:
            return "unreadable, small and blurred" if figures["small"] else "unreadable, blurred"
        case "unreadable":
            return "unreadable, tiny" if figures["nothing"] else "unreadable, small"
    return rule


def _capitalize(name: str) -> str:
    return name[:1].upper() + name[1:]
