"""A scene in few rows: what they count, whose they are, and that they agree with what the page shows."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pandas as pd
import pytest

from core.__main__ import main
from core.export import kinds, summary
from core.model import EMOTIONS, Gathering, Verdict
from core.shelf.scene_view import SceneView, view_scene
from core.store.scenes import Store
from tests.support import seed
from tests.support.builders import strip

STORY = "nnhnn.nn|nn.nn"


@pytest.fixture
def scene_id(store: Store) -> int:
    return seed.scene(store, strip(STORY, 200))


def view(store: Store, scene_id: int) -> SceneView:
    return view_scene(store, store.scene(scene_id), "builtin")


def test_there_is_a_row_for_everybody_and_each_person_and_emotion(store: Store, scene_id: int) -> None:
    table = summary.summary_table(view(store, scene_id))

    assert table.dtypes.astype("str").to_dict() == summary.SUMMARY_TYPES
    assert table.groupby("name", sort=False)["emotion"].agg(list).to_dict() == {
        name: list(EMOTIONS) for name in ("", "Person 1", "Person 2")
    }
    everybody = table[table["person"].isna()].iloc[0]
    assert (everybody["faces"], everybody["moments"], everybody["coverage"]) == (11, 11, pytest.approx(11 / 13))


def test_means_are_those_of_the_page_and_of_the_curve(store: Store, scene_id: int) -> None:
    looked_at = view(store, scene_id)
    rows = summary.summary_table(looked_at).query("name == ''").set_index("emotion")

    assert rows["mean"].tolist() == looked_at.means()["yours"].tolist()
    assert rows["mean_by_time"]["happy"] == pytest.approx(looked_at.curve().query("emotion == 'happy'")["score"].mean())


def test_what_was_dropped_is_out_of_all_but_the_mean_before(store: Store, scene_id: int) -> None:
    store.add_verdicts(scene_id, [Verdict("builtin", 0, "happy", 400, 600, True)])
    happy = summary.summary_table(view(store, scene_id)).query("name == 'Person 1' and emotion == 'happy'").iloc[0]

    assert happy["mean"] == pytest.approx(0.02) == happy["mean_by_time"] and happy["mean_before_review"] > 0.1
    assert (happy["moments"], happy["on_screen_ms"]) == (6, 1200)


def test_two_faces_of_a_moment_weigh_twice_by_face_and_once_by_time(store: Store) -> None:
    crowded = strip("nn")
    both = crowded.samples[0].faces + strip("h").samples[0].faces
    samples = (replace(crowded.samples[0], faces=both), crowded.samples[1])
    scene_id = seed.scene(store, replace(crowded, samples=samples))
    happy = summary.summary_table(view(store, scene_id)).query("name == '' and emotion == 'happy'").iloc[0]

    assert happy["mean"] == pytest.approx((0.02 + 0.88 + 0.02) / 3)
    assert happy["mean_by_time"] == pytest.approx(((0.02 + 0.88) / 2 + 0.02) / 2)


def test_peaks_say_whose_they_are_and_what_was_decided(store: Store, scene_id: int) -> None:
    store.add_people_decisions(scene_id, [Gathering("name", 0, "Dwight")])
    before = summary.peaks_table(view(store, scene_id))
    happy = before.query("emotion == 'happy'").iloc[0]
    store.add_verdicts(scene_id, [Verdict("builtin", 0, "happy", int(happy["start_ms"]), int(happy["end_ms"]), True)])
    after = summary.peaks_table(view(store, scene_id)).query("emotion == 'happy'").iloc[0]

    assert before.dtypes.astype("str").to_dict() == summary.PEAK_TYPES
    assert happy["name"] == "Dwight" and pd.isna(happy["dropped"]) and after["dropped"]
    assert before["doubt"].is_monotonic_decreasing


def test_several_scenes_are_one_table(store: Store, scene_id: int, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    other = seed.scene(store, strip("hhh"), title="other")

    for kind, every in kinds.TIDY.items():
        assert main(["export", str(scene_id), str(other), "--to", kind]) == 0
        read = pd.read_csv(io.BytesIO(capfdbinary.readouterr().out))
        assert len(read) == sum(len(every(view(store, one))) for one in (scene_id, other))


def test_the_command_of_peaks_names_whose_they_are(
    store: Store, scene_id: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["peaks", str(scene_id), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["peaks"]

    assert {(one["person"], one["name"]) for one in said} <= {(0, "Person 1"), (1, "Person 2")} and said


def test_a_scene_of_nobody_has_rows_without_numbers(store: Store) -> None:
    table = summary.summary_table(view(store, seed.scene(store, strip("..."))))

    assert table["mean"].isna().all() and len(table) == len(EMOTIONS) and set(table["coverage"]) == {0.0}
