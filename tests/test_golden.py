"""What charts and pages look like is kept in tests/golden: whoever changes one sees old beside new, and decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from core.__main__ import main
from core.emotions import emotion_file
from core.export import render
from core.model import Calm, Gathering, Sample, Timeline, Verdict
from core.shelf import emotions
from core.store.scenes import Store
from tests.support import builders, doubtful, golden, seed
from tests.support.builders import LETTERS, strip
from tests.support.emotions import examples, lift
from tests.support.pages import visit

CHARTS = {
    "scene": ("export 1", "curves curves-smoothed means sampling doubt-1-happy-1600-closer doubt-1-happy-1600-readers"),
    "scene-dark-german": ("export 1 --theme dark --language de", "curves means doubt-1-happy-1600-readers"),
    "people": ("export 3", "curves people people-together change-from-calm-0"),
    "own-emotion": ("export 2 --with {glee}", "curves means"),
    "comparison": ("compare 1 2", "lanes scene-by-scene means difference"),
    "comparison-dark": ("compare 1 2 3 --axis seconds --theme dark", "lanes"),
}
"""Where charts come from: a command, and which of its charts are kept."""

KEPT_CHARTS = [(origin, chart) for origin, (_, charts) in CHARTS.items() for chart in charts.split()]

PAGES = {
    "shelf": {},
    "scene": {"scene": 1},
    "review": {"scene": 1},
    "faces": {"scene": 3},
    "teach": {"scene": 2},
    "compare": {"scenes": "1,2"},
}


@pytest.fixture(scope="module")
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with three scenes: doubts and a decision, happy faces that taught glee, and two people."""
    folder = tmp_path_factory.mktemp("golden")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTTAKE_HOME", str(folder))
        patch.setenv("DEEPFACE_HOME", str(folder))
        store = Store()
        dropped = Verdict("builtin", 0, "sad", 3200, 3400, True)
        store.add_verdicts(doubtful.scene(store, "Diner"), [dropped])
        rain = seed.scene(store, strip("nnhhh.nn|nnhhnn|nhnn|hhhn"), "Rain")
        lift(store, rain)
        glee = emotions.learn(store, "glee", *examples(store, rain))
        emotions.save_emotion(store, glee)
        (folder / "glee.json").write_text(emotion_file.to_json(glee), "utf-8")
        pair = seed.scene(store, two_people(), "Two")
        store.add_people_decisions(pair, [Gathering("name", 0, "Anna")])
        store.set_baseline(pair, Calm(0, 0, 800))
        store.close()
        yield folder


def two_people() -> Timeline:
    """Somebody who smiles late, and somebody who is sad early."""
    both = zip("nnnnnhhhh", "sssssnnnn", strict=True)
    moments = [
        Sample(200 * at, (builders.face(LETTERS[one]), builders.face(LETTERS[other], left=220, track=1)))
        for at, (one, other) in enumerate(both)
    ]
    return Timeline(200, tuple(moments))


@pytest.fixture(scope="module")
def specs(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every chart of those commands as it goes to the renderer."""
    folder, made = tmp_path_factory.mktemp("charts"), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTTAKE_HOME", str(shelf))
        for origin, (command, _) in CHARTS.items():
            drawn: dict[str, Any] = {}
            patch.setattr(render, "render_charts", lambda specs, drawn=drawn: drawn.update(specs) or {})
            words = command.format(glee=shelf / "glee.json").split()
            more = ["--to", "charts"] if words[0] == "export" else []
            assert main([*words, *more, "--out", str(folder / f"{origin}.zip")]) == 0
            made[origin] = drawn
    return made


@pytest.mark.parametrize(("origin", "chart"), KEPT_CHARTS, ids=lambda part: part)
def test_a_chart_is_drawn_as_it_was(specs: Mapping[str, Any], origin: str, chart: str, accept: bool) -> None:
    golden.check(f"charts/{origin}-{chart}.json", golden.chart_text(specs[origin][chart]), accept=accept)


@pytest.mark.parametrize("view", PAGES)
def test_a_page_says_and_offers_what_it_did(
    shelf: Path, view: str, monkeypatch: pytest.MonkeyPatch, accept: bool
) -> None:
    monkeypatch.setenv("OUTTAKE_HOME", str(shelf))
    st.cache_resource.clear()
    st.cache_data.clear()
    golden.check(f"pages/{view}.txt", golden.page_text(visit(view, **PAGES[view])), accept=accept)


def test_nothing_is_kept_that_is_not_drawn() -> None:
    kept = {str(path.relative_to(golden.FOLDER)) for path in golden.FOLDER.rglob("*.*")}

    assert kept == {f"charts/{origin}-{chart}.json" for origin, chart in KEPT_CHARTS} | {
        f"pages/{view}.txt" for view in PAGES
    }


def test_what_differs_is_reported_with_old_beside_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    spec = {
        "mark": "bar",
        "data": {"values": [{"x": 1 / 3}]},
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
    }
    golden.check("a.json", golden.chart_text(spec), accept=True)
    golden.check("a.json", golden.chart_text(spec | {"data": {"values": [{"x": 1 / 3 + 1e-9}]}}), accept=False)

    with pytest.raises(AssertionError, match="--accept") as refused:
        golden.check("a.json", golden.chart_text(spec | {"mark": "point"}), accept=False)
    report = Path(str(refused.value).split("differs: ")[1].split(" shows")[0]).read_text("utf-8")
    assert report.count("<svg") == 2 and "&quot;point&quot;" in report
