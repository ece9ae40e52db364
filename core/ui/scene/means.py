"""The means of a scene: all, without doubtful peaks and after review, and what the step of sampling does to them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.analysis import sampling_check, tables
from core.analysis.intervals import describe_intervals
from core.charts import bars, evidence
from core.charts.bars import signed_number
from core.model import Timeline, Who
from core.shelf.scene_view import SceneView
from core.ui import chart as ui_charts
from core.ui import common, wording


def means(view: SceneView) -> None:
    """The mean of every emotion: all, without doubtful peaks, and after review, with what the step of sampling does."""
    with st.container(border=True, key="means_card"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Means of the scene", anchor=False, width="content")
            st.space("stretch")
            st.caption(f"○ all · filled: after review, {describe_intervals(view.means())}", width="content")
        mean_chart(view)
        st.caption(view.compute(describe_count, view.who))
        sampling(view)
        _as_table(view)


@st.fragment
def _as_table(view: SceneView) -> None:
    """The same in a table, which is made, and fetched by the browser, once somebody opens it."""
    with st.expander("As a table", key="means_table", on_change="rerun") as opened:
        if opened.open:
            table = means_table(view.means())
            st.dataframe(table, hide_index=True, alt="The same numbers with their intervals")


def mean_chart(view: SceneView) -> None:
    """The means as marks and numbers."""
    said = f"Means of the emotions, read by {common.reader_name(view.reader)}: all, without doubtful, and after review"
    table = view.means().sort_values("everything", ascending=False)
    look, words = common.theme(), wording.emotion_names()
    key = "means chart", table.to_json(double_precision=15), look, tuple(words.values())
    chart = view.remember(key, lambda: bars.means(table, look, words))
    ui_charts.show(chart, key="means", alt=said)


def means_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table of means under the names that people read, each with its interval, as text."""
    told = {"emotion": table["emotion"].map(wording.emotion_name)}
    for name, head in (("everything", "all"), ("automatic", "without doubtful"), ("yours", "after review")):
        told[head] = table[name].map(number)
        low, high = table[f"{name}_low"], table[f"{name}_high"]
        told[f"{head}, 95 %"] = (low.map(number) + " to " + high.map(number)).where(low.notna(), "too short")
    return pd.DataFrame(told).assign(change=table["change"].map(signed_number))


def number(mean: float) -> str:
    """A mean with three decimals; “–” where no face is left."""
    return "–" if pd.isna(mean) else f"{mean:.3f}"


def sampling(view: SceneView) -> None:
    """One line on what longer steps would have told, and how the means scatter then."""
    found = view.compute(sampling_check.means_by_phase, view.reader)
    said = sampling_check.describe_longest_step(found, wording.quoted_name)
    if not said:
        return
    st.caption(f":material/straighten: {said}")
    steps = {int(ms): f"every {ms / 1000:g} s" for ms in sorted(found["step_ms"].unique())}
    chart = evidence.sampling(found, view.top_emotions(), steps, common.theme())
    ui_charts.show(chart, key="sampling", alt=f"The means at longer steps. {said}")


def describe_count(moments: Timeline, person: Who) -> str:
    """Over what the means were taken."""
    share = tables.coverage(moments, person)
    count = round(share * len(moments.samples))
    who = "a face" if person is None else "this person"
    over = f"Over the {count} moments with {who}, {common.percent(share)} of all."
    return f"{over} The rest are left out."
