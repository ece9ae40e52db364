"""The curves of a comparison: a lane per emotion, a strip per scene, or the difference; and all its charts as files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import altair as alt
import streamlit as st

from core.analysis import compare
from core.charts import compare_lanes, compare_views, fonts
from core.charts.compare_lanes import Mark
from core.errors import SettingError
from core.export import compare_charts as chart_sides
from core.export import comparison, kinds
from core.language import LANGUAGES, Language
from core.ui import common, wording
from core.ui.compare import emotions
from core.ui.compare import sides as ui_sides
from core.ui.compare.sides import PageSide

LANES, SCENES, DIFFERENCE = "lanes", "scenes", "difference"
VIEWS = {LANES: "Lanes", SCENES: "Scene by scene", DIFFERENCE: "Difference"}

Meetings = tuple[compare.Meeting, compare.Meeting]


def chosen_view(shown: Sequence[PageSide]) -> str:
    """The view that the address names, where there is one; of one scene alone there is no difference."""
    asked = common.param("look")
    return asked if asked in VIEWS and (asked != DIFFERENCE or len(shown) > 1) else LANES


def card(shown: Sequence[PageSide]) -> None:
    """The curves on the common axis, in the view that was chosen."""
    view, titles = chosen_view(shown), [one.title for one in shown]
    with st.container(border=True, key="lanes_card"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Over the scene", anchor=False, width="content")
            st.space("stretch")
            ui_sides.axis_switch()
            _switch(shown, view)
        order, met = order_and_meetings(shown)
        if view == DIFFERENCE and met is None:
            common.say("No place on the axis shows a face of both, so there is no difference to draw. Choose Lanes.")
            return
        st.caption(_legend(view, [common.escape(title) for title in titles]))
        emotions.switch(shown)
        alt_ = f"The curves of {' and '.join(titles)}, most apart in {wording.quoted_name(order[0])}"
        st.altair_chart(_chart(shown, view), key="lanes", alt=alt_)


def _legend(view: str, titles: Sequence[str]) -> str:
    gap = "gap: no face found"
    if view == DIFFERENCE:
        return " · ".join(chart_sides.difference_captions(titles))
    return " · ".join([*chart_sides.line_captions(titles), gap]) if view == LANES else gap


def _switch(shown: Sequence[PageSide], view: str) -> None:
    names = [name for name in VIEWS if name != DIFFERENCE or len(shown) > 1]
    st.segmented_control(
        "View", names, format_func=VIEWS.__getitem__, required=True, label_visibility="collapsed",
        **common.bind("look", view, lambda one: "" if one == LANES else one),
    )  # fmt: skip


def _chart(shown: Sequence[PageSide], view: str) -> alt.LayerChart:
    axes, curves = [one.axis for one in shown], [one.curve for one in shown]
    end, share = max(axis.end for axis in axes), shown[0].share
    order, theme, words = order_and_meetings(shown)[0], common.theme(), wording.emotion_names()
    if view == DIFFERENCE:
        apart = compare_views.differences(curves, axes)
        return compare_views.difference(apart, order, end=end, share=share, theme=theme, words=words)
    sides = [one.lane for one in shown]
    if view == SCENES:
        titles = [one.title for one in shown]
        return compare_views.strips(sides, titles, end=end, share=share, theme=theme, words=words)
    met = [Mark(one.at, word) for one, word in meetings(shown)]
    return compare_lanes.lanes(sides, order, end=end, share=share, marks=met, theme=theme, words=words)


def meetings(shown: Sequence[PageSide]) -> list[tuple[compare.Meeting, str]]:
    """Where two are most alike and most unlike; nothing for one alone."""
    found = order_and_meetings(shown)[1]
    return list(zip(found, ("alike", "unlike"), strict=True)) if found else []


def order_and_meetings(shown: Sequence[PageSide]) -> tuple[list[str], Meetings | None]:
    """The order of the lanes and the two meetings, worked out once for what is shown."""
    return _order_and_meetings(shown, tuple((common.rows_key(one.scene), one.drawn) for one in shown))


@st.cache_data(max_entries=32, show_spinner=False)
def _order_and_meetings(_shown: Sequence[PageSide], keys: tuple[object, ...]) -> tuple[list[str], Meetings | None]:
    curves, axes = [one.curve for one in _shown], [one.axis for one in _shown]
    return compare.rank_by_difference(curves, axes), compare.find_meetings(curves, axes)


def export(shown: Sequence[PageSide]) -> None:
    """The button behind which all charts of the comparison leave."""
    with st.popover("Export", icon=":material/download:"):
        st.caption("Lanes, strips, difference and means, as PNG and SVG, in the colours of this page.")
        act = partial(comparison.charts_zip, list(shown), ui_sides.chosen_numbers(), common.theme(), _language().names)
        st.download_button(
            "All charts (.zip)", act, file_name=kinds.file_name(" and ".join(one.title for one in shown), "charts"),
            mime=kinds.ZIP, key="export_comparison", on_click="ignore",
        )  # fmt: skip


def _language() -> Language:
    """The reader's language, where this machine can write it into pictures."""
    usual = wording.page_language()
    try:
        fonts.find_font(usual)
    except SettingError as error:
        common.say(str(error))
        return LANGUAGES["en"]
    return usual
