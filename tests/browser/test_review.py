"""A false peak as a viewer meets it, in a real browser: marked on the chart, named with reasons, dropped and undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.analysis import means, tables
from core.charts.palette import GROUND, TAUGHT
from core.model import Span
from core.shelf import emotions
from core.shelf.scene_view import view_scene
from core.store.scenes import Store
from tests.support import browser, builders, doubtful, seed
from tests.support.browser import Desk, MovingApp
from tests.support.doubtful import SMILE
from tests.support.emotions import examples, lift

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

MARKER = GROUND["dark"].marker


@pytest.fixture(scope="module")
def desk(chrome: Browser, app: MovingApp, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The shelf is filled before the app starts: these tests read no video."""
    home = tmp_path_factory.mktemp("home")
    store = Store(f"sqlite:///{home / 'outtake.db'}")
    doubtful.scene(store, "Diner")
    doubtful.scene(store, "Diner, a copy")
    doubtful.crowd(store)
    doubtful.torn(store)
    app.move_to(home)
    return Desk(chrome, app.address, store)


@pytest.fixture(autouse=True)
def undecided(desk: Desk) -> None:
    """Every test begins with nothing decided."""
    for scene in desk.store.scenes():
        while desk.store.undo_newest_verdict(scene.id):
            pass


@pytest.fixture
def glee(desk: Desk) -> Iterator[None]:
    """An emotion of one's own, learned from a third scene, which leaves with it."""
    lesson = seed.scene(desk.store, builders.strip(drawing="nnhhh.nn|nnhhnn|nhnn|hhhn"), "Lesson")
    for scene_id in (1, lesson):
        lift(desk.store, scene_id)
    emotions.save_emotion(desk.store, emotions.learn(desk.store, "glee", *examples(desk.store, lesson)))
    yield
    desk.store.delete_emotion("glee")
    desk.store.delete(lesson)


def headed(page: Page, words: str) -> None:
    """Wait until the page says this of the peak that it shows, and stands still."""
    expect(page.get_by_role("heading", name=words, exact=True)).to_be_visible()
    browser.settle(page)


def test_the_chart_marks_the_false_peak_in_the_colour_of_doubt(desk: Desk) -> None:
    page, wrong = desk.opened("?view=scene&scene=1")
    expect(page.locator(".strip rect.doubt")).to_have_count(2)  # a hatched column each
    expect(page.locator(".strip .pin img")).to_have_count(2)  # a face each, hanging above
    strokes = page.locator(".strip path.doubted").evaluate_all("all => all.map(one => getComputedStyle(one).stroke)")

    assert strokes == [f"rgb({', '.join(map(str, bytes.fromhex(MARKER[1:])))})"] * 2
    assert page.locator(".strip .pin .told").all_text_contents() == ["happy?0.88", "sad?0.88"]  # the score, as below
    expect(page.get_by_text("2 doubtful peaks")).to_be_visible()
    expect(page.get_by_text("Do not believe this happy")).to_be_visible()
    assert wrong == []
    page.close()


def test_it_is_dropped_and_brought_back_by_keys_and_a_reload_keeps_the_verdict(desk: Desk) -> None:
    before, after = means.mean_without_peak(tables.faces(desk.store.timeline(1), "builtin"), SMILE)
    page, wrong = desk.opened("?view=review&scene=1")
    headed(page, "Do not believe this happy")
    expect(page.get_by_text("Only this one moment of 24 says happy.")).to_be_visible()
    expect(page.get_by_text(re.compile(rf"{before:.3f}.*{after:.3f}"))).to_be_visible()

    page.keyboard.press("d")
    headed(page, "Do not believe this sad")

    assert [(one.emotion, one.dropped) for one in desk.store.verdicts(1)] == [("happy", True)]

    page.reload()
    headed(page, "Do not believe this sad")
    expect(page.get_by_text("1 doubtful peak")).to_be_visible()
    assert yours(desk, "happy") == (f"{before:.3f}", f"{after:.3f}")

    page.keyboard.press("u")
    headed(page, "Do not believe this happy")

    assert desk.store.verdicts(1) == ()
    assert wrong == []
    page.close()


def yours(desk: Desk, emotion: str) -> tuple[str, str]:
    """Everything's and your mean of an emotion, as the scene's page prints them."""
    page, wrong = desk.opened("?view=scene&scene=1")
    texts = page.locator(".st-key-means_card svg.marks text").evaluate_all(
        "all => all.map(one => [one.textContent, one.getBoundingClientRect().top])"
    )
    row = next(top for text, top in texts if text == emotion)
    numbers = [text for text, top in texts if abs(top - row) < 4 and re.fullmatch(r"0\.\d{3}", text)]
    assert wrong == []
    page.close()
    return numbers[0], numbers[2]


def test_the_arrows_go_through_the_queue_and_keep_settles_too(desk: Desk) -> None:
    page, wrong = desk.opened("?view=review&scene=1")
    headed(page, "Do not believe this happy")
    page.keyboard.press("ArrowRight")
    headed(page, "Do not believe this sad")
    page.keyboard.press("ArrowLeft")
    headed(page, "Do not believe this happy")
    page.keyboard.press("k")
    headed(page, "Do not believe this sad")
    page.keyboard.press("k")
    headed(page, "Nothing left to doubt")

    assert [one.dropped for one in desk.store.verdicts(1)] == [False, False]
    assert wrong == []
    page.close()


def test_a_group_is_dropped_and_brought_back_by_one_key_each(desk: Desk) -> None:
    page, wrong = desk.opened("?view=review&scene=3")
    headed(page, "4 faces here are too small to read, 6 peaks")
    expect(page.get_by_text("6 doubtful peaks")).to_be_visible()

    page.keyboard.press("d")
    headed(page, "Nothing left to doubt")
    assert [one.dropped for one in desk.store.verdicts(3)] == [True] * 6

    page.keyboard.press("u")
    headed(page, "4 faces here are too small to read, 6 peaks")
    assert desk.store.verdicts(3) == ()

    page.get_by_role("button", name="■ 0:00.6").click()
    headed(page, "Look twice at this surprise")
    page.keyboard.press("k")
    headed(page, "3 faces here are too small to read, 5 peaks")
    assert [one.dropped for one in desk.store.verdicts(3)] == [False]
    assert wrong == []
    page.close()


def test_of_two_doubts_at_one_moment_the_player_shows_and_drops_the_worse_one(desk: Desk) -> None:
    worse, other = sorted(view_scene(desk.store, desk.store.scene(4), "builtin").open, key=lambda one: -one.doubt)
    page, wrong = desk.opened("?view=scene&scene=4")
    expect(page.locator(".panel .doubted")).to_contain_text(f"this {worse.peak.emotion}")
    expect(page.locator(".panel .doubted")).to_contain_text(f"doubt {worse.doubt:.2f}")

    pin = page.locator(".strip .pin .told b")
    expect(pin).to_have_text("2 peaks")

    page.keyboard.press("d")
    expect(page.locator(".panel .doubted")).to_contain_text(f"this {other.peak.emotion}")
    expect(pin).to_have_text(f"{other.peak.emotion}?")  # what was dropped is not counted
    assert [(one.emotion, one.dropped) for one in desk.store.verdicts(4)] == [(worse.peak.emotion, True)]
    assert wrong == []
    page.close()


def test_a_german_browser_reads_what_to_do_in_german(desk: Desk) -> None:
    page, wrong = desk.opened("?view=review&scene=1&lang=de")
    headed(page, "Nicht glauben: „fröhlich“")
    assert wrong == []
    page.close()


def test_the_verdicts_of_one_copy_give_the_same_means_in_the_other(desk: Desk, tmp_path: Path) -> None:
    page, wrong = desk.opened("?view=review&scene=1")
    headed(page, "Do not believe this happy")
    page.keyboard.press("d")
    headed(page, "Do not believe this sad")
    page.get_by_role("button", name="Verdicts").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save 1 verdict").click()
    saved = tmp_path / "verdicts.json"
    waiting.value.save_as(saved)

    page.goto(desk.address + "?view=review&scene=2")
    headed(page, "Do not believe this happy")
    page.get_by_role("button", name="Verdicts").click()
    page.locator('input[type="file"]').set_input_files(saved)
    headed(page, "Do not believe this sad")

    ours, theirs = (means.dropped_spans(desk.store.verdicts(scene_id), "builtin") for scene_id in (1, 2))
    assert ours == theirs == (Span(0, 1600, 1800),)
    assert wrong == []
    page.close()


@pytest.mark.usefixtures("glee")
def test_a_taught_emotions_peak_is_dropped_and_brought_back_by_keys_in_its_own_colour(desk: Desk) -> None:
    store = desk.store
    page, wrong = desk.opened("?view=review&scene=1&peak=0.glee.1600")
    headed(page, "Look twice at this glee")
    star = page.get_by_test_id("stMarkdown").get_by_text("★", exact=True).first
    shown = star.evaluate("one => getComputedStyle(one).color")
    assert shown == f"rgb({', '.join(map(str, bytes.fromhex(TAUGHT['dark'][1:])))})"

    page.keyboard.press("d")
    expect(page.get_by_text("Dropped: glee at 0:01.6.")).to_be_visible()
    browser.settle(page)
    assert [(one.reader, one.dropped) for one in store.verdicts(1)] == [("taught.glee", True)]

    page.keyboard.press("u")
    headed(page, "Look twice at this glee")
    assert store.verdicts(1) == ()
    assert wrong == []
    page.close()


def test_the_review_page_fits_a_phone(desk: Desk) -> None:
    page, wrong = browser.opened(desk.browser, f"{desk.address}?view=review&scene=1", 390, 844)

    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert wrong == []
    page.close()
