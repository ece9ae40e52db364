"""Dropped files in Streamlit's memory: the one module that knows where it keeps them, see tests/test_upload_guard.py.

Streamlit takes whatever an open page sends, as often as it sends it, whether a field of the page asked for it or not,
and keeps it until the page's session is cleared away, which happens when the next visitor comes.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, BinaryIO

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.host import addresses, limits
from core.host.request_guard import App, Receive, Scope, Send, answer
from core.host.timing import current_timing
from core.host.upload_ledger import Place, UploadLedger

PATH = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)")
"""Ends the address at which Streamlit takes a file: session, file."""

ledger = UploadLedger()
_shown: dict[str, int] = {}
"""Session → bytes of the largest file that the page which is drawn just now has asked for so far."""


def file_field(label: str, kinds: list[str] | None, most_bytes: int, **how: Any) -> BinaryIO | None:
    """Show a field for a file of these kinds, or of any; the server takes one of so many bytes from this page now."""
    if context := get_script_run_ctx():
        session = context.session_id
        _shown[session] = max(most_bytes, _shown.get(session, 0))
        ledger.asked[session] = max(most_bytes, ledger.asked.get(session, 0))
    most_mb = max(1, most_bytes // limits.MB)
    given: BinaryIO | None = st.file_uploader(label, kinds, max_upload_size=most_mb, **how)
    return given


def settle_page() -> None:
    """Take files for the fields that the page has now and for no earlier ones; call it where a page was drawn whole."""
    if context := get_script_run_ctx():
        most = _shown.pop(context.session_id, 0)
        if most:
            ledger.asked[context.session_id] = most
        else:
            ledger.asked.pop(context.session_id, None)


def forget_file(given: BinaryIO) -> None:
    """Have the server keep a dropped file no longer: what was in it is kept elsewhere now."""
    context, file = get_script_run_ctx(), getattr(given, "file_id", None)
    if context and file:
        context.uploaded_file_mgr.remove_file(context.session_id, file)  # type: ignore[attr-defined]


class UploadGuard:
    """Stands before Streamlit's upload: asks the ledger before a byte is read."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on, or answers it with one sentence."""
        found = PATH.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        place, headers = Place(found[1], found[2]), _headers(scope)
        told = headers.get("content-length", "")
        size = int(told) if re.fullmatch("[0-9]{1,12}", told) and "transfer-encoding" not in headers else None
        peer = scope.get("client") or ("",)
        admitted = ledger.admit(place, addresses.count_address(peer[0], headers), size)
        if not isinstance(admitted, list):
            await answer(scope, send, admitted)
            return
        for one in admitted:
            _remove(one)
        try:
            await self.app(scope, receive, send)
        finally:
            ledger.record_arrival(place, there=_is_there(place))


async def free_uploads() -> None:
    """Frees, for ever, the files of visitors who left, and those that nobody wanted in their time."""
    timing = current_timing()
    while True:
        await asyncio.sleep(min(timing.upload_alone_s, timing.upload_s) / 4)
        known = {place.session for place in ledger.held}
        for place in ledger.list_expired({one for one in known if runtime.get_instance().is_active_session(one)}):
            _remove(place)
        for place in [place for place, one in ledger.held.items() if not one.coming and not _is_there(place)]:
            ledger.record_arrival(place, there=False)


def _is_there(place: Place) -> bool:
    files = runtime.get_instance().uploaded_file_mgr
    return bool(files.get_files(place.session, [place.file]))


def _remove(place: Place) -> None:
    runtime.get_instance().uploaded_file_mgr.remove_file(place.session, place.file)  # type: ignore[attr-defined]


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
