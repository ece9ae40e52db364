"""A site's own player at a second of a video: the address to show in a frame for a scene that came from a link.

Nothing is asked of any site here. A link is taken apart strictly, and the address is put together anew from a host that
stands in this file and from an id of a known form; whatever else the link carried is left behind.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

__all__ = ["SITES", "Embed", "find_embed"]

LONGEST_LINK = 2_000
LONGEST_NAME = 300
"""Signs of a file's name at a site."""

VIDEO_FILE = re.compile(r"\.(webm|ogv|mp4|mpg|mpeg|mov|avi|mkv|m4v|ogg)", re.IGNORECASE)
"""How the name of a video ends."""


@dataclass(frozen=True, slots=True)
class Embed:
    """The address of a site's player: ``before``, the second, ``after``."""

    site: str
    """As people call it: ``youtube.com``."""
    before: str
    after: str = ""
    whole: bool = False
    """Whether the site takes whole seconds only; then the second that the moment lies in is named."""
    speaks: str = ""
    """How its frame tells where it is: as YouTube's or Vimeo's do, unasked for by any script of theirs; empty: not."""
    referrer: str = "no-referrer"
    """What the site is told about where it is shown: nothing, or this Outtake's host where it plays for nobody else."""


class Place(NamedTuple):
    """Where a link leads at its site."""

    path: str
    asked: Mapping[str, str]
    host: str


@dataclass(frozen=True, slots=True)
class Site:
    """A site with a player that anybody may show."""

    hosts: tuple[str, ...]
    """The link's host is one of these."""
    embed: Callable[[Place], Embed | None]


def _youtube(place: Place) -> Embed | None:
    found = re.fullmatch(r"/(?:shorts/|embed/|live/|v/)([\w-]{11})/?", place.path, re.ASCII)
    named = found.group(1) if found else place.asked.get("v", "") if place.path == "/watch" else ""
    return _youtube_video(named)


def _youtu_be(place: Place) -> Embed | None:
    return _youtube_video(place.path.removeprefix("/"))


def _youtube_video(named: str) -> Embed | None:
    if not re.fullmatch(r"[\w-]{11}", named, re.ASCII):
        return None
    before = f"https://www.youtube-nocookie.com/embed/{named}?autoplay=1&rel=0&playsinline=1&enablejsapi=1&start="
    # Told of no host, it answers "Video player configuration error".
    return Embed("youtube.com", before, whole=True, speaks="youtube", referrer="strict-origin")


def _vimeo(place: Place) -> Embed | None:
    path = r"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/|album/\d+/video/)?(\d{4,12})(?:/([0-9a-f]{8,12}))?/?"
    found = re.fullmatch(path, place.path, re.ASCII)
    if not found:
        return None
    secret = found.group(2) or place.asked.get("h", "")  # of a video that is shown to whoever has its link
    key = f"&h={secret}" if re.fullmatch(r"[0-9a-f]{8,12}", secret) else ""
    return Embed(
        "vimeo.com", f"https://player.vimeo.com/video/{found.group(1)}?autoplay=1&dnt=1{key}#t=", "s", speaks="vimeo"
    )


def _dailymotion(place: Place) -> Embed | None:
    found = re.fullmatch(r"/(?:embed/)?(?:video/)?([a-zA-Z0-9]{5,12})(?:_[\w-]*)?/?", place.path, re.ASCII)
    if not found or (place.host != "dai.ly" and "/video/" not in place.path):
        return None
    before = f"https://geo.dailymotion.com/player.html?video={found.group(1)}&startTime="
    return Embed("dailymotion.com", before, whole=True)


def _archive(place: Place) -> Embed | None:
    found = re.fullmatch(r"/(?:details|embed)/([A-Za-z0-9][\w.-]{1,99})(?:/(.+))?", place.path.rstrip("/"), re.ASCII)
    if not found:
        return None
    name = _check_file_name(found.group(2) or "")
    if name is None:
        return None
    one = f"/{quote(name)}" if name else ""
    return Embed("archive.org", f"https://archive.org/embed/{found.group(1)}{one}?autoplay=1&start=")


def _check_file_name(said: str) -> str | None:
    """The plain name of a file inside an archive's item, without what could lead out of it."""
    name = unquote(said)
    parts = name.split("/")
    good = name.isprintable() and len(name) <= LONGEST_NAME and not {".", ".."} & set(parts) and "\\" not in name
    return name if good and all(parts) | (not name) else None


def _wikimedia(place: Place) -> Embed | None:
    """A file of Wikimedia Commons is played by the browser itself; it lies where its name's digest says."""
    found = re.fullmatch(r"/wiki/(?:File|Datei|Fichier|Archivo):(.+)", place.path)
    name = _check_file_name(found.group(1)) if found else None
    if not name or "/" in name or not VIDEO_FILE.fullmatch(name[name.rfind(".") :]):
        return None
    name = (name[0].upper() + name[1:]).replace(" ", "_")
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    below = f"https://upload.wikimedia.org/wikipedia/commons/{digest[0]}/{digest[:2]}/{quote(name)}"
    return Embed("wikimedia.org", f"{below}#t=")


def _peertube(place: Place) -> Embed | None:
    named = r"[1-9A-HJ-NP-Za-km-z]{22}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    found = re.fullmatch(rf"/(?:w|videos/watch|videos/embed)/({named})/?", place.path)
    if not found:
        return None
    before = f"https://{place.host}/videos/embed/{found.group(1)}?autoplay=1&p2p=0&title=0&warningTitle=0&start="
    return Embed(place.host, before, "s", whole=True)


SITES = (
    Site(("youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"), _youtube),
    Site(("youtu.be",), _youtu_be),
    Site(("vimeo.com", "www.vimeo.com", "player.vimeo.com"), _vimeo),
    Site(("dailymotion.com", "www.dailymotion.com", "dai.ly"), _dailymotion),
    Site(("archive.org", "www.archive.org"), _archive),
    Site(("commons.wikimedia.org", "commons.m.wikimedia.org"), _wikimedia),
    Site(("framatube.org", "video.blender.org", "peertube.tv"), _peertube),
)
"""They show their player in any page, at a second, without a key. Of the many PeerTube sites only known ones."""


def find_embed(link: str) -> Embed | None:
    """Returns the player of the site that a link leads to; None where none is known, or where the link is odd."""
    parts = _split_link(link)
    if parts is None:
        return None
    host = parts.hostname or ""
    site = next((one for one in SITES if host in one.hosts), None)
    if site is None:
        return None
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return site.embed(Place(parts.path, asked, host))


def _split_link(link: str) -> SplitResult | None:
    """The parts of an ordinary link; None where it carries a name, a port, or signs that browsers read otherwise."""
    odd = not link.isprintable() or any(sign in link for sign in ' \\"<>') or len(link) > LONGEST_LINK
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return None
    if odd or parts.scheme not in ("http", "https") or "@" in parts.netloc or port not in (None, 80, 443):
        return None
    return parts
