"""The means of a scene: everything, without the suspects and yours, and what the step of sampling does to them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.analysis import sampling_check, tables
from core.charts import bars, evidence
from core.charts.bars import signed_number
from core.emotions import tables as taught_tables
from core.model import Timeline, Who
from core.ui import chart as ui_charts
from core.ui import common, doubts, emotions, wording
from core.ui.doubts import Doubted


def means(known: Doubted, person: Who) -> None:
    """The mean of every emotion: everything, without the suspects, and yours, with what the step of sampling does."""
    with st.container(border=True, key="means_card"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Means of the scene", anchor=False, width="content")
            st.space("stretch")
            st.caption("○ everything · filled: yours, with its 95 % interval", width="content")
        mean_chart(known, person)
        st.caption(common.compute_once(describe_count, known.scene, person))
        sampling(known)
        _as_table(known, person)


@st.fragment
def _as_table(known: Doubted, person: Who) -> None:
    """The same in a table, which is made, and fetched by the browser, once somebody opens it."""
    with st.expander("As a table", key="means_table", on_change="rerun") as opened:
        if opened.open:
            table = means_table(_rows(known, person))
            st.dataframe(table, hide_index=True, alt="The same numbers with their intervals")


def mean_chart(known: Doubted, person: Who) -> None:
    """The means as marks and numbers."""
    said = f"Means of the emotions, read by {common.reader_name(known.reader)}: everything, without suspects, and yours"
    table = _rows(known, person).sort_values("everything", ascending=False)
    look, words = common.theme(), wording.emotion_names()
    chart = common.remember(
        bars.means, known.scene, table.to_json(double_precision=15), look, tuple(words.values()),
        make=lambda: bars.means(table, look, words),
    )  # fmt: skip
    ui_charts.show(chart, key="means", alt=said)


def _rows(known: Doubted, person: Who) -> pd.DataFrame:
    """The seven, and below them the emotions that were taught."""
    return taught_tables.append_rows(doubts.table(known, person), emotions.rows(known, person))


def means_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table of means under the names that people read, each with its interval, as text."""
    told = {"emotion": table["emotion"].map(wording.emotion_name)}
    for name, head in (("everything", "everything"), ("automatic", "without suspects"), ("yours", "yours")):
        told[head] = table[name].map(number)
        low, high = table[f"{name}_low"].map(number), table[f"{name}_high"].map(number)
        told[f"{head}, 95 %"] = low + " to " + high
    return pd.DataFrame(told).assign(change=table["change"].map(signed_number))


def number(mean: float) -> str:
    """A mean with three decimals; “–” where no face is left."""
    return "–" if pd.isna(mean) else f"{mean:.3f}"


def sampling(known: Doubted) -> None:
    """One line on what longer steps would have told, and how the means scatter then."""
    found = doubts.sampling(known)
    said = sampling_check.describe_longest_step(found, wording.quoted_name)
    if not said:
        return
    st.caption(f":material/straighten: {said}")
    steps = {int(ms): f"every {ms / 1000:g} s" for ms in sorted(found["step_ms"].unique())}
    chart = evidence.sampling(found, doubts.top_of(common.timeline(known.scene), known.reader), steps, common.theme())
    ui_charts.show(chart, key="sampling", alt=f"The means at longer steps. {said}")


def describe_count(timeline: Timeline, person: Who) -> str:
    """Over what the means were taken."""
    share = tables.coverage(timeline, person)
    moments = round(share * len(timeline.samples))
    who = "a face" if person is None else "this person"
    over = f"Over the {moments} moments with {who}, {common.percent(share)} of all."
    return f"{over} The others count neither as zero nor as neutral."
