"""Whose machine this is: your own, or one that strangers reach (``OUTTAKE_HOSTED=1``); every limit stands here.

On your own machine Outtake takes any site that yt-dlp knows and any public link, and the limits only catch accidents.
Hosted, it takes little, from few sites, for a short while, and tells visitors nothing about the machine.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from core.errors import FetchError, SceneError, StoreError
from core.host import home
from core.host.pasted_links import drop_extras, extract_link
from core.host.sandbox import Bounds

MINUTE_MS = 60_000
MB = 1_000_000

SCENE_BYTES = 100 * MB
"""A scene that is still to be read is counted with so much: ten minutes at the usual step have 80 MB of pictures."""

LONGEST_LINK = 2_000
"""Signs; what is longer carries something else than the place of a video."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site whose links are taken in hosted mode."""

    name: str
    hosts: tuple[str, ...]
    """The link's host is one of these."""
    extractors: str
    """Names of yt-dlp's extractors for it, as a regular expression that must match the whole name."""


SITES = (
    Site("Internet Archive", ("archive.org", "www.archive.org"), r"archive\.org"),
    Site("Wikimedia Commons", ("commons.wikimedia.org", "commons.m.wikimedia.org"), r"wikimedia\.org"),
    Site("Vimeo", ("vimeo.com", "www.vimeo.com", "player.vimeo.com"), r"vimeo"),
    Site("Dailymotion", ("dailymotion.com", "www.dailymotion.com", "dai.ly"), r"dailymotion"),
    Site("YouTube", ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be"), r"youtube"),
)
"""None of them lets its users choose which other addresses are fetched; yt-dlp's generic extractor would."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be taken; None is without a limit."""

    hosted: bool = False
    sites: tuple[Site, ...] | None = None
    """Only these sites' links; None takes any site, and any page that names a video."""
    ports: tuple[int, ...] | None = None
    """Only these ports are connected to."""
    longest_ms: int = 6 * 60 * MINUTE_MS
    """Of a whole video; the decoder takes no longer one."""
    most_bytes: int = 8_000 * MB
    """Of a download: six hours at 720p."""
    look_s: float = 60.0
    """To say what a link is."""
    fetch_s: float = 6 * 3600.0
    """For a whole download."""
    slowest_bps: float = 2_000.0
    """Bytes a second over ``patience_s``: a server that drips more slowly only keeps a place."""
    patience_s: float = 45.0
    fetching: Bounds = Bounds(memory_bytes=1_500 * MB, cpu_s=3600, files=256)
    """Of the process that fetches; what it writes is bounded by ``most_bytes``."""
    reading: Bounds = Bounds(memory_bytes=8_000 * MB, files=1024)
    """Of the process that decodes and reads faces."""
    importing: Bounds = Bounds(memory_bytes=8_000 * MB, files=256)
    """Of the process that reads what another Outtake wrote: bundles, verdicts, emotions."""
    import_s: float = 3_600.0
    """For reading it."""
    read_s: float | None = None
    """For reading one scene."""
    upload_bytes: int = 200 * MB
    """Of a file that is dropped."""
    session_uploads: int | None = None
    """Bytes of dropped files that the server holds for one open page; a new one takes an older one's place."""
    address_uploads: int | None = None
    """The same of all open pages of one address."""
    all_uploads: int | None = None
    """The same of everybody."""
    at_once: int | None = None
    """Scenes that are read at one time; the others wait in a queue."""
    tasks_at_once: int | None = None
    """Films, comparisons of faces, bundles that come and files that go: so many of each kind at one time."""
    waiting: int | None = None
    """Scenes in that queue, of all visitors."""
    kept: int | None = None
    """Scenes on one visitor's shelf."""
    scenes: int | None = None
    """On all shelves together."""
    disk_bytes: int | None = None
    """Of all that is kept on this disk, what is still to be read included."""
    address_scenes: int | None = None
    """From one address, on however many shelves; those that can be brought back count."""
    address_waiting: int | None = None
    """In the queue, from one address."""
    address_bytes: int | None = None
    """Clips and pictures from one address."""
    kept_s: float | None = None
    """How long a scene is kept after it was added; then it is deleted with all its pictures."""
    keeps_source: bool = True
    """Whether a fetched video stays after it was read."""


LOCAL = Limits()

HOSTED = Limits(
    hosted=True,
    sites=SITES,
    ports=(80, 443),
    longest_ms=10 * MINUTE_MS,
    most_bytes=80 * MB,
    look_s=30.0,
    fetch_s=90.0,
    slowest_bps=20_000.0,
    patience_s=15.0,
    fetching=Bounds(memory_bytes=600 * MB, cpu_s=90, files=128),
    reading=Bounds(memory_bytes=1_500 * MB, cpu_s=1_200, file_bytes=4_000 * MB, files=256),
    importing=Bounds(memory_bytes=700 * MB, cpu_s=90, file_bytes=4_000 * MB, files=64),
    import_s=120.0,
    read_s=600.0,
    upload_bytes=50 * MB,
    session_uploads=52 * MB,
    address_uploads=104 * MB,
    all_uploads=260 * MB,
    at_once=1,
    tasks_at_once=1,
    waiting=30,
    kept=6,
    scenes=200,
    disk_bytes=6_000 * MB,
    address_scenes=18,
    address_waiting=4,
    address_bytes=1_000 * MB,
    kept_s=24 * 3600.0,
    keeps_source=False,
)
"""Meant for one small machine: two cores, 1.5 GB, a scene of a minute or two."""


def is_hosted() -> bool:
    """Whether strangers reach this Outtake; anything but “0”, “false”, “no” and nothing means they do."""
    return os.environ.get("OUTTAKE_HOSTED", "").strip().lower() not in ("", "0", "false", "no")


def current_limits() -> Limits:
    """The limits in force."""
    return HOSTED if is_hosted() else LOCAL


def check_link(text: str, within: Limits | None = None) -> str:
    """Returns the link that somebody typed, tidied, so that the same place is the same text.

    It may stand among other words, and without its https://. FetchError says what cannot be taken. What stands after
    ``#`` goes: yt-dlp would take orders from it.
    """
    within = within or current_limits()
    parts = _split_link(extract_link(text))
    host = (parts.hostname or "").rstrip(".")
    if within.sites is not None and not any(host in site.hosts for site in within.sites):
        names = ", ".join(site.name for site in within.sites)
        raise FetchError(f"Links are taken here from {names}. Download this video yourself and drop the file here.")
    if within.ports is not None and parts.port not in (None, *within.ports):
        raise FetchError(f"This link names port {parts.port}, which is not opened here. Paste the site's usual link.")
    return drop_extras(parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), fragment="").geturl())


def _split_link(said: str) -> SplitResult:
    """Returns the parts of what must be an ordinary link to the web."""
    wrong = "This is not a link to a video page. Paste one that begins with https://, or drop a file."
    try:
        parts = urlsplit(said)
        fine = parts.scheme.lower() in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise FetchError(wrong) from error
    if " " in said and said.lower().startswith(("http://", "https://")):
        raise FetchError("This link has a space in it. Write %20 for it, or paste the link alone.")
    if not fine or not said.isprintable() or " " in said or "\\" in parts.netloc or len(said) > LONGEST_LINK:
        raise FetchError(wrong)
    if "@" in parts.netloc:
        raise FetchError("This link carries a name or a password. Paste the link without them.")
    return parts


def site_name(address: str) -> str:
    """Returns the host of a link as people read it: ``www.archive.org`` is ``archive.org``."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def public_message(error: SceneError) -> str:
    """Returns an error's sentence as a visitor may read it: hosted, without anything about the machine."""
    if not is_hosted():
        return str(error)
    if isinstance(error, StoreError):
        return "The shelf cannot be reached just now. Try again in a moment."
    return str(error).replace(f"{home.home()}{os.sep}", "")
