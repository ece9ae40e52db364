"""Where a site's player is sent for a moment of a film: what player.js makes of an ``Embed``, said again in Python."""

from __future__ import annotations

from core.links.embeds import Embed


def address_at(embed: Embed, t_ms: int) -> str:
    """The address that plays from a moment of the video on."""
    second = max(t_ms, 0) // 1000 if embed.whole else f"{max(t_ms, 0) // 100 / 10:.1f}"
    return f"{embed.before}{second}{embed.after}"
