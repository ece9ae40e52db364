"""What is in sight comes first, where a server serves a tab that was just opened; the rest follows by itself."""

from __future__ import annotations

import pytest

from core.store.scenes import Store
from core.ui import startup
from tests.support import seed
from tests.support.builders import strip
from tests.support.pages import NOTICE, visit, words

pytestmark = pytest.mark.usefixtures("forgetful_pages")


@pytest.mark.parametrize("view", ["scene", "review"])
def test_a_new_tab_gets_the_first_part_and_then_all_of_the_page(
    view: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed.scene(store, strip("nnhhnn|ssnhss"))
    whole = words(visit(view, scene=1))

    monkeypatch.setattr(startup, "_serves", True)
    tab = visit(view, scene=1)
    first = words(tab)
    assert NOTICE not in first
    assert tab.title[0].value

    tab.run()
    assert words(tab) == whole
    assert NOTICE in whole
