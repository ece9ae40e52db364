"""Scenes side by side in a real browser; a part of the picture drawn with the mouse, read as a new version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.model import Recipe, Step, Timeline
from core.store.scenes import Store
from tests.support import browser, builders, clips, seed
from tests.support.browser import Desk, MovingApp
from tests.support.builders import strip

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def shelf(chrome: Browser, app: MovingApp, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The shelf is filled before the app starts."""
    home = tmp_path_factory.mktemp("home")
    store = Store(f"sqlite:///{home / 'outtake.db'}")
    seed.scene(store, strip("nnhhnnhhnnhh"), "Diner")
    seed.scene(store, _by_deepface("ssnnssnnssnn"), "Rain", ["deepface"])
    _film(store, clips.film(home / "film.mp4", 2.0, shots=1))
    app.move_to(home)
    return Desk(chrome, app.address, store)


def _by_deepface(drawing: str) -> Timeline:
    faces = [builders.face(builders.LETTERS[letter], deepface=builders.LETTERS[letter]) for letter in drawing]
    only = [replace(face, readings={"deepface": face.readings["deepface"]}) for face in faces]
    samples = zip(strip(drawing).samples, only, strict=True)
    return Timeline(500, tuple(replace(sample, faces=(face,)) for sample, face in samples))


def _film(store: Store, path: Path) -> None:
    scene_id = store.add(Recipe(str(path), readers=("builtin",), finder="mtcnn"), "Film")
    token = store.claim(scene_id)
    video = replace(seed.VIDEO, path=str(path), width=clips.WIDTH, height=clips.HEIGHT, duration_ms=2000)
    store.begin_reading(scene_id, token, video, "mtcnn", ["builtin"], 4)
    store.append(scene_id, token, seed.stored(strip("nnhh")))
    store.finish(scene_id, token)


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a select box."""
    page.get_by_label(label).first.click()
    page.get_by_role("option", name=option, exact=True).click()
    browser.settle(page)


def test_two_scenes_are_chosen_the_address_carries_the_choice_and_what_makes_it_wrong_is_said(shelf: Desk) -> None:
    page, wrong = shelf.opened("?view=compare&scenes=1")
    expect(page.get_by_text("Add a second scene to compare")).to_be_visible()

    choose(page, "Add a scene", "Rain")
    expect(page.get_by_text("Read by different readers")).to_be_visible()
    page.get_by_role("radio", name="Seconds").click()
    browser.settle(page)

    assert "scenes=1%2C2" in page.url and "axis=seconds" in page.url

    page.reload()
    browser.settle(page)
    expect(page.get_by_text("Most unlike")).to_be_visible()
    expect(page.get_by_text("filled: Diner · dashed: Rain")).to_be_visible()
    lanes = page.locator(".st-key-lanes_card svg.marks")
    expect(lanes.get_by_text("unlike", exact=True)).to_be_visible()
    words = lanes.locator("text").evaluate_all("all => all.map(one => one.textContent)")
    dashed = lanes.locator("path").evaluate_all("all => all.filter(one => one.getAttribute('stroke-dasharray')).length")

    assert {"happy", "neutral", "alike", "unlike"} <= set(words)
    assert dashed >= 7, "the second scene's line in every lane"
    assert len(page.locator(".st-key-meetings_card img").all()) == 4
    assert wrong == []
    page.close()


def test_the_comparison_fits_a_phone(shelf: Desk) -> None:
    page, wrong = shelf.opened("?view=compare&scenes=1,2")
    page.set_viewport_size({"width": 390, "height": 844})
    browser.settle(page)

    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert wrong == []
    page.close()


def test_a_part_is_drawn_on_a_frame_and_read_as_a_version_that_stands_beside_the_old_one(shelf: Desk) -> None:
    page, wrong = shelf.opened("")
    page.locator(".st-key-menu_3 button").click()
    page.get_by_text("Read again with other settings").click()
    frame = page.locator('[role="dialog"] [data-testid="stVegaLiteChart"]')
    frame.locator("svg, canvas").first.wait_for()
    browser.settle(page)
    page.wait_for_timeout(1000)  # the dialog slides in, and the frame listens to the mouse only once it stands
    box = frame.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.25 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"], steps=4)
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.75 * box["height"], steps=4)
    page.mouse.up()
    edges = page.locator('[role="dialog"] input[type="number"]')
    expect(edges.first).not_to_have_value("0")
    edges.nth(1).fill("20")
    edges.nth(1).press("Enter")
    expect(edges.nth(1)).to_have_value("20")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Read it").last.click()
    expect(page.get_by_text("2 versions").first).to_be_visible()

    new = next(scene for scene in shelf.store.scenes() if scene.id > 3)
    part = new.recipe.region
    assert part
    assert part.top == 20 and new.recipe == replace(shelf.store.scene(3).recipe, region=part)
    assert list(part) == pytest.approx([48, 20, 144, 81], abs=6)
    assert new.recipe.step == Step(200) and new.title.startswith("Film, a part of")

    page.locator(".st-key-card_3").get_by_role("link", name="Compare").click()
    browser.settle(page)
    expect(page.get_by_text("in a part of the picture").first).to_be_visible()
    assert "scenes=3%2C" in page.url
    assert wrong == []
    page.close()
