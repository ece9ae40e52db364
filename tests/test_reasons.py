"""The sentences of the doubts: every rule, every variant, in every language."""

from __future__ import annotations

import re

import pytest

from core.language import LANGUAGES, write_group, write_reason, write_tier
from core.model import EMOTIONS, REASON_KINDS, Figure, Reason

FIGURES: dict[str, dict[str, Figure]] = {
    "alone": {"emotion": "happy", "height": 0.88, "usual": 0.02},
    "between": {"emotion": "happy", "other": "fear", "score": 0.7},
    "brief": {"emotion": "happy", "on_top": True, "moments": 1, "sightings": 9, "length_s": 0.2},
    "brief, moments": {"emotion": "happy", "on_top": True, "moments": 3, "sightings": 9, "length_s": 0.6},
    "brief, raised": {"emotion": "happy", "on_top": False, "moments": 1, "sightings": 9, "length_s": 0.2},
    "brief, raised, moments": {"emotion": "happy", "on_top": False, "moments": 3, "sightings": 9, "length_s": 0.6},
    "second": {"emotion": "happy", "reader": "builtin", "other": "sad", "score": 0.7, "unanimous": False},
    "second, unanimous": {"emotion": "happy", "reader": "deepface", "other": "sad", "score": 0.7, "unanimous": True},
    "members": {"emotion": "happy", "reader": "builtin", "mean": 0.6, "spread": 0.2},
    "crops": {"emotion": "happy", "survives": 0.0, "shift_px": 4},
    "crops, partly": {"emotion": "happy", "survives": 0.4, "shift_px": 4},
    "frames": {"emotion": "happy", "lasts_s": 0.08},
    "frames, one": {"emotion": "happy", "lasts_s": 0.0},
    "unreadable, small": {"width_px": 30, "sharpness": 90.0, "small": True, "blurred": False, "nothing": False},
    "unreadable, tiny": {"width_px": 20, "sharpness": 90.0, "small": True, "blurred": False, "nothing": True},
    "unreadable, blurred": {"width_px": 90, "sharpness": 5.0, "small": False, "blurred": True, "nothing": False},
    "unreadable, small and blurred": {
        "width_px": 30,
        "sharpness": 5.0,
        "small": True,
        "blurred": True,
        "nothing": True,
    },
    "dark": {"light": 22.4},
    "turned": {"nose_offset": 0.5},
    "cut off": {},
    "at cut": {},
    "head down": {"nose_low": 0.66},
    "mouth moving": {"emotion": "surprise", "moves": 0.44},
    "long surprise": {"shown_s": 2.5},
    "mouth wide": {"wider": 0.01},
    "unsure": {"confidence": 0.71, "usual": 0.94},
    "undecided": {"emotion": "happy", "height": 0.36, "other": "fear", "score": 0.33},
    "undecided, alone": {"emotion": "glee", "height": 0.51},
    "faint": {"emotion": "happy", "height": 0.41},
    "together": {"of_100": 62.5},
}
"""Variant → figures that ask for it."""


def reason(variant: str) -> Reason:
    return Reason(variant.split(",")[0], tuple(FIGURES[variant].items()), 0.5)


def test_every_rule_has_a_sentence_and_every_sentence_a_rule() -> None:
    assert {variant.split(",")[0] for variant in FIGURES} == set(REASON_KINDS)
    for language in LANGUAGES.values():
        assert set(language.reasons) == set(FIGURES)
        assert set(language.expressions) == {*EMOTIONS, ""} - {"neutral"}


NUMBERS = {
    "alone": ["0.02", "0.88"],
    "between": ["0.70"],
    "second": ["0.70"],
    "second, unanimous": ["0.70"],
    "brief": ["0.2", "9"],
    "brief, moments": ["0.6", "3", "9"],
    "brief, raised": ["0.2"],
    "brief, raised, moments": ["0.6", "3"],
    "members": ["0.20", "0.60"],
    "crops": ["4"],
    "crops, partly": ["4"],
    "frames": ["0.08"],
    "unreadable, small": ["30"],
    "unreadable, tiny": ["20"],
    "unreadable, small and blurred": ["30"],
    "dark": ["22", "255"],
    "long surprise": ["2.5"],
    "unsure": ["0.71", "0.94"],
    "faint": ["0.41"],
    "together": ["100", "62"],
    "undecided": ["0.33", "0.36"],
    "undecided, alone": ["0.51"],
}
"""Variant → the numbers that its sentence says, as they are printed; none of those that are missing."""

COUNTING_ONE = {"ja": ["1"]}
"""Languages that write "this one" with a digit."""


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("variant", FIGURES)
def test_a_sentence_says_its_figures_and_names_its_emotions_in_its_language(code: str, variant: str) -> None:
    names, figures = LANGUAGES[code].names, FIGURES[variant]
    sentence = write_reason(reason(variant), code)
    numbers = re.findall(r"\d+(?:\.\d+)?", sentence)

    assert [each for each in sorted(numbers) if each not in COUNTING_ONE.get(code, [])] == NUMBERS.get(variant, [])
    named = {names.get(str(figures[key]), str(figures[key])) for key in ("emotion", "other") if key in figures}
    silent = {
        "brief, raised",
        "brief, raised, moments",
        "between",
        "second",
        "second, unanimous",
    }  # of their own emotion
    own = names.get(str(figures.get("emotion")), "glee")
    assert all(
        name in sentence or name.capitalize() in sentence for name in named - ({own} if variant in silent else set())
    )
    if code != "en":
        assert not any(re.search(rf"\b{name}\b", sentence.lower()) for name in set(EMOTIONS) - set(names.values()))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_is_whole(code: str) -> None:
    end = {"hi": "।", "ja": "。"}.get(code, ".")
    for variant in FIGURES:
        sentence = write_reason(reason(variant), code)
        assert sentence.endswith(end) and "  " not in sentence and not re.search(r"[{}]", sentence)
        assert sentence[0] == sentence[0].upper()


def test_an_emotion_of_ones_own_keeps_its_name_in_every_language() -> None:
    brief = Reason("brief", (*FIGURES["brief"].items(), ("emotion", "glee")), 0.5)

    for code in LANGUAGES:
        assert "glee" in write_reason(brief, code)
        assert LANGUAGES[code].expressions[""] in write_reason(brief, code)


def test_a_reader_that_has_no_words_goes_by_its_own_name() -> None:
    figures = tuple({**FIGURES["second"], "reader": "fer"}.items())

    assert write_reason(Reason("second", figures, 0.5)) == "Fer says sad 0.70."


TIERS = ("do not believe", "look twice", "")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_tiers_of_doubt_are_said_in_every_language_each_in_its_own_words(code: str) -> None:
    assert set(LANGUAGES[code].tiers) == set(TIERS)
    said = [write_tier(tier, "glee", code) for tier in TIERS]
    assert len(set(said)) == 3
    assert ["glee" in sentence for sentence in said] == [True, True, False]
    assert code == "en" or not any(english in said for english in LANGUAGES["en"].tiers.values())


GROUPED = (
    "dark",
    "turned",
    "cut off",
    "at cut",
    "unsure",
    "unreadable",
    "unreadable, small",
    "unreadable, blurred",
    "",
)
"""What several peaks are doubted for: each has a sentence for one face and for several."""


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_group_is_described_in_every_language_with_its_figures(code: str) -> None:
    several = set(GROUPED)
    one = {f"{variant}, one face" if variant else "one face" for variant in GROUPED}
    assert set(LANGUAGES[code].groups) == several | one

    for variant in GROUPED:
        small, blurred = variant.endswith("small"), variant.endswith("blurred")
        both = variant == "unreadable"
        figures = {"peaks": 7, "emotion": "sad", "small": small or both, "blurred": blurred or both}
        rule = variant.split(",")[0] or "members"
        told = [write_group(Reason(rule, tuple({**figures, "faces": faces}.items()), 0.5), code) for faces in (4, 1)]
        assert [sorted(re.findall(r"\d+", sentence)) for sentence in told] == [["4", "7"], ["7"]]
        assert told[1] == LANGUAGES[code].groups[f"{variant}, one face" if variant else "one face"].format(
            peaks=7, emotion=LANGUAGES[code].names["sad"]
        )
