"""Exact strengths, figures and doubts for evidence built by hand: the expected numbers are worked out on paper."""

from __future__ import annotations

import math
from contextlib import nullcontext
from dataclasses import replace

import pytest

from core.doubt import evidence, rules, verdicts
from core.doubt.evidence import Evidence, SecondOpinion, gather_evidence
from core.doubt.limits import LIMITS
from core.doubt.model import Model, weights_name
from core.doubt.peaks import find_peaks
from core.doubt.weights import load_model
from core.errors import SettingError
from core.model import (
    EMOTIONS,
    Box,
    Face,
    Found,
    Landmarks,
    Peak,
    Point,
    Reading,
    Recipe,
    Sample,
    Scores,
    Timeline,
    Verdict,
    Video,
)
from core.reading.closer_look import CloserLook
from tests.support.builders import found, strip

SURE = Scores(happy=0.9, neutral=0.1)
NINE, THREE = math.log(9), math.log(3)


def lead(score: float, other: float) -> float:
    """How far a score leads: both are taken a thousandth higher, so that none is 0."""
    return math.log((score + 0.001) / (other + 0.001))


GOOD = Evidence(
    peak=Peak(track=0, emotion="happy", start_ms=0, end_ms=3200, apex_ms=800, height=0.9),
    reader="builtin",
    scores=SURE,
    mean=0.9,
    lead=NINE,
    sightings=100,
    saying=16,
    moments=16,
    step_ms=200,
    neighbours=4,
    distance=0.0,
    usual=0.9,
    between=Scores(),
    spread=None,
    split=None,
    second=None,
    closer=None,
    width_px=200,
    sharpness=200.0,
    confidence=0.99,
    usual_confidence=0.99,
    turned=0.0,
    at_edge=False,
    to_cut_ms=1000,
)
"""A smile of 3.2 s that nothing speaks against."""

LOOK = CloserLook(1.0, 0.9, THREE, 800, 800, 0.5, 120.0)
AGAIN = replace(LOOK, crops_lead=-NINE, crops_score=0.1, again_score=0.25)
SAD = SecondOpinion("deepface", Scores(happy=0.2, sad=0.6, neutral=0.2), unanimous=False)


def lasting(ms: int) -> Peak:
    return replace(GOOD.peak, end_ms=ms)


STRENGTHS = [
    ("alone", {"distance": 7.5, "usual": 0.1}, 0.5),
    ("alone", {"distance": 2.9, "usual": 0.1}, None),
    ("alone", {"distance": 7.5, "usual": 0.69}, 0.5),
    ("alone", {"distance": 7.5, "usual": 0.71}, None),  # too little above the usual score
    ("alone", {"distance": 7.5, "usual": 0.1, "neighbours": 2}, None),
    ("between", {"between": Scores(fear=0.6), "peak": lasting(1000)}, 0.72),
    ("between", {"between": Scores(fear=0.6), "peak": lasting(1001)}, None),
    ("between", {"between": Scores(fear=0.39), "peak": lasting(1000)}, None),
    ("between", {"between": Scores(neutral=0.6), "peak": lasting(1000)}, None),
    ("between", {"between": Scores(happy=0.6), "peak": lasting(1000)}, None),
    ("brief", {"peak": lasting(300)}, 0.65),
    ("brief", {"peak": lasting(601)}, None),
    ("brief", {"peak": lasting(300), "sightings": 16}, None),  # all that is seen of the person
    ("second", {"second": SAD}, 0.5),
    ("second", {"second": replace(SAD, scores=SURE)}, None),
    ("members", {"spread": 0.15, "split": True}, 0.5),
    ("members", {"spread": 0.15, "split": False}, None),
    ("members", {"spread": 0.09, "split": True}, None),
    ("crops", {"closer": replace(LOOK, survives_crops=0.25)}, 0.75),
    ("crops", {"closer": replace(LOOK, survives_crops=0.6)}, None),
    ("frames", {"closer": replace(LOOK, survives_ms=100)}, 0.75),
    ("frames", {"closer": replace(LOOK, survives_ms=100, window_ms=399)}, None),
    ("unreadable", {"width_px": 30}, 0.55),
    ("unreadable", {"width_px": 24}, 0.8),
    ("unreadable", {"width_px": 23}, 1.0),
    ("unreadable", {"sharpness": 11.0}, 0.55),
    ("unreadable", {"width_px": 35, "sharpness": 11.0}, 1.0),
    ("unreadable", {"width_px": 36, "sharpness": 12.0}, None),
    ("dark", {"closer": replace(LOOK, light=20.0)}, 0.75),
    ("turned", {"turned": 0.525}, 0.55),
    ("turned", {"turned": 0.34}, None),
    ("cut off", {"at_edge": True}, 0.4),
    ("at cut", {"to_cut_ms": 0, "moments": 1}, 0.4),
    ("at cut", {"to_cut_ms": 0, "moments": 2}, None),
    ("head down", {"nose_low": 0.635}, 0.5),
    ("head down", {"nose_low": 0.56}, None),
    ("mouth moving", {"closer": replace(LOOK, mouth_moves=0.28 * math.sqrt(2))}, 0.5),
    ("mouth moving", {"closer": replace(LOOK, mouth_moves=0.27)}, None),
    ("long surprise", {"peak": replace(GOOD.peak, emotion="surprise"), "shown_s": 2.75}, 0.5),
    ("long surprise", {"peak": replace(GOOD.peak, emotion="surprise"), "shown_s": 1.4}, None),
    ("long surprise", {"shown_s": 9.0}, None),  # a smile may last
    ("mouth wide", {"peak": replace(GOOD.peak, emotion="surprise"), "mouth_wider": 0.0}, 0.5),
    ("mouth wide", {"peak": replace(GOOD.peak, emotion="surprise"), "mouth_wider": -0.05}, None),
    ("mouth wide", {"mouth_wider": 0.2}, None),  # a smile stretches the mouth
    ("unsure", {"confidence": 0.7, "usual_confidence": 0.9}, 0.5),
    ("unsure", {"confidence": 0.91, "usual_confidence": 0.99}, None),
    ("unsure", {"confidence": 0.7, "usual_confidence": 0.74}, None),
    ("undecided", {"scores": Scores(happy=0.5, fear=0.5)}, 0.8),
    ("undecided", {"scores": Scores(happy=0.6, fear=0.4)}, None),  # ln 1.5 is just above the limit
    ("faint", {"peak": replace(GOOD.peak, height=0.3)}, 0.3),
]


@pytest.mark.parametrize(("rule", "fields", "strength"), STRENGTHS)
def test_a_rule_speaks_with_exactly_this_strength(rule: str, fields: dict[str, object], strength: float | None) -> None:
    one = replace(GOOD, **fields)  # type: ignore[arg-type]
    spoken = {reason.rule: reason.strength for each in rules.RULES if (reason := each(one, LIMITS))}

    assert spoken.get(rule) == (None if strength is None else pytest.approx(strength))


def test_nothing_speaks_against_the_good_one() -> None:
    assert [each(GOOD, LIMITS) for each in rules.RULES] == [None] * len(rules.RULES)
    assert len(rules.RULES) == 19


DOUBTS = [
    ("few", {"neighbours": 9, "moments": 1}, 0.9),
    ("few", {"neighbours": 4, "moments": 16}, 0.2),
    ("between", {"between": Scores(fear=0.6, happy=0.9, neutral=0.95)}, 0.6),
    ("short", {"peak": lasting(200)}, 2 / 3),
    ("short", {"peak": lasting(1600)}, -1 / 3),
    ("short", {"peak": lasting(50), "step_ms": 40}, 1.0),
    ("short", {"peak": lasting(9999)}, -2 / 3),
    ("low", {"lead": THREE}, -(NINE + lead(0.9, 0.1) + THREE) / 9),
    ("low", {"closer": LOOK}, -(NINE + THREE) / 9),
    ("second low", {"second": SAD}, (-lead(0.2, 0.6) + math.log(4)) / 6),
    ("second low", {"second": replace(SAD, look=AGAIN)}, (-lead(0.2, 0.6) + math.log(4)) / 6),
    (
        "second low",
        {"second": replace(SAD, look=AGAIN), "closer": LOOK},
        (-lead(0.2, 0.6) + math.log(4) + NINE + NINE + THREE) / 15,
    ),
    ("spread", {"spread": 0.2}, 0.8),
    ("small", {"width_px": 24}, 1.0),
    ("small", {"width_px": 6}, 2.0),
    ("small", {"width_px": 96}, 0.0),
    ("at cut", {"to_cut_ms": 0}, 1.0),
    ("at cut", {"to_cut_ms": 1}, 0.0),
]


@pytest.mark.parametrize(("figure", "fields", "value"), DOUBTS)
def test_a_figure_weighs_exactly_so_much(figure: str, fields: dict[str, object], value: float) -> None:
    one = replace(GOOD, **fields)  # type: ignore[arg-type]
    model = Model({weights_name(one): {figure: 1.5, "always": -0.5}})

    assert model.doubt(one) == pytest.approx(1 / (1 + math.exp(0.5 - 1.5 * value)))


FILM = [
    ("mouth moving", {"closer": replace(LOOK, mouth_moves=0.28 * math.sqrt(2))}, 0.5),
    ("mouth moving", {"closer": replace(LOOK, mouth_moves=2.0)}, 1.0),
    ("mouth moving", {"closer": replace(LOOK, mouth_moves=0.0)}, 0.0),
    ("mouth moving", {"closer": LOOK}, 0.0),
    ("head down", {"nose_low": 0.635}, 0.5),
    ("head down", {"nose_low": 0.9}, 1.0),
    ("head down", {"nose_low": 0.3}, 0.0),
    ("long surprise", {"peak": replace(GOOD.peak, emotion="surprise"), "shown_s": 2.75}, 0.5),
    ("long surprise", {"peak": replace(GOOD.peak, emotion="surprise"), "shown_s": 0.2}, 0.0),
    ("long surprise", {"shown_s": 9.0}, 0.0),
    ("mouth wide", {"peak": replace(GOOD.peak, emotion="surprise"), "mouth_wider": 0.0}, 0.5),
    ("mouth wide", {"peak": replace(GOOD.peak, emotion="surprise"), "mouth_wider": -0.08}, -0.5),
    ("mouth wide", {"peak": replace(GOOD.peak, emotion="surprise"), "mouth_wider": 1.0}, 1.0),
    ("mouth wide", {"mouth_wider": 1.0}, 0.0),
    ("turned", {"peak": replace(GOOD.peak, emotion="sad"), "turned": 0.525}, 0.5),
    ("turned", {"turned": 0.525}, 0.15),  # joy is read in profile too
    ("cut off", {"at_edge": True}, 0.3),
    ("blurred", {"sharpness": 6.0}, 0.15),
    ("unsure", {"confidence": 0.915}, 0.15),
    ("dark", {"closer": replace(LOOK, light=20.0)}, 0.15),
    ("dark", {}, 0.0),
]


@pytest.mark.parametrize(("figure", "fields", "value"), FILM)
def test_a_figure_of_film_weighs_exactly_so_much(figure: str, fields: dict[str, object], value: float) -> None:
    one = replace(GOOD, **fields)  # type: ignore[arg-type]
    model = Model({weights_name(one): {"always": -0.5}}, {figure: 1.5})

    assert model.doubt(one) == pytest.approx(1 / (1 + math.exp(0.5 - 1.5 * value)))


IN_WORDS = {"mouth wide", "head down", "mouth moving", "long surprise", "turned", "cut off", "unsure", "dark"}


@pytest.mark.parametrize(
    ("rule", "fields"), [(rule, fields) for rule, fields, strength in STRENGTHS if strength and rule in IN_WORDS]
)
def test_what_is_said_in_words_of_a_moving_face_counts_in_the_shipped_number(
    rule: str, fields: dict[str, object]
) -> None:
    one = replace(GOOD, **fields)  # type: ignore[arg-type]
    usual = replace(one, turned=0.0, at_edge=False, confidence=0.99, nose_low=0.5, shown_s=0.0, mouth_wider=-0.04)
    usual = replace(usual, closer=one.closer and replace(LOOK, mouth_moves=0.28))

    assert load_model().doubt(one) > load_model().doubt(usual)


@pytest.mark.parametrize(("rule", "fields", "strength"), [one for one in STRENGTHS if one[2] is not None])
def test_no_peak_is_believed_whose_reasons_say_that_nothing_can_be_read(
    rule: str, fields: dict[str, object], strength: float
) -> None:
    one = replace(GOOD, **fields)  # type: ignore[arg-type]
    names = weights_name(one)
    suspect = rules.judge_peak(one, Model({names: {"always": -5.0}}))
    nothing = any(dict(reason.figures).get("nothing") for reason in suspect.reasons)

    assert nothing == (rule == "unreadable" and strength == 1.0)
    assert suspect.doubt == pytest.approx(LIMITS.suspect if nothing else 1 / (1 + math.exp(5)))


@pytest.mark.parametrize(("width_px", "sharpness"), [(23, 200.0), (8, 3.0), (35, 11.0)])
def test_the_floor_lowers_no_doubt(width_px: int, sharpness: float) -> None:
    one = replace(GOOD, width_px=width_px, sharpness=sharpness)

    doubted = rules.judge_peak(one, Model({"happy: score": {"always": 5.0}}))
    assert doubted.doubt == pytest.approx(1 / (1 + math.exp(-5)))


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def row(happy: list[float]) -> Timeline:
    """One person every 200 ms, as happy as said, neutral for the rest."""
    faces = [Face(found(), 200.0, 0, {"r": Reading(Scores(happy=h, neutral=1 - h))}) for h in happy]
    return Timeline(200, tuple(Sample(at * 200, (face,)) for at, face in enumerate(faces)))


def peak_of(timeline: Timeline, reader: str = "r", emotion: str = "happy", **known: object) -> Evidence:
    return next(one for one in gather_evidence(timeline, reader, **known) if one.peak.emotion == emotion)  # type: ignore[arg-type]


def test_the_distance_is_in_robust_deviations_of_the_neighbours() -> None:
    around = [sigmoid(x) for x in (-3.0, -2.0, -1.0)]  # median −2, deviation 1.4826 × 1
    one = peak_of(row([*around, sigmoid(2.0), *around]))

    assert (one.neighbours, one.usual) == (6, pytest.approx(sigmoid(-2.0)))
    assert one.distance == pytest.approx(4 / 1.4826)


def test_neighbours_that_do_not_waver_count_as_wavering_by_half_a_logit() -> None:
    one = peak_of(row([sigmoid(-2.0)] * 3 + [sigmoid(2.0)] + [sigmoid(-2.0)] * 3))

    assert one.distance == pytest.approx(4 / 0.5)


def test_scores_beyond_a_hundredth_of_nothing_and_all_are_as_far_as_logits_go() -> None:
    one = peak_of(row([0.0, 0.0, 0.0, 1.0, 0.0, 0.0]))

    assert one.distance == pytest.approx(2 * math.log(99) / 0.5)


def test_the_distribution_is_that_of_the_apex() -> None:
    one = peak_of(row([0.1, 0.6, 0.9, 0.7, 0.1]))

    assert one.scores == Scores(happy=0.9, neutral=pytest.approx(0.1))
    assert one.peak.apex_ms == 400


def happy_peaks(happy: list[float]) -> list[float]:
    return [peak.height for peak in find_peaks(row(happy), "r") if peak.emotion == "happy"]


def test_a_score_below_a_quarter_is_no_peak_even_on_top() -> None:
    def topped(score: float) -> int:
        face = Face(found(), 200.0, 0, {"r": Reading(Scores(happy=score, sad=0.2, neutral=0.2, fear=0.2))})
        return len(find_peaks(Timeline(200, (Sample(0, (face,)),)), "r"))

    assert (topped(0.26), topped(0.24)) == (1, 0)


@pytest.mark.parametrize(
    ("usual", "height", "peaks"),
    [(0.05, 0.41, [0.41]), (0.05, 0.39, []), (0.15, 0.46, [0.46]), (0.15, 0.44, [])],
)
def test_an_emotion_below_the_top_is_a_peak_from_two_fifths_and_three_tenths_above_its_usual(
    usual: float, height: float, peaks: list[float]
) -> None:
    assert happy_peaks([usual] * 3 + [height] + [usual] * 3) == peaks


def test_the_very_next_moments_are_neighbours_at_any_distance() -> None:
    assert peak_of(strip("nnhnn", 6000), "builtin").neighbours == 2


def test_the_nearer_of_two_cuts_counts() -> None:
    assert peak_of(strip("nn|nnhn|n", 200), "builtin").to_cut_ms == 200
    assert peak_of(strip("nn|nhnn|n", 200), "builtin").to_cut_ms == 200


def test_two_neighbours_are_no_usual_face() -> None:
    assert peak_of(row([0.1, 0.9, 0.1])).distance == 0
    assert peak_of(row([0.1, 0.9, 0.1, 0.1])).distance > 0


def test_neighbours_are_those_of_five_seconds_on_both_sides() -> None:
    one = peak_of(strip("n" * 60 + "h" + "n" * 60, 200), "builtin")

    assert one.neighbours == 25 + 26  # its end is the next moment, 200 ms later


def test_both_sides_are_the_second_before_and_the_second_after() -> None:
    drawing = "n" * 5 + "f" * 5 + "h" + "f" * 5 + "n" * 5
    assert peak_of(strip(drawing, 200), "builtin").between.fear == pytest.approx(0.88)
    wider = "n" * 5 + "f" * 4 + "h" + "f" * 5 + "n" * 5
    assert peak_of(strip(wider, 200), "builtin").between.fear == pytest.approx((4 * 0.88 + 0.02) / 5)


@pytest.mark.parametrize(
    ("scores", "spread", "agree"),
    [
        (Scores(happy=0.6, sad=0.19, neutral=0.21), 0.09, True),  # 0.42 at least, 0.39 at most
        (Scores(happy=0.6, sad=0.19, neutral=0.21), 0.1, False),  # 0.40 at least, 0.41 at most
        (Scores(happy=0.9, neutral=0.1), 0.19, True),
        (Scores(happy=0.9, neutral=0.1), 0.21, False),
    ],
)
def test_members_agree_only_where_no_five_values_of_that_mean_and_deviation_could_differ(
    scores: Scores, spread: float, agree: bool
) -> None:
    assert evidence._members_agree(scores, Scores(*(spread,) * len(EMOTIONS))) is agree


def nosed(x: float, y: float = 60.0) -> Face:
    points = Landmarks(Point(40, 40), Point(80, 40), Point(x, y), Point(45, 80), Point(75, 80))
    return Face(Found(Box(20, 20, 100, 100), 0.99, points), 200.0, 0, {"r": Reading(SURE)})


def test_how_far_the_nose_is_off_is_measured_in_eye_distances_and_only_sideways() -> None:
    def turned(face: Face) -> float:
        return peak_of(Timeline(200, (Sample(0, (face,)),))).turned

    assert turned(nosed(60)) == 0
    assert turned(nosed(80)) == turned(nosed(40)) == pytest.approx(0.5)
    assert turned(nosed(60, 75)) == 0


@pytest.mark.parametrize(
    ("box", "cut"),
    [
        (Box(0, 9, 50, 50), True),
        (Box(9, 0, 50, 50), True),
        (Box(9, 9, 640, 50), True),
        (Box(9, 9, 50, 360), True),
        (Box(1, 1, 639, 359), False),
    ],
)
def test_every_edge_of_the_picture_cuts(box: Box, cut: bool) -> None:
    face = Face(Found(box, 0.99), 200.0, 0, {"r": Reading(SURE)})

    assert peak_of(Timeline(200, (Sample(0, (face,)),)), size=(640, 360)).at_edge is cut


def test_mean_lead_and_the_second_opinion_are_means_over_the_peak() -> None:
    pairs = [(0.9, 0.2), (0.6, 0.4), (0.1, 0.1)]
    samples = tuple(
        Sample(at * 200, (Face(found(), 200.0, 0, {"r": _happy(mine), "other": _happy(theirs)}),))
        for at, (mine, theirs) in enumerate(pairs)
    )
    one = peak_of(Timeline(200, samples))

    assert (one.moments, one.saying, one.sightings) == (2, 2, 3)
    assert one.mean == pytest.approx(0.75)
    assert one.lead == pytest.approx((lead(0.9, 0.1) + lead(0.6, 0.4)) / 2)
    assert one.second is not None and one.second.scores.happy == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("said", "unanimous"),
    [
        ([("sad", 0.0), ("sad", 0.0)], True),
        ([("sad", 0.0), ("sad", 0.3)], False),  # at one moment the members may differ
        ([("sad", 0.0), ("fear", 0.0)], False),  # all agree at each moment, on another emotion each time
        ([("sad", 0.0), ("sad", None)], False),  # without members nobody knows
    ],
)
def test_the_second_readers_members_agree_only_where_they_do_at_every_moment_on_one_emotion(
    said: list[tuple[str, float | None]], unanimous: bool
) -> None:
    samples = []
    for at, (emotion, spread) in enumerate(said):
        members = None if spread is None else Scores(*(spread,) * len(EMOTIONS))
        other = Reading(Scores(**{emotion: 0.9, "neutral": 0.1}), members)
        samples.append(Sample(at * 200, (Face(found(), 200.0, 0, {"r": _happy(0.9), "other": other}),)))
    one = peak_of(Timeline(200, tuple(samples)))

    assert one.second is not None and one.second.unanimous is unanimous


def test_the_usual_confidence_is_the_median_over_the_track() -> None:
    faces = [Face(Found(found().box, sure), 200.0, 0, {"r": _happy(0.9)}) for sure in (0.7, 0.95, 0.9)]
    one = peak_of(Timeline(200, tuple(Sample(at * 200, (face,)) for at, face in enumerate(faces))))

    assert (one.confidence, one.usual_confidence) == (0.7, 0.9)


def test_the_spread_is_a_mean_over_those_moments_of_the_peak_that_have_members() -> None:
    spreads = (None, 0.1, 0.3)
    samples = tuple(
        Sample(at * 200, (Face(found(), 200.0, 0, {"r": replace(_happy(0.9), spread=s and Scores(happy=s))}),))
        for at, s in enumerate(spreads)
    )

    assert peak_of(Timeline(200, samples)).spread == pytest.approx(0.2)
    assert peak_of(Timeline(200, samples[:1])).spread is None


def _happy(score: float) -> Reading:
    return Reading(Scores(happy=score, neutral=1 - score))


CLIP = Video("/film.mp4", 9000, 640, 360, 25.0)
DROPPED = Verdict("r", 3, "happy", 1000, 2000, dropped=True)


@pytest.mark.parametrize(
    ("fields", "same"),
    [({"duration_ms": 9100}, True), ({"duration_ms": 9101}, False), ({"fps": 25.01}, True), ({"fps": 25.03}, False)],
)
def test_a_copy_is_the_same_clip_within_a_frame_or_two(fields: dict[str, object], same: bool) -> None:
    text = verdicts.format_verdicts("Film", CLIP, Recipe("/film.mp4"), [DROPPED])

    with nullcontext() if same else pytest.raises(SettingError, match="another clip"):
        assert verdicts.parse_verdicts(text, replace(CLIP, **fields)) == (DROPPED,)  # type: ignore[arg-type]


def test_of_several_verdicts_about_a_peak_the_last_one_counts() -> None:
    kept = replace(DROPPED, dropped=False)

    assert verdicts.find_verdict([DROPPED, kept], "r", Peak(3, "happy", 1000, 2000, 1400, 0.9)) == kept


def test_a_verdict_fits_a_peak_that_shares_half_of_the_shorter_one_and_its_own_person_first() -> None:
    def fits(*peaks: Peak) -> list[int]:
        return [one.track for one in verdicts.fit_to_peaks([DROPPED], "r", peaks)]

    assert fits(Peak(7, "happy", 1500, 2500, 1600, 0.9)) == [7]
    assert fits(Peak(7, "happy", 1501, 2501, 1600, 0.9)) == []
    assert fits(Peak(1, "happy", 1200, 2200, 1600, 0.9), Peak(3, "happy", 1200, 2200, 1600, 0.9)) == [3]


def test_where_the_nose_lies_between_eyes_and_mouth_is_a_mean_over_the_peak_however_the_head_is_tilted() -> None:
    def low(*ys: float) -> float | None:
        faces = [nosed(60, y) for y in ys]
        return peak_of(Timeline(200, tuple(Sample(at * 200, (face,)) for at, face in enumerate(faces)))).nose_low

    assert low(60) == pytest.approx(0.5)
    assert low(60, 72) == pytest.approx(0.65)
    tilted = [Point(y, 100 - x) for x, y in nosed(60, 72).found.landmarks or ()]
    face = replace(nosed(60), found=Found(Box(20, 20, 100, 100), 0.99, Landmarks(*tilted)))
    assert peak_of(Timeline(200, (Sample(0, (face,)),))).nose_low == pytest.approx(0.8)
    bare = replace(nosed(60), found=Found(Box(20, 20, 100, 100), 0.99))
    assert peak_of(Timeline(200, (Sample(0, (bare,)),))).nose_low is None


def test_how_long_an_emotion_is_shown_counts_moments_by_their_score_five_seconds_around() -> None:
    assert peak_of(row([0.1, 0.1, 0.9, 0.5, 0.1])).shown_s == pytest.approx(0.2 * 1.7)
    assert peak_of(row([0.9, *[0.0] * 40, 0.9])).shown_s == pytest.approx(0.2 * 0.9)
    samples = [Sample(at * 5000, (Face(found(), 200.0, 0, {"r": _happy(0.9)}),)) for at in range(2)]
    assert peak_of(Timeline(5000, tuple(samples))).shown_s == pytest.approx(2 * 0.9)  # no more than a second a moment


def test_a_mouth_is_held_against_the_usual_one_of_its_track() -> None:
    def wider(*widths: float) -> float | None:
        corners = [(Point(60 - 20 * width, 80), Point(60 + 20 * width, 80)) for width in widths]
        points = [Landmarks(Point(40, 40), Point(80, 40), Point(60, 60), *pair) for pair in corners]
        calm, glad = (Reading(Scores(happy=score, neutral=1 - score)) for score in (0.1, 0.9))
        says = [*[calm] * (len(points) - 1), glad]
        faces = [
            Face(Found(Box(20, 20, 100, 100), 0.99, five), 200.0, 0, {"r": said})
            for five, said in zip(points, says, strict=True)
        ]
        return peak_of(Timeline(200, tuple(Sample(at * 200, (face,)) for at, face in enumerate(faces)))).mouth_wider

    assert wider(0.8, 0.8, 0.8, 0.8, 0.8, 0.9) == pytest.approx(0.1)
    assert wider(0.8, 0.8, 0.8, 0.8, 0.9) is None  # too short a track to know what is usual
