"""What people paste for a link: one among other words, between signs, without its beginning, with a moment in it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_WITH_SCHEME = re.compile(r"https?://[^\s<>\"'“”«»]+", re.IGNORECASE)
_WITHOUT = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d{1,5})?/\S+", re.IGNORECASE)
_MOMENT = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})(?:\.\d*)?s?)?", re.IGNORECASE)

YOUTUBE = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be")
PLAIN_HOSTS = (*YOUTUBE, "vimeo.com", "www.vimeo.com", "archive.org", "www.archive.org", "dailymotion.com", "dai.ly")
"""Sites that a word without https:// means, where a file could be meant as well."""

LEFT_OUT = ("t", "start", "time_continue", "list", "index", "si", "pp", "feature")
"""What a link to YouTube carries besides its video: where to begin, a list, who shared it."""


def extract_link(text: str) -> str:
    """Returns the one link in what somebody pasted, with https:// before it; the text itself where there is no one."""
    said = text.strip()
    bare = said.strip("<>\"'“”«»").strip()
    if _WITHOUT.fullmatch(bare):
        return f"https://{bare}"
    found = _WITH_SCHEME.findall(said)
    if len(found) == 1 and (not said.lower().startswith(("http://", "https://")) or bare == found[0]):
        return str(found[0]).rstrip(".,;:!?)" if "(" not in found[0] else ".,;:!?")
    return said


def looks_like_link(text: str) -> bool:
    """Whether a word of the command line that is no file is meant for a link."""
    link = extract_link(text)
    known = link != text.strip() and (urlsplit(link).hostname or "").lower() in PLAIN_HOSTS
    return known or bool(_WITH_SCHEME.search(text))


def drop_extras(link: str) -> str:
    """Returns a link to YouTube without what is not its video, so that the same video is fetched once."""
    parts = urlsplit(link)
    if (parts.hostname or "").lower() not in YOUTUBE or not parts.query:
        return link
    asked = parse_qsl(parts.query, keep_blank_values=True)
    if parts.path.startswith("/playlist"):
        return link
    kept = [(name, value) for name, value in asked if name not in LEFT_OUT]
    return parts._replace(query=urlencode(kept)).geturl()


def read_start(text: str) -> int:
    """Returns the moment at which a pasted link begins, ms: ``t=90``, ``t=1m30s``, ``start=90``, ``#t=90``; else 0."""
    try:
        parts = urlsplit(extract_link(text))
    except ValueError:
        return 0
    asked = [*parse_qsl(parts.query), *parse_qsl(parts.fragment)]
    said = next((value for name, value in asked if name in ("t", "start", "time_continue")), "").split(",")[0]
    match = _MOMENT.fullmatch(said.removeprefix("npt:"))
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return 1000 * (3600 * hours + 60 * minutes + seconds)
