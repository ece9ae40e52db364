"""Charts are read by their specifications: which layers, which data, which fixed looks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd
import pytest

from core.analysis import tables
from core.charts import palette, timeline
from core.model import EMOTIONS
from tests.support.builders import strip

Spec = dict[str, Any]


def drawn(drawing: str = "nnhh.n|nss", *, smooth: bool = False, **settings: Any) -> Spec:
    """The strip of a drawing, with its own cuts and gaps."""
    scene = strip(drawing)
    curve = tables.curve(scene, "builtin")
    settings = {"cuts": tables.cuts(scene), "gaps": tables.gaps(scene)} | settings
    return timeline.timeline(tables.smooth(curve) if smooth else curve, **settings).to_dict()


def marks(spec: Spec, kind: str) -> list[Spec]:
    """The layers with this mark."""
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def rows(spec: Spec, layer: Spec) -> list[Spec]:
    """The data of a layer."""
    return spec["datasets"][layer.get("data", spec.get("data"))["name"]]


def full_and_faint(spec: Spec) -> tuple[set[str], set[str]]:
    """The emotions drawn in full, and those drawn faint."""
    lines = {layer["mark"]["opacity"]: layer for layer in marks(spec, "line")}
    full, faint = ({row["emotion"] for row in rows(spec, lines[o])} if o in lines else set() for o in (1, 0.4))
    return full, faint


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("chosen", [["sad"], list(EMOTIONS), ["surprise", "angry"]])
def test_an_emotion_has_its_own_look_whichever_others_are_drawn(theme: str, chosen: list[str]) -> None:
    line = marks(drawn(chosen=chosen, theme=theme, rest=False), "line")[0]["encoding"]

    looks = {"color": palette.PALETTE[theme], "strokeDash": palette.DASH, "strokeWidth": palette.WIDTH}
    for channel, values in looks.items():
        assert line[channel]["scale"]["domain"] == list(EMOTIONS)
        assert line[channel]["scale"]["range"] == list(values.values())
        assert line[channel]["scale"]["type"] == "ordinal", "a scale by order would interpolate the widths"
        assert line[channel]["legend"] is None


def test_the_chosen_are_in_full_and_the_rest_faint_or_absent() -> None:
    chosen = {"happy", "sad"}

    assert full_and_faint(drawn(chosen=sorted(chosen))) == (chosen, set(EMOTIONS) - chosen)
    assert full_and_faint(drawn(chosen=sorted(chosen), rest=False)) == (chosen, set())


def test_a_line_is_broken_by_cuts_and_gaps() -> None:
    spec = drawn("nnhh.n|nss")
    line = marks(spec, "line")[-1]
    happy = [row for row in rows(spec, line) if row["emotion"] == "happy"]

    assert line["encoding"]["detail"] == {"field": "run", "type": "nominal"}
    assert [row["run"] for row in happy] == [0, 0, 0, 0, 2, 3, 3, 3]


def test_a_moment_alone_between_gaps_is_a_mark_since_no_line_can_show_it() -> None:
    spec = drawn(".h.nn")
    lone = next(layer for layer in marks(spec, "point") if layer["mark"].get("size") == 26)

    assert {row["t_s"] for row in rows(spec, lone)} == {0.5}
    assert len(rows(spec, lone)) == len(EMOTIONS)


def test_cuts_are_hairlines_and_gaps_are_spans_with_a_word() -> None:
    spec = drawn("nn..nn|nn")

    assert [row["t_s"] for row in rows(spec, marks(spec, "rule")[0])] == [3.0]
    assert rows(spec, marks(spec, "rect")[0]) == [{"t_s": 1.0, "end_s": 2.0}]
    assert marks(spec, "rect")[0]["mark"]["color"] == palette.GROUND["dark"].surface
    assert [layer for layer in marks(spec, "text") if layer["mark"].get("text") == "no face"]


def test_a_scene_without_cuts_or_gaps_draws_neither() -> None:
    spec = drawn("nnnn")

    assert not marks(spec, "rule") and not marks(spec, "rect")


def test_a_click_anywhere_picks_the_nearest_moment_also_one_without_a_face() -> None:
    spec = drawn("nh.n")
    (pick,) = spec["params"]

    assert pick["name"] == "pick"
    assert pick["select"] == {"type": "point", "fields": ["t_s"], "nearest": True, "on": "click"}
    assert "empty" not in pick or pick["empty"] is False
    target = next(layer for layer in spec["layer"] if layer.get("name") in pick["views"])
    assert [row["t_s"] for row in rows(spec, target)] == [0.0, 0.5, 1.0, 1.5]
    assert target["mark"]["opacity"] == 0


def test_resting_on_a_moment_tells_its_time_and_every_score() -> None:
    told = drawn()["layer"][-1]["encoding"]["tooltip"]

    assert [tip["field"] for tip in told] == ["time", *EMOTIONS]


def test_scores_run_from_0_to_1_and_times_over_the_moments_there_are() -> None:
    encoding = marks(drawn("nnnnn"), "line")[0]["encoding"]

    assert encoding["y"]["scale"]["domain"] == [0, 1]
    assert encoding["x"]["scale"]["domain"] == [0, 2]


def test_each_chosen_line_is_named_at_its_end_and_no_two_names_meet() -> None:
    spec = drawn("nnnn")
    named = next(layer for layer in marks(spec, "text") if layer["encoding"]["text"].get("field") == "label")
    heights = sorted(row["score"] for row in rows(spec, named))

    assert {row["emotion"] for row in rows(spec, named)} == set(EMOTIONS)
    assert min(high - low for low, high in pairwise(heights)) >= 0.07
    assert named["mark"]["color"] == palette.GROUND["dark"].text, "words are in the text colour, never in an emotion's"


@pytest.mark.parametrize("drawing", ["", "n", "...", "h.", ".|.", "n|h"])
def test_even_the_emptiest_scene_has_a_strip(drawing: str) -> None:
    assert drawn(drawing)["layer"]
    assert drawn(drawing, chosen=[], smooth=True)["layer"]


def test_a_long_scene_is_thinned_before_it_is_drawn() -> None:
    curve = tables.curve(strip("nhs" * 2000), "builtin")
    with alt.data_transformers.disable_max_rows():
        spec = timeline.timeline(curve, chosen=["happy"], rest=False).to_dict()

    assert len(rows(spec, marks(spec, "line")[0])) <= 1500


@pytest.mark.parametrize("drawing", ["", "...", "nhs", "n.|h"])
def test_the_growing_chart_ends_where_the_scene_will(drawing: str) -> None:
    curve = tables.curve(strip(drawing), "builtin")
    spec = timeline.growth(curve, "dark", end_s=20).to_dict()

    assert marks(spec, "line")[0]["encoding"]["x"]["scale"]["domain"] == [0, 20]
    assert marks(spec, "line")[0]["encoding"]["x"]["axis"] is None


def test_the_growing_chart_marks_its_newest_moment() -> None:
    spec = timeline.growth(tables.curve(strip("nnn"), "builtin"), end_s=20).to_dict()

    assert rows(spec, marks(spec, "rule")[1])[0]["t_s"] == 1.0


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        ("...", "No scores: nobody is in frame."),
        (
            "hhs",
            "Mean happy 0.59, sad 0.31, angry 0.02. Highest is happy, 0.88 at 0:00.0. No cuts, no spans",
        ),
        ("h.|h", "1 cut, 1 span without a face."),
    ],
)
def test_the_strip_is_told_in_words(drawing: str, said: str) -> None:
    scene = strip(drawing)
    curve = tables.curve(scene, "builtin")

    assert said in timeline.describe(curve, tables.cuts(scene), tables.gaps(scene))


def test_a_chart_leaves_its_table_as_it_was() -> None:
    curve = tables.curve(strip("nh.n"), "builtin")
    before = curve.copy()
    timeline.timeline(curve).to_dict()

    pd.testing.assert_frame_equal(curve, before)
