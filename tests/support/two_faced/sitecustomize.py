"""Names that lead elsewhere after some look-ups, for a test's processes: “after-2.two.faced” does from the third on."""

import re
import socket
from typing import Any

asked: dict[str, int] = {}
real = socket.getaddrinfo


def resolve(host: Any, port: Any, *more: Any, **named: Any) -> list[Any]:
    """Answer as the name says, all other names as usual."""
    turning = re.fullmatch(r"after-(\d+)\.two\.faced", str(host))
    if turning:
        asked[host] = asked.get(host, 0) + 1
        host = "127.0.0.1" if asked[host] <= int(turning[1]) else "127.0.0.2"
    return real(host, port, *more, **named)


socket.getaddrinfo = resolve
