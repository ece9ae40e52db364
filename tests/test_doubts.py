"""The rules that doubt a peak, drawn in the language of film; what they say, and how it is weighed into one doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.doubt import rules
from core.doubt import weights as doubt_card
from core.doubt.evidence import Evidence, Looks, gather_evidence
from core.doubt.limits import LIMITS
from core.doubt.model import EITHER_WAY, FIGURES, Model, collect_figures, weights_name
from core.doubt.rules import RULES, find_suspects
from core.errors import ReaderError
from core.language import write_reason
from core.model import EMOTIONS, Face, Reading, Reason, Sample, Scores, Timeline
from core.reading.closer_look import CloserLook, Key
from tests.support.builders import LETTERS, found, scores, strip

FIRM = CloserLook(1.0, 0.9, 2.0, 800, 800, 0.9, 120.0)
GLITCH = CloserLook(0.0, 0.1, -2.0, 40, 800, 0.1, 120.0)


def of(timeline: Timeline, emotion: str = "happy", reader: str = "builtin", **known: object) -> Evidence:
    """Evidence of the first peak of an emotion."""
    return next(one for one in gather_evidence(timeline, reader, **known) if one.peak.emotion == emotion)  # type: ignore[arg-type]


def two(first: str, second: str, spread: float | None = None, sure: float = 0.88) -> Timeline:
    """Two readers of one person, letter by letter: ``one`` and ``builtin``, the latter with members given a spread."""
    members = None if spread is None else Scores(*(spread for _ in EMOTIONS))
    samples = []
    for at, (mine, other) in enumerate(zip(first, second, strict=True)):
        said = {
            "one": Reading(scores(LETTERS[mine])),
            "builtin": Reading(scores(LETTERS[other], sure), members),
        }
        samples.append(Sample(at * 200, (Face(found(), 200.0, 0, said),)))
    return Timeline(200, tuple(samples))


def changed(one: Evidence, **fields: object) -> Evidence:
    return replace(one, **fields)  # type: ignore[arg-type]


def text(rule: rules.Rule, one: Evidence) -> str | None:
    reason = rule(one, LIMITS)
    return reason and write_reason(reason)


@pytest.mark.parametrize(
    ("drawing", "doubted"),
    [
        ("nnnnhnnnn", True),  # a lone smile
        ("nnnhhhhhnn", True),  # one that comes and goes stands out as well, it is only not brief
        ("hhhhhhhh", False),  # nothing to stand out from
        ("hhhnhhhnhhh", False),  # as usual
        ("nh", False),  # one neighbour is no usual face
        ("nnnn|h|nnnn", False),  # another person's neighbours do not count
    ],
)
def test_a_peak_stands_alone_only_against_the_same_persons_other_moments(drawing: str, doubted: bool) -> None:
    assert bool(rules.alone(of(strip(drawing)), LIMITS)) is doubted


def test_standing_alone_is_told_in_numbers_that_are_on_the_chart() -> None:
    assert text(rules.alone, of(strip("nnnnhnnnn"))) == "Happy stands at 0.88 here and at 0.02 around it."


def test_a_flat_series_does_not_make_an_outlier_of_every_tremor() -> None:
    flat = [Scores(happy=0.30, neutral=0.28, sad=0.42)] * 8
    trembling = [*flat[:4], Scores(happy=0.42, neutral=0.28, sad=0.30), *flat[4:]]
    samples = tuple(
        Sample(t * 200, (Face(found(), track=0, readings={"r": Reading(s)}),)) for t, s in enumerate(trembling)
    )

    assert rules.alone(of(Timeline(200, samples), reader="r"), LIMITS) is None


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        ("fffhfff", "Just before it and just after it the face shows fear (0.88 or more)."),
        ("nnnhnnn", None),  # a smile may come out of a quiet face and go back to it
        ("fffhnnn", None),  # relief
        ("fff|hfff", None),  # another person's fear
        ("fffhhhhhhfff", None),  # a change of mood, and another one
    ],
)
def test_a_moment_of_joy_between_moments_of_one_other_emotion_is_told(drawing: str, said: str | None) -> None:
    assert text(rules.between, of(strip(drawing, 200))) == said


@pytest.mark.parametrize(
    ("drawing", "step_ms", "said"),
    [
        ("nnnnhnnnn", 200, "Only this one moment of 9 says happy. A smile lasts longer than 0.2 s."),
        ("nnnhhnnn", 200, "Only these 2 moments of 8 say happy. A smile lasts longer than 0.4 s."),
        ("nnnhhhhnnn", 200, None),
        ("nnnnhnnnn", 2000, None),  # two seconds apart, one moment may be a long smile
        ("h", 200, None),  # all there is of this person
        ("hhnnnnhnn", 200, "It stands out for 2 moments only. A smile lasts longer than 0.4 s."),
    ],
)
def test_a_peak_is_brief_only_where_that_is_known(drawing: str, step_ms: int, said: str | None) -> None:
    assert text(rules.brief, of(strip(drawing, step_ms))) == said


def test_the_other_reader_is_quoted_and_its_members_only_where_they_must_all_agree() -> None:
    sad = "The built-in reader says sad 0.88."
    assert text(rules.second, of(two("nnhnn", "nnsnn"), reader="one")) == sad
    agreed = "The built-in reader says sad 0.88; all of its networks agree."
    assert text(rules.second, of(two("nnhnn", "nnsnn", spread=0.05), reader="one")) == agreed
    assert text(rules.second, of(two("nnhnn", "nnsnn", spread=0.3), reader="one")) == sad
    assert text(rules.second, of(two("nnhnn", "nnhnn"), reader="one")) is None
    assert text(rules.second, of(strip("nnhnn"))) is None


def test_the_second_readers_strength_is_how_much_it_prefers_its_own() -> None:
    sure = rules.second(of(two("nnhnn", "nnsnn", sure=0.9), reader="one"), LIMITS)
    unsure = rules.second(of(two("nnhnn", "nnsnn", sure=0.3), reader="one"), LIMITS)

    assert sure is not None and unsure is not None
    assert sure.strength > 0.9 > 0.5 > unsure.strength > 0


def test_members_that_may_differ_are_told_and_those_that_cannot_are_not() -> None:
    timeline = two("nnhnn", "nnhnn", spread=0.25)

    assert text(rules.members, of(timeline)) == "The networks disagree: happy 0.88 ± 0.25."
    assert rules.members(of(two("nnhnn", "nnhnn", spread=0.05)), LIMITS) is None
    assert rules.members(of(timeline, reader="one"), LIMITS) is None


def test_the_closer_look_speaks_only_where_it_was_taken_and_the_peak_did_not_survive() -> None:
    plain = of(strip("nnhnn"))

    for rule in (rules.crops, rules.frames, rules.dark):
        assert rule(plain, LIMITS) is None
        assert rule(changed(plain, closer=FIRM), LIMITS) is None
    assert text(rules.crops, changed(plain, closer=GLITCH)) == "When the crop moves by 4 px, happy is gone."
    assert text(rules.frames, changed(plain, closer=GLITCH)) == "Read frame by frame, happy lasts 0.04 s."


def test_a_look_at_too_few_frames_says_nothing_about_time() -> None:
    short = replace(GLITCH, window_ms=200)

    assert rules.frames(changed(of(strip("nnhnn")), closer=short), LIMITS) is None


@pytest.mark.parametrize(
    ("fields", "rule", "said"),
    [
        (
            {"width_px": 22, "sharpness": 5.0},
            rules.unreadable,
            "The face is 22 pixels wide and blurred; nothing can be read from it.",
        ),
        ({"width_px": 30}, rules.unreadable, "The face is 30 pixels wide; little can be read from it."),
        ({"sharpness": 5.0}, rules.unreadable, "The face is blurred; little can be read from it."),
        ({"turned": 0.5}, rules.turned, "The face is turned away from the camera."),
        ({"at_edge": True}, rules.cut_off, "The picture’s edge cuts the face off."),
        ({"to_cut_ms": 0}, rules.at_cut, "It is right next to a cut, where two pictures may be mixed."),
        (
            {"confidence": 0.71, "usual_confidence": 0.94},
            rules.unsure,
            "The finder is less sure of this face: 0.71 instead of 0.94.",
        ),
        (
            {"closer": replace(FIRM, light=22.0)},
            rules.dark,
            "The face is dark: 22 of 255 grey levels on average.",
        ),
    ],
)
def test_a_bad_picture_is_told_as_what_was_measured(
    fields: dict[str, object], rule: Callable[..., Reason | None], said: str
) -> None:
    good = of(strip("nnhnn"))

    assert rule(good, LIMITS) is None
    reason = rule(changed(good, **fields), LIMITS)
    assert reason is not None
    assert (reason.kind, write_reason(reason)) == ("bad picture", said)


def test_a_face_that_is_always_found_unsurely_is_no_news() -> None:
    assert rules.unsure(changed(of(strip("nnhnn")), confidence=0.8, usual_confidence=0.8), LIMITS) is None


def test_an_ambiguous_face_is_told_apart_from_a_bad_picture() -> None:
    close = Timeline(
        200,
        (Sample(0, (Face(found(), 200.0, 0, {"r": Reading(Scores(happy=0.36, fear=0.33, neutral=0.31))}),)),),
    )

    reason = rules.undecided(of(close, reader="r"), LIMITS)

    assert reason is not None
    assert (reason.kind, write_reason(reason)) == ("ambiguous", "No clear winner: happy 0.36, fear 0.33.")
    assert rules.undecided(of(strip("nnhnn")), LIMITS) is None


def test_the_picture_s_edge_is_known_only_with_its_size() -> None:
    whole = strip("nnhnn")
    box = of(whole).peak and whole.samples[2].faces[0].found.box

    assert not of(whole).at_edge
    assert of(whole, size=(box.right, 600)).at_edge
    assert not of(whole, size=(box.right + 1, 600)).at_edge


def test_the_first_moment_after_a_cut_and_the_last_before_one_lie_at_it() -> None:
    assert of(strip("nn|hnnn", 200)).to_cut_ms == 0
    assert of(strip("nnnh|nn", 200)).to_cut_ms == 0
    assert of(strip("nnn|nhn", 200)).to_cut_ms == 200


def test_every_strength_lies_between_nothing_and_all() -> None:
    worst = changed(of(two("nnhnn", "nnsnn", spread=0.4), reader="one"), closer=GLITCH, width_px=8, sharpness=0.0)
    worst = changed(worst, turned=2.0, at_edge=True, to_cut_ms=0, confidence=0.1, spread=0.5, split=True)

    said = [reason for rule in RULES if (reason := rule(worst, LIMITS))]

    assert len(said) >= 8
    assert all(0 < reason.strength <= 1 for reason in said)
    assert all(write_reason(reason).endswith(".") and "  " not in write_reason(reason) for reason in said)


MODEL = doubt_card.load_model()


def test_the_shipped_weights_know_every_kind_of_evidence_and_its_figures() -> None:
    bare = of(strip("nnhnn"))
    with_second = of(two("nnhnn", "nnsnn", spread=0.1), reader="one")
    with_all = of(two("nnsnn", "nnhnn", spread=0.1))

    for one in (bare, with_second, changed(with_all, second=None), with_all):
        for closer in (None, FIRM):
            known = changed(one, closer=closer)
            named = set(MODEL.weights[weights_name(known)]) - {"always"}
            assert named == set(collect_figures(known))
            assert 0 < MODEL.doubt(known) < 1


def test_no_reason_against_a_peak_makes_it_more_believable() -> None:
    for weights in MODEL.weights.values():
        assert all(weight >= 0 for name, weight in weights.items() if name not in EITHER_WAY)


def test_each_figure_belongs_to_one_rule() -> None:
    full = changed(of(two("nnsnn", "nnhnn", spread=0.1)), closer=FIRM)
    named = [name for figure in FIGURES.values() for name in figure(full)]

    assert len(named) == len(set(named))


@pytest.mark.parametrize("reader", ["one", "builtin"])
def test_a_lone_smile_is_doubted_more_than_a_long_one(reader: str) -> None:
    def doubt(drawing: str) -> float:
        return find_suspects(two(drawing, drawing, spread=0.03), reader, MODEL)[0].doubt

    assert doubt("nnnnnnhnnnnnn") > doubt("nnnhhhhhhhnnn")


def test_a_smile_that_the_other_reader_calls_sad_is_a_suspect_and_one_it_shares_is_not() -> None:
    contradicted = find_suspects(two("nnnnhnnnn", "nnnnsnnnn", spread=0.03), "one", MODEL)[0]
    shared = find_suspects(two("nnnnhhhhh", "nnnnhhhhh", spread=0.03), "one", MODEL)[0]

    assert contradicted.doubt >= LIMITS.suspect > shared.doubt
    assert contradicted.reasons[0].rule in ("second", "alone", "brief")
    sentences = [write_reason(reason) for reason in contradicted.reasons]
    assert "The built-in reader says sad 0.88; all of its networks agree." in sentences


def alone_read(drawing: str, sure: float) -> Timeline:
    """The built-in reader without a second one."""
    timeline = two(drawing, drawing, spread=0.05, sure=sure)
    own = [replace(s.faces[0], readings={"builtin": s.faces[0].readings["builtin"]}) for s in timeline.samples]
    samples = (replace(sample, faces=(face,)) for sample, face in zip(timeline.samples, own, strict=True))
    return replace(timeline, samples=tuple(samples))


@pytest.mark.parametrize("drawing", ["ffffhhffff", "aaaaahaaaa", "fffffhhfffffffffff"])
def test_a_scream_that_reads_as_joy_for_a_moment_or_two_is_a_suspect(drawing: str) -> None:
    suspect = next(
        one for one in find_suspects(alone_read(drawing, 0.6), "builtin", MODEL) if one.peak.emotion == "happy"
    )

    assert suspect.doubt >= LIMITS.suspect
    assert "between" in [reason.rule for reason in suspect.reasons]


@pytest.mark.parametrize("drawing", ["nnnnnhhhhhhhhhhhhhhh", "hhhhhhhhhhhhhhhhhhhh", "n" * 60 + "h" * 15 + "n" * 60])
def test_a_long_smile_is_believed_alone_and_all_the_more_when_the_other_reader_agrees(drawing: str) -> None:
    alone = find_suspects(alone_read(drawing, 0.88), "builtin", MODEL)[0]
    agreed = find_suspects(two(drawing, drawing, spread=0.05), "one", MODEL)[0]

    assert alone.peak.emotion == agreed.peak.emotion == "happy"
    assert max(alone.doubt, agreed.doubt) < LIMITS.suspect


def test_the_second_reader_is_asked_again_in_the_closer_look_and_only_then() -> None:
    timeline = two("nnnhhhnnn", "nnnhhhnnn", spread=0.05)
    place = Key(0, "happy", 600)

    def doubt(others: Looks | None, closer: dict[Key, CloserLook]) -> float:
        return find_suspects(timeline, "one", MODEL, closer=closer, others=others)[0].doubt

    plain, looked = doubt(None, {}), doubt(None, {place: FIRM})
    assert doubt({"builtin": {place: GLITCH}}, {}) == plain
    assert doubt({"builtin": {place: GLITCH}}, {place: FIRM}) > looked
    assert doubt({"somebody": {place: GLITCH}}, {place: FIRM}) == looked


def test_suspects_come_by_doubt_and_reasons_by_strength() -> None:
    timeline = two("nnnhnnnnnhhhhhh", "nnnsnnnnnhhhhhh")

    found_suspects = find_suspects(timeline, "one", MODEL)

    assert [one.doubt for one in found_suspects] == sorted((one.doubt for one in found_suspects), reverse=True)
    strengths = [reason.strength for reason in found_suspects[0].reasons]
    assert strengths == sorted(strengths, reverse=True)


def test_a_closer_look_is_used_for_its_own_peak_alone() -> None:
    timeline = strip("nnhnnnnhnn", 200)

    def doubts_of(closer: dict[Key, CloserLook]) -> dict[int, float]:
        return {one.peak.apex_ms: one.doubt for one in find_suspects(timeline, "builtin", MODEL, closer=closer)}

    before, after = doubts_of({}), doubts_of({Key(0, "happy", 400): GLITCH})

    assert after[400] > before[400]
    assert after[1400] == before[1400]
    assert doubts_of({Key(0, "happy", 400): FIRM})[400] < after[400]


def test_a_scene_without_anybody_has_no_suspects() -> None:
    assert find_suspects(strip("...."), "builtin", MODEL) == ()


@pytest.mark.parametrize(
    "content", [None, "{", "[]", '{"weights": {"second": 3}}', '{"weights": {"second": {"low": "x"}}}']
)
def test_missing_or_damaged_weights_are_refused_with_a_sentence(tmp_path, content: str | None) -> None:
    path = tmp_path / "doubts.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(ReaderError, match="Install Outtake again"):
        doubt_card.load_model(path)


def test_the_model_is_a_plain_logistic_of_its_weights() -> None:
    bare = of(strip("nnhnn"))

    assert Model({"happy: score": {"always": 0.0}}).doubt(bare) == 0.5
    assert Model({"happy: score": {"always": 1.0, "few": 1.0}}).doubt(bare) > 0.8


def test_a_faint_peak_is_called_so() -> None:
    faint = changed(of(strip("nnhnn")), peak=replace(of(strip("nnhnn")).peak, height=0.41))

    assert text(rules.faint, faint) == "Happy reaches 0.41 at most."
    assert rules.faint(of(strip("nnhnn")), LIMITS) is None


def test_every_suspect_has_a_reason() -> None:
    certain = Model({"happy: score": {"always": 1.4}})

    believed = find_suspects(strip("hhhhhhhh"), "builtin", Model({"happy: score": {"always": -1.4}}))[0]
    doubted = find_suspects(strip("hhhhhhhh"), "builtin", certain)[0]

    assert believed.reasons == ()
    assert [write_reason(r) for r in doubted.reasons] == [
        "No one thing speaks against it, but of 100 such peaks 80 were false."
    ]
