"""Where visitors come from, as it is counted: a keyed digest, so that no address is written down anywhere."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

from core.host import home

HEADER = "OUTTAKE_ADDRESS_HEADER"
"""Environment variable with the header in which the host's own proxy names the visitor: ``X-Forwarded-For``."""

HOUSEHOLD_BITS = 64
"""Of an IPv6 address: whoever has one has all addresses that begin with them."""


def count_address(peer: str | None, headers: Mapping[str, str]) -> str:
    """Returns what a visitor's address is counted under: that of the connection, or of the header that the host names.

    Of several addresses in that header the last one counts: the proxy put it there, the others whoever wanted to.
    Where it is missing or says none, all such visitors are counted as one. ``headers`` are in small letters.
    """
    named = os.environ.get(HEADER, "").strip().lower()
    said = (headers.get(named, "").rpartition(",")[2] if named else peer or "").strip()
    return hmac.new(_key(home.address_key_file()), _household(said).encode(), hashlib.sha256).hexdigest()[:32]


def _household(said: str) -> str:
    try:
        address = ip_address(said.partition("%")[0].removeprefix("[").removesuffix("]"))
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, HOUSEHOLD_BITS), strict=False))
    return str(address)


@lru_cache(maxsize=8)
def _key(file: Path) -> bytes:
    """Returns this home's own key, made at its first visitor: the digests say nothing without it."""
    with suppress(FileExistsError):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as out:
            out.write(secrets.token_bytes(32))
    return file.read_bytes()
