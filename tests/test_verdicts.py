"""Verdicts: which peak they are about, and the JSON in which they travel, which anybody may have written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.doubt.verdicts import (
    LARGEST_BYTES,
    MOST,
    find_verdict,
    fit_to_peaks,
    format_verdicts,
    matches,
    parse_verdicts,
    select_dropped,
    select_undecided,
)
from core.errors import SettingError
from core.model import Peak, Recipe, Suspect, Verdict, Video

VIDEO = Video("/home/somebody/film.mp4", 9000, 640, 360, 25.0, "h264")
PEAK = Peak(track=0, emotion="happy", start_ms=2000, end_ms=2600, apex_ms=2200, height=0.9)
DROP = Verdict("builtin", 0, "happy", 2000, 2600, True, "2026-01-02T03:04:05+00:00")
KEEP = Verdict("deepface", 3, "fear", 0, 9200, False)


def saved(**changes: Any) -> str:
    """A file of one verdict, some of what it says replaced."""
    said = json.loads(format_verdicts("Film", VIDEO, Recipe("/home/somebody/film.mp4"), [DROP]))
    said["verdicts"][0] |= {name: value for name, value in changes.items() if name in said["verdicts"][0]}
    said["clip"] |= {name: value for name, value in changes.items() if name in said["clip"]}
    return json.dumps(said | {name: value for name, value in changes.items() if name in said})


def test_a_verdict_is_about_the_peak_of_its_reader_person_emotion_and_start() -> None:
    assert matches(DROP, "builtin", PEAK)
    assert matches(DROP, "builtin", replace(PEAK, end_ms=3000, apex_ms=2400, height=0.5))
    assert not matches(DROP, "deepface", PEAK)
    assert not any(matches(DROP, "builtin", replace(PEAK, **other)) for other in ({"track": 1}, {"start_ms": 2200}))


def test_only_dropped_peaks_of_the_reader_are_dropped() -> None:
    assert select_dropped([DROP, KEEP, replace(DROP, reader="deepface")], "builtin") == (DROP,)
    assert find_verdict([DROP, KEEP], "builtin", PEAK) == DROP and find_verdict([KEEP], "builtin", PEAK) is None


def test_kept_and_dropped_are_both_decided() -> None:
    first, second = Suspect(PEAK, 0.9), Suspect(replace(PEAK, start_ms=5000, end_ms=5200), 0.6)

    assert select_undecided([first, second], [replace(DROP, dropped=False)], "builtin") == (second,)
    assert select_undecided([first, second], [DROP], "deepface") == (first, second)


def test_verdicts_come_back_equal_from_their_json() -> None:
    assert parse_verdicts(format_verdicts("“Film”", VIDEO, Recipe("/x"), [DROP, KEEP]), VIDEO) == (DROP, KEEP)
    assert parse_verdicts(format_verdicts("Nothing", VIDEO, Recipe("/x"), []), VIDEO) == ()


def test_the_json_is_for_people_and_tells_nothing_of_this_machine() -> None:
    made = format_verdicts(
        "Film", VIDEO, Recipe("/home/somebody/film.mp4", finder="mtcnn", readers=("builtin",)), [DROP]
    )

    assert sum('"emotion": "happy"' in line for line in made.splitlines()) == 1
    assert '"step": "200 ms"' in made and '"finder": "mtcnn"' in made
    assert "somebody" not in made and "/" not in made


@pytest.mark.parametrize("other", [{"duration_ms": 9500}, {"width": 1280}, {"height": 480}, {"fps": 30.0}])
def test_another_clip_is_refused_in_one_sentence_that_tells_both(other: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=r"another clip \(0:09\.\d long.*this one is 0:0"):
        parse_verdicts(format_verdicts("Film", VIDEO, Recipe("/x"), [DROP]), replace(VIDEO, **other))


def test_a_copy_of_the_clip_whose_length_is_rounded_otherwise_is_the_same_clip() -> None:
    assert parse_verdicts(saved(), replace(VIDEO, path="D:\\film.mkv", duration_ms=9040, fps=25.01)) == (DROP,)


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "null",
        "[]",
        "7",
        "{",
        "[" * 100_000,
        '{"a":' * 50_000,
        "1" * 10_000,
        '{"outtake": "verdicts", "version": 1}',
        '{"outtake": "verdicts", "version": 1, "clip": {"fps": NaN}}',
        saved() + " " * LARGEST_BYTES,
        saved().replace("25.0", "1e999"),
        saved().replace("25.0", "-Infinity"),
        saved().replace("2000", "2000.0"),
        saved().replace("2000", "1e3"),
        saved().replace("2000", "9" * 5000),
        saved(outtake="scene"),
        saved(version=2),
        saved(version=True),
        saved(clip=None),
        saved(width="640"),
        saved(fps="25"),
        saved(fps=None),
        saved(verdicts=None),
        saved(verdicts={}),
        saved(verdicts=[7]),
        saved(verdicts=[{}]),
        saved(verdicts=[[]] * (MOST + 1)),
        saved(reader="x" * 41),
        saved(reader="../../etc/passwd"),
        saved(reader="\ud800"),
        saved(reader=["builtin"]),
        saved(emotion="joy"),
        saved(emotion=["happy"]),
        saved(track=-1),
        saved(track=True),
        saved(track=2**63),
        saved(start_ms=-1),
        saved(start_ms=2600),
        saved(end_ms=2**40),
        saved(dropped=1),
        saved(dropped="false"),
        saved(at="yesterday"),
        saved(at=5),
        saved(at="x" * 10**5),
    ],
)
def test_a_damaged_or_hostile_file_is_refused_in_one_sentence(hostile: str) -> None:
    with pytest.raises(SettingError) as refused:
        parse_verdicts(hostile, VIDEO)
    said = str(refused.value)
    assert said.endswith(".") and "\n" not in said and len(said) < 250


@given(
    some.recursive(
        some.none() | some.booleans() | some.floats() | some.text(),
        lambda x: (
            some.lists(x)
            | some.dictionaries(some.sampled_from(["outtake", "version", "clip", "verdicts", "fps", "reader"]), x)
        ),
    )
)
def test_no_json_whatever_gets_through_or_breaks_it(said: Any) -> None:
    with pytest.raises(SettingError):
        parse_verdicts(json.dumps(said), VIDEO)


def test_a_file_from_a_program_that_marks_its_bytes_is_read() -> None:
    assert parse_verdicts("\ufeff" + saved(), VIDEO) == (DROP,)


def test_what_is_not_known_beside_the_verdicts_is_passed_over() -> None:
    said = json.loads(saved()) | {"remark": "looked at twice"}

    assert parse_verdicts(json.dumps(said), VIDEO) == (DROP,)


def test_verdicts_fit_their_own_peaks_whatever_else_overlaps() -> None:
    longer = replace(PEAK, track=7, start_ms=1000, end_ms=4000)

    (made,) = fit_to_peaks([DROP], "builtin", [longer, PEAK])
    assert made == DROP


@pytest.mark.parametrize(
    ("peaks", "starts"),
    [
        ([replace(PEAK, track=4, start_ms=1800, end_ms=2800)], [1800]),  # read at another step, people counted anew
        ([replace(PEAK, start_ms=1990, end_ms=2190), replace(PEAK, start_ms=2300, end_ms=2500)], [1990, 2300]),
        ([replace(PEAK, start_ms=2500, end_ms=3500)], []),  # they touch, no more
        ([replace(PEAK, emotion="fear")], []),
        ([], []),
    ],
)
def test_verdicts_of_another_step_fit_the_peaks_that_they_overlap(peaks: list[Peak], starts: list[int]) -> None:
    made = fit_to_peaks([DROP], "builtin", peaks)

    assert [one.start_ms for one in made] == starts
    assert all(any(matches(one, "builtin", peak) for peak in peaks) and one.dropped for one in made)


def test_of_two_people_the_verdict_fits_the_one_it_shares_most_with() -> None:
    other, same = replace(PEAK, track=1, start_ms=2300), replace(PEAK, track=2, start_ms=2040)

    assert [one.track for one in fit_to_peaks([DROP], "builtin", [other, same])] == [2]


def test_the_last_verdict_about_a_peak_is_the_one_that_fits() -> None:
    made = fit_to_peaks([DROP, replace(DROP, dropped=False)], "builtin", [PEAK])

    assert [one.dropped for one in made] == [False]


def test_another_readers_verdicts_fit_nothing() -> None:
    assert fit_to_peaks([DROP], "deepface", [PEAK]) == ()
