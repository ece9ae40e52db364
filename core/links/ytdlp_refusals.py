"""What yt-dlp says when a link hands out no video → one sentence that says what to do instead."""

from __future__ import annotations

import re

UPLOAD = "Download it yourself and drop the file here"

PATTERNS: tuple[tuple[str, str], ...] = (
    (
        r"drm",
        "This video is locked (DRM) and cannot be fetched. Drop a copy without a lock here.",
    ),
    (
        r"confirm your age|age.restrict|age.gate|inappropriate for some|adults? only|mature (content|audience)",
        f"This video is only handed out to people who have shown their age. {UPLOAD}.",
    ),
    (r"not a (ro)?bot|captcha|too many requests|http error 429|rate.limit", "REFUSED"),
    (
        r"(in|from) your (country|location|region)|geo.?(restrict|block)|geographic",
        f"The site does not hand out this video in this country. {UPLOAD}, if you may.",
    ),
    (
        r"private|log ?in|sign ?in|logged|account|password|members?.only|subscri|premium|authenticat|purchase|paid"
        r"|cookies",
        f"This video is private or for members only. {UPLOAD}, if you may.",
    ),
    (r"premieres? in|will begin|upcoming|not (yet )?(started|begun)|is offline|not currently live", "LIVE"),
    (r"live (stream|event|recording)|livestream", "LIVE"),
    (
        r"removed|deleted|terminated|does ?n.t exist|not exist|no longer|video unavailable|is unavailable"
        r"|not available|not found|http error (404|410)|unavailable video|takedown|taken down",
        "This video is gone or was never there. Check the link, or paste another.",
    ),
    (
        r"connection adapters|url scheme|unsupported url|no suitable extractor"
        r"|no video (formats|could be) found|no formats|no media",
        "UNSUPPORTED",
    ),
    (r"http error (401|403|407|451)|forbidden|blocked|access denied|refus(ed|es) to", "REFUSED"),
    (r"http error 5\d\d|server error|bad gateway|gateway time", "The site is in trouble just now. Try again later."),
    (
        r"certificate|ssl|tls",
        f"The site's certificate is not in order, so nothing was fetched. {UPLOAD}.",
    ),
    (
        r"name or service not known|nodename nor servname|name resolution|getaddrinfo|no address associated"
        r"|network is unreachable|no route to host|failed to resolve",
        "The site could not be found from this machine. Check the link and the network, or drop a file.",
    ),
    (
        r"timed? ?out|timeout|connection (was )?(reset|refused|aborted|broken)|remote end closed|incomplete ?read"
        r"|unable to connect|did not get any data|bytes read|connection",
        "BROKEN_OFF",
    ),
    (r"no space left|disk quota", "DISK_FULL"),
    (r"file too large", "TOO_LARGE"),
    (r"ffmpeg|fixup|merging|postprocess", "IN_PIECES"),
)
"""The first pattern that is found in the message decides; the more particular ones stand first."""

SENTENCES = {
    "LIVE": "This is a live stream, which has no end to read to. Paste the link of its recording once there is one.",
    "LIST": "This link is a list of videos. Open the one that you mean and paste its link.",
    "AGE": f"This video is only handed out to people who have shown their age. {UPLOAD}.",
    "REFUSED": f"The site did not hand out this video. {UPLOAD}.",
    "UNSUPPORTED": f"Nothing on this page is a video that Outtake can fetch. {UPLOAD}.",
    "GUARDED": "This link leads into a private network, which Outtake never opens. Drop the file here instead.",
    "TOO_LARGE": "This video is larger than may be fetched here. Cut out the scene and drop that file.",
    "TOO_LONG": "This video is longer than may be fetched here. Cut out the scene and drop that file.",
    "IN_PIECES": f"The site hands out this video only in a form that needs another program. {UPLOAD}.",
    "DISK_FULL": "The disk is full. Make room, then resume.",
    "NO_LENGTH": f"The site does not say how long this video is, and only short ones are taken here. {UPLOAD}.",
    "BROKEN_OFF": "The site did not answer, or stopped in the middle. Try again: what has come so far is kept.",
    "SLOW": "The site sends next to nothing. Try again later: what has come so far is kept.",
    "LATE": "The site took longer than it may here. Try again, or download it yourself and drop the file.",
    "CRASHED": "Fetching this link ended before its time. Try again, or drop the file here.",
    "SILENT": f"The site handed out nothing. {UPLOAD}.",
    "NO_MEMORY": "Fetching this link took more memory than it may. Cut out the scene and drop that file.",
}
"""Names of what can be wrong → what people read."""

WORTH_RETRYING = frozenset(SENTENCES[name] for name in ("BROKEN_OFF", "SLOW", "LATE", "DISK_FULL", "CRASHED"))
"""Where another attempt may well succeed, and goes on with what has come."""


def explain(message: str) -> str:
    """Returns the sentence for yt-dlp's message, which is never shown itself: it may quote the site at length."""
    said = re.sub(r"https?://\S+", "", message).casefold()
    for pattern, words in PATTERNS:
        if re.search(pattern, said):
            return SENTENCES.get(words, words)
    return SENTENCES["REFUSED"]
