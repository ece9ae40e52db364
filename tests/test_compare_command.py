"""Comparing on the command line: the page's choices, the page's numbers, and what cannot be compared in a sentence."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.analysis import means
from core.model import Reading, Timeline, Verdict
from core.reading import people
from core.store.scenes import Store
from core.ui import common
from tests.support import builders, seed
from tests.support.builders import strip
from tests.support.charts import texts
from tests.support.pages import visit

pytestmark = pytest.mark.usefixtures("forgetful_pages")

DROP = Verdict("builtin", 0, "happy", 1000, 2000, True)


@pytest.fixture
def pair(store: Store) -> Store:
    """Two scenes, one with a dropped smile, one with two people of whom the second is called Anna."""
    seed.scene(store, strip("nnhhnnhhnnhh"), "Diner")
    seed.scene(store, strip("ssnn|nnssnnhhss"), "Rain")
    store.add_verdicts(1, [DROP])
    found = store.people(2)
    store.add_people_decisions(2, [people.name_person(found, found[1].id, "Anna")])
    return store


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What ``compare --json`` prints."""
    assert main(["compare", *words, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def mean(said: dict[str, Any], emotion: str, side: int = 0) -> float:
    return float(next(one for one in said["means"] if one["emotion"] == emotion)["sides"][side]["mean"])


def test_it_compares_a_person_with_a_scene_in_seconds(pair: Store, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, "1", "2:Anna", "--axis", "seconds")
    anna = pair.people(2)[1]
    table = means.means_table(pair.timeline(2), "builtin", (), (), anna.who).set_index("emotion")

    assert [(one["scene"], one.get("name")) for one in said["sides"]] == [(1, None), (2, "Anna")]
    assert mean(said, "sad", 1) == pytest.approx(table["everything"]["sad"], abs=1e-6)
    assert said["sides"][1]["end"] == pair.timeline(2).samples[-1].t_ms / 1000
    assert said["axis"] == "seconds" and said["reader"] == "builtin"
    assert told(capsys, "1", f"2:{anna.id}", "--axis", "seconds") == said
    assert told(capsys, "1", "2:Anna")["sides"][1]["end"] == 100


def test_what_was_dropped_is_left_out_or_in(pair: Store, capsys: pytest.CaptureFixture[str]) -> None:
    yours, everything = (told(capsys, "1", "2", "--numbers", numbers) for numbers in ("yours", "everything"))
    whole = means.means_table(pair.timeline(1), "builtin", (), pair.verdicts(1)).set_index("emotion")

    assert mean(yours, "happy") == pytest.approx(whole["yours"]["happy"], abs=1e-6)
    assert mean(everything, "happy") == pytest.approx(whole["everything"]["happy"], abs=1e-6)
    assert mean(yours, "happy") < mean(everything, "happy")
    assert mean(yours, "sad", 1) == mean(everything, "sad", 1)


@pytest.mark.parametrize("numbers", ["yours", "everything"])
def test_it_says_what_the_page_says(pair: Store, capsys: pytest.CaptureFixture[str], numbers: str) -> None:
    anna = pair.people(2)[1].id
    app = visit("compare", scenes=f"1,2:{anna}", axis="seconds", of=numbers)
    shown = [str(one.value) for one in (*app.markdown, *app.caption)]
    said = told(capsys, "1", "2:Anna", "--axis", "seconds", "--numbers", numbers)
    main(["compare", "1", "2:Anna", "--axis", "seconds", "--numbers", numbers])
    text = capsys.readouterr().out

    for remark in said["remarks"]:
        assert any(common.escape(remark["text"]) in one for one in (*shown, *(str(each.value) for each in app.warning)))
        assert remark["text"] in text
    for word in ("alike", "unlike"):
        at = int(said[word]["at"]), said[word]["at"] - int(said[word]["at"])
        assert any(one.startswith(f"at {at[0] // 60}:{at[0] % 60:02}") for one in shown), word
        sentence = re.search(rf"Most {word} at .*”: (.*)\.$", text, re.MULTILINE)
        assert sentence and any(sentence[1] in one for one in shown)


def test_its_charts_are_of_those_people_and_numbers(
    pair: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "both.zip"
    assert main(["compare", "1", "2:Anna", "--axis", "seconds", "--numbers", "everything", "--out", str(out)]) == 0
    said = told(capsys, "1", "2:Anna", "--axis", "seconds", "--numbers", "everything")
    with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as packed:
        lanes, bars = (texts(packed.read(f"{name}.svg")) for name in ("lanes", "means"))

    assert "filled: Diner · dashed: Rain, Anna" in lanes and not any("%" in one for one in lanes)
    for one in said["means"]:
        assert any(word.lstrip("+−") == f"{abs(one['gap']):.3f}" for word in bars), one["emotion"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["1"], "2 to 6 scenes"),
        (["1", "2:Nobody"], "Nobody here is called “Nobody”"),
        (["1", "2:77"], "Nobody in “Rain” has the number 77"),
        (["1", "99"], "99"),
        (["1", "two"], "“two” is no scene and no person of one"),
        (["1", "2", "--reader", "deepface"], "“deepface” did not read it"),
        (["1", "2", "--out", "both.png"], "End its name in .zip"),
        (["1", "2", "--axis", "minutes"], "minutes"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    pair: Store, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["compare", *words]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and said in told.err


def test_scenes_read_by_different_readers_are_compared_with_a_warning(
    pair: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    face = replace(builders.face(), readings={"deepface": Reading(builders.scores("sad"))})
    samples = tuple(replace(one, faces=(face,)) for one in strip("n" * 12).samples)
    seed.scene(pair, Timeline(500, samples), "Other", ["deepface"])
    said = told(capsys, "1", "3")

    assert said["reader"] is None
    assert said["remarks"][0]["wrong"] and "different readers" in said["remarks"][0]["text"]
