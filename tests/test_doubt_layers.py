"""What the strip says of doubt, read from its specification: what is hatched, hollow, hung above, grey."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from core.analysis import tables
from core.charts import doubt_layers, marks, timeline
from core.charts.palette import GROUND, SHAPE
from core.model import Peak, Span, Suspect, Verdict
from tests.support.builders import strip

Spec = dict[str, Any]

SMILE = Suspect(Peak(0, "happy", 1000, 1500, 1000, 0.88), 0.93)
FROWN = Suspect(Peak(0, "sad", 4000, 4500, 4000, 0.88), 0.6)
DROPPED = Verdict("builtin", 0, "happy", 1000, 1500, True)
FACES = {1000: "data:image/png;base64,AA", 4000: "data:image/png;base64,BB"}


def drawn(*verdicts: Verdict, theme: str = "dark", suspects: tuple[Suspect, ...] = (FROWN, SMILE), **more: Any) -> Spec:
    """The strip of a scene with a lone smile and a lone frown."""
    scene = strip("nnhnnnnnsnnn")
    whole = tables.curve(scene, "builtin")
    spans = [Span(one.track, one.start_ms, one.end_ms) for one in verdicts if one.dropped]
    shown = doubt_layers.Doubts(marks.mark_table(suspects, verdicts, "builtin"), whole, FACES)
    yours = tables.curve(scene, "builtin", without=spans)
    return timeline.timeline(yours, theme=theme, doubts=shown, **more).to_dict()


def layers(spec: Spec, kind: str, **look: Any) -> list[Spec]:
    """The layers with this mark and look."""
    return [
        layer
        for layer in spec["layer"]
        if layer["mark"]["type"] == kind and all(layer["mark"].get(name) == value for name, value in look.items())
    ]


def rows(spec: Spec, layer: Spec) -> list[Spec]:
    """The data of a layer."""
    return spec["datasets"][layer["data"]["name"]]


def columns(spec: Spec) -> list[Spec]:
    """The hatched columns."""
    return [row for layer in layers(spec, "image", aspect=False) for row in rows(spec, layer)]


def hollow(spec: Spec) -> dict[str, tuple[float, str]]:
    """Emotion → time and colour of its hollow mark."""
    found = [layer for layer in layers(spec, "point") if "stroke" in layer["encoding"]]
    return {row["emotion"]: (row["t_s"], row["paint"]) for layer in found for row in rows(spec, layer)}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_open_doubt_is_hatched_and_hollow_in_the_colour_of_doubt_alone(theme: str) -> None:
    spec = drawn(theme=theme)
    marker = GROUND[theme].marker

    assert [(row["t_s"], row["end_s"]) for row in columns(spec)] == [(1.0, 1.5), (4.0, 4.5)]
    hatching = layers(spec, "image", aspect=False)[0]["mark"]["url"].removeprefix("data:image/svg+xml;base64,")
    assert marker in b64decode(hatching).decode()
    assert hollow(spec) == {"happy": (1.0, marker), "sad": (4.0, marker)}
    assert layers(spec, "point", size=150)[0]["mark"]["fill"] == GROUND[theme].background
    assert layers(spec, "point", size=150)[0]["encoding"]["shape"]["scale"]["range"] == list(SHAPE.values())


def test_a_dropped_peak_is_grey_and_no_longer_hatched_and_its_line_is_hollow() -> None:
    spec = drawn(DROPPED)

    assert [row["t_s"] for row in columns(spec)] == [4.0]
    assert hollow(spec)["happy"] == (1.0, GROUND["dark"].muted)
    (ghost,) = layers(spec, "line", color=GROUND["dark"].muted)
    happy = [(row["t_s"], row["score"]) for row in rows(spec, ghost) if row["emotion"] == "happy"]
    assert [t_s for t_s, _ in happy] == [0.5, 1.0, 1.5]
    assert max(score for _, score in happy) == pytest.approx(0.88)
    (full,) = layers(spec, "line", opacity=1)
    assert 1.0 not in {row["t_s"] for row in rows(spec, full)}, "the full line has a gap there"


def test_a_kept_peak_is_drawn_as_any_other() -> None:
    spec = drawn(Verdict("builtin", 0, "happy", 1000, 1500, False))

    assert [row["t_s"] for row in columns(spec)] == [4.0]
    assert set(hollow(spec)) == {"sad"}


def test_where_nothing_is_doubted_nothing_is_added() -> None:
    assert (
        drawn(suspects=())["layer"]
        == timeline.timeline(tables.curve(strip("nnhnnnnnsnnn"), "builtin")).to_dict()["layer"]
    )


def test_a_face_hangs_over_each_doubt() -> None:
    spec = drawn()
    hung = {
        row["url"]: layer["mark"]["width"]
        for layer in layers(spec, "image", baseline="bottom")
        for row in rows(spec, layer)
    }

    assert hung == {FACES[1000]: 36, FACES[4000]: 36}


def test_the_words_beside_a_pin_say_what_is_doubted_with_the_score_that_the_curve_has_there() -> None:
    spec = drawn(DROPPED)
    told = {
        (row["word"], row["number"])
        for layer in layers(spec, "text")
        if layer["encoding"]["text"].get("field") == "word"
        for row in rows(spec, layer)
    }

    assert told == {("happy", "dropped"), ("sad?", "0.88")}


def test_pins_make_the_chart_taller_not_the_curves_lower() -> None:
    assert drawn()["height"] > drawn(suspects=())["height"]


def test_a_moment_in_a_long_scene_still_has_a_column_to_see() -> None:
    scene = strip("n" * 2000)
    curve = tables.curve(scene, "builtin")
    doubts = doubt_layers.Doubts(marks.mark_table((SMILE,), (), "builtin"), curve, {})
    spec = timeline.timeline(curve.head(7 * 600), doubts=doubts).to_dict()
    (column,) = columns(spec)

    assert column["end_s"] - column["t_s"] > 2
