"""``streamlit run app.py`` that moves from home to home: each line of its input is the environment from then on.

Tests take turns in one server this way. What it keeps in memory belongs to the home that it leaves, and goes.
"""

from __future__ import annotations

import json
import os
import sys
import threading

import streamlit as st

MOVED = "moved"
"""What it answers, on a line of its own."""


def follow_orders() -> None:
    """Take environments until nobody gives any more."""
    for line in sys.stdin:
        os.environ.update(json.loads(line))
        st.cache_resource.clear()
        st.cache_data.clear()
        print(MOVED, flush=True)


if __name__ == "__main__":
    from streamlit.web import cli

    threading.Thread(target=follow_orders, daemon=True).start()
    sys.argv = ["streamlit", "run", *sys.argv[1:]]
    cli.main()
