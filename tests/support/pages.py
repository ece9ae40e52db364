"""Pages under test: opening one as a visitor does, and reading what it shows."""

from __future__ import annotations

import json
import re
from typing import Any

from streamlit.testing.v1 import AppTest

import core
from core.ui import common
from tests.support.project import ROOT

NOTICE = f":material/info: {common.NOTICE} Outtake {core.__version__}"


def player(app: AppTest) -> dict[str, Any]:
    """What the player on the page was told."""
    (mounted,) = app.get("bidi_component")
    return json.loads(mounted.proto.json)


def moment(app: AppTest) -> int:
    """Where the player was sent, ms."""
    return int(player(app)["seek"][1])


def visit(view: str, /, patience_s: float = 30, **address: object) -> AppTest:
    """Open a page by a link to the root, as links are shared."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=patience_s)
    for name, value in {"view": view, **address}.items():
        app.query_params[name] = str(value)
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    """All text on the page."""
    parts = [*app.title, *app.header, *app.markdown, *app.caption]
    return "\n".join(part.value for part in parts)


def words_and_toasts(app: AppTest) -> str:
    """All words, badges and toasts."""
    return "\n".join([words(app), *(toast.value for toast in app.toast)])


def headline(app: AppTest) -> str:
    """What the page says of the peak that it shows."""
    return app.header[0].value


def queue_rows(app: AppTest) -> list[str]:
    """The peaks of the queue, in order."""
    return [button.key.removeprefix("row_") for button in app.button if str(button.key).startswith("row_")]


def people_rows(app: AppTest) -> list[str]:
    """Who has a row, in order, the chosen one with a star."""
    labels = [button.label for button in app.button if str(button.key).startswith("who_") and "**" in button.label]
    return [re.sub(r":primary\[\*\*(.+)\*\*\]", r"\1*", label).replace("**", "") for label in labels]
