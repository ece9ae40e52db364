"""What a page under test shows in its player."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def player(app: AppTest) -> dict[str, Any]:
    """What the player on the page was told."""
    (mounted,) = app.get("bidi_component")
    return json.loads(mounted.proto.json)


def moment(app: AppTest) -> int:
    """Where the player was sent, ms."""
    return int(player(app)["seek"][1])
