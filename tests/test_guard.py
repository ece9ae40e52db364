"""The guard: which addresses are public, and that nothing in a sealed process reaches another."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.host import sandbox
from tests.support import hostile
from tests.support.project import ROOT

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "207.241.224.2", "2606:4700::1111", "2a00:1450:4001:81b::200e"]
PUBLIC += ["64:ff9b::808:808"]

PRIVATE = (
    "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.255 "
    "169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 "
    "198.51.100.7 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 "
    "::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::808:808 "
    "100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2002:7f00:1:: 2002:808:808:: "
    "2a00:1450:4001:81b:0:5efe:127.0.0.1 2a00:1450::200:5efe:a00:1 3fff::1 5f00::1 fc00::1 fd12:3456::1 "
    "fe80::1 fe80::1%eth0 fec0::1 ff02::1 "
)

NO_FIGURES = ["", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "example.org", "1.1.1.1:80", "1.1.1.1 "]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_internet_is_public(address: str) -> None:
    assert sandbox.is_public(address)


@pytest.mark.parametrize("address", [*PRIVATE.split(), *NO_FIGURES])
def test_whatever_else_an_address_is_is_not_public(address: str) -> None:
    assert not sandbox.is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_wrapped_in_ipv6_is_never_more_public_than_itself(address: object) -> None:
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}", f"::{address}", f"2a00:1450::5efe:{address}"):
        assert not sandbox.is_public(wrapped) or sandbox.is_public(str(address))


def sealed(code: str, port: int = 0, seal: str = "sandbox.seal()") -> str:
    """What a sealed process prints that does this; its modules are loaded before."""
    head = (
        "import asyncio, http.client, os, socket, ssl, subprocess, sys, urllib.request\nfrom core.host import sandbox\n"
    )
    body = f"{head}PORT = {port}\n{seal}\ntry:\n{textwrap.indent(textwrap.dedent(code), '    ')}"
    body += "\n    print('done')\nexcept sandbox.RefusedError as error:\n    print('refused')\n"
    body += "except OSError as error:\n    print('refused' if sandbox.refusals else f'OSError {error}')\n"
    done = subprocess.run([sys.executable, "-c", body], cwd=ROOT, capture_output=True, text=True, timeout=60)
    return done.stdout.strip() or done.stderr


WAYS = {
    "connect": "socket.socket().connect(('127.0.0.1', PORT))",
    "connect_ex": "socket.socket().connect_ex(('127.0.0.1', PORT))",
    "create_connection": "socket.create_connection(('localhost', PORT), 3)",
    "a name": "socket.socket().connect(('localhost', PORT))",
    "an old spelling": "socket.socket().connect(('127.1', PORT))",
    "a number": "socket.socket().connect(('2130706433', PORT))",
    "nothing": "socket.socket().connect(('', PORT))",
    "bytes": "socket.socket().connect((b'127.0.0.1', PORT))",
    "zero": "socket.socket().connect(('0.0.0.0', PORT))",
    "mapped": "socket.socket(socket.AF_INET6).connect(('::ffff:127.0.0.1', PORT))",
    "IPv6": "socket.socket(socket.AF_INET6).connect(('::1', PORT, 0, 0))",
    "the C class": "import _socket; _socket.socket().connect(('127.0.0.1', PORT))",
    "a saved method": "socket.socket.connect(socket.socket(), ('127.0.0.1', PORT))",
    "urllib": "urllib.request.urlopen(f'http://127.0.0.1:{PORT}/', timeout=3)",
    "http.client": "http.client.HTTPConnection('127.0.0.1', PORT, timeout=3).request('GET', '/')",
    "requests": "import requests; requests.get(f'http://127.0.0.1:{PORT}/', timeout=3)",
    "asyncio": "asyncio.run(asyncio.open_connection('127.0.0.1', PORT))",
    "a datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))",
    "a datagram's message": "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('127.0.0.1', PORT))",
    "a socket of this machine": "socket.socket(socket.AF_UNIX).connect('/run/dbus/system_bus_socket')",
    "an abstract one": "socket.socket(socket.AF_UNIX).connect('\\0x')",
    "listening": "socket.socket().bind(('127.0.0.1', 0))",
    "a program": "subprocess.run(['/bin/true'])",
    "a shell": "os.system('true')",
    "exec": "os.execv('/bin/true', ['true'])",
    "fork": "os.fork()",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "the link-local cloud": "socket.socket().connect(('169.254.169.254', 80))",
    "a name that turns": """
        answers = iter(["93.184.215.14", "127.0.0.1"])
        socket.getaddrinfo = lambda *_, **__: [(socket.AF_INET, 1, 6, "", (next(answers), PORT))]
        assert sandbox.is_public(socket.getaddrinfo("two.faced")[0][4][0])
        urllib.request.urlopen(f'http://two.faced:{PORT}/', timeout=3)
    """,
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_out_of_a_sealed_process(way: str, door: hostile.Door) -> None:
    assert sealed(WAYS[way], door.port) == "refused"


def test_a_port_that_is_not_the_webs_is_refused_where_only_those_are_allowed() -> None:
    code = "socket.socket().connect(('1.1.1.1', 25))"

    assert sealed(code, seal="sandbox.seal(ports=(80, 443))") == "refused"


def test_a_public_address_is_not_refused() -> None:
    """It is not reached either where there is no network, but that is not the guard's doing."""
    code = "s = socket.socket(); s.settimeout(0.05)\ntry: s.connect(('192.0.1.1', 80))\nexcept TimeoutError: pass"

    assert sealed(code) != "refused"


def test_an_exception_holds_for_its_address_and_port_alone() -> None:
    with hostile.site() as site:
        seal = f"sandbox.seal(allowed=[('127.0.0.1', {site.server_port})])"
        assert sealed("socket.create_connection(('127.0.0.1', PORT), 3)", site.server_port, seal) == "done"
        assert sealed("socket.create_connection(('127.0.0.1', PORT + 1), 3)", site.server_port, seal) == "refused"


def test_a_program_that_was_named_may_be_started_and_no_other() -> None:
    seal = "sandbox.seal(programs=['/bin/true'])"

    assert sealed("subprocess.run(['/bin/true'])", seal=seal) == "done"
    assert sealed("subprocess.run(['/bin/false'])", seal=seal) == "refused"


LIMITS = {
    "memory": ("memory_bytes=300_000_000", "bytearray(400_000_000)", "MemoryError"),
    "a file": (
        "file_bytes=1000",
        "import tempfile\nwith tempfile.TemporaryFile() as out: out.write(bytes(2000))",
        "File too large",
    ),
    "open files": ("files=32", "[open('/dev/null') for _ in range(64)]", "Too many open files"),
    "time": ("cpu_s=1", "while True: pass", ""),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_process_takes_no_more_than_its_bounds(name: str) -> None:
    bounds, greed, says = LIMITS[name]
    code = f"from core.host import sandbox\nsandbox.confine(sandbox.Bounds({bounds}))\n{greed}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.returncode != 0 and says in done.stderr


def test_only_tests_name_exceptions() -> None:
    """Nothing of the program, and no variable of the environment, makes the guard look away."""
    sources = {path.relative_to(ROOT / "core").as_posix(): path.read_text() for path in ROOT.glob("core/**/*.py")}

    named = [
        line for text in sources.values() for line in text.splitlines() if re.match(r"\s*(fetch\.)?allowed\b.*=", line)
    ]
    default = "allowed: tuple[sandbox.Address, ...] = ()"
    assert named.count(default) == 1
    assert all("said[" in line for line in named if line != default)
    sealed = sources["host/sandbox.py"] + sources["links/fetch_process.py"]
    assert "environ" not in sealed + sources["host/limits.py"].partition("def ")[0]
