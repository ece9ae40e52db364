"""Files that are sent to a page's server as a browser sends them, or as nobody should."""

from __future__ import annotations

import http.client
import re
import secrets
from contextlib import suppress
from urllib.parse import urlsplit

from tests.support.tab import Seen

BOUNDARY = "outtake-tests"


def session_of(seen: Seen) -> str:
    """The id of the open page, from the first answer to it."""
    return next(
        message.new_session.initialize.session_id
        for message in seen.messages
        if message.WhichOneof("type") == "new_session"
    )


def body(name: str, data: bytes) -> bytes:
    """A file in the form that browsers send."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    return f"{head}{kind}".encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


class Dropper:
    """A browser that may send files: it has the server's cookie against strangers."""

    def __init__(self, address: str, **headers: str) -> None:
        self.place = urlsplit(address).netloc
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        link = http.client.HTTPConnection(self.place, timeout=60)
        link.request("GET", "/_stcore/health")
        answer = link.getresponse()
        cookies = " ".join(value for name, value in answer.getheaders() if name.lower() == "set-cookie")
        token = re.search(r"(_streamlit_xsrf)=([^;]+)", cookies)
        if token:
            self.headers |= {"Cookie": f"{token[1]}={token[2]}", "X-Xsrftoken": token[2].strip('"')}
        answer.read()
        link.close()

    def drop(self, session: str, data: bytes, file: str = "", *, name: str = "a.mp4", told: int | None = -1) -> int:
        """Send a file to an open page and return the answer's status; ``told`` is the length said, None says none."""
        sent = body(name, data)
        link = http.client.HTTPConnection(self.place, timeout=60)
        path = f"/_stcore/upload_file/{session}/{file or secrets.token_hex(8)}"
        link.putrequest("PUT", path)
        own = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **self.headers}
        if told is None:
            own["Transfer-Encoding"] = "chunked"
            sent = b"%x\r\n" % len(sent) + sent + b"\r\n0\r\n\r\n"
        else:
            own["Content-Length"] = str(len(sent) if told < 0 else told)
        for key, value in own.items():
            link.putheader(key, value)
        link.endheaders()
        with suppress(BrokenPipeError, ConnectionResetError):  # it was refused before all of it had come
            link.send(sent)
        try:
            return link.getresponse().status
        except (TimeoutError, ConnectionResetError, http.client.RemoteDisconnected):
            return 0
        finally:
            link.close()
