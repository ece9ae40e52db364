"""Emotions in the language of whoever looks: on charts, pages and pictures; ids, addresses and exports stay English."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import language as words
from core.analysis import compare, means, tables
from core.charts import bars, compare_lanes, compare_means, doubt_layers, fonts, marks
from core.charts import timeline as charts
from core.charts.on_pictures import Wording, default_font
from core.errors import SettingError
from core.model import EMOTIONS, Suspect
from core.store.scenes import Store
from core.ui import pictures
from core.ui.gallery import faces
from tests.support import doubtful, pages
from tests.support.builders import strip
from tests.support.pages import visit
from tests.support.pages import words as said_on
from tests.support.project import ROOT

Spec = dict[str, Any]
GERMAN = words.LANGUAGES["de"].names
HINDI = words.LANGUAGES["hi"]


@pytest.fixture
def scene_id(store: Store) -> int:
    """A scene with a smile and a frown that are not to be believed."""
    return doubtful.scene(store)


def written(spec: Spec, field: str = "label") -> set[tuple[str, str]]:
    """Emotion and what the chart writes for it, wherever text comes from ``field``."""
    texts = [layer for layer in spec["layer"] if layer["encoding"].get("text", {}).get("field") == field]
    assert texts
    rows = [row for layer in texts for row in spec["datasets"][layer.get("data", spec.get("data"))["name"]]]
    return {(row["emotion"], row[field]) for row in rows}


def opened(view: str, locale: str, **address: object) -> AppTest:
    """A page in a browser of that locale."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.context["locale"] = locale
    for name, value in {"view": view, **address}.items():
        app.query_params[name] = str(value)
    app.run()
    assert not app.exception
    return app


def labels(app: AppTest, key: str) -> str:
    """What stands on a button."""
    return next(button.label for button in app.button if button.key == key)


def test_inside_a_sentence_a_foreign_name_stands_in_quotes() -> None:
    assert words.quote_emotion("happy", "en") == "happy" and words.quote_emotion("panic", "de") == "panic"


def test_the_strip_writes_the_words_and_its_data_keep_the_ids() -> None:
    curve = tables.curve(strip("nhsd"), "builtin")
    spec = charts.timeline(curve, words=GERMAN).to_dict()
    tooltips = next(layer["encoding"]["tooltip"] for layer in spec["layer"] if "tooltip" in layer["encoding"])

    assert written(spec) == set(GERMAN.items())
    assert [(one["field"], one.get("title")) for one in tooltips[1:]] == list(GERMAN.items())
    assert written(charts.timeline(curve).to_dict()) == {(name, name) for name in EMOTIONS}


def test_a_taught_emotion_keeps_its_own_name() -> None:
    curve = tables.curve(strip("nh"), "builtin")
    panic = curve[curve["emotion"] == "fear"].assign(emotion="panic")
    spec = charts.timeline(panic, chosen=["panic"], words=GERMAN).to_dict()

    assert written(spec) == {("panic", "panic")}
    assert "Highest is panic" in charts.describe(panic, words=GERMAN)


def test_a_pin_names_what_is_doubted() -> None:
    suspect = Suspect(doubtful.SMILE, 0.9, ())
    curve = tables.curve(doubtful.timeline(), "builtin")
    shown = doubt_layers.Doubts(marks.mark_table((suspect,), (), "builtin"), curve, {1600: "data:,"})
    spec = charts.timeline(curve, doubts=shown, words=GERMAN).to_dict()

    assert written(spec, "word") == {("happy", "fröhlich?")}


def test_bars_lanes_and_gaps_write_the_words_too() -> None:
    timeline = strip("hhsn")
    table = means.means_table(timeline, "builtin", (), ())
    both = compare.mean_gaps([table, table], "everything")
    said = tables.readings(timeline.samples[0].faces[0])

    assert written(bars.means(table, words=GERMAN).to_dict()) == set(GERMAN.items())
    assert written(bars.readers(said, words=GERMAN).to_dict()) == set(GERMAN.items())
    assert written(compare_means.dumbbells(both, words=GERMAN).to_dict()) == set(GERMAN.items())
    drawn = compare_lanes.lanes([], EMOTIONS, end=100, share=True, theme="dark", words=GERMAN)
    assert written(drawn.to_dict()) == set(GERMAN.items())
    assert "fröhlich 0." in compare_means.describe(both, ["a", "b"], GERMAN)


@pytest.mark.usefixtures("forgetful_pages")
def test_a_german_browser_reads_german_names_and_the_addresses_stay_english(store: Store, scene_id: int) -> None:
    app = opened("review", "de-AT", scene=scene_id)
    sent = b"".join(one.proto.SerializeToString() for one in app.get("vega_lite_chart"))

    assert app.header[0].value == "Nicht glauben: „:violet[fröhlich]“"
    assert "fröhlich 0.88" in labels(app, "row_0.happy.1600")
    assert "wirkt „fröhlich“" in said_on(app)
    assert "ängstlich".encode() in sent
    app.button(key="drop").click().run()
    assert app.toast[0].value.startswith("Dropped: “fröhlich” at")
    assert [one.emotion for one in store.verdicts(scene_id)] == ["happy"]


@pytest.mark.usefixtures("forgetful_pages")
def test_the_address_says_otherwise_than_the_browser_and_the_session_keeps_it(store: Store, scene_id: int) -> None:
    app = opened("scene", "de-AT", scene=scene_id, lang="fr", show="happy,sad")
    told = pages.player(app)

    assert [one["label"] for one in told["look"]["emotions"]] == list(words.LANGUAGES["fr"].names.values())
    assert [one["name"] for one in told["look"]["emotions"]] == list(EMOTIONS)
    assert told["chosen"] == ["happy", "sad"] and set(told["curves"]) == set(EMOTIONS)
    assert told["peaks"][0]["emotion"] == "happy"
    assert "« joie »" in json.dumps(told["peaks"][0]["reasons"], ensure_ascii=False)
    app.session_state["means_table"] = True
    assert "joie" in app.run().dataframe[0].value["emotion"].tolist()
    del app.query_params["lang"]
    app.run()
    assert pages.player(app)["look"]["emotions"][3]["label"] == "joie"


@pytest.mark.usefixtures("forgetful_pages")
def test_an_unknown_language_is_the_browsers_and_the_gallery_is_sorted_by_ids(store: Store, scene_id: int) -> None:
    app = opened("faces", "es", scene=scene_id, lang="xx", sort="most happy", emotion="happy")
    (order,) = (one for one in app.selectbox if one.label == "Sort by")

    assert order.value == "most happy" and "most “alegría”" in order.options
    assert app.query_params["emotion"] == "happy"


@pytest.mark.usefixtures("forgetful_pages")
def test_a_browser_that_says_nothing_reads_english(store: Store, scene_id: int) -> None:
    assert visit("review", scene=scene_id).header[0].value == "Do not believe this :violet[happy]"
    assert faces.order_name("most happy") == "most happy" and faces.order_name("surest first") == "surest first"


def test_pictures_are_written_in_english_where_no_font_can_write_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(language: words.Language) -> fonts.Font:
        raise SettingError(f"No font for {language.name}.")

    monkeypatch.setattr(pictures.ui_words, "page_language", lambda: HINDI)
    monkeypatch.setattr(fonts, "find_font", none)
    assert pictures.wording() == Wording(words.ENGLISH, default_font)
