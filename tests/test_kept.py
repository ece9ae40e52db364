"""What sessions share of what was worked out: once for the rows there are, anew for others, nobody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from core.doubt import verdicts
from core.doubt.peaks import find_peaks
from core.errors import StoreError
from core.host import limits
from core.shelf import jobs
from core.store.scenes import Store
from core.store.visitors import VisitorStore, new_key
from core.ui import common
from core.ui.cache import LruCache, drawing, once_per_page
from tests.support import pages, seed
from tests.support.builders import strip
from tests.support.pages import visit, words


def test_what_is_known_is_not_made_again_until_it_is_among_the_oldest() -> None:
    kept, made = LruCache(2), []

    def make(name: str) -> str:
        return kept.get(name, lambda: made.append(name) or name)

    assert [make(name) for name in "aabaca"] == list("aabaca")
    assert made == ["a", "b", "c"], "a was asked for last, so b goes for c"
    make("b")
    assert made == ["a", "b", "c", "b"]


def test_what_is_kept_weighs_no_more_than_it_may_but_the_newest_stays() -> None:
    kept, made = LruCache(5, len), []

    def make(name: str) -> str:
        return kept.get(name, lambda: made.append(name) or name)

    for name in ("aa", "bbb", "aa", "c", "bbb", "dddddddd", "dddddddd", "aa"):
        make(name)
    assert made == ["aa", "bbb", "c", "bbb", "dddddddd", "aa"]


def test_whoever_asks_may_say_what_it_weighs() -> None:
    kept, made = LruCache(5), []

    for name, weight in (("a", 2), ("b", 2), ("a", 2), ("c", 3), ("a", 2), ("b", 2)):
        kept.get(name, lambda name=name: made.append(name) or name, weight)

    assert made == ["a", "b", "c", "b"]


def test_results_of_long_scenes_push_out_more_than_those_of_short_ones(
    store: Store, forgetful_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What visitors leave behind is bounded by what it holds, not by how many results there are."""
    monkeypatch.setattr(common, "MOST_RESULTS", 3 * common.LEAST_RESULT)
    made: list[str] = []
    scene = store.scene(seed.scene(store, strip("nn")))
    long = replace(scene, id=99, found=2 * common.LEAST_RESULT)

    for one, key in ((scene, "a"), (scene, "b"), (long, "c"), (scene, "b"), (scene, "a")):
        common.remember(one, key, lambda key=key: made.append(key) or key)

    assert made == ["a", "b", "c", "a"]


def test_two_who_ask_at_once_have_it_made_once() -> None:
    kept, begun, go_on, made = LruCache(8), Event(), Event(), []

    def slowly() -> list[int]:
        begun.set()
        assert go_on.wait(60)
        made.append(1)
        return made

    with ThreadPoolExecutor(2) as both:
        first = both.submit(kept.get, "it", slowly)
        assert begun.wait(60)
        second = both.submit(kept.get, "it", lambda: pytest.fail("it is being made"))
        go_on.set()
        assert first.result(60) is second.result(60)
    assert made == [1]


def test_a_page_asks_once_while_it_is_drawn_and_a_callback_each_time() -> None:
    asked: list[str] = []

    def ask() -> int:
        asked.append("asked")
        return len(asked)

    with drawing():
        assert [once_per_page("it", ask), once_per_page("it", ask)] == [1, 1]
        with drawing():  # an act within a page may change what was told before it
            assert once_per_page("it", ask) == 2
        assert once_per_page("it", ask) == 1
    assert [once_per_page("it", ask), once_per_page("it", ask)] == [3, 4]


def test_what_went_wrong_is_told_and_tried_anew() -> None:
    kept = LruCache(8)

    def wrong() -> str:
        raise StoreError("The disk is full.")

    for _ in range(2):
        with pytest.raises(StoreError, match="full"):
            kept.get("it", wrong)
    assert kept.get("it", lambda: "there") == "there"


@pytest.mark.usefixtures("forgetful_pages")
def test_a_scene_that_was_read_on_shows_its_new_moments(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnhh"), "Diner")
    assert "4 moments" in words(visit("scene", scene=scene_id))

    token = store.claim(scene_id)
    store.append(scene_id, token, seed.stored(strip("nnhhss"))[4:])
    store.finish(scene_id, token)

    app = visit("scene", scene=scene_id)
    assert "6 moments" in words(app)
    assert len(pages.player(app)["times"]) == 6


@pytest.mark.usefixtures("forgetful_pages")
def test_a_scene_that_is_brought_back_is_shown_as_it_was(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnhh"), "Diner")
    before = words(visit("scene", scene=scene_id))
    jobs.delete(scene_id, store)
    assert "Diner" not in [title.value for title in visit("scene", scene=scene_id).title]
    jobs.restore(scene_id, store)

    assert words(visit("scene", scene=scene_id)) == before


@pytest.mark.usefixtures("forgetful_pages")
def test_a_decision_and_its_undo_reach_the_means_that_are_kept(store: Store) -> None:
    scene_id = seed.scene(store, strip("nnnnhnnnnnnn"), "Diner")

    def happy() -> str:
        app = visit("scene", scene=scene_id)
        app.session_state["means_table"] = True
        return str(app.run().dataframe[0].value.set_index("emotion")["after review"]["happy"])

    before = happy()
    peak = next(one for one in find_peaks(store.timeline(scene_id), "builtin") if one.emotion == "happy")
    store.add_verdicts(scene_id, [verdicts.make_verdict("builtin", peak, drop=True)])
    assert happy() != before
    store.undo_newest_verdict(scene_id)
    assert happy() == before


@pytest.mark.usefixtures("forgetful_pages")
def test_a_visitor_sees_nothing_of_another_ones_scene_that_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "is_hosted", lambda: True)
    mine, theirs = new_key(), new_key()
    scene_id = seed.scene(VisitorStore(store, mine), strip("nnhh"), "Secret diner")
    assert "Secret diner" in [title.value for title in visit("scene", scene=scene_id, shelf=mine).title]

    for view in ("scene", "review", "faces", "compare", "teach", "shelf"):
        app = visit(view, scene=scene_id, scenes=scene_id, shelf=theirs)
        assert "Secret" not in f"{words(app)} {[title.value for title in app.title]}"
        assert "Secret" not in "".join(part.proto.json for part in app.get("bidi_component"))
        assert not [part for part in app.get("bidi_component") if part.proto.component_name == "outtake_player"]
