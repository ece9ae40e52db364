"""What a process that handles foreign bytes may do: reach public addresses only, within limits; set once, never lifted.

The address is looked at when Python's own socket is about to connect, through an audit hook: no library can step around
it or take it away, and it does not matter which name, redirect, playlist or second look-up led there. Names themselves
are refused, so that nothing is looked up behind the guard's back. Native code that opens sockets of its own is not
seen; the fetcher forbids yt-dlp's one such handler, and the decoder opens only files.
"""

from __future__ import annotations

import ctypes
import gc
import os
import socket
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

SPECIAL_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 is this machine
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a provider's NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and where clouds keep their secrets
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
"""IANA's registry of special-purpose addresses: Python's ``is_global`` lets multicast through."""

SPECIAL_V6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
)
"""Teredo and 6to4, which lead to IPv4 addresses of anybody's choice, and addresses for examples."""

UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that the public internet uses so far."""

NAT64 = IPv6Network("64:ff9b::/96")
"""Its last 32 bits are the IPv4 address that is really meant."""

ISATAP = (0x00005EFE, 0x02005EFE)
"""An IPv6 address that tunnels to the IPv4 address in its last 32 bits holds one of these before them."""

STARTS = {"os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn"}
"""Ways to start a program that nothing here needs; ``subprocess`` is looked at more closely."""

GARBAGE = 50_000
"""New objects after which Python looks for those that only hold each other. It does so after 700 by itself, and so
all through the loading of libraries, a tenth of which that takes; nothing large hangs on such objects here."""

HEAP = {-8: 2, -3: 8 << 20, -1: 16 << 20}
"""glibc's M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD. By itself it keeps a heap for every thread. Larger pieces
than the second go back to the system when they are freed: a picture of 1080p, 6 MB, must not be one, since the system
clears every page that it hands out, which takes five times as long as making the picture. Nor may what is free at the
heap's end before it comes to the third: with 8 MB there 2 min of 720p had up to 90,000 pages cleared instead of 30,000,
0.4 to 0.9 s of 10, and held no less at its most."""

Address = tuple[str, int]

REACH = "reach"


class RefusedError(PermissionError):
    """A connection or a program that this process may not have."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a process may take."""

    memory_bytes: int | None = None
    """Of private writable memory; address space is not counted, since runtimes reserve far more than they use."""
    cpu_s: int | None = None
    file_bytes: int | None = None
    """Of any one file that it writes."""
    files: int | None = None
    """Open at once."""


refusals: list[str] = []
"""Connections that this process was refused, in order: libraries wrap the error until nobody recognises it."""


def is_public(address: str) -> bool:
    """Whether an address, in figures, belongs to the public internet."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public_v4(ip) if isinstance(ip, IPv4Address) else _is_public_v6(ip)


def _is_public_v4(ip: IPv4Address) -> bool:
    return ip.is_global and not any(ip in network for network in SPECIAL_V4)


def _is_public_v6(ip: IPv6Address) -> bool:
    if ip in NAT64:
        return _is_public_v4(IPv4Address(int(ip) & 0xFFFFFFFF))
    if int(ip) >> 32 & 0xFFFFFFFF in ISATAP:
        return False
    return ip in UNICAST and ip.is_global and not any(ip in network for network in SPECIAL_V6)


_sealed: list[bool] = []
"""Holds something once this process is sealed."""


def is_sealed() -> bool:
    """Whether this process is shut in: what it starts has to shut itself in again."""
    return bool(_sealed)


def seal(
    *, ports: Collection[int] | None = None, programs: Collection[str] = (), allowed: Collection[Address] = ()
) -> None:
    """From now on this process connects to public addresses only, listens nowhere, and starts only ``programs``.

    ``ports`` are the only ones it may connect to; None are all. ``allowed`` are exceptions: the scheduler of a cluster
    that this machine's owner named, or a server that a test has started itself.
    """
    exceptions = frozenset(allowed)
    fine_ports = None if ports is None else frozenset(ports)
    fine_programs = frozenset(map(os.path.realpath, programs))

    def look(event: str, args: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            _check_address(event, args[0], args[1], fine_ports, exceptions)
        elif event == "socket.bind":
            _refuse(f"listen at {args[1]!r}")
        elif event == "subprocess.Popen":
            if os.path.realpath(os.fsdecode(args[0])) not in fine_programs:
                _refuse(f"start {args[0]!r}")
        elif event in STARTS:
            _refuse(f"start a program through {event}")

    sys.addaudithook(look)
    _sealed.append(True)


def _check_address(
    event: str, sock: socket.socket, address: Any, ports: frozenset[int] | None, allowed: frozenset[Address]
) -> None:
    """Raises RefusedError unless the socket is about to speak to a public address, or to nobody new."""
    if address is None and event == "socket.sendmsg":
        return  # along a connection that was looked at when it was made
    if sock.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
        _refuse(f"{REACH} {address!r}")
    host, port = address[0], address[1]
    if (host, port) in allowed:
        return
    if not isinstance(host, str) or not is_public(host) or (ports is not None and port not in ports):
        _refuse(f"{REACH} {host!r}, port {port}")


def _refuse(what: str) -> None:
    if what.startswith(REACH):
        refusals.append(what)
    raise RefusedError(f"This process may not {what}.")


def confine(bounds: Bounds) -> None:
    """Limits what this process and those it starts may take; does nothing where the system knows no limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    asked = {
        resource.RLIMIT_DATA: bounds.memory_bytes,
        resource.RLIMIT_CPU: bounds.cpu_s,
        resource.RLIMIT_FSIZE: bounds.file_bytes,
        resource.RLIMIT_NOFILE: bounds.files,
        resource.RLIMIT_CORE: 0,  # a dump of memory on disk would hold the faces that it was reading
    }
    for limit, most in asked.items():
        if most is not None:
            hard = resource.getrlimit(limit)[1]
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            with suppress(ValueError, OSError):  # macOS refuses some limits altogether
                resource.setrlimit(limit, (least, least))


def tighten_heap() -> None:
    """Looks for garbage seldom; has few heaps, and pictures in them, where the C library lets itself be told."""
    gc.set_threshold(GARBAGE)
    tell = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if tell:
        for option, value in HEAP.items():
            tell(option, value)
