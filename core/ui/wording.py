"""What emotions are called on the pages: names in the language of whoever looks; ids and sentences stay English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from core import language as words
from core.charts.palette import shorten
from core.doubt.limits import LIMITS
from core.model import Reason, Suspect
from core.ui import common


def page_language() -> words.Language:
    """The language that emotions are named in: the address's ``lang``, which stays for the session, else the browser's.

    Only their names: everything else of the pages is English, and so are ids in addresses, data and exports.
    """
    asked_for = common.param("lang") or st.session_state.get("kept_lang", "")
    if asked_for in words.LANGUAGES:
        st.session_state["kept_lang"] = asked_for
        return words.LANGUAGES[asked_for]
    return words.find_language(st.context.locale)


def emotion_names() -> Mapping[str, str]:
    """Emotion → its name for whoever looks at the page; for charts."""
    return page_language().names


def emotion_name(emotion: str) -> str:
    """The emotion's name where it stands alone or beside a number; a taught one keeps its own."""
    return emotion_names().get(emotion, emotion)


def short_name(emotion: str) -> str:
    """The same where there is room for a word: a taught one's long name is cut."""
    return emotion_names().get(emotion) or shorten(emotion)


def marked_name(emotion: str) -> str:
    """The emotion's mark and its name."""
    return f"{common.sign(emotion)} {emotion_name(emotion)}"


def quoted_name(emotion: str) -> str:
    """The emotion's name inside an English sentence, in quotes where it is not English."""
    return words.quote_emotion(emotion, page_language().code)


def write_reason(reason: Reason) -> str:
    """Returns the reason in the language of whoever looks at the page."""
    return words.write_reason(reason, page_language().code)


def write_tier(one: Suspect | None = None, name: str = "") -> str:
    """Returns what to do about a peak, ``name`` standing for its emotion; for None that nothing is doubted."""
    return words.write_tier(LIMITS.tier(one.doubt) if one else "", name, page_language().code)


def write_group(cause: Reason) -> str:
    """Returns why several peaks are doubted, and how many."""
    return words.write_group(cause, page_language().code)


def ranking(means: Iterable[tuple[str, float]]) -> str:
    """Emotions with their means: mark, word, share; where a line is too short it breaks between two of them."""
    each = (f"{marked_name(name)} {common.percent(mean)}" for name, mean in means)
    return "\u2003".join(one.replace(" ", "\u00a0") for one in each)
