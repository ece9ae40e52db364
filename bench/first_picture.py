"""When a page shows what it is for: a small script in the tab looks sixty times a second, and costs next to nothing.

**First useful picture**, from the moment the browser is sent to the address, or the page's name is pressed:

- shelf: the posters of all cards in sight are there;
- scene: the player's picture is there and the curves are drawn below it, for every emotion that is shown;
- review: the frame of the peak in question is there, with the faces around it that are in sight;
- faces: the faces of the gallery that are in sight are there;
- compare: the curves are drawn in their lanes;
- teach: the faces to choose from that are in sight are there.

**All of it**: the page's last line stands, no script runs in the server, all pictures and charts are there.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.support.browser import FLAGS, PATIENCE_MS, settle

SIZE = {"width": 1440, "height": 900}

PICTURES = {
    "blank": "Boolean(document.querySelector('h1'))",
    "shelf": "pictures('[class*=\"st-key-card_\"] [data-testid=stImage] img')",
    "scene": "player()",
    "review": "pictures('[data-testid=stImage] img', '.st-key-filmstrip') && pictures('.st-key-filmstrip img')",
    "faces": "pictures('[data-testid=stGrid] [data-testid=stImage] img')",
    "compare": "drawn()",
    "teach": "pictures('[data-testid=stGrid] [data-testid=stImage] img')",
}
"""Page → the JavaScript that tells whether its first useful picture is there."""

PROBE = """(() => {
    const there = one => one.complete && one.naturalWidth > 0
    const inSight = one => {
        const box = one.getBoundingClientRect()
        return box.top < innerHeight && box.left < innerWidth
    }
    const running = () => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState !== 'notRunning'
    const pictures = (what, after) => {
        if (after && !document.querySelector(after)) return false
        const found = [...document.querySelectorAll(what)], shown = found.filter(inSight)
        const full = found.some(one => one.getBoundingClientRect().bottom > innerHeight)
        if (!full && running()) return false  // those that are to fill the sight still come
        return shown.length > 0 && shown.every(there) && !document.querySelector('[data-testid=stSkeleton]')
    }
    const drawn = () => {
        const chart = document.querySelector('[data-testid=stVegaLiteChart]')  // the lanes: what else is drawn is below
        return Boolean(chart?.querySelector('svg path, svg g, canvas'))
    }
    let shadow, since
    const player = () => {
        const card = document.querySelector('.st-key-player_card')
        shadow = shadow || (card && [...card.querySelectorAll('*')].map(one => one.shadowRoot).find(Boolean))
        if (!shadow) return false
        const still = shadow.querySelector('img.still'), film = shadow.querySelector('video')
        const picture = (still && there(still)) || (film && film.readyState > 1)
        return Boolean(picture && shadow.querySelector('svg.curves path[data-emotion]'))
    }
    const all = what => [...document.querySelectorAll(what)]
    const stands = () => seen.picture && !running()
        && all('[data-testid=stCaptionContainer]').at(-1)?.textContent.includes('not feelings')
        && all('img').every(one => one.complete) && !document.querySelector('[data-testid=stSkeleton]')
        && all('[data-testid=stVegaLiteChart]').every(one => one.querySelector('svg, canvas'))
    const look = () => {
        if (!seen.picture && (%s)) seen.picture = performance.now() - since
        if (!seen.all && stands()) seen.all = performance.now() - since
        if (!seen.picture || !seen.all) setTimeout(look, 16)
    }
    window.watch = from => {
        window.seen = {}
        shadow = undefined
        since = from
        look()
    }
    watch(0)
})()"""


class Seen(NamedTuple):
    """Seconds from the address, or the click, until the first useful picture, and until all of the page stands."""

    picture_s: float
    all_s: float


LOOK = {"viewport": SIZE, "color_scheme": "dark"}
"""How every tab is opened."""


@contextmanager
def regular(playwright: Playwright) -> Iterator[BrowserContext]:
    """A Chromium that keeps what it fetched and compiled from one tab to the next, until the block ends."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = shutil.which("chromium")
        kept = playwright.chromium.launch_persistent_context(folder, executable_path=path, args=FLAGS, **LOOK)  # type: ignore[arg-type]
        yield kept
        kept.close()


def tab(who: Browser | BrowserContext) -> Page:
    """Return a new tab; of a browser, one that keeps nothing of earlier ones."""
    page = who.new_page() if isinstance(who, BrowserContext) else who.new_page(**LOOK)  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE_MS)
    return page


def seen(page: Page, what: str, address: str) -> Seen:
    """Open an address in a tab and return when it showed what the page named ``what`` is for."""
    page.add_init_script(PROBE % PICTURES[what])
    page.goto(address, wait_until="commit")
    return _seen(page)


def gone_to(page: Page, title: str) -> Seen:
    """Go back, in a tab that ``seen`` opened and that has left the page since, to the page of that title."""
    page.evaluate(GO, title)
    return _seen(page)


def leave(page: Page, title: str) -> None:
    """Go to another page of the app and wait until all of it stands."""
    page.get_by_test_id("stTopNavLink").filter(has_text=title).click()
    page.wait_for_function("title => document.title.startsWith(title)", arg=title)
    settle(page)


def _seen(page: Page) -> Seen:
    page.wait_for_function("window.seen && seen.picture && seen.all", polling=250)
    found = page.evaluate("seen")
    return Seen(found["picture"] / 1000, found["all"] / 1000)


GO = """title => {
    const links = [...document.querySelectorAll('[data-testid=stTopNavLink]')]
    watch(performance.now())
    if (seen.picture) throw Error(`the page before shows what "${title}" is told by`)
    links.find(one => one.textContent.includes(title)).click()
}"""
