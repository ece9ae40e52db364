"""Who comes to the server of the soak: people who add scenes, and those who try what they should not."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event, Lock

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bench.hostile.ground import Ground
from core.errors import SceneError
from core.shelf import jobs
from core.store.visitors import VisitorStore, new_key
from tests.support import tab

GOOD_PAGE = """<html><head><title>{title}</title><script type="application/ld+json">{{"@context": "https://schema.org",
"@type": "VideoObject", "name": "{title}", "duration": "PT2S", "contentUrl": "{video}"}}</script></head></html>"""

ADDRESS = "X-Visitor"
"""The header that names where a visitor comes from: the server counts by it, as behind a proxy."""

AWAY = (OSError, WebSocketException, HTTPException, TimeoutError)
"""What a visitor meets while the server is killed and started anew."""

STAYS = 4
"""Scenes of a visitor before they delete one, or leave and come back as somebody else."""


@dataclass
class Diary:
    """What the visitors met."""

    taken: set[int] = field(default_factory=set)
    """Scenes that the shelf took from somebody."""
    deleted: set[int] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    attacks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    good: int = 0
    bad: int = 0


def be_good(ground: Ground, diary: Diary, number: int) -> None:
    """Adds scenes, looks at them, deletes some, leaves and comes back under another key, until it is over."""
    chance = random.Random(f"good {number}")  # noqa: S311  # the same visitor does alike
    with diary.lock:
        diary.good += 1
    key = new_key()
    while not diary.over.is_set():
        try:
            with _opened(ground, number) as page:
                page.shelf = key
                for _ in range(chance.randint(2, 6)):
                    _do_something(ground, diary, page, chance)
                    diary.over.wait(chance.uniform(0.5, 3.0))
        except AWAY:
            diary.over.wait(1.0)
        if chance.random() < 0.2:
            key = new_key()


@contextmanager
def _opened(ground: Ground, number: int) -> Iterator[tab.Tab]:
    """A tab of somebody whose address the server's proxy is said to have named."""
    url, headers = f"ws://127.0.0.1:{ground.port}/_stcore/stream", {ADDRESS: f"198.51.100.{number}"}
    wanted = [Subprotocol("streamlit")]
    with connect(url, subprotocols=wanted, additional_headers=headers, max_size=None, close_timeout=1) as wire:
        yield tab.Tab(wire)


def _do_something(ground: Ground, diary: Diary, page: tab.Tab, chance: random.Random) -> None:
    shelf = VisitorStore(ground.store, page.shelf)
    mine = shelf.scenes()
    done = [scene for scene in mine if scene.state == "done"]
    with diary.lock:
        diary.taken |= {scene.id for scene in mine}
    if len(mine) < STAYS and not any(scene.waiting or scene.alive for scene in mine):
        _add(page, ground.site.link(f"/page-{chance.randrange(8)}"))
        with diary.lock:
            diary.taken |= {scene.id for scene in shelf.scenes()}
    elif done and chance.random() < 0.3:
        gone = chance.choice(done).id
        with suppress(SceneError):
            with diary.lock:
                diary.deleted.add(gone)
            jobs.delete(gone, shelf)
    view = chance.choice(("shelf", "scene", "faces", "review", "compare"))
    scene = f"&scene={chance.choice(done).id}" if done else ""
    seen = page.ask(f"shelf={page.shelf}&view={view}{scene}")
    diary.seconds.append(seen.seconds)


def _add(page: tab.Tab, link: str) -> None:
    """Pastes a link and has it read; what is refused, for want of room or of a turn, is left."""
    seen = page.ask(f"shelf={page.shelf}&view=shelf")
    with suppress(LookupError):
        field = seen.widget("text_input", "Paste a link")
        page.write(field, link)
        try:
            page.ask(press=page.ask().widget("button", "Read it"))
        finally:
            del page.states[field]


def be_hostile(ground: Ground, diary: Diary, number: int) -> None:
    """Tries one thing after another until it is over."""
    chance = random.Random(f"hostile {number}")  # noqa: S311
    with diary.lock:
        diary.bad += 1
    while not diary.over.is_set():
        attack = chance.choice(ATTACKS)
        try:
            fault = attack(ground, chance)
        except AWAY:  # a refused connection is what most of them deserve, and the server may be away
            fault = ""
        diary.attacks.append(attack.__name__)
        if fault:
            diary.faults.append(f"{attack.__name__}: {fault}")
        diary.over.wait(chance.uniform(0.5, 3.0))


def name_another_host(ground: Ground, chance: random.Random) -> str:
    """Asks by a name that only leads here."""
    status, _, _ = ground.ask(chance.choice(("/", "/_stcore/host-config")), headers={"Host": "evil.example"})
    return "" if status == 421 else f"answered {status}"


def come_from_elsewhere(ground: Ground, chance: random.Random) -> str:
    """Connects as a page of another site."""
    try:
        with connect(f"ws://127.0.0.1:{ground.port}/_stcore/stream", origin="https://evil.example", close_timeout=1):
            return "connected"
    except WebSocketException:
        return ""


def hold_connections(ground: Ground, chance: random.Random) -> str:
    """Sends half a request on several connections and waits."""
    sockets = [socket.create_connection(("127.0.0.1", ground.port), timeout=40) for _ in range(5)]
    try:
        for one in sockets:
            one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-" + b"a" * chance.randrange(100))
        began = time.monotonic()
        for one in sockets:
            with suppress(ConnectionError):
                one.recv(1)
        return "" if time.monotonic() - began < 35 else "held a connection for 35 s"
    finally:
        for one in sockets:
            one.close()


def send_rubbish(ground: Ground, chance: random.Random) -> str:
    """Sends what is no message of the page's protocol."""
    url = f"ws://127.0.0.1:{ground.port}/_stcore/stream"
    with connect(url, subprotocols=[Subprotocol("streamlit")], close_timeout=1) as wire:
        wire.send(chance.randbytes(chance.choice((10, 1000, 100_000))))
        with suppress(TimeoutError, WebSocketException):
            wire.recv(timeout=2)
    return ""


def guess_films(ground: Ground, chance: random.Random) -> str:
    """Asks for films, stills and readings that it was never shown."""
    number = chance.choice((chance.randrange(1, 200), "9" * 20, "²".encode().hex()))
    proof = f"{chance.getrandbits(160):040x}"
    for path in ("video", "still/0", "face/0/0", "moments/0/0", "taken/" + "0" * 20):
        status, _, _ = ground.ask(f"/film/{number}/{proof}/{path}", headers={"Range": "bytes=0-,1-,2-"})
        if status != 404:
            return f"{path} answered {status}"
    return ""


def read_strangers_shelves(ground: Ground, chance: random.Random) -> str:
    """Opens scenes that are on others' shelves."""
    scenes = ground.store.scenes()
    if not scenes:
        return ""
    scene = chance.choice(scenes)
    with tab.opened(ground.address) as page:
        page.ask()
        seen = page.ask(f"shelf={page.shelf}&view={chance.choice(('scene', 'faces', 'review'))}&scene={scene.id}")
    return "was shown another's scene" if f"/film/{scene.id}/" in seen.text() else ""


def open_odd_addresses(ground: Ground, chance: random.Random) -> str:
    """Opens pages with values that nobody gave it."""
    odd = chance.choice(("%C2%B2", "9" * 20, "-1", "%00", "'--", "a" * 1500))
    with tab.opened(ground.address) as page:
        page.ask()
        seen = page.ask(f"shelf={page.shelf}&view=scene&scene={odd}&t={odd}&who={odd}&face={odd}&span={odd}&page={odd}")
    return "broke the page" if "Traceback" in seen.text() else ""


def paste_bad_links(ground: Ground, chance: random.Random) -> str:
    """Pastes links to this machine and to nowhere."""
    link = chance.choice(("http://127.0.0.1/x", "http://169.254.169.254/", "file:///etc/passwd", "x" * 3000))
    with tab.opened(ground.address) as page:
        seen = page.ask()
        page.write(seen.widget("text_input", "Paste a link"), link)
        page.ask(press=page.ask().widget("button", "Read it"))
        return "had it put on a shelf" if any(one.owner == page.shelf for one in ground.store.scenes()) else ""


def ask_for_metrics(ground: Ground, chance: random.Random) -> str:
    """Asks what the machine tells of itself."""
    status, _, _ = ground.ask("/_stcore/metrics")
    return "" if status == 404 else f"answered {status}"


Attack = Callable[[Ground, random.Random], str]

ATTACKS: tuple[Attack, ...] = (
    name_another_host,
    come_from_elsewhere,
    hold_connections,
    send_rubbish,
    guess_films,
    read_strangers_shelves,
    open_odd_addresses,
    paste_bad_links,
    ask_for_metrics,
)
"""Each returns what did not hold, nothing where all did."""
