"""Addresses that nobody was given: numbers that are none, too large or endless never break a page."""

from __future__ import annotations

import pytest

from core.store.scenes import Store
from core.ui import common
from tests.support import doubtful
from tests.support.pages import visit, words

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("forgetful_pages")]

PARAMS = ("t", "who", "face", "span", "page", "peak", "emotion", "sort", "scenes", "axis", "of", "look", "lang", "show")
ODD = ("²", "-²", "9" * 20, "9" * 5000, "1e9", "٣", "\x00", "-1", "1-²", "‮0", "'; --", "a" * 3000)


@pytest.mark.parametrize("view", ["shelf", "scene", "review", "faces", "teach", "compare"])
def test_no_address_breaks_a_page(view: str, store: Store) -> None:
    scene_id = doubtful.scene(store)

    for odd in ODD:
        assert words(visit(view, 120, scene=scene_id, **dict.fromkeys(PARAMS, odd)))
        assert words(visit(view, 120, scene=odd, reader=odd, curve=odd, calm=odd, shelf=odd))


def test_a_moment_that_is_none_is_one_sentence(store: Store) -> None:
    scene_id = doubtful.scene(store)

    assert "“²” is not a moment in milliseconds" in words(visit("scene", 120, scene=scene_id, t="²")).replace("\\", "")
    assert "is not a moment" not in words(visit("scene", 120, scene=scene_id, t="1600"))


def test_only_ordinary_digits_make_a_number() -> None:
    assert [common.parse_count(text) for text in ("0", "42", "²", "٣", "", "-1", "9" * 10)] == [0, 42, *[None] * 5]
