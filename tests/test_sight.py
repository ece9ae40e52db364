"""What is in sight comes first, where a server serves a tab that was just opened; the rest follows by itself."""

from __future__ import annotations

import pytest

from core.adapters.store import Store
from core.screen import ui_serving
from core.screen.ui_cards import IN_SIGHT
from tests import seed
from tests.make import strip
from tests.test_pages import NOTICE, visit, words

pytestmark = pytest.mark.usefixtures("forgetful_pages")


@pytest.mark.parametrize("view", ["scene", "review", "compare"])
def test_a_new_tab_gets_the_first_part_and_then_all_of_the_page(
    view: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Diner", "Rain"):
        seed.scene(store, strip("nnhhnn|ssnhss"), title)
    whole = words(visit(view, scene=1))

    monkeypatch.setattr(ui_serving, "_serves", True)
    tab = visit(view, scene=1)
    first = words(tab)
    assert NOTICE not in first
    assert tab.title[0].value

    tab.run()
    assert words(tab) == whole
    assert NOTICE in whole


def test_a_shelf_shows_the_cards_that_are_in_sight_and_then_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        seed.scene(store, strip("nh"), f"Scene {number}")
    monkeypatch.setattr(ui_serving, "_serves", True)
    tab = visit("shelf")

    def cards() -> int:
        return sum(str(one.key).startswith("open_") for one in tab.button)

    assert cards() == IN_SIGHT
    tab.run()
    assert cards() == 10
