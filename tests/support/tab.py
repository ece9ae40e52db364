"""A browser's tab without a browser: it speaks the protocol of the page, and so costs next to nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

PATIENCE_S = 180.0


class Seen(NamedTuple):
    """One answer of the server: its elements, and how long they took."""

    messages: tuple[ForwardMsg, ...]
    seconds: float

    def text(self) -> str:
        """Everything in it that a visitor could read."""
        return "\n".join(str(message.delta) for message in self.messages)

    def widget(self, kind: str, sign: str) -> str:
        """The id of the widget of this kind that shows these words; LookupError when there is none."""
        for message in self.messages:
            element = message.delta.new_element
            if element.WhichOneof("type") == kind and sign in str(element):
                return str(getattr(element, kind).id)
        raise LookupError(f"no {kind} says {sign}")


class Tab:
    """One page that is open."""

    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire
        self.states: dict[str, WidgetState] = {}
        self.shelf = ""

    def ask(self, query: str = "", press: str = "") -> Seen:
        """Have the page run, with a button pressed or not, and take its answer."""
        began = time.monotonic()
        self.send(query, press)
        return Seen(tuple(self._answer()), time.monotonic() - began)

    def send(self, query: str = "", press: str = "") -> None:
        """Have the page run and wait for nothing."""
        asked = BackMsg()
        asked.rerun_script.query_string = query or (f"shelf={self.shelf}" if self.shelf else "")
        asked.rerun_script.widget_states.widgets.extend(self.states.values())
        if press:
            asked.rerun_script.widget_states.widgets.append(WidgetState(id=press, trigger_value=True))
        self.wire.send(asked.SerializeToString())

    def write(self, field: str, text: str) -> None:
        """Type into a field; the page learns of it when it is asked next."""
        self.states[field] = WidgetState(id=field, string_value=text)

    def take_file(self, field: str, file: str, name: str, size: int) -> None:
        """Have a field hold a file that was sent before; the page learns of it when it is asked next."""
        state = WidgetState(id=field)
        state.file_uploader_state_value.uploaded_file_info.add(file_id=file, name=name, size=size)
        self.states[field] = state

    def _answer(self) -> Iterator[ForwardMsg]:
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.wire.recv(timeout=PATIENCE_S))  # type: ignore[arg-type]  # a server sends bytes
            if message.WhichOneof("type") == "page_info_changed":
                said = dict(part.split("=", 1) for part in message.page_info_changed.query_string.split("&") if part)
                self.shelf = said.get("shelf", self.shelf)
            yield message
            finished = message.WhichOneof("type") == "script_finished"
            if finished and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return


@contextmanager
def opened(address: str, **headers: str) -> Iterator[Tab]:
    """A tab at the app's address; ``headers`` are what a proxy would send along, like ``X_Forwarded_For``."""
    wanted = [Subprotocol("streamlit")]
    url = f"{address.replace('http', 'ws', 1)}_stcore/stream"
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with connect(url, subprotocols=wanted, max_size=None, close_timeout=1, additional_headers=sent) as wire:
        yield Tab(wire)
