"""The fit of the doubt's weights: it opens valid alone, its scenes tell the truth, and its optimum is one."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bench import doubt_figures
from bench.cases import Case, cases, films, gathered
from bench.film_peaks import FilmPeak
from bench.scene_pictures import film, found, frame
from bench.scenes import LEAST_MS, PLANTS, scenes
from core.doubt.evidence import gather_evidence
from core.doubt.model import EITHER_WAY, Model, collect_figures, weights_name
from core.doubt.weights import CARD
from core.faces import pixels
from core.model import EMOTIONS, Crop, Face, Read, Reading, Sample, Scores, Timeline
from core.reading.closer_look import CloserLook
from tests.support import builders
from tests.support.project import ROOT, SHARED, skip_or_fail
from training import fit_doubts, fit_film, shipped
from training.data import Faces
from training.logistic import weigh_loss

FERPLUS = SHARED / "data" / "ferplus"

WATCHED = """
import sys, numpy as np
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from pathlib import Path
from core.model import Reading, Scores
from training import fit_doubts

def by_light(share):
    def read(crops):
        light = [float(np.mean(crop)) / 255 for crop in crops]
        rows = [np.array([1, 1, 1, 1 + 9 * each * share, 1 + 3 * (1 - each), 1, 2]) for each in light]
        return [Reading(Scores(*(row / row.sum())), Scores(*([0.05] * 7)) if share < 1 else None) for row in rows]
    return read

def make():
    return {"fer": by_light(1.0), "builtin": by_light(0.9)}

weighed = fit_doubts.weighable(fit_doubts.gathered(Path(sys.argv[1]), make, {False: 30, True: 30}, workers=1))
fit_doubts.card(weighed)
print(len(weighed))
print("\\n".join(path for path in opened if "ferplus" in path or path.endswith((".npz", ".mp4", ".gif"))))
"""


@pytest.mark.slow
@pytest.mark.clips
def test_the_fit_opens_valid_and_neither_test_nor_train_nor_a_clip() -> None:
    if not FERPLUS.is_dir():
        skip_or_fail(str(FERPLUS))
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, str(FERPLUS)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    count, *opened = ran.stdout.split()

    assert int(count) > 50
    assert {Path(path).name for path in opened} == {"valid.npz"}


def test_the_shipped_weights_say_where_they_come_from() -> None:
    origin = json.loads(CARD.read_text("utf-8"))["origin"]

    assert "valid" in origin["pictures"]
    assert all(one["peaks"] > 200 for one in origin["peaks"].values())


def test_the_shipped_weights_were_fitted_to_the_shipped_reader() -> None:
    members = json.loads(CARD.read_text("utf-8"))["origin"]["members"]

    assert members == shipped.weights(shipped.card())


LABELS = np.repeat(np.arange(len(EMOTIONS)), 6)
PICTURES = np.random.default_rng(0).integers(0, 255, (len(LABELS), 48, 48)).astype(np.uint8)
"""Every label's pictures; their first pixel tells which one it is to nobody, for readers here see crops."""


def test_scenes_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    one, again, other = (next(scenes(LABELS, 10, seed)) for seed in (1, 1, 2))

    assert [shot.held for shot in one.shots] == [shot.held for shot in again.shots]
    assert [shot.held for shot in one.shots] != [shot.held for shot in other.shots]


def test_shots_follow_each_other_without_a_gap_and_each_picture_has_its_label() -> None:
    for scene in scenes(LABELS, 200, 1):
        held = [one for shot in scene.shots for one in shot.held]
        assert held[0].start_ms == 0
        assert all(before.end_ms == after.start_ms for before, after in pairwise(held))
        assert all(EMOTIONS[LABELS[one.picture]] == one.label for one in held)


def test_an_expression_that_is_there_lasts() -> None:
    for scene in scenes(LABELS, 300, 3):
        for shot in scene.shots:
            by_label: dict[str, int] = {}
            for one in shot.held:
                by_label[one.label] = by_label.get(one.label, 0) + one.end_ms - one.start_ms
            assert min(by_label.values()) >= LEAST_MS


def test_every_shot_carries_a_plant_on_request_and_a_wrong_picture_is_true_of_nothing() -> None:
    shots = [shot for scene in scenes(LABELS, 400, 1, plants=True) for shot in scene.shots]

    assert {shot.plant for shot in shots} == set(PLANTS)
    for shot in shots:
        wrong = [one for one in shot.held if not one.label]
        assert len(wrong) == (shot.plant in ("wrong frame", "cut"))
        assert (shot.blurred != (0, 0)) == (shot.plant == "blur")


def test_a_frame_s_crop_is_the_picture_it_was_made_from() -> None:
    smooth = np.stack([pixels.cv2.GaussianBlur(each, (0, 0), 3) for each in PICTURES])
    scene = next(scenes(LABELS, 10, 5))
    likeness = []
    for shot in scene.shots:
        t_ms = shot.start_ms
        seen = pixels.crop(frame(smooth, scene, shot, t_ms).image, found(shot, t_ms))[:, :, 0]
        shown = pixels.cv2.resize(smooth[scene.shown(shot.number, t_ms).picture], seen.shape)
        shown = shown[:, ::-1] if shot.mirrored else shown
        likeness.append(np.corrcoef(seen[8:-8, 8:-8].ravel(), shown[8:-8, 8:-8].ravel())[0, 1])

    assert np.median(likeness) > 0.9


def always(emotion: str):
    def read(crops: list[Crop]) -> list[Reading]:
        return [Reading(Scores(**{emotion: 0.9, "neutral": 0.1})) for _ in crops]

    return read


def test_a_peak_is_true_where_its_emotion_is_shown_and_false_elsewhere() -> None:
    for some in films(PICTURES, LABELS, {"r": always("happy")}, 120, planted=False, seed=1):
        for case in cases(some, "r"):
            shot = some.scene.shots[case.evidence.peak.track]
            length = sum(one.end_ms - one.start_ms for one in shot.held if one.label == "happy")
            assert case.false == (2 * length < shot.end_ms - shot.start_ms)


def test_a_film_has_a_face_at_every_moment_and_a_track_per_shot() -> None:
    scene = next(scenes(LABELS, 10, 2))
    timeline = film(PICTURES, scene, {"r": always("sad")})

    assert [sample.t_ms for sample in timeline.samples] == list(range(0, scene.shots[-1].end_ms, scene.step_ms))
    assert all(sample.faces[0].track == sample.shot for sample in timeline.samples)


def some_cases() -> list[Case]:
    found_films = films(PICTURES, LABELS, {"r": brightness}, 300, planted=False, seed=4)
    return [case for some in found_films for case in cases(some, "r")]


def brightness(crops: list[Crop]) -> list[Reading]:
    light = [float(np.mean(crop[40:56, 40:56])) / 255 for crop in crops]
    return [Reading(Scores(happy=0.2 + 0.6 * each, sad=0.7 - 0.6 * each, neutral=0.1)) for each in light]


def bright() -> dict[str, Read]:
    return {"r": brightness, "s": brightness}


@pytest.mark.slow
def test_two_workers_find_what_one_does() -> None:
    faces = Faces(PICTURES, np.zeros((len(LABELS), 8), np.float32), LABELS)
    one, two = (gathered(faces, bright, {False: 150, True: 30}, seed=2, workers=count) for count in (1, 2))

    assert len(one) > 20
    assert [(case.evidence, case.looks) for case in one] == [(case.evidence, case.looks) for case in two]


def test_the_fitted_weights_are_the_best_ones_within_their_bounds() -> None:
    weighed = some_cases()
    fitted = fit_doubts.weights(weighed)
    names = list(fitted)
    table = np.array([[1.0, *(collect_figures(case.evidence)[name] for name in names[1:])] for case in weighed])
    truth = np.array([case.false for case in weighed], float)
    pull = np.array([0.0] + [fit_doubts.RIDGE] * (len(names) - 1))

    def loss(at: np.ndarray) -> float:
        return weigh_loss(at, table, truth, pull, np.zeros(len(names)))[0]

    best = np.array(list(fitted.values()))
    for place, name in enumerate(names):
        for step in (-0.05, 0.05):
            other = best.copy()
            other[place] += step
            if name in EITHER_WAY or other[place] >= fit_doubts.LEAST.get(name, 0.0):
                assert loss(other) >= loss(best) - 1e-3


def test_a_rule_that_is_left_out_has_no_weights() -> None:
    weighed = some_cases()
    named = weights_name(weighed[0].evidence)

    assert {"few", "between"} <= set(fit_doubts.sets(weighed)[named])
    assert not {"few", "between"} & set(fit_doubts.sets(weighed, without="alone")[named])
    assert 0 < Model(fit_doubts.sets(weighed, without="alone")).doubt(weighed[0].evidence) < 1


def test_auroc_caught_and_calibration_are_what_their_names_say() -> None:
    false = np.array([False, False, False, False, True, True])
    doubt = np.array([0.1, 0.2, 0.3, 0.9, 0.8, 0.95])

    assert doubt_figures.auroc(false, doubt) == pytest.approx(7 / 8)
    assert doubt_figures.auroc(false, np.zeros(6)) == 0.5
    assert doubt_figures.caught(false, doubt, spared=0.0) == 0.5
    assert doubt_figures.caught(false, doubt, spared=0.25) == 1.0
    assert doubt_figures.calibration_error(np.array([True, False]), np.array([0.5, 0.5])) == 0.0
    assert doubt_figures.calibration_error(np.array([True, True]), np.array([0.25, 0.25])) == 0.75


def film_peaks(count: int, clip: str, *, false: bool, moves: float) -> list[FilmPeak]:
    face = Face(builders.found(), 200.0, 0, {"r": Reading(Scores(happy=0.9, neutral=0.1))})
    one = next(gather_evidence(Timeline(200, (Sample(0, (face,)),)), "r"))
    look = CloserLook(1.0, 0.9, 1.0, 800, 800, 0.5, 120.0, mouth_moves=moves)
    return [FilmPeak(clip, replace(one, closer=look), false, True, False, False, False)] * count


def test_film_moves_a_weight_from_where_it_begins_towards_what_its_peaks_say() -> None:
    kind = weights_name(film_peaks(1, "a", false=True, moves=0.6)[0].evidence)
    model = Model({kind: {"always": 0.0}})
    agreeing = fit_film.fit_film(film_peaks(12, "a", false=True, moves=0.6), model)
    denying = fit_film.fit_film(film_peaks(12, "a", false=False, moves=0.6), model)

    begins = fit_film.BEGINNINGS["mouth moving"]
    assert 0 <= denying["mouth moving"] < begins < agreeing["mouth moving"]
    assert agreeing["head down"] == fit_film.BEGINNINGS["head down"]


def test_a_clip_of_many_peaks_weighs_no_more_than_one_of_twelve() -> None:
    kind = weights_name(film_peaks(1, "a", false=True, moves=0.6)[0].evidence)
    model = Model({kind: {"always": 0.0}})
    twelve, sixty = (
        fit_film.fit_film(film_peaks(count, "a", false=True, moves=0.6), model)["mouth moving"] for count in (12, 60)
    )

    assert sixty == pytest.approx(twelve, abs=1e-3)


def test_the_shipped_card_holds_every_weight_of_film_and_none_below_nothing() -> None:
    film_weights = json.loads(CARD.read_text("utf-8"))["film"]["weights"]

    assert set(film_weights) == set(fit_film.BEGINNINGS)
    assert all(weight >= 0 for name, weight in film_weights.items() if name not in EITHER_WAY)
