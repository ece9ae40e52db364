"""Dropped files in the server's memory: only what a page asks for, within bounds, and not for long."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web.server.starlette import starlette_routes

from core.host import limits, timing
from core.host.upload_ledger import Place, UploadLedger
from core.ui import upload_guard
from tests.support import browser, tab
from tests.support.dropping import Dropper, session_of
from tests.support.pages import visit
from tests.support.waiting import until

MB = limits.MB


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hosted server with room for 10 bytes of a page, 15 of an address, 25 of everybody."""
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    small = replace(limits.HOSTED, session_uploads=10, address_uploads=15, all_uploads=25)
    monkeypatch.setattr(limits, "HOSTED", small)


@pytest.fixture
def ledger(bounds: None) -> UploadLedger:
    """Pages a to f ask for a file of 10 bytes."""
    return UploadLedger(asked=dict.fromkeys("abcdef", 10))


def bring(ledger: UploadLedger, session: str, size: int | None, file: str = "1", address: str = "") -> object:
    """Send a file whole; return what had to go for it, or the status of the refusal."""
    place = Place(session, file)
    admitted = ledger.admit(place, address or session, size)
    if not isinstance(admitted, list):
        return admitted.status
    ledger.record_arrival(place, there=True)
    return [(one.session, one.file) for one in admitted]


def test_a_page_without_a_field_takes_nothing_and_one_with_a_field_no_more_than_it_asks_for(
    ledger: UploadLedger,
) -> None:
    assert bring(ledger, "stranger", 1) == 403
    assert bring(ledger, "a", 100_000) == 413 and bring(ledger, "a", None) == 411
    assert bring(ledger, "a", 10) == [] and list(ledger.held) == [Place("a", "1")]


def test_a_new_file_of_a_page_takes_the_place_of_its_older_ones(ledger: UploadLedger) -> None:
    assert bring(ledger, "a", 6, "1") == bring(ledger, "a", 4, "2") == []
    assert bring(ledger, "a", 5, "3") == [("a", "1")]
    assert bring(ledger, "a", 10, "4") == [("a", "2"), ("a", "3")]
    assert bring(ledger, "a", 10, "4") == [("a", "4")], "sent anew, it replaces itself"


def test_files_that_are_only_coming_count_and_do_not_give_way(ledger: UploadLedger) -> None:
    ledger.admit(Place("a", "1"), "x", 8)
    assert bring(ledger, "a", 8, "2") == 429
    ledger.record_arrival(Place("a", "1"), there=False)
    assert bring(ledger, "a", 8, "2") == []


def test_the_pages_of_one_address_share_its_room(ledger: UploadLedger) -> None:
    assert bring(ledger, "a", 10, address="x") == []
    assert bring(ledger, "b", 10, address="x") == 429
    assert bring(ledger, "b", 10, address="y") == []


def test_what_nobody_fetched_for_long_gives_way_to_others_and_what_is_fresh_does_not(
    ledger: UploadLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [bring(ledger, one, 10) for one in "abc"] == [[], [], 503]
    monkeypatch.setenv(timing.VARIABLE, '{"upload_idle_s": -1}')
    assert bring(ledger, "c", 10) == [("a", "1")]


def test_files_go_with_their_visitor_and_after_their_time(
    ledger: UploadLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in "ab":
        bring(ledger, one, 10)
    assert ledger.list_expired({"a", "b"}) == []
    monkeypatch.setenv(timing.VARIABLE, '{"upload_alone_s": -1}')
    assert ledger.list_expired({"a"}) == [Place("b", "1")]
    monkeypatch.setenv(timing.VARIABLE, '{"upload_s": -1}')
    assert ledger.list_expired({"a"}) == [Place("a", "1")] and not ledger.held


def test_streamlit_keeps_files_where_the_guard_looks_for_them() -> None:
    """Of the pinned version: an address, and three methods."""
    assert upload_guard.PATH.search(f"/{starlette_routes.BASE_ROUTE_UPLOAD_FILE}/session/file")
    assert upload_guard.PATH.search(starlette_routes._ROUTE_UPLOAD_FILE.replace("{", "").replace("}", "").join("//"))
    files = MemoryUploadedFileManager("/")
    files.add_file("session", UploadedFileRec("file", "a.mp4", "", b"x"))
    assert [one.data for one in files.get_files("session", ["file"])] == [b"x"]
    files.remove_file("session", "file")
    assert files.get_files("session", ["file"]) == []


def test_a_page_asks_for_files_as_large_as_its_fields_take_and_another_one_for_none(
    home: Path, forgetful_pages: None
) -> None:
    upload_guard.ledger.asked.clear()
    visit("shelf")
    assert set(upload_guard.ledger.asked.values()) == {limits.LOCAL.upload_bytes}
    visit("compare")
    assert not upload_guard.ledger.asked


@pytest.mark.slow
def test_a_real_server_holds_what_a_page_asked_for_and_frees_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve times 45 MB that nobody asked for, twelve times 45 MB on the shelf, 60 MB, and a visitor who leaves."""
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    monkeypatch.setenv(timing.VARIABLE, '{"upload_alone_s": 1}')
    home.mkdir(exist_ok=True)
    large = os.urandom(MB) * 45
    port = browser.free_port()
    server = browser.start(home, port)
    try:
        address = browser.answering(port)
        memory = memory_mb(server.pid)
        dropper = Dropper(address)
        with tab.opened(address) as page, tab.opened(address) as other:
            shelf, compare = session_of(page.ask()), session_of(other.ask("view=compare"))
            usual = memory()
            assert [dropper.drop(compare, large) for _ in range(12)] == [403] * 12
            assert dropper.drop(shelf, large + large[: 15 * MB]) == 413
            assert dropper.drop(shelf, large, told=None) == 411
            assert [dropper.drop(shelf, large) for _ in range(12)] == [204] * 12
            assert memory() - usual < 4 * 45
        until(lambda: memory() - usual < 45)
    finally:
        server.terminate()
        server.wait(20)


def memory_mb(pid: int) -> Callable[[], float]:
    """What a process has in memory just now, MB."""
    page = os.sysconf("SC_PAGE_SIZE")
    return lambda: int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page / 1e6
