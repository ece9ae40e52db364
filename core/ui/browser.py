"""What only the browser can do: open a picture's link in this tab, cut a title, keep room, order a phone's page."""

from __future__ import annotations

from urllib.parse import parse_qsl

import streamlit as st

KEY, ASKED = "browser", "go_to"

SCRIPT = """
const heard = new WeakMap()

export default function (component) {
  const root = component.parentElement
  document.removeEventListener("click", heard.get(root))
  const go = (event) => {
    const link = event.target.closest?.('a[data-testid="stImageLink"]')
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
    if (!link || elsewhere || link.origin !== location.origin) return
    event.preventDefault()
    component.setTriggerValue("go", link.search)
  }
  heard.set(root, go)
  document.addEventListener("click", go)
  return () => document.removeEventListener("click", heard.get(root))
}
"""
"""Streamlit opens the link of a picture in a new tab, always; a press with a key or another button still does."""

STYLE = """
[class*="st-key-card_"] [class*="st-key-open_"] { flex: 1 1 0; min-width: 0; overflow: hidden; }
[class*="st-key-card_"] [class*="st-key-open_"] button { max-width: 100%; }
[class*="st-key-card_"] [class*="st-key-open_"] :is(button, button > div) { justify-content: flex-start; }
[class*="st-key-card_"] [class*="st-key-open_"] p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.st-key-frame { aspect-ratio: 16 / 9; }
@media (max-width: 640px) {
  .st-key-review_page > * > [data-testid="stHorizontalBlock"] { flex-direction: column-reverse; }
}
"""

_component = st.components.v2.component("outtake_browser", js=SCRIPT, css=STYLE, isolate_styles=False)


def mount() -> None:
    """Have the browser do so on the page that is drawn."""
    _component(key=KEY, height=1, on_go_change=_keep)


def _keep() -> None:
    st.session_state[ASKED] = (st.session_state.get(KEY) or {}).get("go", "")


def follow_picture() -> None:
    """Write where the picture leads that was pressed last into the address, before a page is chosen by it."""
    asked = dict(parse_qsl(st.session_state.pop(ASKED, "").lstrip("?")))
    if asked.get("view"):
        st.query_params.from_dict(asked)
        for name in asked:
            st.session_state.pop(f"kept_{name}", None)
